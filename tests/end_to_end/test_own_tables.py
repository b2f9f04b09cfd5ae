"""Own tables, from CSV files to the answers of the API.

They have text ids, scores from 0 to 10, a nationality, and genres and
occupations of their own. Brazilians were made to like Kung fu; Argentines
rate as everyone does, and there are hardly any Uruguayans.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.api.every_route import every_answer
from tests.conftest import environment_of, run_plateia
from tests.end_to_end.in_process import ask, connected, page_text
from tests.own_tables import FEW, GENRES, N_FEW, own_tables

#: Of the planted effect: what Brazilians' affinity for a Kung fu film
#: exceeds that of every other nationality by, at least.
MARGIN = 0.03


@pytest.fixture(scope="module")
def client(own_home: Path) -> Iterator[TestClient[Litestar]]:
    with connected(own_home) as client:
        yield client


def _by_nationality(
    client: TestClient[Litestar], genre: str
) -> dict[str, dict[str, Any]]:
    """A film of one genre: the audience's segments by their nationality."""
    answer = ask(
        client,
        "/audiences",
        {
            "movie": {"title": "Um filme", "genres": [genre]},
            "by": ["nationality"],
        },
    )
    return {
        segment["segment"]["nationality"]: segment
        for segment in answer["segments"]
    }


@pytest.mark.parametrize("word", ["Brazil", "brasil", "BR"])
def test_films_for_a_nationality(
    client: TestClient[Litestar], word: str
) -> None:
    answer = ask(
        client,
        "/recommendations",
        {
            "profile": {"nationality": word, "occupation": "usher"},
            "limit": 10,
            "allow_sequels": True,
        },
    )
    assert answer["profile"]["nationality"] == "Brazil"
    assert answer["profile"]["occupation"] == "usher"
    assert answer["ignored"] == []
    assert len(answer["items"]) == 10
    assert {
        genre for film in answer["items"] for genre in film["genres"]
    } <= set(GENRES)


def test_a_nationality_of_nobody_is_said_to_be_ignored(
    client: TestClient[Litestar],
) -> None:
    answer = ask(
        client, "/recommendations", {"profile": {"nationality": "Japan"}}
    )
    assert answer["profile"]["nationality"] is None
    assert [each["field"] for each in answer["ignored"]] == [
        "profile.nationality"
    ]


def test_a_planted_effect_of_nationality_is_in_the_audience(
    client: TestClient[Litestar],
) -> None:
    kung_fu = _by_nationality(client, "Kung fu")
    brazil = kung_fu.pop("Brazil")
    assert brazil["affinity_supported"] == "above"
    assert brazil["affinity"]["low"] > 0
    assert brazil["is_target"]
    for name, other in kung_fu.items():
        assert other["affinity_supported"] != "above", name
        gap = brazil["affinity"]["value"] - other["affinity"]["value"]
        assert gap > MARGIN, name


def test_no_effect_of_nationality_is_told_where_none_was_planted(
    client: TestClient[Litestar],
) -> None:
    """Of all but Brazilians.

    An affinity is told beside what a group likes on the whole, and Kung fu
    raises that of Brazilians.
    """
    opera = _by_nationality(client, "Opera")
    del opera["Brazil"]
    for name, segment in opera.items():
        assert segment["affinity_supported"] == "none", name
        assert abs(segment["affinity"]["value"]) < MARGIN, name
        assert not segment["is_target"], name


def test_that_few_people_are_of_a_nationality_is_said(
    client: TestClient[Litestar],
) -> None:
    question = {"profile": {"nationality": FEW}, "limit": 100}
    answer = ask(client, "/recommendations", question)
    (notice,) = answer["notices"]
    assert notice == {
        "code": "profile.few_people",
        "values": {
            "dimension": "nationality",
            "level": "Uruguay",
            "n_users": N_FEW,
        },
        "text": "few people of the data are 'Uruguay' (4), so the answer "
        "leans on everyone's ratings",
    }
    many = {"profile": {"nationality": "Brazil"}}
    assert ask(client, "/recommendations", many)["notices"] == []
    told = {
        "en": "Uruguay: few people in the data (4)",
        "pt": "Uruguai: poucas pessoas nos dados (4)",
    }
    for language, text in told.items():
        page = "/?side=films&nationality="
        assert text in page_text(client, f"{page}UY", language)
        assert text not in page_text(client, f"{page}BR", language)


def test_few_people_are_shrunk_towards_everyone(
    client: TestClient[Litestar],
) -> None:
    """Uruguayans rate as some others do, and are not told apart."""
    everyone = _scores(client, {})
    few = _scores(client, {"nationality": FEW})
    many = _scores(client, {"nationality": "Brazil"})
    assert _distance(few, everyone) < _distance(many, everyone) / 2
    for genre in GENRES:
        segment = _by_nationality(client, genre)[FEW]
        assert segment["n_users"] == N_FEW
        assert segment["reach_supported"] == "none"
        assert segment["affinity_supported"] == "none"


def _scores(
    client: TestClient[Litestar], profile: dict[str, str]
) -> dict[int, float]:
    """Expected scores of all films, for a profile."""
    question = {"profile": profile, "limit": 100, "allow_sequels": True}
    return {
        item["movie_id"]: item["expected_score"]
        for item in ask(client, "/recommendations", question)["items"]
    }


def _distance(one: dict[int, float], other: dict[int, float]) -> float:
    both = one.keys() & other.keys()
    return sum(abs(one[key] - other[key]) for key in both) / len(both)


def test_segments_are_the_words_of_the_data(
    client: TestClient[Litestar],
) -> None:
    answer = client.get("/segments").json()
    levels = {
        each["dimension"]: [level["level"] for level in each["levels"]]
        for each in answer["dimensions"]
    }
    assert list(levels) == [
        "gender", "age_group", "occupation", "nationality",
    ]  # fmt: skip
    assert sorted(levels["occupation"]) == [
        "cashier", "projectionist", "usher",
    ]  # fmt: skip
    assert sorted(levels["nationality"]) == [
        "Argentina", "Brazil", "Germany", "Portugal", FEW, "unknown",
    ]  # fmt: skip
    assert sorted(answer["genres"]) == sorted(GENRES)


def test_ratings_and_answers_are_of_the_scale(
    client: TestClient[Litestar],
) -> None:
    films = client.get("/movies").json()["items"]
    hated, loved = (
        ask(
            client,
            "/recommendations",
            {
                "ratings": [
                    {"movie_id": film["movie_id"], **rating}
                    for film in films[:5]
                ]
            },
        )["items"]
        for rating in ({"score": 0}, {"stars": 4.5})
    )
    for items in (hated, loved):
        for item in items:
            assert 0 <= item["expected_score"] <= 10
            assert item["expected_stars"] == item["expected_score"] / 2
    assert _mean_score(loved) > _mean_score(hated) + 1


def _mean_score(items: list[dict[str, Any]]) -> float:
    return sum(item["expected_score"] for item in items) / len(items)


def test_a_rating_that_nobody_could_give_is_named(
    client: TestClient[Litestar],
) -> None:
    film = client.get("/movies").json()["items"][0]
    rating = {"movie_id": film["movie_id"], "score": 7.5}
    answer = client.post("/recommendations", json={"ratings": [rating]})
    (error,) = answer.json()["errors"]
    assert error["field"] == "ratings[0].score"
    assert error["allowed"].endswith("0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10")


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize(
    "page",
    [
        "/?side=films&nationality=BR",
        "/?side=audience",
        "/?side=audience&by=nationality",
        "/compare?by=nationality",
        "/groups",
        "/films",
        "/quality",
    ],
)
def test_pages_answer(
    client: TestClient[Litestar], page: str, language: str
) -> None:
    """Those that begin with an example begin with an answer."""
    text = page_text(client, page, language)
    if "by=nationality" in page:
        assert {"en": "Brazil", "pt": "Brasil"}[language] in text


def test_no_answer_names_data_of_others(client: TestClient[Litestar]) -> None:
    assert client.get("/model").json()["data_kind"] == "own-tables"
    for address, text in every_answer(client).items():
        assert "MovieLens" not in text, address
        assert "GroupLens" not in text, address


def test_films_have_the_ids_of_the_tables(
    client: TestClient[Litestar],
) -> None:
    tables = own_tables()["movies"]
    title_of = dict(zip(tables["movie_id"], tables["title"], strict=True))
    films = [
        *ask(client, "/recommendations", {"limit": 20})["items"],
        *client.get("/movies").json()["items"],
    ]
    for film in films:
        own = film["source_id"]
        assert film["title"] == title_of[own]
        answer = client.get("/movies", params={"source_id": own}).json()
        assert [each["movie_id"] for each in answer["items"]] == [
            film["movie_id"]
        ]


def _predicted(
    home: Path, folder: Path, film_id: str, pairs: list[str], rated: list[str]
) -> list[dict[str, str]]:
    """What `predict` answers to lines of both files; `film_id` names ids."""
    profile = "profile_id,gender,age,occupation,nationality,zip_code"
    files = {
        "pairs": [f"{profile},{film_id}", *pairs],
        "ratings": [f"profile_id,{film_id},score", *rated],
    }
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines))
    output = folder / "answers.csv"
    done = run_plateia(
        environment_of(home, "sample"),
        *("predict", "--output", str(output)),
        *("--pairs", str(folder / "pairs.csv")),
        *("--ratings", str(folder / "ratings.csv")),
    )
    assert done.returncode == 0, done.stderr
    with output.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_is_answered_with_scores_and_the_ids_of_the_tables(
    client: TestClient[Litestar], own_home: Path, tmp_path: Path
) -> None:
    """Ratings that people gave are told by their score, as in the tables."""
    films = client.get("/movies").json()["items"]
    ids = [film["movie_id"] for film in films]
    scores = {"a": 0, "b": 10}
    rows = _predicted(
        own_home,
        tmp_path,
        "movie_id",
        [f"{who},,,usher,BR,,{id_}" for who in "ab" for id_ in ids[5:9]],
        [f"{who},{id_},{scores[who]}" for who in "ab" for id_ in ids[:5]],
    )
    own = {str(film["movie_id"]): film["source_id"] for film in films}
    assert [row["source_id"] for row in rows] == [
        own[row["movie_id"]] for row in rows
    ]
    for hated, loved in zip(rows[:4], rows[4:], strict=True):
        assert float(hated["expected_score"]) == 2 * float(
            hated["expected_stars"]
        )
        assert float(hated["expected_score"]) + 1 < float(
            loved["expected_score"]
        )


def test_the_ids_of_the_tables_ask_the_api_and_files_alike(
    client: TestClient[Litestar], own_home: Path, tmp_path: Path
) -> None:
    """As somebody asks who knows no `movie_id`."""
    known = own_tables()["movies"]["movie_id"]
    scores = dict(zip(known[:5], (0, 10, 7, 3, 10), strict=True))
    question = {
        "profile": {"nationality": "BR", "occupation": "usher"},
        "ratings": [
            {"source_id": own, "score": score} for own, score in scores.items()
        ],
        "filters": {"exclude": known[5:8]},
        "allow_sequels": True,
        "limit": 100,
    }
    items = ask(client, "/recommendations", question)["items"]
    asked = [item["source_id"] for item in items]
    assert len(asked) == 100
    assert set(asked) <= set(known[8:])
    rows = _predicted(
        own_home,
        tmp_path,
        "source_id",
        [f"ana,,,usher,BR,,{own}" for own in asked],
        [f"ana,{own},{score}" for own, score in scores.items()],
    )
    for item, row in zip(items, rows, strict=True):
        assert row["source_id"] == item["source_id"]
        assert row["movie_id"] == str(item["movie_id"])
        for name in ("expected_score", "interest"):
            assert float(row[name]) == pytest.approx(item[name], abs=1e-6)
        for part in item["probabilities"]:
            assert float(row[f"p_{part['label']}"]) == pytest.approx(
                part["probability"], abs=1e-6
            )


def test_known_films_are_comparable_by_the_ids_of_the_tables(
    client: TestClient[Litestar],
) -> None:
    film = client.get("/movies").json()["items"][0]
    by_own, by_number = (
        ask(
            client,
            "/audiences",
            {
                "movie": {"title": "Um filme", "genres": ["Opera"]},
                "comparables": [film[name]],
            },
        )
        for name in ("source_id", "movie_id")
    )
    assert by_own == by_number
    assert by_own["comparables"][0]["source_id"] == film["source_id"]


def test_what_the_documentation_shows_can_be_asked(
    client: TestClient[Litestar],
) -> None:
    paths = client.get("/schema/openapi.json").json()["paths"]
    asked = 0
    for path, item in paths.items():
        body = item.get("post", {}).get("requestBody")
        if body is None:
            continue
        for example in body["content"]["application/json"][
            "examples"
        ].values():
            response = client.post(path, json=example["value"])
            assert response.status_code == 200, (path, response.text)
            asked += 1
    assert asked >= 10
