"""What changes from film to film, and which segment is ahead, over HTTP."""

from typing import Any

import numpy as np
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.service.release import LoadedRelease
from models_ml.film.predictor import Film

DRAMA = {"title": "A", "year": 1990, "genres": ["Drama"]}
WAR = {"title": "A", "year": 1990, "genres": ["Guerra", "Sci-Fi"]}
BY = ("gender", "age_group")


def ask(client: TestClient[Litestar], path: str, **body: Any) -> Any:
    response = client.post(f"/audiences/{path}", json=body)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("rank_by", ["reach_index", "affinity"])
@pytest.mark.parametrize("by", [BY, ("occupation",)])
def test_differences_are_the_predictors(
    client: TestClient[Litestar],
    loaded: LoadedRelease,
    rank_by: str,
    by: tuple[str, ...],
) -> None:
    answer = ask(
        client,
        "difference",
        **{"movie": DRAMA, "other": WAR, "by": by, "rank_by": rank_by},
        n_raters=50,
        other_n_raters="wide",
        other_comparables=[3, "Film n0 II"],
        limit=100,
    )
    change = loaded.film.difference(
        Film("A", 1990, ("Drama",)),
        Film("A", 1990, ("Sci-Fi", "War")),
        by,
        n_raters=(50, loaded.film.known_films.widths["wide"]),
        comparables=((), (3, 6)),
    )
    rows = {levels: row for row, levels in enumerate(change.levels)}
    order = [rows[tuple(s["segment"].values())] for s in answer["segments"]]
    assert sorted(order) == list(range(len(change)))
    for name, value, low, high in (
        ("reach", change.reach, change.reach_low, change.reach_high),
        (
            *("reach_index", change.reach_index),
            *(change.index_low, change.index_high),
        ),
        (
            *("affinity", change.affinity),
            *(change.affinity_low, change.affinity_high),
        ),
    ):
        for end, array in (("value", value), ("low", low), ("high", high)):
            np.testing.assert_allclose(
                [s[name][end] for s in answer["segments"]], array[order]
            )
    place = {"above": 0, "below": 0, "none": 1}
    told = rank_by.removesuffix("_index") + "_supported"
    keys = [
        (place[s[told]], -abs(s[rank_by]["value"])) for s in answer["segments"]
    ]
    assert keys == sorted(keys)
    n_supported = sum(s[told] != "none" for s in answer["segments"])
    assert answer["n_supported"] == n_supported
    nothing = "Nothing changes" in answer["sentence"]
    assert nothing == (n_supported == 0)


def test_from_a_film_to_itself_nothing_changes(
    client: TestClient[Litestar],
) -> None:
    answer = ask(client, "difference", movie=DRAMA, other=DRAMA, by=["gender"])
    assert answer["n_supported"] == 0
    assert answer["sentence"] == (
        "Nothing changes, as far as the data can tell."
    )
    for segment in answer["segments"]:
        assert segment["reach_index"]["value"] == pytest.approx(0)
        assert segment["reach_supported"] == "none"
        assert {p["supported"] for p in segment["probabilities"]} == {"none"}


def test_the_chance_of_a_segment_is_what_the_other_lacks(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    women = {"gender": "Mulher", "age": "18-24"}
    men = {"age_group": "25 a 34", "gender": "M"}
    ahead = ask(client, "chance", movie=DRAMA, segment=women, other=men)
    behind = ask(client, "chance", movie=DRAMA, segment=men, other=women)
    assert ahead["segment"] == {"gender": "F", "age_group": "18-24"}
    assert ahead["other"] == {"gender": "M", "age_group": "25-34"}
    for name in ("affinity", "reach_index"):
        assert ahead[name] + behind[name] == pytest.approx(1)
    chance = loaded.film.chance_of_more(
        Film("A", 1990, ("Drama",)), BY, ("F", "18-24"), ("M", "25-34")
    )
    assert ahead["affinity"] == pytest.approx(chance.affinity)
    assert ahead["reach_index"] == pytest.approx(chance.reach_index)
    assert ahead["n_users"] == behind["other_n_users"]
    assert ahead["n_users"] == loaded.catalogue.people[0, 1].sum()


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        (
            "difference",
            {"other": {"title": " ", "genres": ["Polka"]}, "rank_by": "reach"},
            {"other.title", "other.genres[0]", "rank_by"},
        ),
        ("difference", {"other": DRAMA, "by": ["x"]}, {"by[0]"}),
        (
            "difference",
            {"other": DRAMA, "other_n_raters": "many", "comparables": [4]},
            {"other_n_raters", "comparables[0]"},
        ),
        ("difference", {}, {"other"}),
        (
            "chance",
            {"segment": {"gender": "F"}, "other": {"region": "Pacific"}},
            {"other"},
        ),
        (
            "chance",
            {"segment": {"gender": "X", "age": "old"}, "other": {}},
            {"segment.gender", "segment.age", "other"},
        ),
        (
            "chance",
            {"segment": {"sex": "F", "gender": "F"}, "other": {"a": "b"}},
            {"segment", "other"},
        ),
    ],
)
def test_refuses_what_has_no_meaning(
    client: TestClient[Litestar],
    path: str,
    body: dict[str, Any],
    fields: set[str],
) -> None:
    response = client.post(f"/audiences/{path}", json={"movie": DRAMA, **body})
    assert response.status_code == 400, response.text
    assert {e["field"] for e in response.json()["errors"]} == fields
