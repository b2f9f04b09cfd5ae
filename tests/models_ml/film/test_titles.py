from typing import Any

import pytest

from models_ml.film.title_words import series, words


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Star Trek III: The Search for Spock", "star trek"),
        ("Star Trek: First Contact", "star trek"),
        ("Godfather: Part II, The", "godfather"),
        ("Godfather, The", "godfather"),
        ("Rocky V", "rocky"),
        ("Die Hard 2", "die hard"),
        ("Batman Returns", "batman"),
        ("Postino, Il (The Postman)", "postino"),
        ("2001: A Space Odyssey", "2001"),
        ("Amélie", "amelie"),
        ("", ""),
        ("!!!", ""),
    ],
)
def test_a_series_is_what_sequels_share(title: str, expected: str) -> None:
    assert series(title) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Matrix, The", ("matrix",)),
        ("The War of the Roses", ("war", "roses")),
        ("City of Lost Children, The (La Cité)", ("city", "lost", "children")),
        ("The The", ("the", "the")),
        ("千と千尋", ("千と千尋",)),
        ("", ()),
    ],
)
def test_words_are_those_that_carry_meaning(title: str, expected: Any) -> None:
    assert words(title) == expected
