"""Files in MovieLens 100K's form, from the zip to the answers of the API."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.api.every_route import pages_of
from tests.conftest import environment_of, run_plateia
from tests.end_to_end.in_process import ask, connected, page_text
from tests.own_tables import GENRES, OCCUPATIONS, ml_100k_sample, write_ml_100k


@pytest.fixture(scope="module")
def client(ml_100k_home: Path) -> Iterator[TestClient[Litestar]]:
    with connected(ml_100k_home) as client:
        yield client


def test_check_tells_that_it_can_be_built(tmp_path: Path) -> None:
    archive = tmp_path / "ml-100k.zip"
    write_ml_100k(archive, ml_100k_sample())
    environment = environment_of(tmp_path, "sample")
    done = run_plateia(environment, "check", str(archive))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "people by occupation" in done.stdout
    for word in (*OCCUPATIONS, *GENRES):
        assert word in done.stdout


def test_films_for_a_person(client: TestClient[Litestar]) -> None:
    """Years of age fall into groups, ZIP codes into regions."""
    answer = ask(
        client,
        "/recommendations",
        {
            "profile": {
                "gender": "mulher",
                "age": 29,
                "occupation": "usher",
                "zip_code": "94043",
            },
            "ratings": [{"movie_id": 1, "stars": 5}],
            "limit": 10,
            "allow_sequels": True,
        },
    )
    told = answer["profile"]
    assert (told["gender"], told["age_group"]) == ("F", "25-34")
    assert (told["occupation"], told["region"]) == ("usher", "Pacific")
    assert answer["n_ratings_used"] == 1
    assert len(answer["items"]) == 10
    for item in answer["items"]:
        assert 1 <= item["expected_stars"] <= 5
        assert item["source_id"] == str(item["movie_id"])
        assert set(item["genres"]) <= set(GENRES)


def test_an_audience_for_a_film(client: TestClient[Litestar]) -> None:
    film: dict[str, Any] = {"title": "A film", "genres": ["Kung fu"]}
    for by, levels in (
        (["gender"], {"F", "M"}),
        (["occupation"], set(OCCUPATIONS)),
        (["region"], {"Mountain", "New England", "outside the US", "Pacific"}),
    ):
        answer = ask(
            client, "/audiences", {"movie": film, "by": by, "limit": 100}
        )
        shares = {
            segment["segment"][by[0]]: segment["reach"]["value"]
            for segment in answer["segments"]
            if segment["n_users"]
        }
        assert set(shares) == levels
        assert sum(shares.values()) == pytest.approx(1, abs=0.02)
    wrong = client.post("/audiences", json={"movie": film, "by": ["planet"]})
    assert wrong.status_code == 400


def test_only_whole_stars_are_a_rating(client: TestClient[Litestar]) -> None:
    rating = {"movie_id": 1, "stars": 4.5}
    answer = client.post("/recommendations", json={"ratings": [rating]})
    (error,) = answer.json()["errors"]
    assert error["field"] == "ratings[0].stars"
    assert error["allowed"].endswith("1, 2, 3, 4, 5")


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize(
    "page",
    [
        "/?side=films&gender=F&zip_code=94043",
        "/?side=audience&by=occupation",
        "/compare",
        "/groups",
    ],
)
def test_pages_answer(
    client: TestClient[Litestar], page: str, language: str
) -> None:
    """Those that begin with an example begin with an answer."""
    assert "MovieLens 100K" in page_text(client, page, language)


def test_every_page_names_the_data_set(client: TestClient[Litestar]) -> None:
    assert client.get("/model").json()["data_kind"] == "ml-100k"
    for address, text in pages_of(client).items():
        assert "MovieLens 100K (GroupLens" in text, address
        assert "MovieLens 1M" not in text, address
