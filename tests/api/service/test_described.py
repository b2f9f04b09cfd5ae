"""Films that a request describes, beside or instead of the catalogue's."""

from typing import Any

import numpy as np
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.service.release import LoadedRelease
from models_ml.film.predictor import Film
from models_ml.person.predictor import KnownRatings

SUMMER = {"title": "Summer, The", "year": 2000, "genres": ["Romance"]}
TREK = {"title": "Trek", "genres": ["ação", "Sci-Fi"]}
PROFILE = {"gender": "F", "age": 29}


def ask(client: TestClient[Litestar], **body: Any) -> dict[str, Any]:
    response = client.post("/recommendations", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize("rank_by", ["for_you", "liking", "distinctive"])
@pytest.mark.parametrize("stars", [None, 1, 5])
def test_described_films_are_scored_as_by_the_predictor(
    client: TestClient[Litestar],
    loaded: LoadedRelease,
    rank_by: str,
    stars: int | None,
) -> None:
    movie_id = int(loaded.person.movie_ids[4])
    ratings = [{"movie_id": movie_id, "stars": stars}] if stars else []
    answer = ask(
        client,
        profile=PROFILE,
        ratings=ratings,
        movies=[SUMMER, TREK],
        catalogue=False,
        rank_by=rank_by,
    )
    films = [
        Film("Summer, The", 2000, ("Romance",)),
        Film("Trek", None, ("Action", "Sci-Fi")),
    ]
    rated = KnownRatings(np.array([4]), np.array([stars])) if stars else None
    scores = loaded.person.score_new(
        (0, 2, -1, -1), loaded.new_films.describe(films), rated
    )
    order = np.argsort(-loaded.person.rank_scores(scores, rank_by))
    assert answer["n_candidates"] == 2
    assert [item["title"] for item in answer["items"]] == [
        films[k].title for k in order
    ]
    for item, k in zip(answer["items"], order, strict=True):
        assert item["movie_id"] is None
        assert (item["year"], item["genres"]) == (
            films[k].year,
            list(films[k].genres),
        )
        assert item["evidence"]["everyone"]["n_ratings"] == 0
        probabilities = [part["probability"] for part in item["probabilities"]]
        np.testing.assert_allclose(
            probabilities, scores.probabilities[k], atol=1e-9
        )
        assert item["interest"] == pytest.approx(scores.interest[k])
    assert answer["items"][0]["display_title"] in ("The Summer", "Trek")


def test_described_films_stand_among_the_catalogues(
    client: TestClient[Litestar],
) -> None:
    alone = ask(client, profile=PROFILE, limit=100, rank_by="liking")
    both = ask(
        client, profile=PROFILE, limit=100, rank_by="liking", movies=[SUMMER]
    )
    assert both["n_candidates"] == alone["n_candidates"] + 1
    stars = [item["expected_stars"] for item in both["items"]]
    assert stars == sorted(stars, reverse=True)
    known = [item for item in both["items"] if item["movie_id"] is not None]
    for item, before in zip(known, alone["items"], strict=False):
        assert item["movie_id"] == before["movie_id"]
        assert item["probabilities"] == before["probabilities"]


def test_filters_leave_described_films_in(
    client: TestClient[Litestar],
) -> None:
    answer = ask(
        client, movies=[SUMMER], filters={"genres": ["Western"]}, limit=100
    )
    assert None in [item["movie_id"] for item in answer["items"]]


def test_with_nothing_known_a_film_is_liked_as_its_audience_likes_it(
    client: TestClient[Litestar],
) -> None:
    item = ask(client, movies=[SUMMER], catalogue=False)["items"][0]
    audience = client.post(
        "/audiences", json={"movie": SUMMER, "by": ["gender"]}
    ).json()
    liked = sum(part["probability"] for part in item["probabilities"][2:])
    theirs = sum(
        segment["reach"]["value"]
        * sum(part["probability"] for part in segment["probabilities"][2:])
        for segment in audience["segments"]
    )
    assert liked == pytest.approx(theirs, abs=0.02)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"catalogue": False}, "movies"),
        ({"movies": [SUMMER, {"title": " "}]}, "movies[1].title"),
        ({"movies": [{**SUMMER, "genres": ["Opera"]}]}, "movies[0].genres"),
        ({"movies": [{**SUMMER, "year": 3}]}, "movies[0].year"),
        ({"movies": [{**SUMMER, "stars": 3}]}, "movies[0].stars"),
        ({"movies": [SUMMER] * 51}, "movies"),
    ],
)
def test_what_has_no_meaning_is_named(
    client: TestClient[Litestar], body: dict[str, Any], field: str
) -> None:
    response = client.post("/recommendations", json=body)
    assert response.status_code == 400
    named = [error["field"] for error in response.json()["errors"]]
    assert any(name.startswith(field) for name in named), named
