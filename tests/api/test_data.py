from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.service.release import LoadedRelease
from models_ml.film.predictor import Film
from models_ml.source.movielens_levels import DIMENSIONS
from tests.api.tiny import tiny_dataset


def get(client: TestClient[Litestar], path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    "search", ["the café 7", "CAFE 7", "café 7 rouge, the", "  7   cafe"]
)
def test_search_ignores_case_accents_and_order(
    client: TestClient[Litestar], search: str
) -> None:
    movies = get(client, f"/movies?search={search}&limit=100")["items"]
    titles = [movie["title"] for movie in movies]
    assert "Café 7 Rouge, The" in titles
    assert all("7" in title for title in titles)
    assert (
        movies[titles.index("Café 7 Rouge, The")]["display_title"]
        == "The Café 7 Rouge"
    )


def test_search_answers_best_known_first(client: TestClient[Litestar]) -> None:
    counts = [
        movie["n_ratings"]
        for movie in get(client, "/movies?limit=100")["items"]
    ]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) == 100


def test_search_takes_words_as_they_are(client: TestClient[Litestar]) -> None:
    for word in ("%", "_", "'", '"', ";", "\\", "?", "$1"):
        response = client.get("/movies", params={"search": word})
        assert response.status_code == 200
        assert response.json()["items"] == []


def test_a_film_is_found_by_the_id_that_the_data_have(
    client: TestClient[Litestar],
) -> None:
    def found(path: str) -> list[int]:
        return [film["movie_id"] for film in get(client, path)["items"]]

    assert found("/movies?source_id=film/6") == [6]
    assert found("/movies?source_id=film/6&search=n0") == [6]
    assert found("/movies?source_id=film/6&search=rouge") == []
    for other in ("6", "FILM/6", "film/", ""):
        assert found(f"/movies?source_id={other}") == []
    too_long = client.get(f"/movies?source_id={'1' * 201}")
    assert too_long.status_code == 400
    assert too_long.json()["errors"][0]["field"] == "source_id"


def test_every_known_film_has_the_id_that_the_data_have(
    client: TestClient[Litestar],
) -> None:
    """Beside its `movie_id`, wherever an answer has one."""
    film = {"title": "Café 7", "genres": ["Drama"]}
    asked = [
        get(client, "/movies"),
        get(client, "/movies/6"),
        get(client, "/tastes?level=F"),
        client.post(
            "/recommendations", json={"n_questions": 2, "movies": [film]}
        ).json(),
        client.post(
            "/audiences", json={"movie": film, "comparables": [6]}
        ).json(),
    ]
    for answer in asked:
        films = list(with_ids(answer))
        assert films
        for each in films:
            known = each["movie_id"]
            own = None if known is None else f"film/{known}"
            assert each["source_id"] == own
    assert {len(answer.get("questions", "..")) for answer in asked} == {2}


def with_ids(part: Any) -> Iterator[dict[str, Any]]:
    """The objects of an answer that name a film by its `movie_id`."""
    for each in part.values() if isinstance(part, dict) else part:
        if isinstance(each, dict | list):
            yield from with_ids(each)
    if isinstance(part, dict) and "movie_id" in part:
        yield part


def test_actual_audience_is_counted_from_the_ratings(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    data = tiny_dataset()
    movie = int(data.ratings.movie[0])
    rows = data.ratings.movie == movie
    answer = get(client, f"/movies/{data.movies.movie_id[movie]}?by=gender")
    genders = data.users.gender[data.ratings.user[rows]]
    stars = data.ratings.stars[rows]
    for code, segment in enumerate(answer["segments"]):
        of_gender = stars[genders == code]
        assert segment["segment"] == {"gender": "FM"[code]}
        assert segment["n_ratings"] == len(of_gender)
        assert segment["n_liked"] == sum((of_gender == 3) | (of_gender == 4))
        assert segment["reach"] == pytest.approx(len(of_gender) / rows.sum())
        liked = (of_gender >= 3).mean()
        assert segment["liked"] == pytest.approx(liked)
        predicted = segment["predicted"]
        assert predicted["reach"]["low"] <= predicted["reach"]["value"]
    baseline = sum(
        segment["reach"] / segment["reach_index"] * 100
        for segment in answer["segments"]
    )
    assert baseline == pytest.approx(1)


def test_actual_audience_by_several_dimensions(
    client: TestClient[Litestar],
) -> None:
    answer = get(client, "/movies/3?by=occupation&by=gender")
    assert answer["by"] == ["occupation", "gender"]
    assert len(answer["segments"]) == 42
    total = sum(segment["n_ratings"] for segment in answer["segments"])
    assert total == answer["movie"]["n_ratings"]


def test_a_known_film_is_predicted_without_its_own_ratings(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    by = ("gender", "age_group")
    answer = get(client, "/movies/3")
    assert answer["predicted"]["basis"] == "without this film's ratings"
    without = loaded.film.predict_known(3, by).audience
    predicted = [s["predicted"]["reach"] for s in answer["segments"]]
    for end, array in (("value", "reach"), ("low", "reach_low")):
        np.testing.assert_allclose(
            [reach[end] for reach in predicted], getattr(without, array)
        )
    row = loaded.catalogue.index[3]
    film = Film(
        loaded.catalogue.titles[row],
        loaded.catalogue.years[row],
        loaded.catalogue.genres[row],
    )
    learnt = loaded.film.predict(film, by).reach
    assert np.abs(learnt - without.reach).max() > 1e-4


def test_a_film_nobody_rated_has_no_shares(
    client: TestClient[Litestar],
) -> None:
    unrated = int(tiny_dataset().movies.movie_id[-1])
    answer = get(client, f"/movies/{unrated}")
    assert answer["movie"]["n_ratings"] == 0
    assert answer["predicted"]["basis"] == "the film has no ratings"
    for segment in answer["segments"]:
        assert segment["reach"] is None
        assert segment["liked"] is None
        assert segment["predicted"]["reach"]["value"] > 0


def test_segments_lists_the_vocabulary_with_people(
    client: TestClient[Litestar],
) -> None:
    answer = get(client, "/segments")
    assert [d["dimension"] for d in answer["dimensions"]] == list(DIMENSIONS)
    for dimension in answer["dimensions"]:
        levels = dimension["levels"]
        named = DIMENSIONS[dimension["dimension"]]
        assert tuple(level["level"] for level in levels) == named
        assert sum(level["n_users"] for level in levels) == answer["n_users"]
        assert sum(level["share"] for level in levels) == pytest.approx(1)


def test_model_tells_what_serves(client: TestClient[Litestar]) -> None:
    answer = get(client, "/model")
    assert answer["data_generated"] is True
    assert answer["data_digest"] == "tiny-7"
    assert answer["metrics"] == {"person": {"log_loss": 1.0}}
    assert answer["rows"]["movies"] == answer["n_movies"] == 120
    assert len(answer["files"]["model.pkl"]) == 64


@pytest.mark.parametrize(
    "path", ["/movies", "/segments", "/model", "/movies/3"]
)
def test_every_answer_names_its_release(
    client: TestClient[Litestar], path: str
) -> None:
    response = client.get(path)
    version = response.json()["release"]
    assert response.headers["x-plateia-release"] == version
    assert get(client, "/readyz")["release"] == version
