"""What a person predictor is told of a film that nobody has rated.

One belief serves both predictors. The shares of the rating classes are those
that the audience predictor expects in the film's ratings, by anyone who will
rate it. What the film has to do with a person's factors follows from its
genres and year, by a regression over known films, and from the audience's
answer by gender and age group: the factors are such that profiles of those
segments are answered so, as far as the regression leaves room. With nothing
known of a person the answer is the audience's; a profile and known ratings
move it as they move the answer for any other film.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.film.outlook import Outlook
from models_ml.person.films import FilmTables
from models_ml.person.normal import normal_cdf
from models_ml.person.predictor import PersonPredictor
from models_ml.scale import RatingScale
from models_ml.vocabulary import UNKNOWN, Vocabulary

_SMALLEST_SHARE: Final = 1e-4
_LEAST_DEVIATION: Final = 0.1
_inverse_normal = NormalDist().inv_cdf


@dataclass(frozen=True)
class NewFilmModel:
    """Regressions of films' tables on content; C columns, K factors."""

    factor_weights: FloatArray
    """Shape (C, K)."""
    selection_weights: FloatArray
    """Of the selection effect (see `thresholds`), shape (C, K)."""
    offset_weights: FloatArray
    """Of the offset beyond the selection effect, shape (C,)."""
    factor_covariance: FloatArray
    """Of factors around their regression, shape (K, K)."""
    segment_variance: float
    """Of a segment's latent mean around what its people's factors say, for a
    segment of an average share of the raters."""
    everyone: FloatArray
    """Thresholds between the steps of all ratings, (K - 1,): where those
    within a class lie between those of its edges."""
    last_year: int
    """The last year of release that was learnt from."""
    n_users: int
    """People whose ratings were learnt from, with or without any."""

    def to_state(self) -> dict[str, Any]:
        """Plain data for `from_state`."""
        return asdict(self)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "NewFilmModel":
        """The model that `to_state` described."""
        return cls(**state)

    def tables(
        self,
        person: PersonPredictor,
        columns: FloatArray,
        outlooks: Sequence[Outlook],
    ) -> FilmTables:
        """Tables of n films with `columns` (n, C) of content.

        The person of mean factors among those who will rate the film has the
        classes of its outlook.
        """
        scale = person.scale
        thresholds = self.thresholds(
            scale, np.array([each.probabilities for each in outlooks])
        )
        mean, deviation = _moments(thresholds, person.updating.levels)
        shifts = deviation[:, None] * self._shifts(scale, thresholds, outlooks)
        factors = self._factors(person, columns, outlooks, shifts)
        effect = columns @ self.selection_weights
        offset = columns @ self.offset_weights
        raters = np.array(
            [person.encoder.columns.of_cells(each.cells) for each in outlooks]
        )
        expected = raters @ person.profile_weights
        upper = np.triu_indices(factors.shape[1])
        second = factors[:, :, None] * factors[:, None, :]
        return FilmTables(
            factors=factors,
            selection_effect=effect,
            residual_offset=offset,
            bias=mean - offset - (factors * (expected + effect)).sum(axis=1),
            precision=(second + self.factor_covariance)[:, upper[0], upper[1]],
            cross=np.zeros_like(factors),
            mean=mean,
            thresholds=thresholds,
            deviation=deviation,
        )

    def _shifts(
        self,
        scale: RatingScale,
        thresholds: FloatArray,
        outlooks: Sequence[Outlook],
    ) -> FloatArray:
        """How far segments lie from the film's mean, (n, segments).

        In standard deviations: the mean of what the thresholds move, each
        counted by the density there.
        """
        by_segment = np.array([each.by_segment for each in outlooks])
        n_films, n_segments, n_classes = by_segment.shape
        theirs = self.thresholds(scale, by_segment.reshape(-1, n_classes))
        theirs = theirs.reshape(n_films, n_segments, -1)
        density = np.exp(-(thresholds**2) / 2)
        density /= density.sum(axis=1, keepdims=True)
        moved = thresholds[:, None] - theirs
        result: FloatArray = np.einsum("nst,nt->ns", moved, density)
        return result

    def _factors(
        self,
        person: PersonPredictor,
        columns: FloatArray,
        outlooks: Sequence[Outlook],
        shifts: FloatArray,
    ) -> FloatArray:
        """Factors of n films, (n, K).

        Their prior is the regression on content; segments' `shifts`
        (n, segments) on the latent scale are observations of them, through
        the mean factors of people of the segments.
        """
        prior = columns @ self.factor_weights
        segments = _segments(person.vocabulary)
        people = person.encoder.encode(segments) @ person.profile_weights
        shares = np.array([each.shares for each in outlooks])
        apart = people - (shares @ people)[:, None]
        spread = apart @ self.factor_covariance
        system = spread @ apart.transpose(0, 2, 1)
        diagonal = np.arange(len(segments))
        system[:, diagonal, diagonal] += self.segment_variance / np.maximum(
            shares * len(segments), _SMALLEST_SHARE
        )
        missed = shifts - np.einsum("nsk,nk->ns", apart, prior)
        solved = np.linalg.solve(system, missed[..., None])[..., 0]
        result: FloatArray = prior + np.einsum("nsk,ns->nk", spread, solved)
        return result

    def thresholds(
        self, scale: RatingScale, probabilities: FloatArray
    ) -> FloatArray:
        """Of the steps (n, K - 1), from class probabilities (n, 4).

        In standard deviations from the film's mean. Thresholds where a class
        ends follow from the probabilities; those within a class lie as
        everyone's do, between the ends or as far beyond the last of them.
        """
        ends = np.flatnonzero(np.diff(scale.classes))
        below = np.cumsum(probabilities, axis=1)[:, scale.classes[ends]]
        below = np.clip(below, _SMALLEST_SHARE, 1 - _SMALLEST_SHARE)
        at_ends = np.vectorize(_inverse_normal)(below)
        place = np.arange(scale.n - 1)
        after = np.searchsorted(ends, place).clip(max=len(ends) - 1)
        before = np.searchsorted(ends, place, side="right").clip(min=1) - 1
        apart = self.everyone[ends[after]] - self.everyone[ends[before]]
        moved = self.everyone - self.everyone[ends[before]]
        share = moved / np.where(apart > 0, apart, 1.0)
        wide = at_ends[:, after] - at_ends[:, before]
        result: FloatArray = at_ends[:, before] + share * np.where(
            apart > 0, wide, 1.0
        )
        return result


def _segments(vocabulary: Vocabulary) -> IntArray:
    """Profiles of gender × age group, in the order of an outlook."""
    return np.array(
        [
            (gender, age, UNKNOWN, UNKNOWN)
            for gender in range(len(vocabulary.genders))
            for age in range(len(vocabulary.age_groups))
        ]
    )


def _moments(
    thresholds: FloatArray, levels: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation on the latent scale, (n,) each."""
    below = normal_cdf(thresholds)
    shares = np.diff(below, axis=1, prepend=0.0, append=1.0)
    mean = shares @ levels
    variance = shares @ levels**2 - mean**2
    return mean, np.sqrt(np.maximum(variance, _LEAST_DEVIATION**2))
