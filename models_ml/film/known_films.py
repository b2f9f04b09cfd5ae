"""What a caller knows of a new film: its release, and films like it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
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
        self,
        field: str,
        values: Sequence[str | int],
        movie_id_of: Mapping[str, int] = MappingProxyType({}),
    ) -> tuple[int, ...]:
        """The movie_ids of known films, each as `parse_film`, ascending.

        Raises InvalidFields with `field[k]` of each that is not understood,
        and InvalidField for too many.
        """
        errors = FieldErrors()
        if len(values) > MAX_COMPARABLES:
            errors.add(field, len(values), f"up to {MAX_COMPARABLES} films")
        films = [
            errors.attempt(
                self.parse_film, f"{field}[{k}]", value, movie_id_of
            )
            for k, value in enumerate(values[:MAX_COMPARABLES])
        ]
        errors.check()
        return tuple(sorted({film for film in films if film is not None}))

    def parse_film(
        self,
        field: str,
        value: str | int,
        movie_id_of: Mapping[str, int] = MappingProxyType({}),
    ) -> int:
        """The movie_id of a known film, from one of its ids or its title.

        A text is a movie_id, the data's own id (`movie_id_of`), or else a
        title. Raises InvalidField, also for what is ids of two films.
        """
        ids = self._by_id(value, movie_id_of)
        if len(ids) > 1:
            other = movie_id_of[str(value)]
            raise InvalidField(
                field,
                value,
                f"the id of one film: it is a movie_id, and the source_id of"
                f" the film {other}",
            )
        if not ids and isinstance(value, str):
            ids = [self._movie_ids[row] for row in self._titles.rows(value)]
        if len(ids) == 1:
            return ids[0]
        allowed = "the id or the title of a film that people rated"
        if ids:
            told = ", ".join(map(str, ids))
            allowed = (
                f"one film of that title: its year after it, or of {told}"
            )
        raise InvalidField(field, value, allowed)

    def _by_id(
        self, value: str | int, movie_id_of: Mapping[str, int]
    ) -> list[int]:
        """The movie_ids of the known films that have this id."""
        ids = {whole_number(str(value))}
        if isinstance(value, str):
            ids.add(movie_id_of.get(value))
        return [each for each in ids if each in self._known]
