"""Films asked by the ids that the data have, which here are `film/3`."""

from typing import Any

import pytest
import yaml
from litestar import Litestar
from litestar.testing import TestClient

from api.schemas import MAX_SOURCE_ID
from models_ml.settings import PROJECT
from tests.api.runtime.test_response_cache import hits

PERSON = {"gender": "F", "age": 29}


def ask(client: TestClient[Litestar], path: str, body: Any) -> Any:
    response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


def rated(name: str, ids: list[Any]) -> dict[str, Any]:
    """Ten films or fewer, the first two answers to questions."""
    ratings = [
        {name: id_, "stars": 1 + k % 5, "asked": k < 2}
        for k, id_ in enumerate(ids[:-1])
    ]
    return {
        "profile": PERSON,
        "ratings": [*ratings, {name: ids[-1], "seen": False}],
        "n_questions": 3,
    }


def test_ratings_and_exclusions_are_the_same_by_either_id(
    client: TestClient[Litestar],
) -> None:
    """Another body, the same question: scored once."""
    ids = [3 * k for k in range(1, 11)]
    own = [f"film/{id_}" for id_ in ids]
    first = ask(
        client,
        "/recommendations",
        {**rated("movie_id", ids), "filters": {"exclude": [60, 63]}},
    )
    before = hits(client)
    second = ask(
        client,
        "/recommendations",
        {**rated("source_id", own), "filters": {"exclude": ["film/63", 60]}},
    )
    assert second == first
    assert hits(client) == before + 1
    assert first["n_ratings_used"] == 9
    assert first["ignored"] == []
    told = {film["source_id"] for film in first["items"] + first["questions"]}
    assert not told & {*own, "film/60", "film/63"}


def test_both_ids_may_stand_in_one_list(client: TestClient[Litestar]) -> None:
    by_number = {"movie_id": 6, "source_id": None, "stars": 5}
    by_own = {"source_id": "film/9", "movie_id": None, "stars": 1}
    mixed = ask(client, "/recommendations", {"ratings": [by_number, by_own]})
    plain = ask(
        client,
        "/recommendations",
        {
            "ratings": [
                {"movie_id": 9, "stars": 1},
                {"movie_id": 6, "stars": 5},
            ]
        },
    )
    assert mixed == plain


def test_an_excluded_id_of_no_film_is_said_to_be_ignored(
    client: TestClient[Litestar],
) -> None:
    """A text is no movie_id, even if it looks like one."""
    ids = ["film/4", "3", 4]
    answer = ask(client, "/recommendations", {"filters": {"exclude": ids}})
    assert [each["value"] for each in answer["ignored"]] == ids
    assert {each["code"] for each in answer["ignored"]} == {
        "filters.no_such_film"
    }


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/audiences", {}),
        ("/audiences/chance", {
            "segment": {"gender": "F"}, "other": {"gender": "M"},
        }),
        ("/audiences/difference", {
            "other": {"title": "Another"}, "other_comparables": [6],
        }),
    ],
)  # fmt: skip
def test_comparables_are_the_same_by_either_id(
    client: TestClient[Litestar], path: str, body: dict[str, Any]
) -> None:
    film = {"movie": {"title": "A Film", "genres": ["Drama"]}, **body}
    other = {
        name: [f"film/{id_}" for id_ in ids]
        for name, ids in body.items()
        if name == "other_comparables"
    }
    by_number = ask(client, path, {**film, "comparables": [6, 9]})
    by_own = ask(
        client, path, {**film, **other, "comparables": ["film/9", "film/6"]}
    )
    assert by_own == by_number
    assert [film["source_id"] for film in by_own["comparables"]] == [
        "film/6",
        "film/9",
    ]


def test_the_warehouse_refuses_the_ids_that_the_api_refuses() -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    assert project["vars"]["max_movie_id_length"] == MAX_SOURCE_ID
