"""The warehouse's facts as arrays: what every model is fitted on.

Counts are of everybody and come from the feature tables; who rated what is
known of a sample of people. Where there are few enough ratings, as in
MovieLens 1M, everyone is in the sample.
"""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import BoolArray, FloatArray, IntArray
from models_ml.scale import RatingScale
from models_ml.vocabulary import Vocabulary


@dataclass(frozen=True)
class Users:
    """People of the sample; codes index the levels of `vocabulary`."""

    user_id: IntArray
    gender: IntArray
    age_group: IntArray
    occupation: IntArray
    place: IntArray
    """Of the vocabulary's last dimension."""
    fold: IntArray

    def __len__(self) -> int:
        return len(self.user_id)

    def codes(self) -> IntArray:
        """Profile codes, shape (n_users, 4), in the vocabulary's order."""
        return np.stack(
            [self.gender, self.age_group, self.occupation, self.place], axis=1
        )


@dataclass(frozen=True)
class Movies:
    """Films, one row each, rated or not."""

    movie_id: IntArray
    title: list[str]
    """As in movies.dat, without the year in brackets."""
    year: IntArray
    """Year of release; 0 where the title has none."""
    genres: BoolArray
    """Shape (n_movies, genres of the vocabulary)."""
    fold: IntArray

    def __len__(self) -> int:
        return len(self.movie_id)


@dataclass(frozen=True)
class _Rows:
    """Arrays whose entries belong together."""

    def where(self, keep: BoolArray) -> Self:
        """The rows for which `keep` is true."""
        return replace(
            self,
            **{
                field.name: getattr(self, field.name)[keep]
                for field in fields(self)
            },
        )


@dataclass(frozen=True)
class Ratings(_Rows):
    """Ratings of the sample's people.

    `user` and `movie` are row numbers of Users and Movies.
    """

    user: IntArray
    movie: IntArray
    stars: IntArray
    """Steps of the vocabulary's scale, 1 to K: see `scale`."""
    rated_at: NDArray[np.int64]
    """Seconds since 1970, UTC."""

    def __len__(self) -> int:
        return len(self.user)


@dataclass(frozen=True)
class Profiles(_Rows):
    """People by profile and fold, everybody's (`feat_profiles`)."""

    codes: IntArray
    """Shape (rows, 4), in the vocabulary's order."""
    user_fold: IntArray
    n_users: IntArray


@dataclass(frozen=True)
class MovieStars(_Rows):
    """Ratings by film, fold and stars, everybody's (`feat_movie_stars`)."""

    movie: IntArray
    user_fold: IntArray
    stars: IntArray
    """Steps, as in Ratings."""
    n_ratings: IntArray


@dataclass(frozen=True)
class MovieSegments(_Rows):
    """Ratings by film, level and fold, everybody's (`feat_movie_segments`)."""

    movie: IntArray
    level: IntArray
    """Index of the levels of all dimensions, one after the other."""
    user_fold: IntArray
    of_class: IntArray
    """Ratings in each class, shape (rows, 4)."""


@dataclass(frozen=True)
class MovieProfiles(_Rows):
    """Ratings by film, profile, fold and stars (`feat_movie_profiles`).

    Everybody's, of the films that the model of new films learns from
    (`feat_sampled_movies`).
    """

    movie: IntArray
    codes: IntArray
    """Shape (rows, 4)."""
    user_fold: IntArray
    stars: IntArray
    """Steps, as in Ratings."""
    n_ratings: IntArray


@dataclass(frozen=True)
class GenreSegments(_Rows):
    """Ratings by genre, gender × age group and fold of films.

    Everybody's (`feat_genre_segments`); a film counts in each of its genres.
    """

    genre: IntArray
    """Index of the vocabulary's genres."""
    segment: IntArray
    """Gender × age group, the gender varying slowest."""
    movie_fold: IntArray
    n_ratings: IntArray


@dataclass(frozen=True)
class Counts:
    """Everybody's ratings, added up."""

    profiles: Profiles
    movie_stars: MovieStars
    movie_segments: MovieSegments
    movie_profiles: MovieProfiles
    genre_segments: GenreSegments | None
    """None where people, or films other than by their folds, were chosen:
    genres are counted by fold of films alone."""

    def of_user_folds(self, folds: tuple[int, ...]) -> "Counts":
        """The counts of people of `folds` alone; none by genre."""

        def inside(user_fold: IntArray) -> BoolArray:
            return np.isin(user_fold, folds)

        return Counts(
            self.profiles.where(inside(self.profiles.user_fold)),
            self.movie_stars.where(inside(self.movie_stars.user_fold)),
            self.movie_segments.where(inside(self.movie_segments.user_fold)),
            self.movie_profiles.where(inside(self.movie_profiles.user_fold)),
            None,
        )

    def of_movies(self, keep: BoolArray) -> "Counts":
        """The counts of films for which `keep` (n_movies,) is true.

        None by genre.
        """
        return Counts(
            self.profiles,
            self.movie_stars.where(keep[self.movie_stars.movie]),
            self.movie_segments.where(keep[self.movie_segments.movie]),
            self.movie_profiles.where(keep[self.movie_profiles.movie]),
            None,
        )


@dataclass(frozen=True)
class Dataset:
    """Films, a sample of people and their ratings, and everybody's counts."""

    vocabulary: Vocabulary
    users: Users
    movies: Movies
    ratings: Ratings
    counts: Counts
    digest: str
    """Digest of the warehouse's facts, as recorded with every run."""

    @property
    def scale(self) -> RatingScale:
        """The scale whose steps ratings are, from 1."""
        return self.vocabulary.scale

    def step_counts(self) -> FloatArray:
        """Everybody's ratings of each film by step, (n_movies, K)."""
        counted = self.counts.movie_stars
        counts = np.zeros((len(self.movies), self.scale.n))
        np.add.at(
            counts, (counted.movie, counted.stars - 1), counted.n_ratings
        )
        return counts

    def of_user_folds(self, folds: tuple[int, ...]) -> "Dataset":
        """The same users and films, with what those users rated only.

        `counts.profiles` has those people only.
        """
        keep = np.isin(self.users.fold[self.ratings.user], folds)
        return replace(
            self,
            ratings=self.ratings.where(keep),
            counts=self.counts.of_user_folds(folds),
        )

    def of_movie_folds(self, folds: tuple[int, ...]) -> "Dataset":
        """The same users and films, with the ratings of those films only."""
        chosen = self.of_movies(np.isin(self.movies.fold, folds))
        genres = self.counts.genre_segments
        if genres is None:
            return chosen
        genres = genres.where(np.isin(genres.movie_fold, folds))
        return replace(
            chosen, counts=replace(chosen.counts, genre_segments=genres)
        )

    def of_movies(self, keep: BoolArray) -> "Dataset":
        """The same for the films for which `keep` (n_movies,) is true."""
        return replace(
            self,
            ratings=self.ratings.where(keep[self.ratings.movie]),
            counts=self.counts.of_movies(keep),
        )
