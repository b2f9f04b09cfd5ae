"""What a caller knows of a new film: its release, and films like it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.errors import FieldErrors, InvalidField
from models_ml.titles import TitleIndex
from models_ml.vocabulary import RELEASE_WIDTHS
from models_ml.words import RELEASE_WIDTH, whole_number

#: Most known films that a caller may name as comparable.
MAX_COMPARABLES: Final = 10
#: More people than have ever rated a film anywhere.
MAX_RATERS: Final = 10**8


class KnownFilms:
    """The films that were learnt from, as callers name them."""

    def __init__(
        self,
        movie_ids: Sequence[int],
        titles: Sequence[str],
        years: Sequence[int],
        n_raters: FloatArray,
    ) -> None:
        """`n_raters`: of each film, in any order."""
        self._movie_ids = [int(each) for each in movie_ids]
        self._known = frozenset(self._movie_ids)
        self._titles = TitleIndex(titles, [int(year) for year in years])
        self.widths: Final = {
            name: round(float(np.quantile(n_raters, quantile)))
            for name, quantile in RELEASE_WIDTHS.items()
        }
        """Raters of a film of each width of release."""

    def parse_n_raters(self, field: str, value: str | int) -> int:
        """How many will rate a film, from a number or a width of release.

        Raises InvalidField.
        """
        width = RELEASE_WIDTH.find(value)
        if width is not None:
            return max(self.widths[width], 1)
        number = whole_number(str(value))
        if number is None or not 1 <= number <= MAX_RATERS:
            widths = ", ".join(f"{w!r} ({n})" for w, n in self.widths.items())
            raise InvalidField(
                field,
                value,
                f"a whole number from 1 to {MAX_RATERS}, or {widths}",
            )
        return number

    def parse_comparables(
        self, field: str, values: Sequence[str | int]
    ) -> tuple[int, ...]:
        """The movie_ids of known films, named by id or by title, ascending.

        A text of digits is an id. Raises InvalidFields with `field[k]` of
        each that is not understood, and InvalidField for too many.
        """
        errors = FieldErrors()
        if len(values) > MAX_COMPARABLES:
            errors.add(field, len(values), f"up to {MAX_COMPARABLES} films")
        films = [
            errors.attempt(self.parse_film, f"{field}[{k}]", value)
            for k, value in enumerate(values[:MAX_COMPARABLES])
        ]
        errors.check()
        return tuple(sorted({film for film in films if film is not None}))

    def parse_film(self, field: str, value: str | int) -> int:
        """The movie_id of a known film; raises InvalidField."""
        number = whole_number(str(value))
        if number is not None and number in self._known:
            return number
        rows = self._titles.rows(value) if isinstance(value, str) else []
        if len(rows) == 1:
            return self._movie_ids[rows[0]]
        allowed = "the id or the title of a film that people rated"
        if rows:
            ids = ", ".join(str(self._movie_ids[row]) for row in rows)
            allowed = f"one film of that title: its year after it, or of {ids}"
        raise InvalidField(field, value, allowed)
