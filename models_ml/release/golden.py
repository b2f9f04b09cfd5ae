"""Golden predictions: answers that a release must still give when loaded.

They tell a library that computes otherwise, or a model that does not fit its
code, before anyone is served. Digests cannot: the bytes may be right.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from models_ml.errors import PlateiaError
from models_ml.film.predictor import AudiencePredictor, Film
from models_ml.person.predictor import KnownRatings, PersonPredictor
from models_ml.release.manifest import FilmGolden, PersonGolden
from models_ml.vocabulary import SOMEWHERE_IN_THE_US, UNKNOWN, Vocabulary

#: Largest difference from the answer in the manifest. Two machines' rounding
#: differs by some 1e-12; a wrong model by far more.
TOLERANCE: Final = 1e-6

_N_FILMS: Final = 12
_PROFILES: Final = (
    (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    (0, 2, 12, 8),
    (1, 1, 4, UNKNOWN),
    (UNKNOWN, 6, 13, SOMEWHERE_IN_THE_US),
    (1, UNKNOWN, UNKNOWN, 10),
)
_FILMS: Final = (
    Film("Plateia", 1999, ("Drama", "Romance")),
    Film("Star Trek: The Golden Test", 1998, ("Action", "Sci-Fi")),
    Film("Untitled", None, ()),
)


class GoldenMismatch(PlateiaError):  # noqa: N818 - a finding
    """A predictor answers otherwise than when the release was made."""


def golden_person(predictor: PersonPredictor) -> list[PersonGolden]:
    """The person predictor's answers.

    Without known ratings, with some, and with answers to questions as well.
    """
    n_movies = len(predictor.movie_ids)
    chosen = np.unique(
        np.linspace(0, n_movies - 1, num=min(_N_FILMS, n_movies)).astype(int)
    )
    index = [int(k) for k in chosen]
    n_steps = predictor.scale.n
    rated = [(k, 1 + i % n_steps) for i, k in enumerate(index[::3])]
    others = np.setdiff1d(predictor.answers.films, index[::3])
    answered = [(int(k), n_steps * (i % 2)) for i, k in enumerate(others[:4])]
    return [
        _ask_person(predictor, codes, known, index)
        for codes in _profiles(predictor.vocabulary)
        for known in (_Known(), _Known(rated), _Known(rated, answered))
    ]


def golden_film(predictor: AudiencePredictor) -> list[FilmGolden]:
    """The audience predictor's answers."""
    return [
        _ask_film(predictor, film, by)
        for film, by in zip(_FILMS, _bys(predictor.vocabulary), strict=True)
    ]


def _profiles(vocabulary: Vocabulary) -> list[list[int]]:
    """Those of _PROFILES, each code a level that there is."""
    lowest = [UNKNOWN] * len(vocabulary.shape)
    if "region" in vocabulary.dimensions:
        lowest[-1] = SOMEWHERE_IN_THE_US
    return [
        [
            min(max(code, low), size - 1)
            for code, low, size in zip(
                codes, lowest, vocabulary.shape, strict=True
            )
        ]
        for codes in _PROFILES
    ]


def _bys(vocabulary: Vocabulary) -> list[tuple[str, ...]]:
    """The dimensions of the golden films' segments: all, taken together."""
    gender, age_group, *others = vocabulary.dimensions
    return [(gender, age_group), *((name,) for name in others)]


def check_person(
    predictor: PersonPredictor, expected: list[PersonGolden]
) -> None:
    """Raises GoldenMismatch unless the answers are the expected ones."""
    for golden in expected:
        known = _Known(golden.rated, golden.answered)
        answer = _ask_person(
            predictor, golden.codes, known, golden.movie_index
        )
        where = f"profile {golden.codes}"
        _compare(where, answer.probabilities, golden.probabilities)
        _compare(where, answer.interest, golden.interest)


def check_film(
    predictor: AudiencePredictor, expected: list[FilmGolden]
) -> None:
    """Raises GoldenMismatch unless the answers are the expected ones."""
    for golden in expected:
        film = Film(golden.title, golden.year, tuple(golden.genres))
        answer = _ask_film(predictor, film, tuple(golden.by))
        where = f"film {golden.title!r}"
        _compare(where, answer.reach, golden.reach)
        _compare(where, answer.probabilities, golden.probabilities)
        _compare(where, answer.affinity, golden.affinity)


@dataclass(frozen=True)
class _Known:
    """Rows of films and the steps of their stars; 0: not seen."""

    rated: list[tuple[int, int]] = field(default_factory=list)
    answered: list[tuple[int, int]] = field(default_factory=list)

    def ratings(self) -> KnownRatings:
        """As the predictor takes them."""
        known = [*self.rated, *self.answered]
        rows, stars = np.array(known, dtype=np.int64).reshape(-1, 2).T
        seen = stars > 0
        asked = np.arange(len(known)) >= len(self.rated)
        return KnownRatings(
            rows[seen], stars[seen], rows[~seen], rows[seen & asked]
        )


def _ask_person(
    predictor: PersonPredictor,
    codes: list[int],
    known: _Known,
    movie_index: list[int],
) -> PersonGolden:
    gender, age_group, occupation, region = codes
    scores = predictor.score(
        (gender, age_group, occupation, region), known.ratings()
    )
    return PersonGolden(
        codes=codes,
        rated=known.rated,
        answered=known.answered,
        movie_index=movie_index,
        probabilities=_plain(scores.probabilities[movie_index]),
        interest=_plain(scores.interest[movie_index]),
    )


def _ask_film(
    predictor: AudiencePredictor, film: Film, by: tuple[str, ...]
) -> FilmGolden:
    audience = predictor.predict(film, by)
    return FilmGolden(
        title=film.title,
        year=film.year,
        genres=list(film.genres),
        by=list(by),
        reach=_plain(audience.reach),
        probabilities=_plain(audience.probabilities),
        affinity=_plain(audience.affinity),
    )


def _plain(values: ArrayLike) -> list[Any]:
    """Nested lists of numbers; raises GoldenMismatch if one is not finite."""
    array = np.asarray(values, dtype=float)
    if not np.isfinite(array).all():
        raise GoldenMismatch("a predictor answers with numbers not finite")
    result: list[Any] = array.tolist()
    return result


def _compare(where: str, answer: ArrayLike, expected: ArrayLike) -> None:
    one, other = np.asarray(answer), np.asarray(expected)
    if one.shape != other.shape:
        raise GoldenMismatch(
            f"{where}: {one.shape} numbers, expected {other.shape}"
        )
    difference = float(np.abs(one - other).max(initial=0))
    if not difference <= TOLERANCE:
        raise GoldenMismatch(
            f"{where}: an answer differs by {difference:.3g} from the one in"
            f" the manifest (allowed: {TOLERANCE:g})"
        )
