"""How groups of people and genres hang together.

Everything here was counted and tested in the warehouse (`feat_genre_tastes`,
`feat_movie_tastes`); only two groups are compared here, from what each of
them likes and watches and how certain that is.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

from api import schemas
from api.service.catalogue import Catalogue
from api.service.release import LoadedRelease
from models_ml.errors import FieldErrors, InvalidField
from models_ml.titles import display_title
from models_ml.words import DataWords, Words

#: As in the warehouse: of all differences called supported, how many may be
#: chance, and the people that a taste must rest on.
FALSE_DISCOVERY_RATE: Final = 0.05
LEAST_PEOPLE: Final = 30
_NORMAL: Final = NormalDist()
_Z_95: Final = _NORMAL.inv_cdf(0.975)


@dataclass(frozen=True)
class TasteQuestion:
    """Which tastes are asked for; equal questions have equal answers."""

    dimension: str | None
    """None: the first that tells people apart."""
    level: str | None
    other: str | None
    genre: str | None
    limit: int


@dataclass(frozen=True)
class _Row:
    """A row of a table of tastes, as TASTE_COLUMNS."""

    key: Any
    """The genre, or the film's id."""
    dimension: str
    level: str
    measure: str
    n_users: int
    n_raters: int
    n_ratings: int
    own_value: float
    own_variance: float
    difference: float
    low: float
    high: float
    is_supported: bool


def tastes(release: LoadedRelease, question: TasteQuestion) -> schemas.Tastes:
    """The tastes of a dimension, narrowed to a group, a pair or a genre.

    Raises InvalidField for a word that the release does not know.
    """
    rows = [_Row(*row) for row in release.catalogue.genre_tastes()]
    question = _understood(rows, question, release.words)
    rows = [row for row in rows if row.dimension == question.dimension]
    if question.other is not None:
        rows = _pair(rows, question)
    elif question.level is not None:
        rows = [row for row in rows if row.level == question.level]
    if question.genre is not None:
        rows = [row for row in rows if row.key == question.genre]
    films = _films(release.catalogue, question)
    assert question.dimension is not None  # noqa: S101 - it is understood
    return schemas.Tastes(
        release=release.version,
        data_generated=release.data_generated,
        dimension=question.dimension,
        level=question.level,
        other=question.other,
        genre=question.genre,
        compared_with=question.other or "everyone else",
        false_discovery_rate=FALSE_DISCOVERY_RATE,
        least_people=LEAST_PEOPLE,
        evidence_sql=_EVIDENCE,
        genres=tuple(_taste(cell) for cell in _cells(rows)),
        films=tuple(
            _film(release.catalogue, cell)
            for cell in _strongest(_cells(films), question.limit)
        ),
    )


_EVIDENCE: Final = (
    "select genre, level, measure, n_users, n_raters, n_ratings, difference,"
    " low, high, q_value, is_supported from features.feat_genre_tastes"
    " where dimension = $dimension order by level, measure, difference"
)


def _understood(
    rows: Sequence[_Row], question: TasteQuestion, known_words: DataWords
) -> TasteQuestion:
    """The question in the release's own words; raises InvalidField(s)."""
    vocabulary = known_words.vocabulary
    # One of a single level has no rows: there are no others to differ from.
    dimensions = sorted(
        {*(row.dimension for row in rows), *vocabulary.dimensions}
    )
    dimension = _own_word(
        "dimension",
        question.dimension or vocabulary.first_dimension,
        dimensions,
        known_words.dimension,
    )
    levels = sorted(
        {r.level for r in rows if r.dimension == dimension}
    ) or vocabulary.dimensions.get(dimension, ())
    words = known_words.levels.get(dimension)
    errors = FieldErrors()
    level, other, genre = (
        errors.attempt(_own_word, field, value, allowed, known)
        if value is not None
        else None
        for field, value, allowed, known in (
            ("level", question.level, levels, words),
            ("other", question.other, levels, words),
            (
                "genre",
                question.genre,
                sorted({r.key for r in rows}) or vocabulary.genres,
                known_words.genre,
            ),
        )
    )
    if question.other is not None and question.level is None:
        errors.add("level", None, f"one of {', '.join(levels)}")
    if other is not None and other == level:
        errors.add("other", question.other, "another level than `level`")
    errors.check()
    return TasteQuestion(dimension, level, other, genre, question.limit)


def _own_word(
    field: str, value: str, allowed: Sequence[str], words: Words | None
) -> str:
    """The one of `allowed` that is meant; raises InvalidField."""
    if value not in allowed and words is not None:
        value = words.parse(field, value)
    if value not in allowed:
        raise InvalidField(field, value, f"one of {', '.join(allowed)}")
    return value


def _pair(rows: Sequence[_Row], question: TasteQuestion) -> list[_Row]:
    """The first group's rows, compared with the other group instead."""
    others = {
        (row.key, row.measure): row
        for row in rows
        if row.level == question.other
    }
    pairs = [
        (row, others[row.key, row.measure])
        for row in rows
        if row.level == question.level and (row.key, row.measure) in others
    ]
    errors = [math.sqrt(a.own_variance + b.own_variance) for a, b in pairs]
    supported = _supported(
        [
            abs(a.own_value - b.own_value) / error
            if error > 0 and min(a.n_raters, b.n_raters) >= LEAST_PEOPLE
            else 0.0
            for (a, b), error in zip(pairs, errors, strict=True)
        ]
    )
    return [
        _Row(
            **{
                **vars(a),
                "difference": a.own_value - b.own_value,
                "low": a.own_value - b.own_value - _Z_95 * error,
                "high": a.own_value - b.own_value + _Z_95 * error,
                "is_supported": is_supported,
            }
        )
        for (a, b), error, is_supported in zip(
            pairs, errors, supported, strict=True
        )
    ]


def _supported(z: Sequence[float]) -> list[bool]:
    """Benjamini and Hochberg's step-up at FALSE_DISCOVERY_RATE."""
    p = [2 * _NORMAL.cdf(-value) for value in z]
    order = sorted(range(len(p)), key=p.__getitem__)
    n_supported = 0
    for rank, k in enumerate(order, 1):
        if p[k] <= FALSE_DISCOVERY_RATE * rank / len(p):
            n_supported = rank
    supported = set(order[:n_supported])
    return [k in supported for k in range(len(p))]


def _films(catalogue: Catalogue, question: TasteQuestion) -> list[_Row]:
    """Films that the group differs in; none where two are compared."""
    dimension, level = question.dimension, question.level
    if dimension is None or level is None or question.other is not None:
        return []
    rows = catalogue.movie_tastes(dimension, level)
    return [_Row(*row) for row in rows]


def _cells(rows: Iterable[_Row]) -> list[Mapping[str, _Row]]:
    """Rows of the same group and genre, or film, by their measure."""
    cells: dict[tuple[str, Any], dict[str, _Row]] = {}
    for row in rows:
        cells.setdefault((row.level, row.key), {})[row.measure] = row
    return list(cells.values())


def _strongest(
    cells: Sequence[Mapping[str, _Row]], limit: int
) -> list[Mapping[str, _Row]]:
    """Those furthest from no difference, by the nearer end of the interval."""

    def strength(cell: Mapping[str, _Row]) -> float:
        liking = cell.get("liking")
        if liking is None:
            return -1.0
        return max(liking.low, -liking.high)

    told = [cell for cell in cells if "liking" in cell]
    return sorted(told, key=strength, reverse=True)[:limit]


def _taste(cell: Mapping[str, _Row]) -> schemas.GenreTaste:
    row = next(iter(cell.values()))
    return schemas.GenreTaste(genre=row.key, **_parts(cell))


def _film(catalogue: Catalogue, cell: Mapping[str, _Row]) -> schemas.FilmTaste:
    row = next(iter(cell.values()))
    place = catalogue.index[row.key]
    return schemas.FilmTaste(
        movie_id=row.key,
        source_id=catalogue.source_ids[place],
        display_title=display_title(catalogue.titles[place]),
        year=catalogue.years[place],
        **_parts(cell),
    )


def _parts(cell: Mapping[str, _Row]) -> dict[str, Any]:
    row = next(iter(cell.values()))
    return {
        "level": row.level,
        "n_users": row.n_users,
        "n_raters": row.n_raters,
        "n_ratings": row.n_ratings,
        "liking": _liking(cell.get("liking")),
        "watching": _watching(cell.get("watching")),
    }


def _liking(row: _Row | None) -> schemas.TasteDifference | None:
    if row is None:
        return None
    return schemas.TasteDifference(
        value=round(row.difference, 4),
        low=round(row.low, 4),
        high=round(row.high, 4),
        is_supported=row.is_supported,
    )


def _watching(row: _Row | None) -> schemas.TasteDifference | None:
    """From logarithms to an index: 100 is as the others."""
    if row is None:
        return None
    value, low, high = (
        round(100 * math.exp(number), 1)
        for number in (row.difference, row.low, row.high)
    )
    return schemas.TasteDifference(
        value=value, low=low, high=high, is_supported=row.is_supported
    )
