"""Which films to ask about next, over HTTP."""

from typing import Any

import numpy as np
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.service.release import LoadedRelease
from models_ml.person.predictor import KnownRatings
from models_ml.person.questions import best_questions

PROFILE = {"gender": "F", "age": 30}


def ask(client: TestClient[Litestar], **body: Any) -> dict[str, Any]:
    response = client.post(
        "/recommendations", json={"profile": PROFILE, **body}
    )
    assert response.status_code == 200, response.text
    return response.json()


def refused(client: TestClient[Litestar], **body: Any) -> dict[str, Any]:
    response = client.post("/recommendations", json=body)
    assert response.status_code == 400
    return {error["field"]: error for error in response.json()["errors"]}


def test_nothing_is_asked_unless_questions_are_wanted(
    client: TestClient[Litestar],
) -> None:
    assert ask(client)["questions"] == []


def test_questions_are_the_predictors(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    answer = ask(client, n_questions=5)
    scores = loaded.person.score((0, 2, -1, -1))
    n_movies = len(loaded.person.movie_ids)
    chosen = best_questions(
        loaded.person.answers,
        scores,
        np.array([], int),
        np.arange(n_movies),
        5,
    )
    questions = answer["questions"]
    assert [q["movie_id"] for q in questions] == (
        loaded.person.movie_ids[chosen.films].tolist()
    )
    for name, values in (
        ("chance_known", chosen.known),
        ("expected_gain", chosen.gain),
    ):
        np.testing.assert_allclose([q[name] for q in questions], values)
    row = loaded.catalogue.index[questions[0]["movie_id"]]
    assert questions[0]["title"] == loaded.catalogue.titles[row]
    assert questions[0]["genres"] == list(loaded.catalogue.genres[row])


def test_answers_move_the_list_and_are_asked_no_more(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    first = ask(client, n_questions=4)
    films = [question["movie_id"] for question in first["questions"]]
    ratings = [
        {"movie_id": films[0], "rating_class": "loved", "asked": True},
        {"movie_id": films[1], "stars": 1, "asked": True},
        {"movie_id": films[2], "seen": False},
    ]
    answer = ask(client, n_questions=20, ratings=ratings, limit=100)
    assert answer["n_ratings_used"] == 2
    assert answer["n_not_seen_used"] == 1
    told = set(films[:3])
    assert not told & {q["movie_id"] for q in answer["questions"]}
    assert not told & {item["movie_id"] for item in answer["items"]}

    rows = [loaded.catalogue.index[movie_id] for movie_id in films]
    scores = loaded.person.score(
        (0, 2, -1, -1),
        KnownRatings(
            np.array(rows[:2]),
            np.array([5, 1]),
            np.array(rows[2:3]),
            np.array(rows[:2]),
        ),
    )
    for item in answer["items"]:
        row = loaded.catalogue.index[item["movie_id"]]
        assert item["interest"] == pytest.approx(scores.interest[row])
    named = [{**rating, "asked": False} for rating in ratings[:2]]
    assert (
        ask(client, ratings=named)["items"]
        != (ask(client, ratings=ratings[:2])["items"])
    )


def test_films_left_out_are_not_asked_about(
    client: TestClient[Litestar],
) -> None:
    first = ask(client, n_questions=2)["questions"]
    filters = {"exclude": [first[0]["movie_id"]]}
    other = ask(client, n_questions=20, filters=filters)["questions"]
    assert first[0]["movie_id"] not in {q["movie_id"] for q in other}


def test_questions_are_about_the_list_that_is_filtered(
    client: TestClient[Litestar],
) -> None:
    """With no film that passes there is nothing to be learnt."""
    nothing = {"year_from": 2200}
    assert ask(client, n_questions=5, filters=nothing)["questions"] == []


@pytest.mark.parametrize("n", [-1, 21])
def test_there_is_a_limit_to_questions(
    client: TestClient[Litestar], n: int
) -> None:
    assert "n_questions" in refused(client, n_questions=n)


def test_a_film_not_seen_has_no_rating(client: TestClient[Litestar]) -> None:
    errors = refused(
        client, ratings=[{"movie_id": 3, "seen": False, "stars": 4}]
    )
    assert errors["ratings[0].seen"]["value"] is False
    assert "rating" in errors["ratings[0].seen"]["allowed"]
    assert "ratings[0].stars" in refused(client, ratings=[{"movie_id": 3}])
