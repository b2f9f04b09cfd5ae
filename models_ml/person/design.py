"""A dataset's ratings as sparse matrices over the people who rated."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models_ml.arrays import FloatArray, IntArray
from models_ml.warehouse.dataset import Dataset


@dataclass(frozen=True)
class RatingDesign:
    """Ratings of n_raters people of n_movies films."""

    raters: IntArray
    """Row numbers in `Dataset.users` of people with a rating, ascending."""
    user: IntArray
    """Row in `raters` of each rating."""
    movie: IntArray
    stars: IntArray
    codes: IntArray
    """Profile codes of the raters, shape (n_raters, 4)."""
    n_movies: int

    def matrix(self, values: FloatArray) -> sparse.csr_array:
        """One value for each rating, as (n_raters, n_movies)."""
        return sparse.csr_array(
            (values, (self.user, self.movie)),
            shape=(len(self.raters), self.n_movies),
        )

    def movie_counts(self) -> FloatArray:
        """Ratings of each film."""
        return np.bincount(self.movie, minlength=self.n_movies).astype(float)

    def star_counts(self) -> FloatArray:
        """Ratings of each film with 1 to 5 stars, shape (n_movies, 5)."""
        cells = self.movie.astype(np.int64) * 5 + self.stars - 1
        counts = np.bincount(cells, minlength=self.n_movies * 5)
        return counts.reshape(-1, 5).astype(float)


def rating_design(dataset: Dataset) -> RatingDesign:
    """The ratings of `dataset`; raises ValueError when there are none."""
    ratings = dataset.ratings
    if len(ratings) == 0:
        raise ValueError("the dataset has no ratings to fit on")
    raters, user = np.unique(ratings.user, return_inverse=True)
    return RatingDesign(
        raters=raters,
        user=user,
        movie=ratings.movie,
        stars=ratings.stars.astype(np.int64),
        codes=dataset.users.codes()[raters].astype(np.int64),
        n_movies=len(dataset.movies),
    )
