"""A word means the same at every door: JSON, addresses, pages, files."""

from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.pages.texts import TEXTS
from api.service.release import LoadedRelease
from models_ml import words
from models_ml.batch.audience_file import predict_audiences
from models_ml.batch.files import BadRow
from models_ml.source.movielens_levels import DIMENSIONS, GENRES, MOVIELENS_1M
from models_ml.vocabulary import RATING_CLASSES
from models_ml.words import words_of
from tests.api.translators import WORDS

DATA = words_of(MOVIELENS_1M)
GENRE_WORDS = {
    "drama": "Drama",
    "Comédia": "Comedy",
    "FICCAO CIENTIFICA": "Sci-Fi",
}


def audience(client: TestClient[Litestar], **changes: object) -> Any:
    movie = {"title": "A", "year": 1990, "genres": ["Drama"]}
    return client.post("/audiences", json={"movie": movie, **changes})


@pytest.mark.parametrize(("word", "genre"), GENRE_WORDS.items())
def test_a_genre_is_understood_at_every_door(
    client: TestClient[Litestar],
    loaded: LoadedRelease,
    tmp_path: Path,
    word: str,
    genre: str,
) -> None:
    movie = {"title": "A", "year": 1990, "genres": [word]}
    answer = audience(client, movie=movie).json()
    assert answer["movie"]["genres"] == [genre]
    assert answer["warnings"] == []
    plain = {**movie, "genres": [genre]}
    assert answer == audience(client, movie=plain).json()
    question = {"title": "A", "year": "1990"}
    files = [
        client.get("/audience.json", params={**question, "film_genres": name})
        for name in (word, genre)
    ]
    assert files[0].json()["movie"] == answer["movie"]
    assert files[0].json() == files[1].json()
    filtered = [
        client.post(
            "/recommendations", json={"filters": {"genres": [name]}}
        ).json()
        for name in (word, genre)
    ]
    assert filtered[0] == filtered[1]
    assert filtered[0]["n_candidates"] < loaded.catalogue.movie_ids.size
    page = client.get("/", params={"genres": word, "side": "films"})
    assert f'value="{genre}" checked' in page.text
    movies = tmp_path / "movies.csv"
    movies.write_text(
        f"film_id,title,year,genres\na,A,1990,{word}\nb,A,1990,{genre}\n"
    )
    output = tmp_path / "out.parquet"
    predict_audiences(loaded.film, movies, ("gender",), output)
    reach = pyarrow.parquet.read_table(output)["reach"].to_pylist()
    assert reach[:2] == reach[2:]


def test_a_word_nobody_knows_is_refused_at_every_door(
    client: TestClient[Litestar], loaded: LoadedRelease, tmp_path: Path
) -> None:
    movie = {"title": "A", "genres": ["Polka"]}
    assert audience(client, movie=movie).status_code == 400
    body = {"filters": {"genres": ["Polka"]}}
    assert client.post("/recommendations", json=body).status_code == 400
    for path in ("/", "/audience.json", "/audience.csv"):
        question = {"title": "A", "film_genres": "Polka"}
        assert client.get(path, params=question).status_code == 400
    movies = tmp_path / "movies.csv"
    movies.write_text("film_id,title,year,genres\na,A,1990,Polka\n")
    with pytest.raises(BadRow, match="genres is 'Polka'"):
        predict_audiences(
            loaded.film, movies, ("gender",), tmp_path / "out.parquet"
        )


def test_dimensions_and_orders_in_portuguese(
    client: TestClient[Litestar],
) -> None:
    answer = audience(
        client, by=["Ocupação", "SEXO"], rank_by="Afinidade"
    ).json()
    assert answer["by"] == ["occupation", "gender"]
    assert answer["rank_by"] == "affinity"
    film = client.get("/movies/3", params={"by": ["Faixa etária", "gênero"]})
    assert film.json()["by"] == ["age_group", "gender"]
    page = client.get("/films/3/audience.json", params={"by": "região"})
    assert page.json()["by"] == ["region"]


def test_a_person_in_portuguese(client: TestClient[Litestar]) -> None:
    body = {
        "profile": {
            "gender": "Mulher",
            "age_group": "de 25 a 34 anos",
            "occupation": "Escritora",
            "nationality": "brasileira",
        },
        "ratings": [{"movie_id": 3, "rating_class": "Adorei"}],
        "rank_by": "Para você",
    }
    plain = {
        "profile": {
            "gender": "F",
            "age_group": "25-34",
            "occupation": "writer",
            "nationality": "brasileira",
        },
        "ratings": [{"movie_id": 3, "rating_class": 4}],
        "rank_by": "for_you",
    }
    answers = [
        client.post("/recommendations", json=each).json()
        for each in (body, plain)
    ]
    assert answers[0] == answers[1]
    assert answers[0]["profile"]["occupation"] == "writer"
    question = {
        "gender": "mulher",
        "age": "25 a 34",
        "occupation": "escritora",
        "nationality": "brasileira",
        "rated": "3:adorei",
        "rank_by": "para você",
    }
    response = client.get("/recommendations.json", params=question)
    assert response.json() == answers[0]


@pytest.mark.parametrize("language", TEXTS)
def test_what_the_page_calls_a_thing_is_understood(language: str) -> None:
    texts = TEXTS[language]
    for name, levels in DIMENSIONS.items():
        assert DATA.dimension.find(texts[f"dimension.{name}"]) == name
        for level in levels:
            told = WORDS[language].level(name, level)
            assert DATA.levels[name].find(told) == level
    for group in DIMENSIONS["age_group"]:
        told = WORDS[language].people({"age_group": group})
        assert DATA.levels["age_group"].find(told.partition(" ")[2]) == group
    for genre in GENRES:
        assert DATA.genre.find(WORDS[language].genre(genre)) == genre
    for name in RATING_CLASSES:
        assert words.RATING_CLASS.find(texts[f"class.{name}"]) == name
    for name in words.FILM_RANKING.names:
        assert words.FILM_RANKING.find(texts[f"rank.{name}"]) == name
