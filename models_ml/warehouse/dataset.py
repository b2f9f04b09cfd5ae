"""The warehouse's facts as arrays: what every model is fitted on."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import IntArray


@dataclass(frozen=True)
class Users:
    """People, one row each; codes index the tuples of `vocabulary`."""

    user_id: IntArray
    gender: IntArray
    age_group: IntArray
    occupation: IntArray
    region: IntArray
    fold: IntArray

    def __len__(self) -> int:
        return len(self.user_id)

    def codes(self) -> IntArray:
        """Profile codes, shape (n_users, 4), in the order of DIMENSIONS."""
        return np.stack(
            [self.gender, self.age_group, self.occupation, self.region], axis=1
        )


@dataclass(frozen=True)
class Movies:
    """Films, one row each, rated or not."""

    movie_id: IntArray
    title: list[str]
    """As in movies.dat, without the year in brackets."""
    year: IntArray
    """Year of release; 0 where the title has none."""
    genres: NDArray[np.bool_]
    """Shape (n_movies, len(GENRES))."""
    fold: IntArray

    def __len__(self) -> int:
        return len(self.movie_id)


@dataclass(frozen=True)
class Ratings:
    """Ratings; `user` and `movie` are row numbers of Users and Movies."""

    user: IntArray
    movie: IntArray
    stars: IntArray
    rated_at: NDArray[np.int64]
    """Seconds since 1970, UTC."""

    def __len__(self) -> int:
        return len(self.user)

    def where(self, keep: NDArray[np.bool_]) -> "Ratings":
        """The ratings for which `keep` is true."""
        return Ratings(
            self.user[keep],
            self.movie[keep],
            self.stars[keep],
            self.rated_at[keep],
        )


@dataclass(frozen=True)
class Dataset:
    """Users, films and the ratings between them."""

    users: Users
    movies: Movies
    ratings: Ratings
    digest: str
    """Digest of the warehouse's facts, as recorded with every run."""

    def of_user_folds(self, folds: tuple[int, ...]) -> "Dataset":
        """The same users and films, with the ratings of those users only."""
        keep = np.isin(self.users.fold[self.ratings.user], folds)
        return replace(self, ratings=self.ratings.where(keep))

    def of_movie_folds(self, folds: tuple[int, ...]) -> "Dataset":
        """The same users and films, with the ratings of those films only."""
        keep = np.isin(self.movies.fold[self.ratings.movie], folds)
        return replace(self, ratings=self.ratings.where(keep))
