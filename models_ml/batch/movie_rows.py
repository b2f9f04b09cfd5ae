"""Films of a release, by the ids that files give."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.errors import InvalidField

_MOVIE_ID: Final = re.compile("[0-9]{1,9}")


@dataclass(frozen=True)
class FilmRows:
    """Row numbers of a predictor's films."""

    movie_ids: NDArray[np.integer]
    """Ascending."""

    def row_of(self, movie_id: str) -> int:
        """Row of the film; raises InvalidField if there is no such film."""
        if _MOVIE_ID.fullmatch(movie_id):
            row = int(np.searchsorted(self.movie_ids, int(movie_id)))
            is_known = row < len(self.movie_ids)
            if is_known and self.movie_ids[row] == int(movie_id):
                return row
        raise InvalidField("movie_id", movie_id, self._allowed())

    def _allowed(self) -> str:
        first, last = self.movie_ids[0], self.movie_ids[-1]
        return (
            f"the id of one of the release's {len(self.movie_ids)} films"
            f" ({first} to {last})"
        )
