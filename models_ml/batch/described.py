"""Films that a file describes: a title, a year, genres."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from models_ml.arrays import IntArray
from models_ml.batch.files import Piece
from models_ml.batch.movie_rows import FilmColumn
from models_ml.errors import InvalidField
from models_ml.film.protocol import Film
from models_ml.titles import MAX_TITLE
from models_ml.words import DataWords, parse_year

#: What describes a film instead of its id.
FILM_COLUMNS: Final = ("title", "year", "genres")
_NEW: Final = -1


def film_of(fields: Mapping[str, str], words: DataWords) -> Film:
    """The film of FILM_COLUMNS; raises InvalidField."""
    names = [name.strip() for name in fields["genres"].split("|")]
    genres = {words.genre.parse("genres", name) for name in names if name}
    title, year = fields["title"], fields["year"]
    if len(title) > MAX_TITLE:
        raise InvalidField(
            "title", title, f"a title of up to {MAX_TITLE} characters"
        )
    return Film(
        title=title,
        year=parse_year("year", year) if year else None,
        genres=tuple(name for name in words.genre.names if name in genres),
    )


@dataclass(frozen=True)
class PairFilms:
    """The films of a piece's rows: known ones, and described ones."""

    rows: IntArray
    """Row of the predictor's film, or -1: it is described."""
    described: list[Film]
    """Each distinct one once."""
    index: IntArray
    """Its place in `described`; -1 for a known film."""

    @property
    def is_new(self) -> IntArray:
        """Which rows describe a film."""
        return np.flatnonzero(self.rows == _NEW)

    def counts(self) -> Counter[Film]:
        """Rows that describe each film."""
        n_rows = np.bincount(self.index[self.is_new])
        return Counter(dict(zip(self.described, n_rows.tolist(), strict=True)))


def pair_films(piece: Piece, known: FilmColumn, words: DataWords) -> PairFilms:
    """What film each row is about.

    A row has either the id of a known film, or a title and, if known, year
    and genres.
    Raises BadRow for a row with both or neither, and for what is no such
    film, year or genre.
    """
    if "title" not in piece:
        rows = piece.parsed(known.name, known.row_of)
        return PairFilms(rows, [], np.full(len(piece), _NEW))
    rows = piece.parsed(
        known.name, lambda text: known.row_of(text) if text else _NEW
    )
    columns = [piece.column(name) for name in FILM_COLUMNS]
    key = np.zeros(len(piece), dtype=np.int64)
    for column in columns:
        key = key * max(len(column.values), 1) + column.index
    _, first, place = np.unique(
        np.where(rows == _NEW, key, _NEW),
        return_index=True,
        return_inverse=True,
    )
    _check_known(piece, rows, known.name)
    described: list[Film] = []
    index = np.full(len(first), _NEW)
    for number, offset in enumerate(first.tolist()):
        if rows[offset] == _NEW:
            index[number] = len(described)
            fields = {
                name: column.values[column.index[offset]]
                for name, column in zip(FILM_COLUMNS, columns, strict=True)
            }
            try:
                described.append(_described(fields, known.name, words))
            except InvalidField as error:
                raise piece.bad(offset, error) from error
    return PairFilms(rows, described, index[place])


def _described(
    fields: Mapping[str, str], film_id: str, words: DataWords
) -> Film:
    """The film of FILM_COLUMNS, beside a blank in the column `film_id`."""
    if not fields["title"]:
        allowed = "a film's id, or blank beside a title"
        raise InvalidField(film_id, "", allowed)
    return film_of(fields, words)


def _check_known(piece: Piece, rows: IntArray, film_id: str) -> None:
    """Raises BadRow for a known film that is described as well."""
    for name in FILM_COLUMNS:
        column = piece.column(name)
        named = np.array([bool(value) for value in column.values])
        both = np.flatnonzero((rows != _NEW) & named[column.index])
        if len(both):
            offset = int(both[0])
            error = InvalidField(
                name,
                column.values[column.index[offset]],
                f"blank where {film_id} says which film it is",
            )
            raise piece.bad(offset, error)
