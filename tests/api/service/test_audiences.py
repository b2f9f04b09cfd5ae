import numpy as np
import pytest
from litestar.testing import TestClient

from api.service.release import LoadedRelease
from models_ml.film.predictor import Film
from models_ml.vocabulary import DIMENSIONS, GENRES

FILM = {"title": "A Film", "year": 1999, "genres": ["Drama", "War"]}


def ask(client: TestClient, **body):
    response = client.post("/audiences", json={"movie": FILM, **body})
    assert response.status_code == 200, response.text
    return response.json()


def test_answers_segments_with_intervals(
    client: TestClient, serving: LoadedRelease
):
    answer = ask(client)
    assert answer["by"] == ["gender", "age_group"]
    assert len(answer["segments"]) == answer["n_segments"] == 14
    for segment in answer["segments"]:
        for name in ("reach", "reach_index", "affinity"):
            estimate = segment[name]
            assert estimate["low"] <= estimate["value"] <= estimate["high"]
        for part in segment["probabilities"]:
            assert part["low"] <= part["probability"] <= part["high"]
    reach = sum(segment["reach"]["value"] for segment in answer["segments"])
    assert reach == pytest.approx(1)
    people = sum(segment["n_users"] for segment in answer["segments"])
    assert people == serving.catalogue.n_users
    assert answer["target"]["sentence"]


@pytest.mark.parametrize(
    "by",
    [
        ("gender",),
        ("age_group", "gender"),
        ("region", "occupation"),
        ("gender", "age_group", "occupation"),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_equals_the_plain_path(
    client: TestClient, serving: LoadedRelease, by: tuple[str, ...], seed: int
):
    rng = np.random.default_rng(seed)
    genres = tuple(rng.choice(GENRES, size=seed + 1, replace=False).tolist())
    film = Film(f"Film {seed}", int(rng.integers(1920, 2001)), genres)
    plain = serving.film.predict(film, by)
    answer = ask(
        client,
        movie={"title": film.title, "year": film.year, "genres": genres},
        by=by,
        limit=3528,
    )
    found = {
        tuple(segment["segment"][name] for name in by): segment
        for segment in answer["segments"]
    }
    assert len(found) == len(plain)
    ordered = [found[level] for level in plain.levels]
    for name in ("reach", "affinity"):
        for end, array in (("value", name), ("low", f"{name}_low")):
            np.testing.assert_allclose(
                [segment[name][end] for segment in ordered],
                getattr(plain, array),
                atol=1e-6,
            )
    np.testing.assert_allclose(
        [segment["reach_index"]["value"] for segment in ordered],
        plain.reach_index,
        atol=1e-6,
    )
    np.testing.assert_allclose(
        [
            [part["probability"] for part in segment["probabilities"]]
            for segment in ordered
        ],
        plain.probabilities,
        atol=1e-6,
    )


@pytest.mark.parametrize(
    "rank_by", ["reach_index", "reach", "affinity", "liking"]
)
def test_ranks_by_what_is_asked(client: TestClient, rank_by: str):
    def value(segment):
        if rank_by == "liking":
            return sum(p["probability"] for p in segment["probabilities"][2:])
        return segment[rank_by]["value"]

    segments = ask(client, rank_by=rank_by, by=["occupation"])["segments"]
    values = [value(segment) for segment in segments]
    assert values == sorted(values, reverse=True)
    assert [segment["rank"] for segment in segments] == list(
        range(1, len(segments) + 1)
    )


def test_limit_cuts_the_list_and_not_the_count(client: TestClient):
    answer = ask(client, limit=2)
    assert len(answer["segments"]) == 2
    assert answer["n_segments"] == 14


def test_warns_of_what_it_has_not_learnt(client: TestClient):
    film = {"title": "A Film", "year": 2150, "genres": ["Drama"]}
    warnings = " ".join(ask(client, movie=film)["warnings"])
    assert "2150" in warnings


def test_similar_films_lead_to_their_true_audiences(client: TestClient):
    similar = ask(client)["similar"]
    assert len(similar) == 5
    for film in similar:
        response = client.get(film["href"])
        assert response.json()["movie"]["title"] == film["title"]


def test_targets_are_the_segments_marked(client: TestClient):
    answer = ask(client, by=list(DIMENSIONS), limit=3528)
    marked = [s["segment"] for s in answer["segments"] if s["is_target"]]
    key = lambda segment: sorted(segment.items())  # noqa: E731
    assert sorted(marked, key=key) == sorted(
        answer["target"]["segments"], key=key
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"by": []}, "by"),
        ({"by": ["gender", "gender"]}, "by"),
        ({"by": ["income"]}, "by[0]"),
        ({"movie": {"title": " "}}, "movie.title"),
        ({"movie": {}}, "movie.title"),
        ({"movie": {"title": "A", "genres": ["Polka"]}}, "movie.genres[0]"),
        ({"rank_by": "share"}, "rank_by"),
        ({"limit": 3529}, "limit"),
        ({"top": 3}, "top"),
    ],
)
def test_refuses_what_has_no_meaning(client: TestClient, body, field: str):
    response = client.post("/audiences", json={"movie": FILM, **body})
    assert response.status_code == 400
    error = response.json()["errors"][0]
    assert error["field"] == field
    assert error["allowed"]
