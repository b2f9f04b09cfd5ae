"""Ratings files: a few films that people of a pairs file already rated."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.batch.files import BadRow, read_header, read_pieces
from models_ml.batch.movie_rows import FilmRows
from models_ml.person.predictor import KnownRatings
from models_ml.profile.parse import InvalidField

RATING_COLUMNS: Final = ("profile_id", "movie_id", "stars")

_STARS: Final = {
    text: stars for stars in range(1, 6) for text in (str(stars), f"{stars}.0")
}


@dataclass(frozen=True)
class KnownPeople:
    """The ratings of each person that has some."""

    path: Path
    ratings: dict[str, KnownRatings]
    first_row: dict[str, int]
    """Row of the file in which the person comes first."""

    def check_all_asked_for(self, asked: set[str], pairs: Path) -> None:
        """Raises BadRow for ratings of someone who is in no pair."""
        for profile_id, row in self.first_row.items():
            if profile_id not in asked:
                error = InvalidField(
                    "profile_id", profile_id, f"a profile_id of {pairs}"
                )
                raise BadRow(self.path, row, error)


def read_ratings(path: Path, films: FilmRows) -> KnownPeople:
    """All ratings of a file, held in memory: 16 bytes for each.

    Raises BadRow for an unknown film, stars that are not 1 to 5, a person
    without an id, and a film that a person rated twice.
    """
    place_of: dict[str, int] = {}
    first_row: dict[str, int] = {}
    people, rows, stars = [], [], []
    for piece in read_pieces(path, read_header(path, RATING_COLUMNS)):
        ids = piece.column("profile_id")
        for place, profile_id in enumerate(ids.values):
            if profile_id in place_of:
                continue
            row = piece.first_row + int(np.argmax(ids.index == place))
            if not profile_id:
                error = InvalidField("profile_id", "", "any text but blank")
                raise BadRow(path, row, error)
            place_of[profile_id] = len(place_of)
            first_row[profile_id] = row
        places = np.array([place_of[value] for value in ids.values])
        people.append(places[ids.index].astype(np.int32))
        rows.append(piece.parsed("movie_id", films.row_of))
        stars.append(piece.parsed("stars", _stars))
    columns = _Columns(*map(_joined, (people, rows, stars)))
    return KnownPeople(
        path, _by_person(path, list(place_of), columns, films), first_row
    )


def _stars(value: str) -> int:
    if value not in _STARS:
        raise InvalidField("stars", value, "a whole number from 1 to 5")
    return _STARS[value]


def _joined(parts: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate([np.empty(0, dtype=np.int32), *parts])


@dataclass(frozen=True)
class _Columns:
    """All rows of the file, in its order."""

    person: NDArray[np.int32]
    movie_index: NDArray[np.int32]
    stars: NDArray[np.int32]

    def __getitem__(self, order: NDArray[np.integer]) -> "_Columns":
        return _Columns(
            self.person[order], self.movie_index[order], self.stars[order]
        )


def _by_person(
    path: Path, ids: list[str], unordered: _Columns, films: FilmRows
) -> dict[str, KnownRatings]:
    order = np.lexsort((unordered.movie_index, unordered.person))
    columns = unordered[order]
    repeated = np.flatnonzero(
        (np.diff(columns.person) == 0) & (np.diff(columns.movie_index) == 0)
    )
    if len(repeated):
        again = repeated[0] + 1
        error = InvalidField(
            "movie_id",
            int(films.movie_ids[columns.movie_index[again]]),
            "a film once for each person, and"
            f" {ids[columns.person[again]]!r} rated it twice",
        )
        raise BadRow(path, int(order[again]) + 2, error)
    ends = np.searchsorted(columns.person, np.arange(len(ids) + 1))
    return {
        profile_id: KnownRatings(
            columns.movie_index[start:end], columns.stars[start:end]
        )
        for profile_id, start, end in zip(
            ids, ends[:-1], ends[1:], strict=True
        )
    }
