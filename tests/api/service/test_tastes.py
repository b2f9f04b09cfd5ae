"""GET /tastes: a dimension, a group, a genre, a pair of groups."""

import math
from statistics import NormalDist
from typing import Any

import pytest
import yaml
from litestar import Litestar
from litestar.testing import TestClient

from api.service.release import LoadedRelease
from api.service.tastes import FALSE_DISCOVERY_RATE, LEAST_PEOPLE, _supported
from models_ml.settings import PROJECT


def ask(client: TestClient[Litestar], **question: Any) -> Any:
    response = client.get("/tastes", params=question)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_dimension_has_every_group_and_genre(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    answer = ask(client, dimension="gender")
    rows = [
        row for row in loaded.catalogue.genre_tastes() if row[1] == "gender"
    ]
    assert len(answer["genres"]) == len(rows) / 2
    assert {cell["level"] for cell in answer["genres"]} == {"F", "M"}
    assert answer["films"] == []


def test_a_group_has_its_genres_and_the_films_it_differs_in(
    client: TestClient[Litestar],
) -> None:
    answer = ask(client, dimension="gender", level="F", limit=5)
    assert {cell["level"] for cell in answer["genres"]} == {"F"}
    assert 0 < len(answer["films"]) <= 5
    ends = [
        max(film["liking"]["low"], -film["liking"]["high"])
        for film in answer["films"]
    ]
    assert ends == sorted(ends, reverse=True)
    for cell in [*answer["genres"], *answer["films"]]:
        for measure in ("liking", "watching"):
            estimate = cell[measure]
            assert estimate["low"] <= estimate["value"] <= estimate["high"]


def test_words_are_understood_as_at_every_door(
    client: TestClient[Litestar],
) -> None:
    plain = ask(client, dimension="age_group", level="18-24", genre="Comedy")
    said = ask(
        client, dimension="Faixa etária", level="18 a 24", genre="COMÉDIA"
    )
    assert said == plain


def test_a_genre_has_every_group(client: TestClient[Litestar]) -> None:
    answer = ask(client, dimension="age_group", genre="Drama")
    assert {cell["genre"] for cell in answer["genres"]} == {"Drama"}
    levels = [cell["level"] for cell in answer["genres"]]
    assert len(levels) == len(set(levels)) == 7


def test_two_groups_are_compared_by_what_each_of_them_does(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    answer = ask(client, dimension="gender", level="F", other="M")
    mirrored = ask(client, dimension="gender", level="M", other="F")
    rows = {
        (row[0], row[2], row[3]): row
        for row in loaded.catalogue.genre_tastes()
        if row[1] == "gender"
    }
    back = {cell["genre"]: cell for cell in mirrored["genres"]}
    assert answer["compared_with"] == "M"
    for cell in answer["genres"]:
        genre = cell["genre"]
        women = rows[genre, "F", "liking"]
        men = rows[genre, "M", "liking"]
        estimate = cell["liking"]
        assert estimate["value"] == pytest.approx(women[7] - men[7], abs=1e-4)
        assert estimate["value"] == -back[genre]["liking"]["value"]
        width = 2 * 1.96 * math.sqrt(women[8] + men[8])
        assert estimate["high"] - estimate["low"] == pytest.approx(
            width, rel=1e-2
        )
        assert (
            estimate["is_supported"] == back[genre]["liking"]["is_supported"]
        )


def test_watching_is_an_index(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    answer = ask(client, dimension="gender", level="F", genre="Drama")
    (row,) = (
        row
        for row in loaded.catalogue.genre_tastes()
        if row[:4] == ("Drama", "gender", "F", "watching")
    )
    (cell,) = answer["genres"]
    value = cell["watching"]["value"]
    assert value == pytest.approx(100 * math.exp(row[9]), abs=0.1)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"dimension": "income"}, "dimension"),
        ({"level": "robots"}, "level"),
        ({"level": "F", "other": "F"}, "other"),
        ({"other": "M"}, "level"),
        ({"genre": "Telenovela"}, "genre"),
    ],
)
def test_a_word_that_has_no_meaning_is_named(
    client: TestClient[Litestar], question: dict[str, Any], field: str
) -> None:
    response = client.get("/tastes", params=question)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field


def test_the_step_up_by_hand() -> None:
    """Benjamini and Hochberg: 0.01, 0.02, 0.03, 0.2 of four tests."""
    normal = NormalDist()
    z = [-normal.inv_cdf(p / 2) for p in (0.2, 0.03, 0.01, 0.02)]
    assert _supported(z) == [False, True, True, True]
    assert _supported([-normal.inv_cdf(p / 2) for p in (0.04, 0.2)]) == [
        False,
        False,
    ]
    assert _supported([]) == []


def test_the_bounds_are_those_of_the_warehouse() -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    assert project["vars"]["false_discovery_rate"] == FALSE_DISCOVERY_RATE
    assert project["vars"]["least_people_of_a_taste"] == LEAST_PEOPLE
