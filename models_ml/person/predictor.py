"""Scores of films for a person: numpy only, no open resources.

The model is `factorisation` + `thresholds` (what the person would think of a
film) and `interest` (whether the person would watch it). Everything is in
closed form: a profile gives a prior of the person's factors, each rating
that is known updates it, and one matrix product scores the catalogue.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.answers import AnswerModel
from models_ml.person.encoding import (
    N_COARSE_BLOCKS,
    ProfileEncoder,
)
from models_ml.person.films import FilmTables, NewFilms
from models_ml.person.interest import InterestModel, bounded
from models_ml.person.normal import normal_cdf
from models_ml.person.ranking import novel
from models_ml.person.style import StyleModel, styled
from models_ml.vocabulary import FILM_RANKINGS

_NOBODY: Final = (-1, -1, -1, -1)

#: Pairs scored at a time, so that memory stays bounded.
_CHUNK: Final = 1 << 16
#: The same where each pair has a row of the profile's columns.
_NEW_CHUNK: Final = 1 << 12
#: Profiles with unknown parts whose interest is held at a time.
_PROFILES: Final = 256


def _no_films() -> IntArray:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class KnownRatings:
    """Films that a person already rated, or was asked about in vain."""

    movie_index: IntArray
    """Row numbers of the predictor's `movie_ids`, each once."""
    stars: IntArray
    """Steps of the rating scale, 1 to K."""
    not_seen: IntArray = field(default_factory=_no_films)
    """Row numbers of films that the person says they have not seen."""
    asked: IntArray = field(default_factory=_no_films)
    """Row numbers of the rated films that the person was asked about; all
    others were named of their own accord, see `answers`."""

    def __len__(self) -> int:
        return len(self.stars) + len(self.not_seen)


@dataclass(frozen=True)
class PersonScores:
    """What a person would make of n films."""

    probabilities: FloatArray
    """Of the four rating classes, shape (n, 4); rows sum to 1."""
    expected_stars: FloatArray
    """Shape (n,), within the scale."""
    interest: FloatArray
    """Probability that this person rates the film, shape (n,)."""
    like_rate: FloatArray
    """Probability of rating the film with a like, shape (n,)."""
    baseline_like_rate: FloatArray
    """The same for a person nothing is known of, shape (n,)."""

    @property
    def expected_score(self) -> FloatArray:
        """The expected stars from 0 to 10, shape (n,)."""
        return 2 * self.expected_stars


@dataclass(frozen=True)
class Updating:
    """How ratings of a person move what is thought of that person."""

    levels: FloatArray
    """Latent values of the steps, (K,)."""
    noise: float
    selection_weight: float
    """Weight of the selection effect of the rated films."""
    selection_half_ratings: float
    """Ratings after which that weight has halved."""


@dataclass(frozen=True)
class _Person:
    """What is known of one person."""

    columns: FloatArray
    """Of the profile, one for each column."""
    factors: FloatArray
    covariance: FloatArray | None
    """Of the factors, (K, K); None: the identity, no ratings known."""
    interest: FloatArray
    """Unbounded interest in every film."""
    interest_by_profile: FloatArray
    """The same before films were known."""
    style: FloatArray | None = None
    """What the classes' odds are multiplied by, (4,)."""


@dataclass(frozen=True)
class _Rows:
    """Films that are scored, and what everyone makes of them."""

    tables: FilmTables
    baseline: FloatArray
    baseline_like_rate: FloatArray


class PersonPredictor:
    """Predicts what a person thinks of films, and which the person sees.

    Safe to share between threads: nothing changes after construction.
    """

    def __init__(
        self,
        movie_ids: IntArray,
        *,
        encoder: ProfileEncoder,
        profile_weights: FloatArray,
        films: FilmTables,
        updating: Updating,
        interest: InterestModel,
        answers: AnswerModel,
        style: StyleModel,
    ) -> None:
        self.movie_ids = np.asarray(movie_ids, dtype=np.int32)
        self.encoder = encoder
        self.vocabulary = encoder.vocabulary
        self.scale = self.vocabulary.scale
        self.profile_weights = profile_weights
        self.films = films
        self.updating = updating
        self.interest = interest
        self.answers = answers
        self.style = style
        self._known = _Rows(films, interest.baseline, interest.baseline)
        nobody = self.score(_NOBODY)
        self._known = _Rows(films, interest.baseline, nobody.like_rate)

    def with_films(self, films: FilmTables) -> "PersonPredictor":
        """The same predictor, other things being known of its films."""
        return PersonPredictor(
            self.movie_ids,
            encoder=self.encoder,
            profile_weights=self.profile_weights,
            films=films,
            updating=self.updating,
            interest=self.interest,
            answers=self.answers,
            style=self.style,
        )

    def with_style(self, style: StyleModel) -> "PersonPredictor":
        """The same predictor with a model of rating style."""
        changed = copy(self)
        changed.style = style
        return changed

    def score(
        self,
        codes: tuple[int, int, int, int],
        rated: KnownRatings | None = None,
    ) -> PersonScores:
        """Scores of one profile for every film, in order of `movie_ids`.

        `codes` are gender, age group, occupation, region; -1: not given.
        Raises ValueError for codes, films or stars that do not exist.
        """
        person = self._person(np.asarray(codes, dtype=np.int64), rated)
        return self._scores_of(person, slice(None))

    def score_pairs(
        self,
        codes: IntArray,
        movie_index: IntArray,
        rated: KnownRatings | None = None,
    ) -> PersonScores:
        """Scores of pairs: profile codes (m, 4) and film rows (m,).

        Each score equals the one that `score` gives for the same profile,
        ratings and film.
        """
        codes = np.asarray(codes, dtype=np.int64)
        movie_index = np.asarray(movie_index, dtype=np.int64)
        profiles, of_pair = _distinct(codes)
        if rated is not None and len(rated):
            return self._pairs_with_ratings(
                profiles, of_pair, movie_index, rated
            )
        columns = self.encoder.encode(profiles)
        factors = columns @ self.profile_weights
        interest = self._interest_of_pairs(
            profiles, columns, of_pair, movie_index
        )
        parts = []
        for begin in range(0, max(len(codes), 1), _CHUNK):
            pair = slice(begin, begin + _CHUNK)
            film = movie_index[pair]
            shift = self.films.start[film] + np.einsum(
                "ij,ij->i", self.films.factors[film], factors[of_pair[pair]]
            )
            parts.append(
                self._scores(self._known, film, shift, None, interest[pair])
            )
        return joined_scores(parts)

    def score_new(
        self,
        codes: tuple[int, int, int, int],
        films: NewFilms,
        rated: KnownRatings | None = None,
    ) -> PersonScores:
        """Scores of one profile for films that are not among `movie_ids`.

        Raises ValueError as `score` does.
        """
        return self._scores_of_new(
            self._person(np.asarray(codes, dtype=np.int64), rated),
            films,
            self._rows_of_new(films),
            np.arange(len(films)),
        )

    def score_new_pairs(
        self,
        codes: IntArray,
        film_index: IntArray,
        films: NewFilms,
        rated: KnownRatings | None = None,
    ) -> PersonScores:
        """Scores of pairs: profile codes (m, 4) and rows of `films` (m,).

        Each score equals the one that `score_new` gives for the same profile,
        ratings and film.
        """
        profiles, of_pair = _distinct(np.asarray(codes, dtype=np.int64))
        rows = self._rows_of_new(films)
        if rated is None or len(rated) == 0:
            return self._plain_new_pairs(
                profiles, of_pair, films, rows, film_index
            )
        return _by_profile(
            of_pair,
            len(profiles),
            lambda number, pair: self._scores_of_new(
                self._person(profiles[number], rated),
                films,
                rows,
                film_index[pair],
            ),
        )

    def rank_scores(
        self, scores: PersonScores, rank_by: str, novelty: float = 0.0
    ) -> FloatArray:
        """Scores to sort by, higher first; `rank_by` is one of FILM_RANKINGS.

        `for_you` is the probability that the person watches the film and
        gives a like, and with a `novelty` up to 1 rather what sets it
        apart from everyone's, see `ranking.novel`; `liking` the expected
        stars; `distinctive` the signed root of the Poisson deviance of the
        first from everyone's, which needs both a large ratio and a film that
        matters.
        """
        if rank_by == "for_you":
            return novel(scores.like_rate, scores.baseline_like_rate, novelty)
        if rank_by == "liking":
            return scores.expected_stars
        if rank_by == "distinctive":
            return _signed_deviance(
                scores.like_rate, scores.baseline_like_rate
            )
        raise ValueError(
            f"rank_by is {rank_by!r}: it must be one of "
            f"{', '.join(FILM_RANKINGS)}"
        )

    def _person(self, codes: IntArray, rated: KnownRatings | None) -> _Person:
        columns = self.encoder.encode(codes[None])
        factors = (columns @ self.profile_weights)[0]
        interest = self.interest.of_columns(columns)[0]
        if rated is None or len(rated) == 0:
            return _Person(columns[0], factors, None, interest, interest)
        rated = self._checked(rated)
        by_ratings = self._interest_by_ratings(interest, rated)
        if len(rated.stars) == 0:
            return _Person(columns[0], factors, None, by_ratings, interest)
        factors, covariance = self._updated(factors, rated)
        forecast = self._star_shares_of(factors, covariance, rated.movie_index)
        return _Person(
            columns[0],
            factors,
            covariance,
            by_ratings,
            interest,
            self.style.odds(forecast, rated.stars),
        )

    def _checked(self, rated: KnownRatings) -> KnownRatings:
        index = np.asarray(rated.movie_index, dtype=np.int64)
        stars = np.asarray(rated.stars, dtype=np.int64)
        not_seen = np.asarray(rated.not_seen, dtype=np.int64)
        known = np.concatenate([index, not_seen])
        if len(index) != len(stars):
            raise ValueError("rated films must each have one rating")
        if known.min() < 0 or known.max() >= len(self.movie_ids):
            raise ValueError(
                "rated films must be row numbers of the predictor's "
                f"{len(self.movie_ids)} films"
            )
        both = np.intersect1d(index, not_seen)
        if len(both):
            raise ValueError(
                f"film {self.movie_ids[both[0]]} is both rated and not seen: "
                "it must be one of the two"
            )
        if len(np.unique(known)) < len(known):
            raise ValueError("rated films must each have one rating")
        wrong = stars[(stars < 1) | (stars > self.scale.n)]
        if len(wrong):
            raise ValueError(
                f"stars are step {wrong[0]}: steps are from 1 to"
                f" {self.scale.n}"
            )
        asked = np.asarray(rated.asked, dtype=np.int64)
        others = np.setdiff1d(asked, index)
        if len(others):
            raise ValueError(
                f"film {others[0]} was asked about: it must be among the "
                "rated films"
            )
        return KnownRatings(index, stars, not_seen, asked)

    def _interest_by_ratings(
        self, interest: FloatArray, rated: KnownRatings
    ) -> FloatArray:
        """Interest after films named, and then after answers to questions.

        What a film that cannot be asked about was answered counts as if it
        had been named.
        """
        films = np.concatenate([rated.movie_index, rated.not_seen])
        stars = np.concatenate(
            [rated.stars, np.zeros(len(rated.not_seen), dtype=np.int64)]
        )
        place = self.answers.places(films)
        asked = (place >= 0) & ((stars == 0) | np.isin(films, rated.asked))
        named = films[~asked]
        if len(named):
            seen = stars[~asked] > 0
            interest = self.interest.posterior(
                interest, named[seen], named[~seen]
            )
        return self.answers.posterior(interest, place[asked], stars[asked])

    def _updated(
        self, prior: FloatArray, rated: KnownRatings
    ) -> tuple[FloatArray, FloatArray]:
        """Posterior mean and covariance of the person's factors."""
        films, how = self.films, self.updating
        index = rated.movie_index
        size = films.factors.shape[1]
        upper = np.triu_indices(size)
        precision = np.zeros((size, size))
        precision[upper] = films.precision[index].sum(axis=0) / how.noise
        precision = precision + np.triu(precision, 1).T + np.eye(size)
        covariance = np.linalg.inv(precision)
        distance = how.levels[rated.stars - 1] - films.bias[index]
        said = films.factors[index].T @ distance
        said -= films.cross[index].sum(axis=0)
        weight = how.selection_weight / (
            1 + len(index) / how.selection_half_ratings
        )
        chosen = weight * films.selection_effect[index].sum(axis=0)
        mean = covariance @ (prior + said / how.noise + chosen)
        return mean, covariance

    def _scores_of(
        self, person: _Person, film: slice | IntArray
    ) -> PersonScores:
        scores = self._scores(
            self._known,
            film,
            *_shift(self.films, film, person.factors, person.covariance),
            person.interest[film],
        )
        return _with_style(scores, person)

    def star_shares(
        self, codes: IntArray, movie_index: IntArray, rated: KnownRatings
    ) -> FloatArray:
        """Probabilities of the steps, (m, K), of one person's films.

        As the ordered probit has them, whatever the person's rating style.
        `codes` (4,) as in `score`; `rated` holds at least one rating.
        """
        columns = self.encoder.encode(np.asarray(codes, dtype=np.int64)[None])
        prior = (columns @ self.profile_weights)[0]
        factors, covariance = self._updated(prior, self._checked(rated))
        return self._star_shares_of(factors, covariance, movie_index)

    def _star_shares_of(
        self, factors: FloatArray, covariance: FloatArray, film: IntArray
    ) -> FloatArray:
        shift, explained = _shift(self.films, film, factors, covariance)
        below = _below(self.films, film, shift, explained)
        return np.diff(below, axis=1, prepend=0.0, append=1.0)

    def _scores_of_new(
        self, person: _Person, films: NewFilms, rows: _Rows, film: IntArray
    ) -> PersonScores:
        interest = self._interest_in_new(person, films, film)
        shift, explained = _shift(
            films.tables, film, person.factors, person.covariance
        )
        scores = self._scores(rows, film, shift, explained, interest)
        return _with_style(scores, person)

    def _plain_new_pairs(
        self,
        profiles: IntArray,
        of_pair: IntArray,
        films: NewFilms,
        rows: _Rows,
        film_index: IntArray,
    ) -> PersonScores:
        """Pairs of people of whom no ratings are known."""
        columns = self.encoder.encode(profiles)
        factors = columns @ self.profile_weights
        parts = []
        for begin in range(0, max(len(of_pair), 1), _NEW_CHUNK):
            pair = of_pair[begin : begin + _NEW_CHUNK]
            film = film_index[begin : begin + _NEW_CHUNK]
            shift = films.tables.start[film] + np.einsum(
                "ij,ij->i", films.tables.factors[film], factors[pair]
            )
            interest = films.baseline[film] + np.einsum(
                "ij,ji->i",
                columns[pair, : self.encoder.columns.n_coarse],
                films.effects[:, film],
            )
            parts.append(self._scores(rows, film, shift, None, interest))
        return joined_scores(parts)

    def _rows_of_new(self, films: NewFilms) -> _Rows:
        """New films, with what a person nothing is known of thinks of them."""
        scores = self._scores_of_new(
            self._person(np.array(_NOBODY), None),
            films,
            _Rows(films.tables, films.baseline, films.baseline),
            np.arange(len(films)),
        )
        return _Rows(films.tables, films.baseline, scores.like_rate)

    def _interest_in_new(
        self, person: _Person, films: NewFilms, film: IntArray
    ) -> FloatArray:
        """Unbounded interest in new films."""
        interest = films.baseline[film] + (
            person.columns[: len(films.effects)] @ films.effects[:, film]
        )
        if person.interest is person.interest_by_profile:
            return interest
        baseline = self.interest.baseline
        ratio = bounded(person.interest, baseline) / bounded(
            person.interest_by_profile, baseline
        )
        moved = (films.alike_weights[film] * ratio[films.alike[film]]).sum(
            axis=1
        )
        result: FloatArray = bounded(interest, films.baseline[film]) * moved
        return result

    def _scores(
        self,
        rows: _Rows,
        film: slice | IntArray,
        shift: FloatArray,
        explained: FloatArray | None,
        interest: FloatArray,
    ) -> PersonScores:
        """Scores from the latent distance to the film's mean.

        `explained` is the variance that known ratings took away.
        """
        below = _below(rows.tables, film, shift, explained)
        interest = bounded(interest, rows.baseline[film])
        return PersonScores(
            probabilities=self.scale.class_shares(below),
            expected_stars=self.scale.expected_stars(below),
            interest=interest,
            like_rate=interest * self.scale.like_share(below),
            baseline_like_rate=rows.baseline_like_rate[film],
        )

    def _pairs_with_ratings(
        self,
        profiles: IntArray,
        of_pair: IntArray,
        movie_index: IntArray,
        rated: KnownRatings,
    ) -> PersonScores:
        return _by_profile(
            of_pair,
            len(profiles),
            lambda number, pair: self._scores_of(
                self._person(profiles[number], rated), movie_index[pair]
            ),
        )

    def _interest_of_pairs(
        self,
        profiles: IntArray,
        columns: FloatArray,
        of_pair: IntArray,
        movie_index: IntArray,
    ) -> FloatArray:
        complete: NDArray[np.bool_] = np.all(profiles >= 0, axis=1)
        effects = self.interest.effects
        interest = self.interest.baseline[movie_index]
        active = np.zeros((len(profiles), N_COARSE_BLOCKS), dtype=np.int64)
        active[complete] = self.encoder.columns.active(profiles[complete])[
            :, :N_COARSE_BLOCKS
        ]
        known = np.flatnonzero(complete[of_pair])
        for column in active[of_pair[known]].T:
            interest[known] += effects[column, movie_index[known]]
        partial = np.flatnonzero(~complete)
        for begin in range(0, len(partial), _PROFILES):
            chosen = partial[begin : begin + _PROFILES]
            row = np.full(len(profiles), -1)
            row[chosen] = np.arange(len(chosen))
            pair = np.flatnonzero(row[of_pair] >= 0)
            whole = self.interest.of_columns(columns[chosen])
            interest[pair] = whole[row[of_pair[pair]], movie_index[pair]]
        return interest

    def to_state(self) -> dict[str, Any]:
        """Plain data from which `from_state` makes an equal predictor."""
        return {
            "movie_ids": self.movie_ids,
            "encoder": self.encoder.to_state(),
            "profile_weights": self.profile_weights,
            "films": self.films.state(),
            "updating": dict(vars(self.updating)),
            "interest": self.interest.to_state(),
            "answers": self.answers.to_state(),
            "style": {"weights": self.style.weights},
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "PersonPredictor":
        """The predictor that `to_state` described."""
        encoder = ProfileEncoder.from_state(state["encoder"])
        return cls(
            state["movie_ids"],
            encoder=encoder,
            profile_weights=state["profile_weights"],
            films=FilmTables(**state["films"]),
            updating=Updating(**state["updating"]),
            interest=InterestModel.from_state(state["interest"]),
            answers=AnswerModel.from_state(state["answers"]),
            style=StyleModel(
                encoder.vocabulary.scale, state["style"]["weights"]
            ),
        )


def _distinct(codes: IntArray) -> tuple[IntArray, IntArray]:
    """Distinct rows of codes, and the number of each row's."""
    key: IntArray = np.zeros(len(codes), dtype=np.int64)
    for column in codes.T:
        key = key * 64 + (column + 2)
    _, first, of_pair = np.unique(key, return_index=True, return_inverse=True)
    return codes[first], of_pair


def _signed_deviance(rate: FloatArray, baseline: FloatArray) -> FloatArray:
    low = np.maximum(rate, 1e-12)
    base = np.maximum(baseline, 1e-12)
    deviance = 2 * (low * np.log(low / base) - low + base)
    result: FloatArray = np.sign(low - base) * np.sqrt(np.maximum(deviance, 0))
    return result


def _shift(
    films: FilmTables,
    film: slice | IntArray,
    of_person: FloatArray,
    covariance: FloatArray | None,
) -> tuple[FloatArray, FloatArray | None]:
    """Latent distance to the films' means, and the variance explained.

    `of_person` and `covariance` are the mean and covariance of the person's
    factors; the covariance is None where no ratings are known.
    """
    factors = films.factors[film]
    shift = factors @ of_person
    if covariance is None:
        return shift + films.start[film], None
    spread = factors @ covariance
    shift = shift + (
        films.bias[film]
        - films.mean[film]
        + films.residual_offset[film]
        + np.einsum("ij,ij->i", spread, films.selection_effect[film])
    )
    return shift, np.einsum("ij,ij->i", factors - spread, factors)


def _with_style(scores: PersonScores, person: _Person) -> PersonScores:
    if person.style is None:
        return scores
    return replace(
        scores, probabilities=styled(scores.probabilities, person.style)
    )


def _below(
    films: FilmTables,
    film: slice | IntArray,
    shift: FloatArray,
    explained: FloatArray | None,
) -> FloatArray:
    """Probabilities of at most each step but the last, (n, K - 1)."""
    deviation = films.deviation[film]
    if explained is None:
        return normal_cdf(
            films.thresholds[film] - (shift / deviation)[:, None]
        )
    variance = deviation**2
    left = np.sqrt(np.maximum(variance - explained, 0.3 * variance))
    edges = films.thresholds[film] * deviation[:, None] - shift[:, None]
    return normal_cdf(edges / left[:, None])


def _by_profile(
    of_pair: IntArray,
    n_profiles: int,
    scored: Callable[[int, IntArray], PersonScores],
) -> PersonScores:
    """Pairs' scores, worked out profile by profile.

    `scored` gets the number of a profile and its pairs, `of_pair` (m,) holds
    the profile of each pair.
    """
    order = np.argsort(of_pair, kind="stable")
    starts = np.searchsorted(of_pair[order], np.arange(n_profiles + 1))
    parts = [
        scored(number, order[starts[number] : starts[number + 1]])
        for number in range(n_profiles)
    ]
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return _taken(joined_scores(parts), back)


def joined_scores(parts: list[PersonScores]) -> PersonScores:
    """The scores of several lots of films, one after the other."""
    if len(parts) == 1:
        return parts[0]
    return PersonScores(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in PersonScores.__dataclass_fields__
        )
    )


def _taken(scores: PersonScores, order: IntArray) -> PersonScores:
    return PersonScores(
        *(
            getattr(scores, name)[order]
            for name in PersonScores.__dataclass_fields__
        )
    )
