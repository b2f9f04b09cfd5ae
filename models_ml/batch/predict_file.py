"""`predict`: what each person of a file would make of each film."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models_ml.arrays import FloatArray, IntArray
from models_ml.batch.described import FILM_COLUMNS, PairFilms, pair_films
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
from models_ml.batch.movie_rows import FILM_IDS, MOVIE_ID, SOURCE_ID, FilmRows
from models_ml.batch.people import people_seen
from models_ml.batch.profiles import PROFILE_COLUMNS, ProfileReader
from models_ml.batch.ratings import read_ratings
from models_ml.batch.summary import Summary
from models_ml.new_films.predictor import NewFilmPredictor
from models_ml.person.films import NewFilms
from models_ml.person.predictor import (
    KnownRatings,
    PersonPredictor,
    PersonScores,
)
from models_ml.profile.parse import ZipPrefixes
from models_ml.words import words_of

#: Beside one of FILM_IDS.
PAIR_COLUMNS: Final = ("profile_id", *PROFILE_COLUMNS)


class PairPredictors(Protocol):
    """What pairs are scored with; a release has both."""

    @property
    def person(self) -> PersonPredictor:
        """For the films of the release."""

    @property
    def new_films(self) -> NewFilmPredictor:
        """For films that rows describe."""


SCORE_COLUMNS: Final = (
    "p_hated",
    "p_disliked",
    "p_liked",
    "p_loved",
    "expected_stars",
    "expected_score",
    "interest",
)


def predict_pairs(
    predictors: PairPredictors,
    zip_prefixes: ZipPrefixes,
    pairs: Path,
    output: Path,
    ratings: Path | None = None,
    *,
    source_ids: Sequence[str] = (),
    with_source_ids: bool = False,
    progress: bool = False,
) -> Summary:
    """Score every row of `pairs`, in order, into `output`.

    `pairs` has the columns PAIR_COLUMNS and one of FILM_IDS; blank means not
    given. It may have FILM_COLUMNS as well: a row without an id is about the
    film that they describe. The output, Parquet or CSV by its ending, has the
    same columns, with movie_id by whichever id was asked, and SCORE_COLUMNS,
    and profile_id in the type that it had (see `ids`); it appears when all
    rows are scored, or not at all. `ratings` (see `read_ratings`) holds films
    that people of `pairs` already rated. `source_ids`, the ids that the data
    have of each film of the release, are a last column if `with_source_ids`.

    Rows are read, scored and written in pieces, so memory does not grow with
    the pairs; ratings are held in memory. Raises FileError, and its BadRow
    for a value that is not understood.
    """
    check_output(output, [pairs, *([ratings] if ratings else [])])
    columns = _read_header(pairs)
    vocabulary = predictors.person.vocabulary
    films = FilmRows(predictors.person.movie_ids, source_ids)
    film = films.column(columns)
    known = read_ratings(ratings, films, vocabulary.scale) if ratings else None
    scorer = _Scorer(predictors, known.ratings if known else {})
    profiles = ProfileReader(vocabulary, zip_prefixes)
    schema = _schema(
        columns, id_type(pairs, columns, "profile_id"), with_source_ids
    )
    own_ids = np.array(source_ids, object)
    n_rows = 0
    with (
        people_seen() as people,
        progress_bar(pairs, progress) as advance,
        new_table(output, schema) as table,
    ):
        for piece in read_pieces(pairs, columns, advance):
            ids = piece.column("profile_id")
            codes = profiles.codes(piece)
            asked = pair_films(piece, film, words_of(vocabulary))
            people.add(ids, codes, piece.first_row)
            scores = scorer.scores(ids, codes, asked)
            of_films = [
                pa.array(of_film[asked.rows], kind, mask=asked.rows < 0)
                for of_film, kind in (
                    (films.movie_ids, pa.int32()),
                    *([(own_ids, pa.string())] if with_source_ids else []),
                )
            ]
            table.write(_with_scores(piece, schema, of_films, scores))
            n_rows += len(piece)
        people.check(pairs)
        if known:
            known.check_all_asked_for(scorer.asked, pairs)
    return Summary(n_rows, n_rows, profiles.notices + scorer.notices)


def _read_header(pairs: Path) -> list[str]:
    """The columns, of which FILM_COLUMNS come together or not at all."""
    columns = read_header(pairs, PAIR_COLUMNS, FILM_COLUMNS, [FILM_IDS])
    if set(columns) & set(FILM_COLUMNS):
        read_header(pairs, (*PAIR_COLUMNS, *FILM_COLUMNS), (), [FILM_IDS])
    return columns


def _schema(
    columns: Sequence[str], of_profile_id: pa.DataType, with_source_ids: bool
) -> pa.Schema:
    """The input's columns, ids in their types, the scores, and own ids.

    MOVIE_ID stands in the place of either of FILM_IDS.
    """
    types = {"profile_id": of_profile_id, MOVIE_ID: pa.int32()}
    names = [MOVIE_ID if name in FILM_IDS else name for name in columns]
    return pa.schema(
        [(name, types.get(name, pa.string())) for name in names]
        + [(name, pa.float64()) for name in SCORE_COLUMNS]
        + ([(SOURCE_ID, pa.string())] if with_source_ids else [])
    )


def _with_scores(
    piece: Piece,
    schema: pa.Schema,
    of_films: Sequence[pa.Array],
    scores: FloatArray,
) -> pa.RecordBatch:
    """`of_films`: movie_id, and source_id where the schema has it."""
    movie_id, *source_ids = of_films
    type_ = schema.field("profile_id").type
    columns = [
        movie_id
        if name in FILM_IDS
        else typed_ids(values, type_)
        if name == "profile_id"
        else values
        for name, values in zip(
            piece.batch.schema.names, piece.batch.columns, strict=True
        )
    ]
    return pa.record_batch(
        [*columns, *map(pa.array, scores.T), *source_ids], schema=schema
    )


@dataclass
class _Scorer:
    """Scores of a piece's rows, one column per name in SCORE_COLUMNS."""

    predictors: PairPredictors
    ratings: dict[str, KnownRatings]
    asked: set[str] = field(default_factory=set)
    """Who of `ratings` came up."""
    notices: Counter[str] = field(default_factory=Counter)
    """Rows of described films of which something could not be used."""

    def scores(
        self, ids: Column, codes: NDArray[np.int32], films: PairFilms
    ) -> FloatArray:
        """Shape (rows, 7)."""
        described = self._describe(films)
        has_rated = np.array([value in self.ratings for value in ids.values])
        is_rated = has_rated[ids.index]
        scores = np.empty((len(codes), len(SCORE_COLUMNS)))

        def score(pairs: IntArray, rated: KnownRatings | None) -> None:
            is_new = films.rows[pairs] < 0
            known, new = pairs[~is_new], pairs[is_new]
            if len(known):
                scores[known] = _columns_of(
                    self.predictors.person.score_pairs(
                        codes[known], films.rows[known], rated
                    )
                )
            if len(new):
                assert described is not None  # noqa: S101 - rows describe some
                scores[new] = _columns_of(
                    self.predictors.person.score_new_pairs(
                        codes[new], films.index[new], described, rated
                    )
                )

        score(np.flatnonzero(~is_rated), None)
        for same in _groups(ids.index, np.flatnonzero(is_rated)):
            profile_id = ids.values[ids.index[same[0]]]
            self.asked.add(profile_id)
            score(same, self.ratings[profile_id])
        return scores

    def _describe(self, films: PairFilms) -> NewFilms | None:
        if not films.described:
            return None
        for film, n_rows in films.counts().items():
            for notice in self.predictors.new_films.notices(film):
                self.notices[notice.text()] += n_rows
        return self.predictors.new_films.describe(films.described)


def _columns_of(scores: PersonScores) -> FloatArray:
    """SCORE_COLUMNS, shape (m, 7)."""
    return np.column_stack(
        [
            scores.probabilities,
            scores.expected_stars,
            scores.expected_score,
            scores.interest,
        ]
    )


def _groups(
    keys: NDArray[np.integer], offsets: NDArray[np.integer]
) -> list[NDArray[np.integer]]:
    """`offsets` in groups whose keys are equal."""
    if not len(offsets):
        return []
    ordered = offsets[np.argsort(keys[offsets], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(keys[ordered])) + 1)
