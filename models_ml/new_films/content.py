"""What is known of a film without its ratings, as columns."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from models_ml.arrays import BoolArray, FloatArray, IntArray
from models_ml.film.protocol import Film
from models_ml.film.similarity import genre_rows

#: A film without a year counts as of this one.
_YEAR_OF_THE_UNDATED: Final = 1990
_EARLIEST_YEAR: Final = 1930


def content_columns(
    years: IntArray, genres: BoolArray | FloatArray, last_year: int
) -> FloatArray:
    """A constant, the year and the genres, shape (n, 3 + genres).

    `years` are 0 where not known, `genres` have a column for each of the
    vocabulary's. The year is one line, and another from 1970 on; neither goes
    on beyond `last_year`, the last that was learnt from.
    """
    year = np.where(years == 0, _YEAR_OF_THE_UNDATED, years)
    year = np.clip(year, _EARLIEST_YEAR, max(last_year, _EARLIEST_YEAR))
    return np.column_stack(
        [
            np.ones(len(year)),
            (year - 1985) / 15,
            np.maximum(year - 1970, 0) / 10,
            genres,
        ]
    )


def columns_of(
    films: Sequence[Film], genres: Sequence[str], last_year: int
) -> FloatArray:
    """`content_columns` of described films; of genres, `genres` are used."""
    years = np.array([film.year or 0 for film in films], dtype=int)
    return content_columns(years, genre_rows(films, genres), last_year)
