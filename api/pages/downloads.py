"""Answers as files: the API's JSON, and the same as a table (CSV)."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from api import schemas
from models_ml.vocabulary import RATING_CLASSES

#: What a spreadsheet takes for the start of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class CsvFormat:
    """How a table is written."""

    delimiter: str = ","
    decimal: str = "."
    digits: int | None = None
    """Decimals of a number; None: as many as it has."""
    mark: str = ""
    """What the file begins with: Excel takes UTF-8 for it by a BOM."""


#: For programs.
PLAIN: Final = CsvFormat()
#: For Excel, by the language that it runs in.
EXCEL: Final = {
    "en": CsvFormat(digits=4, mark="\ufeff"),
    "pt": CsvFormat(delimiter=";", decimal=",", digits=4, mark="\ufeff"),
}
_INTERVAL: Final = ("", "_low", "_high")
FILM_COLUMNS: Final = (
    "rank",
    "movie_id",
    "title",
    "year",
    "genres",
    *(f"p_{name}" for name in RATING_CLASSES),
    "expected_stars",
    "expected_score",
    "interest",
    "evidence_dimension",
    "evidence_level",
    "evidence_n_ratings",
    "evidence_n_liked_or_loved",
    "everyone_n_ratings",
    "everyone_n_liked_or_loved",
)
SEGMENT_COLUMNS: Final = (
    "rank",
    *(f"reach{end}" for end in _INTERVAL),
    "expected_reach_low",
    "expected_reach_high",
    *(f"reach_index{end}" for end in _INTERVAL),
    "reach_supported",
    *(f"p_{name}{end}" for name in RATING_CLASSES for end in _INTERVAL),
    *(f"affinity{end}" for end in _INTERVAL),
    "affinity_supported",
    "n_users",
    "is_target",
)
TASTE_COLUMNS: Final = (
    "dimension",
    "level",
    "compared_with",
    "genre",
    "n_users",
    "n_raters",
    "n_ratings",
    *(
        f"{measure}{end}"
        for measure in ("liking", "watching")
        for end in (*_INTERVAL, "_is_supported")
    ),
)
ACTUAL_COLUMNS: Final = (
    "n_users",
    "n_ratings",
    *(f"n_{name}" for name in RATING_CLASSES),
    "reach",
    "reach_index",
    "liked",
    *(f"predicted_reach{end}" for end in _INTERVAL),
    *(f"predicted_reach_index{end}" for end in _INTERVAL),
    "predicted_liked",
    *(f"predicted_affinity{end}" for end in _INTERVAL),
)


def films_csv(answer: schemas.Recommendations, form: CsvFormat = PLAIN) -> str:
    """A row for each film of the answer."""
    return table_text(
        form,
        FILM_COLUMNS,
        (
            (
                item.rank,
                item.movie_id,
                item.title,
                item.year,
                "|".join(item.genres),
                *(p.probability for p in item.probabilities),
                item.expected_stars,
                item.expected_score,
                item.interest,
                item.evidence.segment.dimension,
                item.evidence.segment.level,
                *_liked(item.evidence.segment),
                *_liked(item.evidence.everyone),
            )
            for item in answer.items
        ),
    )


def audience_csv(answer: schemas.Audiences, form: CsvFormat = PLAIN) -> str:
    """A row for each segment of the answer."""
    return table_text(
        form,
        (*answer.by, *SEGMENT_COLUMNS),
        (
            (
                *segment.segment.values(),
                segment.rank,
                *_estimate(segment.reach),
                segment.expected_reach.low,
                segment.expected_reach.high,
                *_estimate(segment.reach_index),
                segment.reach_supported,
                *(
                    number
                    for p in segment.probabilities
                    for number in (p.probability, p.low, p.high)
                ),
                *_estimate(segment.affinity),
                segment.affinity_supported,
                segment.n_users,
                str(segment.is_target).lower(),
            )
            for segment in answer.segments
        ),
    )


def tastes_csv(answer: schemas.Tastes, form: CsvFormat = PLAIN) -> str:
    """A row for each group and genre of the answer."""
    return table_text(
        form,
        TASTE_COLUMNS,
        (
            (
                answer.dimension,
                cell.level,
                answer.compared_with,
                cell.genre,
                cell.n_users,
                cell.n_raters,
                cell.n_ratings,
                *_difference(cell.liking),
                *_difference(cell.watching),
            )
            for cell in answer.genres
        ),
    )


def film_audience_csv(
    answer: schemas.MovieAudience, form: CsvFormat = PLAIN
) -> str:
    """A row for each segment of a known film's audience."""
    return table_text(
        form,
        (*answer.by, *ACTUAL_COLUMNS),
        (
            (
                *s.segment.values(),
                s.n_users,
                s.n_ratings,
                s.n_hated,
                s.n_disliked,
                s.n_liked,
                s.n_loved,
                s.reach,
                s.reach_index,
                s.liked,
                *_estimate(s.predicted.reach),
                *_estimate(s.predicted.reach_index),
                s.predicted.liked,
                *_estimate(s.predicted.affinity),
            )
            for s in answer.segments
        ),
    )


def _liked(counts: schemas.Counts) -> tuple[int, int]:
    return counts.n_ratings, counts.n_liked + counts.n_loved


def _difference(
    difference: schemas.TasteDifference | None,
) -> tuple[float | str, ...]:
    """The four columns of a difference; empty where nobody rated."""
    if difference is None:
        return ("",) * 4
    return (
        difference.value,
        difference.low,
        difference.high,
        str(difference.is_supported).lower(),
    )


def _estimate(estimate: schemas.Estimate) -> tuple[float, float, float]:
    return estimate.value, estimate.low, estimate.high


def table_text(
    form: CsvFormat,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> str:
    """A table as CSV, in a format."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=form.delimiter)
    writer.writerow(columns)
    writer.writerows([_as_text(form, cell) for cell in row] for row in rows)
    return form.mark + out.getvalue()


def _as_text(form: CsvFormat, cell: object) -> object:
    """The cell, which no spreadsheet takes for a formula.

    A film's title is a caller's own text; an apostrophe before it says that
    it is text (OWASP, CSV injection).
    """
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    if isinstance(cell, float) and form.digits is not None:
        return f"{cell:.{form.digits}f}".replace(".", form.decimal)
    return cell
