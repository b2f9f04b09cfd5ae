from typing import Any

import numpy as np
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api import schemas, service
from api.service.release import LoadedRelease
from models_ml.person.predictor import KnownRatings
from models_ml.source.movielens_levels import AGE_GROUPS, GENDERS, OCCUPATIONS
from models_ml.vocabulary import UNKNOWN


def ask(client: TestClient[Litestar], **body: Any) -> Any:
    response = client.post("/recommendations", json=body)
    assert response.status_code == 200, response.text
    return response.json()


def test_answers_films_with_all_that_is_said_of_them(
    client: TestClient[Litestar],
) -> None:
    answer = ask(client, profile={"gender": "F", "age": 30}, limit=3)
    assert answer["data_generated"] is True
    assert answer["profile"]["age_group"] == "25-34"
    assert [item["rank"] for item in answer["items"]] == [1, 2, 3]
    item = answer["items"][0]
    assert [p["label"] for p in item["probabilities"]] == [
        *("hated", "disliked", "liked", "loved")
    ]
    assert [p["label_pt"] for p in item["probabilities"]] == [
        *("Detestei", "Não gostei", "Gostei", "Adorei")
    ]
    total = sum(p["probability"] for p in item["probabilities"])
    assert total == pytest.approx(1)
    assert 1 <= item["expected_stars"] <= 5
    assert item["expected_score"] == pytest.approx(2 * item["expected_stars"])
    assert 0 <= item["interest"] <= 1


def test_says_how_many_people_it_rests_on(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    everyone = ask(client)["rests_on"]
    assert everyone == {"segment": {}, "n_users": 300}
    women = ask(client, profile={"gender": "F"})["rests_on"]
    assert women["segment"] == {"gender": "F"}
    assert women["n_users"] == loaded.catalogue.people[0].sum()


def test_a_country_alone_rests_on_all_its_regions(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    rests_on = ask(client, profile={"nationality": "US"})["rests_on"]
    assert rests_on["segment"] == {"country": "US"}
    in_the_us = loaded.catalogue.people[..., :10].sum()
    assert rests_on["n_users"] == in_the_us < 300


def test_evidence_is_what_the_tables_count(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    answer = ask(client, profile={"gender": "M", "age_group": "25-34"})
    kinds = set()
    for item in answer["items"]:
        for counts in item["evidence"].values():
            kinds.add(counts["dimension"])
            row = (
                loaded.catalogue._cursor()
                .execute(
                    "select n_ratings, n_hated, n_disliked, n_liked, n_loved "
                    "from movie_segments where movie_id = ? "
                    "and dimension = ? and level = ?",
                    [item["movie_id"], counts["dimension"], counts["level"]],
                )
                .fetchone()
            )
            named = ("ratings", "hated", "disliked", "liked", "loved")
            assert row == tuple(counts[f"n_{name}"] for name in named)
    # Both a wide and a narrow segment: the choice is put to the test.
    assert "everyone" in kinds
    assert len(kinds) > 1


def test_given_ratings_move_the_answer_and_are_left_out(
    client: TestClient[Litestar],
) -> None:
    before = ask(client, limit=10)["items"]
    disliked = [
        {"movie_id": item["movie_id"], "stars": 1} for item in before[:3]
    ]
    answer = ask(client, ratings=disliked, limit=100)
    assert answer["n_ratings_used"] == 3
    left = {item["movie_id"] for item in answer["items"]}
    assert not left & {rating["movie_id"] for rating in disliked}
    same = next(
        i for i in answer["items"] if i["movie_id"] == before[3]["movie_id"]
    )
    assert same["expected_stars"] < before[3]["expected_stars"]


def test_a_rating_class_stands_for_stars(client: TestClient[Litestar]) -> None:
    for rating_class, stars in ((1, 1), (2, 2), (3, 4), (4, 5)):
        by_class = ask(
            client, ratings=[{"movie_id": 3, "rating_class": rating_class}]
        )
        by_stars = ask(client, ratings=[{"movie_id": 3, "stars": stars}])
        assert by_class == by_stars


def test_filters_hold(client: TestClient[Litestar]) -> None:
    everything = ask(client, limit=100)
    excluded = [item["movie_id"] for item in everything["items"][:5]]
    answer = ask(
        client,
        limit=100,
        filters={
            "genres": ["Drama", "War"],
            "year_from": 1950,
            "year_to": 1980,
            "exclude": excluded,
        },
    )
    assert 0 < answer["n_candidates"] < everything["n_candidates"]
    assert len(answer["items"]) == min(answer["n_candidates"], 100)
    for item in answer["items"]:
        assert {"Drama", "War"} & set(item["genres"])
        assert 1950 <= item["year"] <= 1980
        assert item["movie_id"] not in excluded


def test_what_is_excluded_and_unknown_is_said(
    client: TestClient[Litestar],
) -> None:
    ignored = ask(client, filters={"exclude": [3, 99999]})["ignored"]
    assert ignored == [
        {
            "field": "filters.exclude",
            "value": 99999,
            "reason": "there is no such film",
            "code": "filters.no_such_film",
            "values": {},
        }
    ]


def test_what_cannot_be_used_of_a_profile_is_said(
    client: TestClient[Litestar],
) -> None:
    answer = ask(client, profile={"nationality": "Brasil"})
    assert answer["ignored"][0]["field"] == "profile.nationality"
    assert answer["profile"]["country"] == "outside the US"


def test_counts_what_differs_from_everyone(
    client: TestClient[Litestar],
) -> None:
    nobody = ask(client, limit=10)
    assert nobody["differs_from_everyone"]["n_different"] == 0
    theirs = {item["movie_id"] for item in nobody["items"]}
    someone = ask(client, profile={"gender": "F", "age": 60}, limit=10)
    mine = {item["movie_id"] for item in someone["items"]}
    differs = someone["differs_from_everyone"]
    assert differs["n_different"] == len(mine - theirs) > 0
    assert differs["sentence"] == (
        f"{len(mine - theirs)} of your 10 films differ from what everyone gets"
    )


def test_one_film_of_a_series_unless_sequels_are_asked_for(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    everything = len(loaded.person.movie_ids)
    series = dict(
        zip(
            loaded.catalogue.movie_ids.tolist(),
            loaded.catalogue.series.tolist(),
            strict=True,
        )
    )
    limit = min(100, everything)
    one = [item["movie_id"] for item in ask(client, limit=limit)["items"]]
    assert len({series[movie_id] for movie_id in one}) == len(one)
    more = ask(client, limit=limit, allow_sequels=True)
    assert more["allow_sequels"] is True
    all_of_them = [item["movie_id"] for item in more["items"]]
    assert len({series[movie_id] for movie_id in all_of_them}) < limit
    kept = [movie_id for movie_id in all_of_them if movie_id in one]
    assert kept == one[: len(kept)]


def test_novelty_gives_what_not_everyone_gets(
    client: TestClient[Litestar],
) -> None:
    profile = {"gender": "F", "age": 20}
    n_different = [
        ask(client, profile=profile, novelty=novelty, limit=20)[
            "differs_from_everyone"
        ]["n_different"]
        for novelty in (0, 1)
    ]
    assert n_different[1] > n_different[0]


def test_novelty_is_refused_where_it_has_no_meaning(
    client: TestClient[Litestar],
) -> None:
    response = client.post(
        "/recommendations", json={"novelty": 0.5, "rank_by": "liking"}
    )
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "field": "novelty",
            "value": 0.5,
            "reason": "this value is not allowed",
            "allowed": "0 where rank_by is not for_you",
        }
    ]


@pytest.mark.parametrize("rank_by", ["for_you", "liking", "distinctive"])
@pytest.mark.parametrize("seed", range(4))
def test_equals_the_plain_path(
    client: TestClient[Litestar],
    loaded: LoadedRelease,
    rank_by: str,
    seed: int,
) -> None:
    """The API's list is a full sort of the predictor's scores of pairs."""
    rng = np.random.default_rng(seed)
    codes = (int(rng.integers(2)), int(rng.integers(7)), int(rng.integers(21)))
    n = len(loaded.person.movie_ids)
    rated = rng.choice(n, size=seed, replace=False)
    stars = rng.integers(1, 6, size=seed)
    index = np.arange(n)
    pairs = np.broadcast_to(np.array([*codes, UNKNOWN]), (n, 4))
    known = KnownRatings(rated, stars) if seed else None
    scores = loaded.person.score_pairs(pairs, index, known)
    values = loaded.person.rank_scores(scores, rank_by)
    values[rated] = -np.inf
    order = np.argsort(-values, kind="stable")[: n - seed][:20]
    answer = ask(
        client,
        profile={
            "gender": GENDERS[codes[0]],
            "age_group": AGE_GROUPS[codes[1]],
            "occupation": OCCUPATIONS[codes[2]],
        },
        ratings=[
            {"movie_id": int(loaded.person.movie_ids[k]), "stars": int(s)}
            for k, s in zip(rated, stars, strict=True)
        ],
        rank_by=rank_by,
        allow_sequels=True,
        limit=20,
    )
    ids = [item["movie_id"] for item in answer["items"]]
    assert ids == loaded.person.movie_ids[order].tolist()
    probabilities = [
        [p["probability"] for p in item["probabilities"]]
        for item in answer["items"]
    ]
    np.testing.assert_allclose(
        probabilities, scores.probabilities[order], atol=1e-6
    )
    for name in ("expected_stars", "interest"):
        np.testing.assert_allclose(
            [item[name] for item in answer["items"]],
            getattr(scores, name)[order],
            atol=1e-6,
        )


def test_kept_answers_equal_new_ones(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    body: dict[str, Any] = {
        "profile": {"gender": "M", "age": 40},
        "limit": 7,
    }
    first = ask(client, **body)
    assert ask(client, **body) == first
    # Another age of the same group is the same question.
    body["profile"]["age"] = 41
    assert ask(client, **body) == first
    request = schemas.RecommendationRequest(
        profile=schemas.ProfileRequest(gender="M", age=42), limit=7
    )
    plain = service.recommend(loaded, request)
    assert [i.movie_id for i in plain.items] == [
        i["movie_id"] for i in first["items"]
    ]
