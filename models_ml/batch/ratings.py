"""Ratings files: a few films that people of a pairs file already rated."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.batch.files import BadRow, read_header, read_pieces
from models_ml.batch.movie_rows import FILM_IDS, FilmColumn, FilmRows
from models_ml.errors import InvalidField
from models_ml.person.predictor import KnownRatings
from models_ml.scale import RatingScale, told

#: One of them is there: a file tells stars, or scores from 0 to 10.
STARS: Final = "stars"
SCORE: Final = "score"
#: May be left out: whether the person was asked about the film.
ASKED: Final = "asked"

_YES_OR_NO: Final = {"": 0, "no": 0, "yes": 1}


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


def read_ratings(
    path: Path, films: FilmRows, scale: RatingScale
) -> KnownPeople:
    """All ratings of a file, held in memory: 16 bytes for each.

    It has profile_id, one of FILM_IDS, STARS or SCORE, and may have ASKED.
    A blank rating: not seen. `asked` is `yes` for answers to questions, and
    may be left out. Raises BadRow for an unknown film, a rating that is
    neither blank nor a step of the scale, a person without an id, and a film
    that a person comes with twice.
    """
    place_of: dict[str, int] = {}
    first_row: dict[str, int] = {}
    people, rows, stars, asked = [], [], [], []
    header = read_header(
        path, ["profile_id"], [ASKED], [FILM_IDS, (STARS, SCORE)]
    )
    film = films.column(header)
    unit = SCORE if SCORE in header else STARS
    steps = _steps_by_text(scale, unit)
    for piece in read_pieces(path, header):
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
        rows.append(piece.parsed(film.name, film.row_of))
        stars.append(piece.parsed(unit, partial(_step, steps, unit)))
        asked.append(
            piece.parsed(ASKED, _asked)
            if ASKED in piece
            else np.zeros(len(piece), dtype=np.int32)
        )
    columns = _Columns(*map(_joined, (people, rows, stars, asked)))
    return KnownPeople(
        path, _by_person(path, list(place_of), columns, film), first_row
    )


def _steps_by_text(scale: RatingScale, unit: str) -> dict[str, int]:
    """Steps by what may stand for them; a blank is "not seen"."""
    values = scale.scores if unit == SCORE else scale.values
    return {"": 0} | {
        text: step
        for step, value in enumerate(values.tolist(), start=1)
        for text in (f"{value:g}", str(value))
    }


def _step(steps: dict[str, int], unit: str, value: str) -> int:
    if value not in steps:
        allowed = told(sorted({float(text) for text in steps if text}))
        raise InvalidField(
            unit, value, f"one of {allowed}, or blank: not seen"
        )
    return steps[value]


def _asked(value: str) -> int:
    if value not in _YES_OR_NO:
        raise InvalidField(ASKED, value, "yes, no or blank")
    return _YES_OR_NO[value]


def _joined(parts: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate([np.empty(0, dtype=np.int32), *parts])


@dataclass(frozen=True)
class _Columns:
    """All rows of the file, in its order."""

    person: NDArray[np.int32]
    movie_index: NDArray[np.int32]
    stars: NDArray[np.int32]
    """Steps; 0: not seen."""
    asked: NDArray[np.int32]

    def __getitem__(self, order: NDArray[np.integer]) -> "_Columns":
        return _Columns(
            self.person[order],
            self.movie_index[order],
            self.stars[order],
            self.asked[order],
        )

    def known(self, start: int, end: int) -> KnownRatings:
        """What one person told: the rows from `start` to before `end`."""
        film, stars = self.movie_index[start:end], self.stars[start:end]
        seen = stars > 0
        return KnownRatings(
            movie_index=film[seen],
            stars=stars[seen],
            not_seen=film[~seen],
            asked=film[seen & (self.asked[start:end] > 0)],
        )


def _by_person(
    path: Path, ids: list[str], unordered: _Columns, film: FilmColumn
) -> dict[str, KnownRatings]:
    order = np.lexsort((unordered.movie_index, unordered.person))
    columns = unordered[order]
    repeated = np.flatnonzero(
        (np.diff(columns.person) == 0) & (np.diff(columns.movie_index) == 0)
    )
    if len(repeated):
        again = repeated[0] + 1
        error = InvalidField(
            film.name,
            film.id_of(columns.movie_index[again]),
            "a film once for each person, and"
            f" {ids[columns.person[again]]!r} has it twice",
        )
        raise BadRow(path, int(order[again]) + 2, error)
    ends = np.searchsorted(columns.person, np.arange(len(ids) + 1))
    return {
        profile_id: columns.known(start, end)
        for profile_id, start, end in zip(
            ids, ends[:-1], ends[1:], strict=True
        )
    }
