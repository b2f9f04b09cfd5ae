"""Films of a release, by the ids that files give."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.errors import InvalidField

MOVIE_ID: Final = "movie_id"
SOURCE_ID: Final = "source_id"
#: Columns that name a film: a file has one of them.
FILM_IDS: Final = (MOVIE_ID, SOURCE_ID)
_MOVIE_ID: Final = re.compile("[0-9]{1,9}")


class FilmColumn:
    """The column of a file that names films, and what its values mean."""

    def __init__(
        self,
        name: str,
        ids: Sequence[int | str],
        key: Callable[[str], int | str | None],
        allowed: str,
    ) -> None:
        """`ids`: of each row; `key`: of a value, None where it is no id."""
        self.name = name
        self._ids = ids
        self._rows = {id_: row for row, id_ in enumerate(ids)}
        self._key = key
        self._allowed = allowed

    def row_of(self, text: str) -> int:
        """Row of the film; raises InvalidField if there is no such film."""
        key = self._key(text)
        row = None if key is None else self._rows.get(key)
        if row is None:
            raise InvalidField(self.name, text, self._allowed)
        return row

    def id_of(self, row: int) -> int | str:
        """The id of the film of a row, as the column has it."""
        return self._ids[row]


@dataclass(frozen=True)
class FilmRows:
    """Films of a predictor in the order of its rows, and their ids."""

    movie_ids: NDArray[np.integer]
    """Ascending."""
    source_ids: Sequence[str] = ()
    """The ids that the data have."""

    def column(self, columns: Sequence[str]) -> FilmColumn:
        """Which of FILM_IDS a file with these columns has."""
        films = f"one of the release's {len(self.movie_ids)} films"
        if SOURCE_ID in columns:
            allowed = f"the id that the data have of {films}"
            return FilmColumn(SOURCE_ID, self.source_ids, str, allowed)
        ids = self.movie_ids.tolist()
        allowed = f"the id of {films} ({ids[0]} to {ids[-1]})"
        return FilmColumn(MOVIE_ID, ids, _movie_id, allowed)


def _movie_id(text: str) -> int | None:
    return int(text) if _MOVIE_ID.fullmatch(text) else None
