from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.service.audiences import audience_target
from api.service.release import LoadedRelease
from models_ml.film.predictor import Film
from models_ml.film.support import LEAST_AFFINITY, LEAST_USERS
from models_ml.source.movielens_levels import DIMENSIONS, GENRES, MOVIELENS_1M

FILM = {"title": "A Film", "year": 1999, "genres": ["Drama", "War"]}


def ask(client: TestClient[Litestar], **body: Any) -> Any:
    response = client.post("/audiences", json={"movie": FILM, **body})
    assert response.status_code == 200, response.text
    return response.json()


def test_answers_segments_with_intervals(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    answer = ask(client)
    assert answer["by"] == ["gender", "age_group"]
    assert len(answer["segments"]) == answer["n_segments"] == 14
    for segment in answer["segments"]:
        for name in ("reach", "reach_index", "affinity"):
            estimate = segment[name]
            assert estimate["low"] <= estimate["value"] <= estimate["high"]
        for part in segment["probabilities"]:
            assert part["low"] <= part["probability"] <= part["high"]
    reach = sum(segment["reach"]["value"] for segment in answer["segments"])
    assert reach == pytest.approx(1)
    people = sum(segment["n_users"] for segment in answer["segments"])
    assert people == loaded.catalogue.n_users
    assert answer["target"]["sentence"]


@pytest.mark.parametrize(
    "by",
    [
        ("gender",),
        ("age_group", "gender"),
        ("region", "occupation"),
        ("gender", "age_group", "occupation"),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_equals_the_plain_path(
    client: TestClient[Litestar],
    loaded: LoadedRelease,
    by: tuple[str, ...],
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    genres = tuple(rng.choice(GENRES, size=seed + 1, replace=False).tolist())
    film = Film(f"Film {seed}", int(rng.integers(1920, 2001)), genres)
    plain = loaded.film.predict(film, by)
    answer = ask(
        client,
        movie={"title": film.title, "year": film.year, "genres": genres},
        by=by,
        limit=3528,
    )
    segments = {
        tuple(segment["segment"][name] for name in by): segment
        for segment in answer["segments"]
    }
    assert len(segments) == len(plain)
    ordered = [segments[level] for level in plain.levels]
    for name in ("reach", "affinity"):
        for end, array in (("value", name), ("low", f"{name}_low")):
            np.testing.assert_allclose(
                [segment[name][end] for segment in ordered],
                getattr(plain, array),
                atol=1e-6,
            )
    np.testing.assert_allclose(
        [segment["reach_index"]["value"] for segment in ordered],
        plain.reach_index,
        atol=1e-6,
    )
    np.testing.assert_allclose(
        [
            [part["probability"] for part in segment["probabilities"]]
            for segment in ordered
        ],
        plain.probabilities,
        atol=1e-6,
    )


@pytest.mark.parametrize("rank_by", ["reach", "liking"])
def test_ranks_by_what_is_asked(
    client: TestClient[Litestar], rank_by: str
) -> None:
    def value(segment: dict[str, Any]) -> float:
        if rank_by == "liking":
            return sum(p["probability"] for p in segment["probabilities"][2:])
        return segment[rank_by]["value"]

    segments = ask(client, rank_by=rank_by, by=["occupation"])["segments"]
    values = [value(segment) for segment in segments]
    assert values == sorted(values, reverse=True)
    assert [segment["rank"] for segment in segments] == list(
        range(1, len(segments) + 1)
    )


@pytest.mark.parametrize(
    ("rank_by", "told"),
    [
        ("reach_index", "reach_supported"),
        ("affinity", "affinity_supported"),
    ],
)
@pytest.mark.parametrize("genres", [["Drama"], ["Sci-Fi", "War"], ["Comedy"]])
def test_what_the_data_support_comes_first(
    client: TestClient[Litestar], rank_by: str, told: str, genres: list[str]
) -> None:
    movie = {"title": "A Film", "year": 1985, "genres": genres}
    segments = ask(
        client,
        movie=movie,
        rank_by=rank_by,
        by=["gender", "occupation"],
        limit=100,
    )["segments"]
    place = {"above": 0, "none": 1, "below": 2}
    keys = [(place[s[told]], -s[rank_by]["value"]) for s in segments]
    assert keys == sorted(keys)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "by", [["gender", "age_group"], ["occupation"], ["region", "gender"]]
)
def test_supported_is_what_the_interval_of_enough_people_supports(
    client: TestClient[Litestar], by: list[str], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    genres = rng.choice(GENRES, size=2, replace=False).tolist()
    movie = {"title": f"Film {seed}", "year": 1960, "genres": genres}
    for s in ask(client, movie=movie, by=by, limit=3528)["segments"]:
        for name, told, baseline in (
            ("reach_index", "reach_supported", 100),
            ("affinity", "affinity_supported", 0),
        ):
            estimate = s[name]
            expected = "none"
            if s["n_users"] >= LEAST_USERS:
                if estimate["low"] > baseline:
                    expected = "above"
                if estimate["high"] < baseline:
                    expected = "below"
            assert s[told] == expected
        for name in ("reach", "expected_reach", "reach_index", "affinity"):
            estimate = s[name]
            assert estimate["low"] <= estimate["value"] <= estimate["high"]
        if s["is_target"]:
            assert s["affinity_supported"] == "above"
            assert s["affinity"]["value"] >= LEAST_AFFINITY


def test_what_is_known_of_the_film_is_used(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    answer = ask(client, n_raters="Limitado", comparables=["film n2", 6])
    known = loaded.film.known_films
    assert answer["n_raters"] == known.widths["limited"]
    assert [f["movie_id"] for f in answer["comparables"]] == [6, 9]
    plain = loaded.film.predict(
        Film("A Film", 1999, ("Drama", "War")),
        ("gender", "age_group"),
        known.widths["limited"],
        comparables=(6, 9),
    )
    by_level = {
        tuple(s["segment"].values()): s["reach"] for s in answer["segments"]
    }
    for name in ("value", "low", "high"):
        end = "" if name == "value" else f"_{name}"
        np.testing.assert_allclose(
            [by_level[level][name] for level in plain.levels],
            getattr(plain, f"reach{end}"),
        )
    assert answer != ask(client)
    widths = client.get("/segments").json()["release_widths"]
    assert {w["width"]: w["n_raters"] for w in widths} == known.widths


def test_limit_cuts_the_list_and_not_the_count(
    client: TestClient[Litestar],
) -> None:
    answer = ask(client, limit=2)
    assert len(answer["segments"]) == 2
    assert answer["n_segments"] == 14


def test_warns_of_what_it_has_not_learnt(client: TestClient[Litestar]) -> None:
    film = {"title": "A Film", "year": 2150, "genres": ["Drama"]}
    warnings = " ".join(ask(client, movie=film)["warnings"])
    assert "2150" in warnings


def test_similar_films_lead_to_their_true_audiences(
    client: TestClient[Litestar],
) -> None:
    similar = ask(client)["similar"]
    assert len(similar) == 5
    for film in similar:
        response = client.get(film["href"])
        assert response.json()["movie"]["title"] == film["title"]


@pytest.mark.parametrize(
    "by",
    [("gender", "age_group"), ("occupation", "gender"), tuple(DIMENSIONS)],
)
def test_the_target_is_the_segments_marked_in_merged_groups(
    client: TestClient[Litestar], by: tuple[str, ...]
) -> None:
    answer = ask(client, by=by, limit=3528)
    marked = {
        tuple(s["segment"].values())
        for s in answer["segments"]
        if s["is_target"]
    }
    groups = answer["target"]["segments"]
    assert ("no difference" in answer["target"]["sentence"]) == (not groups)
    held = set()
    for group in groups:
        levels = [
            np.atleast_1d(group.get(name, DIMENSIONS[name])) for name in by
        ]
        held |= set(product(*(map(str, each) for each in levels)))
    assert held == marked
    assert len(groups) <= len(marked)


def test_a_target_of_all_women_is_women_of_any_age(
    loaded: LoadedRelease,
) -> None:
    by = ("gender", "age_group")
    plain = loaded.film.predict(Film("A", 1990, ("Drama",)), by)
    young = [levels[1] in ("18-24", "25-34") for levels in plain.levels]
    women = [levels[0] == "F" for levels in plain.levels]
    affinity = np.where(women, 0.05, 0.1)
    targets = np.array(women) | np.array(young)
    target = audience_target(
        MOVIELENS_1M, replace(plain, affinity=affinity, is_target=targets)
    )
    assert target.segments == (
        {"age_group": ("18-24", "25-34")},
        {"gender": "F"},
    )
    assert target.sentence == (
        "The data supports 9 of 14 segments as a target, the strongest "
        "first: people of 18 to 34; women of any age."
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"by": []}, "by"),
        ({"by": ["gender", "gender"]}, "by"),
        ({"by": ["income"]}, "by[0]"),
        ({"movie": {"title": " "}}, "movie.title"),
        ({"movie": {}}, "movie.title"),
        ({"movie": {"title": "A", "genres": ["Polka"]}}, "movie.genres[0]"),
        ({"rank_by": "share"}, "rank_by"),
        ({"limit": 20_001}, "limit"),
        ({"top": 3}, "top"),
        ({"n_raters": 0}, "n_raters"),
        ({"n_raters": "many"}, "n_raters"),
        ({"comparables": [4]}, "comparables[0]"),
        ({"comparables": ["Nothing of the kind"]}, "comparables[0]"),
        ({"comparables": [3] * 11}, "comparables"),
    ],
)
def test_refuses_what_has_no_meaning(
    client: TestClient[Litestar], body: dict[str, Any], field: str
) -> None:
    response = client.post("/audiences", json={"movie": FILM, **body})
    assert response.status_code == 400
    error = response.json()["errors"][0]
    assert error["field"] == field
    assert error["allowed"]
