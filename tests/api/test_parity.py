"""The API answers what `predict` and `audience` write for whole files."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.service.release import LoadedRelease
from models_ml.batch.audience_file import predict_audiences
from models_ml.batch.predict_file import predict_pairs
from models_ml.source.movielens_levels import AGE_GROUPS, GENRES, OCCUPATIONS

FIELDS = ("gender", "age", "occupation", "nationality", "zip_code")
CLASSES = ("p_hated", "p_disliked", "p_liked", "p_loved")
N_PROFILES = 25


def random_profile(rng: np.random.Generator) -> dict[str, Any]:
    """Any part may be left out; ages as numbers, occupations both ways."""
    choices: dict[str, list[Any]] = {
        "gender": ["F", "M", "female", "masculino"],
        "age": list(range(5, 90)),
        "occupation": [*OCCUPATIONS, *range(21)],
        "nationality": ["US", "Brazil", "brasileira", "FR"],
        "zip_code": ["02139", "94110", "60614", "00000", "V5K 0A1"],
    }
    return {
        name: values[rng.integers(len(values))]
        for name, values in choices.items()
        if rng.random() < 0.6
    }


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("n_ratings", "film_id"),
    [(0, "movie_id"), (4, "movie_id"), (4, "source_id")],
)
def test_recommendations_equal_predict(
    client: TestClient[Litestar],
    loaded: LoadedRelease,
    tmp_path: Path,
    n_ratings: int,
    film_id: str,
) -> None:
    rng = np.random.default_rng(11 + n_ratings)
    catalogue = loaded.catalogue
    ids = {
        "movie_id": catalogue.movie_ids.tolist(),
        "source_id": catalogue.source_ids,
    }[film_id]
    profiles = [random_profile(rng) for _ in range(N_PROFILES)]
    ratings = [
        {
            "profile_id": k,
            film_id: id_.item(),
            "stars": int(rng.integers(1, 6)),
        }
        for k in range(N_PROFILES)
        for id_ in rng.choice(ids, n_ratings, replace=False)
    ]
    pairs = write_rows(
        tmp_path / "pairs.csv",
        [
            {
                "profile_id": k,
                **{name: profile.get(name, "") for name in FIELDS},
                film_id: id_,
            }
            for k, profile in enumerate(profiles)
            for id_ in ids
        ],
    )
    output = tmp_path / "out.parquet"
    predict_pairs(
        loaded,
        loaded.zip_prefixes,
        pairs,
        output,
        ratings=write_rows(tmp_path / "ratings.csv", ratings)
        if ratings
        else None,
        source_ids=catalogue.source_ids,
    )
    predicted = {
        (int(row["profile_id"]), row["movie_id"]): row
        for row in pq.read_table(output).to_pylist()
    }
    for k, profile in enumerate(profiles):
        body = {
            "profile": profile,
            "limit": 100,
            "ratings": [
                {film_id: r[film_id], "stars": r["stars"]}
                for r in ratings
                if r["profile_id"] == k
            ],
        }
        response = client.post("/recommendations", json=body)
        assert response.status_code == 200, response.text
        for item in response.json()["items"]:
            row = predicted[k, item["movie_id"]]
            answered = [
                *(part["probability"] for part in item["probabilities"]),
                item["expected_stars"],
                item["expected_score"],
                item["interest"],
            ]
            names = (*CLASSES, "expected_stars", "expected_score", "interest")
            np.testing.assert_allclose(
                answered, [row[name] for name in names], atol=1e-6
            )


@pytest.mark.parametrize("n_ratings", [0, 3])
def test_described_films_equal_predict(
    client: TestClient[Litestar],
    loaded: LoadedRelease,
    tmp_path: Path,
    n_ratings: int,
) -> None:
    rng = np.random.default_rng(21 + n_ratings)
    profiles = [random_profile(rng) for _ in range(10)]
    films: list[dict[str, Any]] = [
        {
            "title": f"Film {k}, The" if k % 2 else f"Café {k}",
            "year": int(rng.integers(1900, 2010)) if k % 3 else "",
            "genres": rng.choice(GENRES, rng.integers(4), replace=False),
        }
        for k in range(6)
    ]
    rated = [
        {"movie_id": int(movie_id), "stars": int(rng.integers(1, 6))}
        for movie_id in rng.choice(
            loaded.person.movie_ids, n_ratings, replace=False
        )
    ]
    people = range(len(profiles))
    pairs = write_rows(
        tmp_path / "pairs.csv",
        [
            {
                "profile_id": k,
                **{name: profiles[k].get(name, "") for name in FIELDS},
                "movie_id": "",
                **film,
                "genres": "|".join(film["genres"]),
            }
            for k in people
            for film in films
        ],
    )
    ratings = [{"profile_id": k, **each} for k in people for each in rated]
    output = tmp_path / "out.parquet"
    predict_pairs(
        loaded,
        loaded.zip_prefixes,
        pairs,
        output,
        ratings=write_rows(tmp_path / "ratings.csv", ratings)
        if ratings
        else None,
    )
    predicted = {
        (row["profile_id"], row["title"]): row
        for row in pq.read_table(output).to_pylist()
    }
    for k, profile in enumerate(profiles):
        body = {
            "profile": profile,
            "ratings": rated,
            "movies": [
                {
                    "title": film["title"],
                    "year": film["year"] or None,
                    "genres": list(film["genres"]),
                }
                for film in films
            ],
            "catalogue": False,
        }
        response = client.post("/recommendations", json=body)
        assert response.status_code == 200, response.text
        items = response.json()["items"]
        assert len(items) == len(films)
        for item in items:
            row = predicted[k, item["title"]]
            answered = [
                *(part["probability"] for part in item["probabilities"]),
                item["expected_stars"],
                item["expected_score"],
                item["interest"],
            ]
            names = (*CLASSES, "expected_stars", "expected_score", "interest")
            np.testing.assert_allclose(
                answered, [row[name] for name in names], atol=1e-6
            )


@pytest.mark.parametrize(
    "by", [("gender", "age_group"), ("region",), ("occupation", "gender")]
)
def test_audiences_equal_audience(
    client: TestClient[Litestar],
    loaded: LoadedRelease,
    tmp_path: Path,
    by: tuple[str, ...],
) -> None:
    rng = np.random.default_rng(12)
    films: list[dict[str, Any]] = [
        {
            "film_id": f"film-{k}",
            "title": f"Film {k}, The" if k % 2 else f"Café {k}",
            "year": int(rng.integers(1900, 2010)) if k % 3 else "",
            "genres": rng.choice(GENRES, rng.integers(4), replace=False),
        }
        for k in range(12)
    ]
    movies = write_rows(
        tmp_path / "movies.csv",
        [{**film, "genres": "|".join(film["genres"])} for film in films],
    )
    output = tmp_path / "out.parquet"
    predict_audiences(loaded.film, movies, by, output)
    predicted = {
        (row["film_id"], *(row[name] for name in by)): row
        for row in pq.read_table(output).to_pylist()
    }
    for film in films:
        movie = {
            "title": film["title"],
            "year": film["year"] or None,
            "genres": list(film["genres"]),
        }
        body = {"movie": movie, "by": by, "limit": 3528}
        response = client.post("/audiences", json=body)
        assert response.status_code == 200, response.text
        segments = response.json()["segments"]
        assert len(segments) == len(predicted) / len(films)
        for segment in segments:
            levels = (segment["segment"][name] for name in by)
            row = predicted[film["film_id"], *levels]
            answered = {
                "reach": segment["reach"]["value"],
                "reach_low": segment["reach"]["low"],
                "reach_high": segment["reach"]["high"],
                "reach_index": segment["reach_index"]["value"],
                "affinity": segment["affinity"]["value"],
                "affinity_low": segment["affinity"]["low"],
                "affinity_high": segment["affinity"]["high"],
                **{
                    name: part["probability"]
                    for name, part in zip(
                        CLASSES, segment["probabilities"], strict=True
                    )
                },
            }
            np.testing.assert_allclose(
                list(answered.values()),
                [row[name] for name in answered],
                atol=1e-6,
            )


def test_age_groups_read_as_ages(client: TestClient[Litestar]) -> None:
    """The lowest age of a group, and its name, ask the same."""
    for age, group in zip(
        (1, 18, 25, 35, 45, 50, 56), AGE_GROUPS, strict=True
    ):
        answers = [
            client.post("/recommendations", json={"profile": profile}).json()
            for profile in ({"age": age}, {"age_group": group})
        ]
        assert answers[0] == answers[1]
