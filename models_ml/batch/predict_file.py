"""`predict`: what each person of a file would make of each film."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.batch.files import (
    Column,
    Piece,
    check_output,
    new_table,
    progress_bar,
    read_header,
    read_pieces,
)
from models_ml.batch.ids import id_type, typed_ids
from models_ml.batch.movie_rows import FilmRows
from models_ml.batch.people import people_seen
from models_ml.batch.profiles import PROFILE_COLUMNS, ProfileReader
from models_ml.batch.ratings import read_ratings
from models_ml.batch.summary import Summary
from models_ml.person.predictor import KnownRatings, PersonPredictor
from models_ml.profile.parse import ZipPrefixes

PAIR_COLUMNS: Final = ("profile_id", *PROFILE_COLUMNS, "movie_id")
SCORE_COLUMNS: Final = (
    "p_hated",
    "p_disliked",
    "p_liked",
    "p_loved",
    "expected_stars",
    "interest",
)


def predict_pairs(
    person: PersonPredictor,
    zip_prefixes: ZipPrefixes,
    pairs: Path,
    output: Path,
    ratings: Path | None = None,
    *,
    progress: bool = False,
) -> Summary:
    """Score every row of `pairs`, in order, into `output`.

    `pairs` has the columns PAIR_COLUMNS; blank means not given. The output,
    Parquet or CSV by its ending, has the same columns and SCORE_COLUMNS, and
    profile_id in the type that it had (see `ids`); it appears when all rows
    are scored, or not at all. `ratings` (profile_id,
    movie_id, stars) holds films that people of `pairs` already rated.

    Rows are read, scored and written in pieces, so memory does not grow with
    the pairs; ratings are held in memory. Raises FileError, and its BadRow
    for a value that is not understood.
    """
    check_output(output, [pairs, *([ratings] if ratings else [])])
    columns = read_header(pairs, PAIR_COLUMNS)
    films = FilmRows(person.movie_ids)
    known = read_ratings(ratings, films) if ratings else None
    scorer = _Scorer(person, known.ratings if known else {})
    profiles = ProfileReader(zip_prefixes)
    schema = _schema(columns, id_type(pairs, columns, "profile_id"))
    n_rows = 0
    with (
        people_seen() as people,
        progress_bar(pairs, progress) as advance,
        new_table(output, schema) as table,
    ):
        for piece in read_pieces(pairs, columns, advance):
            ids = piece.column("profile_id")
            codes = profiles.codes(piece)
            rows = piece.parsed("movie_id", films.row_of)
            people.add(ids, codes, piece.first_row)
            table.write(
                _with_scores(
                    piece,
                    schema,
                    films.movie_ids[rows],
                    scorer.scores(ids, codes, rows),
                )
            )
            n_rows += len(piece)
        people.check(pairs)
        if known:
            known.check_all_asked_for(scorer.asked, pairs)
    return Summary(n_rows, n_rows, profiles.notices)


def _schema(columns: Sequence[str], of_profile_id: pa.DataType) -> pa.Schema:
    """The input's columns, ids in their types, and the scores."""
    types = {"profile_id": of_profile_id, "movie_id": pa.int32()}
    return pa.schema(
        [(name, types.get(name, pa.string())) for name in columns]
        + [(name, pa.float64()) for name in SCORE_COLUMNS]
    )


def _with_scores(
    piece: Piece,
    schema: pa.Schema,
    movie_ids: NDArray[np.integer],
    scores: FloatArray,
) -> pa.RecordBatch:
    columns = dict(
        zip(piece.batch.schema.names, piece.batch.columns, strict=True)
    )
    columns["movie_id"] = pa.array(movie_ids, pa.int32())
    columns["profile_id"] = typed_ids(
        columns["profile_id"], schema.field("profile_id").type
    )
    return pa.record_batch(
        [*columns.values(), *map(pa.array, scores.T)], schema=schema
    )


@dataclass
class _Scorer:
    """Scores of a piece's rows, one column per name in SCORE_COLUMNS."""

    person: PersonPredictor
    ratings: dict[str, KnownRatings]
    asked: set[str] = field(default_factory=set)
    """Who of `ratings` came up."""

    def scores(
        self,
        ids: Column,
        codes: NDArray[np.int32],
        rows: NDArray[np.int32],
    ) -> FloatArray:
        """Shape (len(rows), 6)."""
        has_rated = np.array([value in self.ratings for value in ids.values])
        is_rated = has_rated[ids.index]
        scores = np.empty((len(rows), len(SCORE_COLUMNS)))
        plain = np.flatnonzero(~is_rated)
        if len(plain):
            scores[plain] = self._score(codes[plain], rows[plain], None)
        for same in _groups(ids.index, np.flatnonzero(is_rated)):
            profile_id = ids.values[ids.index[same[0]]]
            self.asked.add(profile_id)
            scores[same] = self._score(
                codes[same], rows[same], self.ratings[profile_id]
            )
        return scores

    def _score(
        self,
        codes: NDArray[np.int32],
        rows: NDArray[np.int32],
        rated: KnownRatings | None,
    ) -> FloatArray:
        scores = self.person.score_pairs(codes, rows, rated)
        return np.column_stack(
            [scores.probabilities, scores.expected_stars, scores.interest]
        )


def _groups(
    keys: NDArray[np.integer], offsets: NDArray[np.integer]
) -> list[NDArray[np.integer]]:
    """`offsets` in groups whose keys are equal."""
    if not len(offsets):
        return []
    ordered = offsets[np.argsort(keys[offsets], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(keys[ordered])) + 1)
