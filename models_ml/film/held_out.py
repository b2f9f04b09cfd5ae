"""What would have been believed of each known film without its ratings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.belief import Belief
from models_ml.film.similarity import FilmIndex
from models_ml.film.title_words import series

N_FOLDS = 10


@dataclass(frozen=True)
class HeldOut:
    """Beliefs of the known films, each from films of the other folds.

    Arrays are of the known films, in their order. A film's fold holds about a
    tenth of the others. What stays in are the parts that all films share: the
    coordinates' loadings and variances, everyone's shares, the leniency, and
    the scale of numbers of raters.
    """

    fold: NDArray[np.integer]
    score: FloatArray
    reach: FloatArray
    """(n, K), and so are the others without another shape."""
    reach_variance: FloatArray
    reach_means: FloatArray
    """For each fold, (N_FOLDS, n_knots, K)."""
    quality: FloatArray
    quality_variance: FloatArray
    quality_means: FloatArray
    interaction: FloatArray
    interaction_variance: FloatArray
    score_miss: FloatArray
    """What each film was beyond its prediction, (n,); so are the others."""
    reach_misses: FloatArray
    reach_noise: FloatArray
    """Variance of the miss by the chance of few ratings."""
    quality_misses: FloatArray
    quality_noise: FloatArray
    interaction_misses: FloatArray
    interaction_noise: FloatArray

    def belief(self, row: int, score_spread: float) -> Belief:
        """That of one known film."""
        fold = self.fold[row]
        return Belief(
            score=float(self.score[row]),
            score_spread=score_spread,
            reach_means=self.reach_means[fold],
            reach=self.reach[row],
            reach_variance=self.reach_variance[row],
            quality_means=self.quality_means[fold],
            quality=self.quality[row],
            quality_variance=self.quality_variance[row],
            interaction=self.interaction[row],
            interaction_variance=self.interaction_variance[row],
        )


def folds_of(film_index: FilmIndex) -> NDArray[np.integer]:
    """A fold for each known film, (n,); a series' films lie in different ones.

    (Those of a series of more than N_FOLDS films repeat.)
    """
    names = [series(film.title) for film in film_index.films]
    order = sorted(range(len(names)), key=lambda row: (names[row], row))
    fold = np.empty(len(names), dtype=int)
    fold[order] = np.arange(len(names)) % N_FOLDS
    return fold
