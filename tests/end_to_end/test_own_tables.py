"""Own tables, from CSV files to the answers of the API.

They have text ids, scores from 0 to 10, a nationality, and genres and
occupations of their own. Brazilians were made to like Kung fu; Argentines
rate as everyone does.
"""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from tests.api.conftest import settings_of
from tests.api.every_route import every_answer
from tests.conftest import SIGNING_KEY, shared_build
from tests.own_tables import GENRES, own_tables, write_csv

READY_SECONDS = 30
#: Of the planted effect: what Brazilians' affinity for a Kung fu film
#: exceeds that of every other nationality by, at least.
MARGIN = 0.03


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[TestClient[Litestar]]:
    source = tmp_path_factory.mktemp("own") / "source"
    write_csv(source, own_tables())
    home = shared_build(tmp_path_factory, "own", str(source))
    settings = settings_of(home, home / "store", signing_key=SIGNING_KEY)
    with TestClient(create_app(settings)) as connected:
        _wait_until_ready(connected)
        yield connected


def _wait_until_ready(client: TestClient[Litestar]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while (answer := client.get("/readyz")).status_code != 200:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)


def _ask(client: TestClient[Litestar], path: str, body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def _by_nationality(
    client: TestClient[Litestar], genre: str
) -> dict[str, dict[str, Any]]:
    """A film of one genre: the audience's segments by their nationality."""
    answer = _ask(
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
    answer = _ask(
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
    answer = _ask(
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
        "Argentina", "Brazil", "Germany", "Portugal", "unknown",
    ]  # fmt: skip
    assert sorted(answer["genres"]) == sorted(GENRES)


def test_ratings_and_answers_are_of_the_scale(
    client: TestClient[Litestar],
) -> None:
    films = client.get("/movies").json()["items"]
    hated, loved = (
        _ask(
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
    join = "&" if "?" in page else "?"
    answer = client.get(f"{page}{join}lang={language}")
    assert answer.status_code == 200
    assert 'role="alert"' not in answer.text
    if "by=nationality" in page:
        assert {"en": "Brazil", "pt": "Brasil"}[language] in answer.text


def test_no_answer_names_data_of_others(client: TestClient[Litestar]) -> None:
    assert client.get("/model").json()["data_kind"] == "own-tables"
    for address, text in every_answer(client).items():
        assert "MovieLens" not in text, address
        assert "GroupLens" not in text, address
