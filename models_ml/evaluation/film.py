"""Judges new-film candidates on films that they have not seen."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.counts import count, films_of
from models_ml.film.protocol import FittedShares
from models_ml.metrics.audience_metrics import (
    MIN_RATERS,
    correlation,
    mean_age,
    r_squared,
    reach_log_loss,
    shares_of_gender,
    top_segment_hit,
    total_variation,
)
from models_ml.vocabulary import Vocabulary
from models_ml.warehouse.dataset import Dataset

GENDER_AGE: Final = ("gender", "age_group")
#: The split by time: films from this year on are new.
FIRST_NEW_YEAR: Final = 1998


@dataclass(frozen=True)
class NewFilmResult:
    """A candidate's shares for films that it has not seen, and the truth."""

    vocabulary: Vocabulary
    movie_id: NDArray[np.integer]
    """The films that were judged, (n,)."""
    shares: FloatArray
    """Predicted, of gender × age group, (n, 14)."""
    raters: FloatArray
    """Ratings by gender × age group, (n, 14)."""
    everyone: FloatArray
    """Shares of all ratings judged, for reach indices, (14,)."""

    def metrics(self) -> dict[str, float]:
        """All measures of the new-film task over these films.

        `log_loss` is per rating; correlations, R² and the hit rate are over
        films with MIN_RATERS raters or more, where there are any.
        """
        raters = self.raters.sum(axis=1)
        losses = reach_log_loss(self.shares, self.raters)
        metrics = {
            "log_loss": float(losses.sum() / raters.sum()),
            "total_variation": float(
                total_variation(self.shares, self.raters).mean()
            ),
            "n_films": float(len(raters)),
            "n_films_50": float((raters >= MIN_RATERS).sum()),
        }
        known = raters >= MIN_RATERS
        if known.any():
            metrics |= _of_films(
                self.vocabulary,
                self.shares[known],
                self.raters[known],
                self.everyone,
            )
        return metrics

    def per_film(self) -> dict[str, FloatArray]:
        """Columns per film: `log_loss` is a sum over its `n_ratings`."""
        return {
            "movie_id": self.movie_id.astype(np.float64),
            "n_ratings": self.raters.sum(axis=1),
            "log_loss": reach_log_loss(self.shares, self.raters),
            "total_variation": total_variation(self.shares, self.raters),
            "top_segment_hit": top_segment_hit(
                self.shares, self.raters, self.everyone
            ).astype(np.float64),
        }


def evaluate_new_film(
    fitted: FittedShares, dataset: Dataset, folds: tuple[int, ...]
) -> NewFilmResult:
    """Who turns up for the films of `folds`, predicted and true.

    Films without a rating are left out. Raises ValueError when no film is
    left.
    """
    return judge_reach(fitted, dataset.of_movie_folds(folds))


def judge_reach(fitted: FittedShares, dataset: Dataset) -> NewFilmResult:
    """The same for all films that have ratings in `dataset`."""
    counts = count(dataset)
    raters = counts.by_level(counts.n_ratings)[:, : counts.cells.blocks[0]]
    everyone = raters.sum(axis=0) + 0.5
    return NewFilmResult(
        dataset.vocabulary,
        dataset.movies.movie_id[counts.movies],
        fitted.shares(films_of(dataset, counts.movies)),
        raters,
        everyone / everyone.sum(),
    )


def split_by_time(dataset: Dataset) -> tuple[Dataset, Dataset]:
    """Ratings of the films before FIRST_NEW_YEAR, and of those since.

    Films without a year count as old.
    """
    new = dataset.movies.year >= FIRST_NEW_YEAR
    return dataset.of_movies(~new), dataset.of_movies(new)


def shuffle_films(dataset: Dataset, seed: int = 0) -> Dataset:
    """The placebo: films' titles, years and genres, permuted."""
    order = np.random.default_rng(seed).permutation(len(dataset.movies))
    movies = dataset.movies
    return replace(
        dataset,
        movies=replace(
            movies,
            title=[movies.title[k] for k in order],
            year=movies.year[order],
            genres=movies.genres[order],
        ),
        counts=replace(dataset.counts, genre_segments=None),
    )


def _of_films(
    vocabulary: Vocabulary,
    shares: FloatArray,
    raters: FloatArray,
    everyone: FloatArray,
) -> dict[str, float]:
    true = raters / raters.sum(axis=1, keepdims=True)
    hits = top_segment_hit(shares, raters, everyone)
    metrics = {"top_segment_hit_rate": float(hits.mean())}
    measured = {}
    if "F" in vocabulary.genders:
        measured["female_share"] = [
            shares_of_gender(each, vocabulary, "F") for each in (shares, true)
        ]
    if vocabulary.lowest_ages:
        measured["mean_age"] = [
            mean_age(each, vocabulary) for each in (shares, true)
        ]
    for name, (predicted, actual) in measured.items():
        metrics[f"{name}_r"] = correlation(predicted, actual)
        metrics[f"{name}_r2"] = r_squared(predicted, actual)
    return metrics
