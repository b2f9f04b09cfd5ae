"""`audience`: which groups of people each film of a file will find."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa

from models_ml.batch.described import FILM_COLUMNS, film_of
from models_ml.batch.files import (
    Piece,
    check_output,
    new_table,
    progress_bar,
    read_header,
    read_pieces,
)
from models_ml.batch.ids import id_type, typed_ids
from models_ml.batch.summary import Summary
from models_ml.errors import InvalidField
from models_ml.film.known_films import MAX_COMPARABLES, KnownFilms
from models_ml.film.predictor import Audience, AudiencePredictor, Film
from models_ml.words import DataWords, words_of

MOVIE_COLUMNS: Final = ("film_id", *FILM_COLUMNS)
#: What is known of a film, where it is: how many will rate it (a number, or
#: the width of its release), and known films like it by id or title (`|`
#: between).
KNOWN_COLUMNS: Final = ("n_raters", "comparables")
AUDIENCE_COLUMNS: Final = (
    "reach",
    "reach_low",
    "reach_high",
    "reach_index",
    "p_hated",
    "p_disliked",
    "p_liked",
    "p_loved",
    "affinity",
    "affinity_low",
    "affinity_high",
    "reach_index_low",
    "reach_index_high",
    "n_users",
    "is_target",
)
#: Those that are no plain numbers.
_TYPES: Final = {"n_users": pa.int64(), "is_target": pa.bool_()}
#: Rows of the output that are written at a time.
_ROWS_AT_ONCE: Final = 50_000


def predict_audiences(
    predictor: AudiencePredictor,
    movies: Path,
    by: tuple[str, ...],
    output: Path,
    *,
    movie_id_of: Mapping[str, int] = MappingProxyType({}),
    progress: bool = False,
    on_film: Callable[[Film], object] = lambda film: None,
) -> Summary:
    """The audience of every film of `movies`, by segment, into `output`.

    `movies` has the columns film_id, title, year (blank: not known) and
    genres (`|` between), and may have KNOWN_COLUMNS; `movie_id_of` tells which
    known film has one of the data's own ids. The output, Parquet or
    CSV by its ending, has one row per film and segment: film_id, a column for
    each dimension of `by`, and AUDIENCE_COLUMNS; film_id has the type that it
    had (see `ids`). Films are in the order of `movies`, and each has as many
    rows, its segments in the vocabulary's order. The output appears when all
    films are done, or not at all. `on_film` is told each film, in that order.

    Raises InvalidFields for `by`; FileError, and its BadRow for a value that
    is not understood and for a film_id that is blank or comes twice.
    """
    words = words_of(predictor.vocabulary)
    by = words.parse_by("by", by)
    check_output(output, [movies])
    columns = read_header(movies, MOVIE_COLUMNS, KNOWN_COLUMNS)
    schema = _schema(by, id_type(movies, columns, "film_id"))
    notices: Counter[str] = Counter()
    seen: set[str] = set()
    known = _Known(predictor.known_films, movie_id_of)
    n_written = 0
    with (
        progress_bar(movies, progress) as advance,
        new_table(output, schema) as table,
    ):
        rows = _Rows(schema)
        for piece in read_pieces(movies, columns, advance):
            for film in _films(piece, seen, known, words):
                audience = predictor.predict(
                    film.film,
                    by,
                    film.n_raters,
                    comparables=film.comparables,
                )
                notices.update(
                    notice.text() for notice in predictor.notices(film.film)
                )
                rows.add(film.film_id, audience)
                on_film(film.film)
                if rows.n_rows >= _ROWS_AT_ONCE:
                    n_written += rows.write_to(table)
        n_written += rows.write_to(table)
    return Summary(len(seen), n_written, notices)


@dataclass(frozen=True)
class _Asked:
    """A film of the file."""

    film_id: str
    film: Film
    n_raters: int | None
    comparables: tuple[int, ...]


@dataclass(frozen=True)
class _Known:
    """Reads KNOWN_COLUMNS; raises InvalidField."""

    films: KnownFilms
    movie_id_of: Mapping[str, int]

    def n_raters(self, text: str) -> int | None:
        return self.films.parse_n_raters("n_raters", text) if text else None

    def comparables(self, text: str) -> tuple[int, ...]:
        names = [name.strip() for name in text.split("|") if name.strip()]
        if len(names) > MAX_COMPARABLES:
            allowed = f"up to {MAX_COMPARABLES} films"
            raise InvalidField("comparables", text, allowed)
        films = {
            self.films.parse_film("comparables", name, self.movie_id_of)
            for name in names
        }
        return tuple(sorted(films))


def _films(
    piece: Piece, seen: set[str], known: _Known, words: DataWords
) -> Iterator[_Asked]:
    texts: dict[str, list[str]] = {
        name: [value.strip() for value in values.to_pylist()]
        for name, values in zip(
            piece.batch.schema.names, piece.batch.columns, strict=True
        )
    }
    for offset in range(len(piece)):
        fields = {name: values[offset] for name, values in texts.items()}
        try:
            yield _Asked(
                _new_id(fields["film_id"], seen),
                film_of(fields, words),
                known.n_raters(fields.get("n_raters", "")),
                known.comparables(fields.get("comparables", "")),
            )
        except InvalidField as error:
            raise piece.bad(offset, error) from error


def _new_id(film_id: str, seen: set[str]) -> str:
    if not film_id or film_id in seen:
        raise InvalidField("film_id", film_id, "text, another for each film")
    seen.add(film_id)
    return film_id


class _Rows:
    """Rows of the output, gathered film by film."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._batches: list[pa.RecordBatch] = []
        self.n_rows = 0

    def add(self, film_id: str, audience: Audience) -> None:
        """Append a film's segments."""
        levels = [list(names) for names in zip(*audience.levels, strict=True)]
        columns: list[Any] = [
            typed_ids(
                pa.array([film_id] * len(audience), pa.string()),
                self._schema.field("film_id").type,
            ),
            *levels,
            audience.reach,
            audience.reach_low,
            audience.reach_high,
            audience.reach_index,
            *audience.probabilities.T,
            audience.affinity,
            audience.affinity_low,
            audience.affinity_high,
            audience.index_low,
            audience.index_high,
            audience.n_users,
            audience.is_target,
        ]
        self._batches.append(
            pa.record_batch(
                [
                    pa.array(values, type=field.type)
                    for values, field in zip(
                        columns, self._schema, strict=True
                    )
                ],
                schema=self._schema,
            )
        )
        self.n_rows += len(audience)

    def write_to(self, table: Any) -> int:
        """Hand the rows over; how many they were."""
        n_rows, self.n_rows = self.n_rows, 0
        if self._batches:
            table.write(pa.Table.from_batches(self._batches).combine_chunks())
        self._batches = []
        return n_rows


def _schema(by: Sequence[str], of_film_id: pa.DataType) -> pa.Schema:
    return pa.schema(
        [("film_id", of_film_id), *((name, pa.string()) for name in by)]
        + [(name, _TYPES.get(name, pa.float64())) for name in AUDIENCE_COLUMNS]
    )
