"""Titles in Brazil: shown in Portuguese, and found by either title."""

import csv
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.service import titles_pt
from api.service.release import LoadedRelease
from api.service.titles_pt import brazilian_title

TITLES = Path(titles_pt.__file__).with_name("titles_pt.csv")
ROWS = list(csv.DictReader(TITLES.read_text("utf-8").splitlines()))


@pytest.mark.parametrize(
    ("title", "year", "brazilian"),
    [
        ("Godfather, The", 1972, "O Poderoso Chefão"),
        ("The Godfather", 1972, "O Poderoso Chefão"),
        ("The Godfather", 1973, None),
        ("Casablanca", 1942, None),
        ("No such film", None, None),
    ],
)
def test_a_film_has_its_title_in_brazil(
    title: str, year: int | None, brazilian: str | None
) -> None:
    assert brazilian_title(title, year) == brazilian


def test_each_film_stands_once_with_a_title_of_its_own() -> None:
    keys = [(row["title"], row["year"]) for row in ROWS]
    assert len(set(keys)) == len(keys) > 400
    assert keys == sorted(keys)
    for row in ROWS:
        assert row["title_pt"].strip() == row["title_pt"] != ""
        assert row["title_pt"] != row["title"]


def test_the_search_finds_a_film_by_its_title_in_brazil(
    client: TestClient[Litestar],
    loaded: LoadedRelease,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalogue = loaded.catalogue
    monkeypatch.setattr(catalogue, "titles_pt", [None] * len(catalogue.titles))
    catalogue.titles_pt[5] = "O Poderoso Chefão"
    rows = catalogue.search("PODEROSO chefao", 10)
    assert rows == [5]
    assert catalogue.search("poderoso nada", 10) == []
