"""Candidate films, searches and counts: what DuckDB answers.

`serving.duckdb` is opened read-only and never replaced under us. Every
thread queries through its own cursor: a connection shared by threads gives
wrong answers without an error.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from api.service.evidence import evidence_segments
from api.service.titles_pt import brazilian_title
from models_ml.film.title_words import series_numbers
from models_ml.titles import TitleIndex
from models_ml.vocabulary import Vocabulary
from models_ml.words import plain

IntArray = NDArray[np.integer]

#: Filters whose candidates are cached.
MAX_CACHED: Final = 256

#: Of a taste, after the genre or the film that it is for.
TASTE_COLUMNS: Final = (
    *("dimension", "level", "measure", "n_users", "n_raters", "n_ratings"),
    *("own_value", "own_variance", "difference", "low", "high"),
    "is_supported",
)
_CLASSES: Final = "n_hated, n_disliked, n_liked, n_loved"
_FOLDED: Final = "strip_accents(lower(title))"

#: What each field of Filters asks of a film.
_TESTS: Final = {
    "genres": "list_has_any(genres, $genres)",
    "year_from": "year >= $year_from",
    "year_to": "year <= $year_to and year > 0",
}


class CatalogueError(Exception):
    """`serving.duckdb` does not hold what answers need."""


@dataclass(frozen=True)
class Filters:
    """Which films may be suggested; hashable, so that answers are cached."""

    genres: tuple[str, ...] = ()
    """Any of these; empty: any genre."""
    year_from: int | None = None
    year_to: int | None = None


class Catalogue:
    """The films and people of a release.

    Raises CatalogueError when the file cannot be read or lacks a table.
    Connection and cursors close with the last reference to the catalogue.
    """

    def __init__(self, path: Path, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.segments = evidence_segments(vocabulary)
        try:
            self._connection = duckdb.connect(
                str(path), read_only=True, config={"threads": 1}
            )
            self._cursors = threading.local()
            self._load()
        except duckdb.Error as error:
            raise CatalogueError(f"{path.name}: {error}") from error
        # Not `lru_cache` of a method: a release that is replaced would be in
        # a circle with itself, and wait for the garbage collector.
        self._cached: OrderedDict[Filters, IntArray] = OrderedDict()
        self._lock = threading.Lock()

    def _load(self) -> None:
        columns = self._fetch(
            "select movie_id, source_id, title, coalesce(year, 0) as year, "  # noqa: S608
            f"array_to_string(genres, '|') as genres, n_ratings, {_CLASSES} "
            "from movies order by movie_id"
        )
        self.movie_ids: IntArray = columns["movie_id"].astype(np.int32)
        self.source_ids: list[str] = columns["source_id"].tolist()
        """The ids that the data have."""
        self.titles: list[str] = columns["title"].tolist()
        self.years: list[int] = columns["year"].tolist()
        self.genres: list[tuple[str, ...]] = [
            tuple(text.split("|")) if text else ()
            for text in columns["genres"].tolist()
        ]
        self.titles_pt: list[str | None] = [
            brazilian_title(title, year)
            for title, year in zip(self.titles, self.years, strict=True)
        ]
        self.index = {int(key): k for k, key in enumerate(self.movie_ids)}
        self.movie_id_of = dict(
            zip(self.source_ids, self.movie_ids.tolist(), strict=True)
        )
        """By the id that the data have of a film."""
        self.series = series_numbers(self.titles)
        self.counts = self._count_segments()
        self.people = self._count_people()
        self.n_users = int(self.people.sum())

    def _count_segments(self) -> IntArray:
        """Ratings and classes, (n_movies, evidence_segments, 5)."""
        segments = self.segments
        columns = self._fetch(
            "select movie_id, n_ratings, "  # noqa: S608
            f"{_CLASSES}, list_position($keys, dimension || ':' || level) "
            "as segment from movie_segments",
            {"keys": [":".join(segment) for segment in segments]},
        )
        counts = np.zeros((len(self.movie_ids), len(segments), 5), np.int32)
        segment = np.ma.filled(columns["segment"], 0)
        if (segment == 0).any():
            raise CatalogueError("movie_segments has a level nobody knows")
        rows = np.searchsorted(self.movie_ids, columns["movie_id"])
        for k, name in enumerate(("n_ratings", *_CLASSES.split(", "))):
            counts[rows, segment - 1, k] = columns[name]
        return counts

    def _count_people(self) -> IntArray:
        """People by the levels of the four dimensions."""
        dimensions = self.vocabulary.dimensions
        codes = ", ".join(
            f"list_position(${name}, {name}) as {name}" for name in dimensions
        )
        columns = self._fetch(
            f"select {codes}, n_users from profiles",  # noqa: S608
            {name: list(levels) for name, levels in dimensions.items()},
        )
        people = np.zeros(self.vocabulary.shape, np.int64)
        index = [np.ma.filled(columns[name], 0) - 1 for name in dimensions]
        if any((codes < 0).any() for codes in index):
            raise CatalogueError("profiles has a level nobody knows")
        np.add.at(people, tuple(index), columns["n_users"])
        return people

    def row_of(self, film: int | str) -> int | None:
        """Row number of a film; None: there is no such film.

        A number is its movie_id, a text its source_id.
        """
        movie_id = (
            self.movie_id_of.get(film) if isinstance(film, str) else film
        )
        return None if movie_id is None else self.index.get(movie_id)

    @cached_property
    def by_title(self) -> TitleIndex:
        """Row numbers of films by title."""
        return TitleIndex(self.titles, self.years)

    def candidates(self, filters: Filters) -> IntArray:
        """Row numbers of the films that pass, ascending; read-only.

        The last answers are cached: most callers use few filters.
        """
        with self._lock:
            rows = self._cached.get(filters)
            if rows is not None:
                self._cached.move_to_end(filters)
                return rows
        rows = self._candidates(filters)
        with self._lock:
            self._cached[filters] = rows
            if len(self._cached) > MAX_CACHED:
                self._cached.popitem(last=False)
        return rows

    def _candidates(self, filters: Filters) -> IntArray:
        set_filters = {name: v for name, v in vars(filters).items() if v}
        tests = " and ".join(_TESTS[name] for name in set_filters) or "true"
        matches = self._fetch(
            f"select movie_id from movies where {tests}",  # noqa: S608
            set_filters,
        )
        rows = np.sort(np.searchsorted(self.movie_ids, matches["movie_id"]))
        rows.setflags(write=False)
        return rows

    def search(
        self, text: str, limit: int, source_id: str | None = None
    ) -> list[int]:
        """Row numbers of films whose title has every word, best known first.

        Its title in Brazil counts too. Case and accents make no difference.
        No words: every film. With `source_id`, the film with this id alone.
        """
        words = " and ".join(
            f"contains({_FOLDED}, strip_accents(lower($word{k})))"
            for k, _ in enumerate(text.split())
        )
        matches = self._fetch(
            f"select movie_id from movies where ({words or 'true'} "  # noqa: S608
            "or list_contains($in_brazil, movie_id)) "
            "and source_id = coalesce($source_id, source_id) "
            "order by n_ratings desc, movie_id limit $limit",
            {
                "limit": limit,
                "source_id": source_id,
                "in_brazil": self._named_in_brazil(text),
                **{f"word{k}": word for k, word in enumerate(text.split())},
            },
        )
        result: list[int] = np.searchsorted(
            self.movie_ids, matches["movie_id"]
        ).tolist()
        return result

    def _named_in_brazil(self, text: str) -> list[int]:
        """Ids of films whose title in Brazil has every word of a text."""
        words = plain(text).split()
        return [
            int(movie_id)
            for movie_id, title in zip(
                self.movie_ids, self.titles_pt, strict=True
            )
            if title and all(word in plain(title) for word in words)
        ]

    def audience(
        self, movie_id: int, by: tuple[str, ...]
    ) -> dict[tuple[str, ...], list[int]]:
        """A film's ratings by levels of `by`: n_ratings, then by class."""
        names = ", ".join(by)
        classes = [f"sum({name})" for name in _CLASSES.split(", ")]
        rows = self._cursor().execute(
            f"select {names}, {' + '.join(classes)}, "  # noqa: S608
            f"{', '.join(classes)} from movie_profiles "
            f"where movie_id = $movie_id group by {names}",
            {"movie_id": movie_id},
        )
        n = len(by)
        return {row[:n]: [int(v) for v in row[n:]] for row in rows.fetchall()}

    def genre_tastes(self) -> list[tuple[Any, ...]]:
        """Rows of `genre_tastes`: genre, TASTE_COLUMNS."""
        return self._tastes("genre_tastes", "genre", "true", {})

    def movie_tastes(
        self, dimension: str, level: str
    ) -> list[tuple[Any, ...]]:
        """Rows of `movie_tastes` of one group: movie_id, TASTE_COLUMNS."""
        return self._tastes(
            "movie_tastes",
            "movie_id",
            "dimension = $dimension and level = $level",
            {"dimension": dimension, "level": level},
        )

    def _tastes(
        self, table: str, key: str, test: str, values: dict[str, Any]
    ) -> list[tuple[Any, ...]]:
        columns = ", ".join((key, *TASTE_COLUMNS))
        return (
            self._cursor()
            .execute(f"select {columns} from {table} where {test}", values)  # noqa: S608
            .fetchall()
        )

    def _fetch(
        self, sql: str, parameters: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        return self._cursor().execute(sql, parameters or {}).fetchnumpy()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's cursor."""
        cursor = getattr(self._cursors, "cursor", None)
        if cursor is None:
            cursor = self._cursors.cursor = self._connection.cursor()
        return cursor
