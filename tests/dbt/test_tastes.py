"""Tastes of groups, against the same worked out another way."""

import shutil
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy.stats import false_discovery_control, norm

from tests.dbt.conftest import Built

SHARE = 0.05


@pytest.fixture(scope="module")
def people(built: Built) -> Any:
    """Per person and genre: ratings and likes; and per person, over all."""
    with duckdb.connect(built.settings.warehouse, read_only=True) as warehouse:
        return warehouse.execute(
            """
            select user_id, gender, genre, n_ratings, n_liked,
                n_all_ratings, n_all_liked
            from features.feat_user_genres join marts.dim_users using (user_id)
            """
        ).fetchnumpy()


def likes(group: dict[str, np.ndarray], genre: str) -> tuple[float, float]:
    """p - r of a group, and its variance by leaving out each person."""
    users, first = np.unique(group["user_id"], return_index=True)
    n, liked = np.zeros(len(users)), np.zeros(len(users))
    of_genre = group["genre"] == genre
    rows = np.searchsorted(users, group["user_id"][of_genre])
    n[rows] = group["n_ratings"][of_genre]
    liked[rows] = group["n_liked"][of_genre]
    n_all = group["n_all_ratings"][first]
    liked_all = group["n_all_liked"][first]
    value = liked.sum() / n.sum() - liked_all.sum() / n_all.sum()
    left_out = (liked.sum() - liked) / (n.sum() - n) - (
        liked_all.sum() - liked_all
    ) / (n_all.sum() - n_all)
    jackknife = (left_out - left_out.mean()) ** 2
    variance = (len(users) - 1) / len(users) * jackknife.sum()
    return value, variance


@pytest.mark.parametrize("genre", ["Drama", "Comedy", "Action"])
def test_liking_and_its_error_agree_with_the_jackknife(
    built: Built, people: dict[str, np.ndarray], genre: str
) -> None:
    women = {name: v[people["gender"] == "F"] for name, v in people.items()}
    men = {name: v[people["gender"] == "M"] for name, v in people.items()}
    (row,) = (
        row
        for row in built.rows("features.feat_genre_tastes")
        if (row["dimension"], row["level"]) == ("gender", "F")
        and (row["genre"], row["measure"]) == (genre, "liking")
    )
    own, own_variance = likes(women, genre)
    other, other_variance = likes(men, genre)
    assert row["own_value"] == pytest.approx(own, abs=1e-12)
    assert row["difference"] == pytest.approx(own - other, abs=1e-12)
    assert row["own_variance"] == pytest.approx(own_variance, rel=0.05)
    error = np.sqrt(own_variance + other_variance)
    assert row["high"] - row["low"] == pytest.approx(3.92 * error, rel=0.03)


@pytest.mark.parametrize(
    "relation", ["features.feat_genre_tastes", "features.feat_movie_tastes"]
)
def test_the_false_discovery_rate_is_held_within_each_dimension(
    built: Built, relation: str
) -> None:
    rows = [row for row in built.rows(relation) if row["q_value"] is not None]
    assert rows
    for dimension, measure in {(r["dimension"], r["measure"]) for r in rows}:
        tested = [
            row
            for row in rows
            if (row["dimension"], row["measure"]) == (dimension, measure)
        ]
        error = np.array([r["high"] - r["low"] for r in tested]) / 2 / 1.96
        z = np.abs([r["difference"] for r in tested]) / error
        expected = false_discovery_control(2 * norm.sf(z))
        q_values = np.array([row["q_value"] for row in tested])
        assert np.allclose(q_values, expected, atol=1e-4)
        supported = np.array([row["is_supported"] for row in tested])
        assert np.array_equal(supported, q_values <= SHARE)


def test_genders_drawn_at_random_have_no_tastes(
    built: Built, tmp_path: Path
) -> None:
    """A placebo: over 20 draws, hardly any difference is supported."""
    copy = shutil.copy(built.settings.warehouse, tmp_path / "placebo.duckdb")
    (node,) = (
        node
        for node in built.nodes("model")
        if node["name"] == "feat_genre_tastes"
    )
    query = node["compiled_code"].replace('"warehouse.building".', "")
    query = query.replace('"warehouse".', "")
    n_supported = n_tested = 0
    with duckdb.connect(copy) as warehouse:
        for draw in range(20):
            warehouse.execute(
                "update marts.dim_users set gender = "
                "if(hash(user_id * 1000 + $draw) % 2 = 0, 'F', 'M')",
                {"draw": draw},
            )
            flags: Any = warehouse.execute(
                f"select is_supported from ({query}) "  # noqa: S608
                "where dimension = 'gender' and q_value is not null"
            ).fetchnumpy()["is_supported"]
            n_tested += len(flags)
            n_supported += int(flags.sum())
    assert n_tested > 500
    assert n_supported / n_tested < 0.02
