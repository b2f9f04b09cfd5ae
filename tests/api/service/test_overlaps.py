"""Known films beside one: those like it, and those with its audience."""

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api import service
from api.service.release import LoadedRelease


@pytest.fixture(scope="module")
def best_known(loaded: LoadedRelease) -> int:
    n_ratings = loaded.catalogue.counts[:, 0, 0]
    return int(loaded.catalogue.movie_ids[n_ratings.argmax()])


def test_overlapping_films_are_those_whose_interest_rises_most(
    loaded: LoadedRelease, best_known: int
) -> None:
    answer = service.overlapping_movies(loaded, best_known)
    assert len(answer.items) == service.N_OVERLAPS
    for film in answer.items:
        assert film.interest > film.interest_of_everyone
        assert film.n_ratings >= answer.least_ratings
        assert film.movie_id != best_known
    gains = [f.interest - f.interest_of_everyone for f in answer.items]
    assert gains == sorted(gains, reverse=True)
    first = service.overlapping_movies(loaded, best_known, 2)
    assert first.items == answer.items[:2]


def test_a_film_with_few_ratings_has_no_overlapping_audience(
    loaded: LoadedRelease, best_known: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert service.overlapping_movies(loaded, best_known).items
    n_ratings = int(loaded.catalogue.counts[:, 0, 0].max())
    monkeypatch.setattr("api.service.overlaps.LEAST_RATINGS", n_ratings + 1)
    answer = service.overlapping_movies(loaded, best_known)
    assert answer.items == ()
    assert answer.least_ratings == n_ratings + 1
    assert answer.movie.n_ratings == n_ratings


def test_similar_films_are_the_predictors_without_the_film_itself(
    loaded: LoadedRelease, best_known: int
) -> None:
    answer = service.movies_like(loaded, best_known, 7)
    assert len(answer.items) == 7
    assert best_known not in {film.movie_id for film in answer.items}
    shares = [film.similarity for film in answer.items]
    assert shares == sorted(shares, reverse=True)
    assert answer.items[:5] == service.movies_like(loaded, best_known).items


@pytest.mark.parametrize("name", ["similar-movies", "overlapping-movies"])
def test_films_beside_a_film_are_answered_and_refused_over_http(
    client: TestClient[Litestar], best_known: int, name: str
) -> None:
    path = f"/movies/{best_known}/{name}"
    answer = client.get(path, params={"limit": 3}).json()
    assert answer["movie"]["movie_id"] == best_known
    assert len(answer["items"]) == 3
    for film in answer["items"]:
        assert film["source_id"] == f"film/{film['movie_id']}"
        known = client.get(film["href"]).json()["movie"]
        assert known["n_ratings"] == film["n_ratings"]
        assert known["display_title"] == film["display_title"]
    missing = client.get(f"/movies/1/{name}")
    assert missing.status_code == 404
    assert missing.json()["detail"] == "there is no film 1"
    for query in ("limit=0", "limit=101", "limit=1&limit=2", "by=gender"):
        refused = client.get(f"{path}?{query}")
        assert refused.status_code == 400, query
        assert refused.json()["errors"][0]["field"] == query.split("=")[0]
