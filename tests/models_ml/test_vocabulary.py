"""The words of the data, as a table and back."""

from typing import Any

import pytest

from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.vocabulary import Vocabulary


def rows(**changes: object) -> list[dict[str, object]]:
    """Those of MovieLens 1M, the first genre's changed."""
    return [
        {**row, **changes}
        if (row["dimension"], row["position"]) == ("genre", 0)
        else row
        for row in MOVIELENS_1M.to_rows()
    ]


def test_rows_in_any_order_make_an_equal_vocabulary() -> None:
    assert Vocabulary.from_rows(reversed(rows())) == MOVIELENS_1M


def test_dimensions_are_in_the_order_of_codes() -> None:
    assert list(MOVIELENS_1M.dimensions) == [
        *("gender", "age_group", "occupation", "region")
    ]
    assert MOVIELENS_1M.shape == (2, 7, 21, 12)


def test_levels_keep_their_codes_ages_and_scores() -> None:
    assert MOVIELENS_1M.occupation_codes["12"] == "programmer"
    assert MOVIELENS_1M.lowest_ages == (1, 18, 25, 35, 45, 50, 56)
    assert MOVIELENS_1M.scale.scores.tolist() == [2, 4, 6, 8, 10]
    assert MOVIELENS_1M.nationalities == ()


def test_names_in_portuguese() -> None:
    assert MOVIELENS_1M.name_pt("genre", "Comedy") == "Comédia"
    assert MOVIELENS_1M.name_pt("genre", "polka") == "polka"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"position": 40}, "genre has the level"),
        ({"name": "War"}, "genre has two levels of one name"),
        ({"dimension": "mood"}, "genre has the level"),
    ],
)
def test_rows_that_are_no_vocabulary_are_refused(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Vocabulary.from_rows(rows(**changes))


def test_every_dimension_needs_a_level() -> None:
    genreless = [row for row in rows() if row["dimension"] != "genre"]
    with pytest.raises(ValueError, match="no levels of genre"):
        Vocabulary.from_rows(genreless)
