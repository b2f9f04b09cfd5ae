"""A dataset's ratings as sparse matrices over the people who rated.

Who rated what is known of the sample; how many ratings a film has, of
everybody.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models_ml.arrays import FloatArray, IntArray
from models_ml.scale import RatingScale
from models_ml.vocabulary import Vocabulary
from models_ml.warehouse.dataset import Dataset


@dataclass(frozen=True)
class RatingDesign:
    """Ratings of n_raters people of the sample, of n_movies films."""

    vocabulary: Vocabulary
    raters: IntArray
    """Row numbers in `Dataset.users` of people with a rating, ascending."""
    user: IntArray
    """Row in `raters` of each rating."""
    movie: IntArray
    stars: IntArray
    """Steps of the scale, 1 to K."""
    codes: IntArray
    """Profile codes of the raters, shape (n_raters, 4)."""
    star_counts: FloatArray
    """Everybody's ratings by step, shape (n_movies, K)."""
    n_people: int
    """Everybody, whether they rated or not."""

    @property
    def scale(self) -> RatingScale:
        """What the steps of ratings are."""
        return self.vocabulary.scale

    @property
    def n_movies(self) -> int:
        """Films, rated or not."""
        return len(self.star_counts)

    def matrix(self, values: FloatArray) -> sparse.csr_array:
        """One value for each rating, as (n_raters, n_movies)."""
        return sparse.csr_array(
            (values, (self.user, self.movie)),
            shape=(len(self.raters), self.n_movies),
        )

    def movie_counts(self) -> FloatArray:
        """Everybody's ratings of each film."""
        result: FloatArray = self.star_counts.sum(axis=1)
        return result

    def sampled_counts(self) -> FloatArray:
        """The sample's ratings of each film."""
        return np.bincount(self.movie, minlength=self.n_movies).astype(float)


def rating_design(dataset: Dataset) -> RatingDesign:
    """The ratings of `dataset`; raises ValueError when there are none."""
    ratings = dataset.ratings
    if len(ratings) == 0:
        raise ValueError("the dataset has no ratings to fit on")
    raters, user = np.unique(ratings.user, return_inverse=True)
    return RatingDesign(
        vocabulary=dataset.vocabulary,
        raters=raters,
        user=user,
        movie=ratings.movie,
        stars=ratings.stars.astype(np.int64),
        codes=dataset.users.codes()[raters].astype(np.int64),
        star_counts=dataset.step_counts(),
        n_people=int(dataset.counts.profiles.n_users.sum()),
    )
