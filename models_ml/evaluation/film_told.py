"""What it brings to tell the predictor more of a new film than its titles.

A caller may know how many people will rate a film, and films that are like it.
Callers are made up from the data: one names the films that are most alike in
title, year and genres, which the predictor knows itself; an informed one knows
whose film it is, as the people of two user folds show it, and is judged on the
people of the others.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import scipy.sparse
from threadpoolctl import threadpool_limits

from models_ml.arrays import FloatArray, IntArray
from models_ml.evaluation.film import GENDER_AGE, NewFilmResult
from models_ml.film.counts import count, films_of
from models_ml.film.predictor import AudiencePredictor
from models_ml.warehouse.dataset import Dataset

#: People who show the informed caller whose film it is.
CALLER_FOLDS: Final = (0, 1)
JUDGED_FOLDS: Final = (2, 3, 4)
N_COMPARABLES: Final = 5
#: An informed caller picks at random among so many of the nearest films.
_NEAREST: Final = 15


def evaluate_told(
    predictor: AudiencePredictor,
    dataset: Dataset,
    folds: tuple[int, ...],
    seed: int,
) -> dict[str, NewFilmResult]:
    """Who turns up for the films of `folds`, by what the caller told.

    `dataset` has all films: comparables are those that the predictor knows.
    Only ratings of the people of JUDGED_FOLDS count, but for `everyone_…`.
    Films that none of them rated are left out.
    """
    all_people = dataset.of_movie_folds(folds)
    judged = all_people.of_user_folds(JUDGED_FOLDS)
    rows = count(judged).movies
    films = films_of(dataset, rows)
    alike = [
        [movie_id for movie_id, _ in predictor.similar(film, N_COMPARABLES)]
        for film in films
    ]
    informed = comparables_by_raters(predictor, dataset, rows, seed)
    n_raters = _raters_of_films(dataset)

    def judge(
        people: Dataset,
        comparables: Sequence[Sequence[int]] | None = None,
        *,
        knows_raters: bool = False,
    ) -> NewFilmResult:
        counts = count(people)
        raters = counts.by_level(counts.n_ratings)[:, : counts.cells.blocks[0]]
        everyone = raters.sum(axis=0) + 0.5
        shares = [
            predictor.predict(
                film,
                GENDER_AGE,
                int(n_raters[row]) if knows_raters else None,
                comparables=comparables[k] if comparables else (),
            ).reach
            for k, (row, film) in enumerate(
                zip(
                    counts.movies,
                    films_of(dataset, counts.movies),
                    strict=True,
                )
            )
        ]
        return NewFilmResult(
            dataset.vocabulary,
            dataset.movies.movie_id[counts.movies],
            np.array(shares),
            raters,
            everyone / everyone.sum(),
        )

    with threadpool_limits(limits=1):  # small matrices: threads only wait
        return {
            "nothing": judge(judged),
            "n_raters": judge(judged, knows_raters=True),
            "comparables_by_likeness": judge(judged, alike),
            "comparables_by_raters": judge(judged, informed),
            "comparables_by_raters_n_raters": judge(
                judged, informed, knows_raters=True
            ),
            "everyone_nothing": judge(all_people),
            "everyone_n_raters": judge(all_people, knows_raters=True),
        }


def _raters_of_films(dataset: Dataset) -> IntArray:
    """How many rated each film of Movies, (n_movies,)."""
    stars = dataset.counts.movie_stars
    return np.bincount(
        stars.movie, stars.n_ratings, len(dataset.movies)
    ).astype(int)


def comparables_by_raters(
    predictor: AudiencePredictor, dataset: Dataset, rows: IntArray, seed: int
) -> list[list[int]]:
    """What an informed caller names for the films `rows` (of Movies).

    N_COMPARABLES films, at random among the known ones that share most
    raters with each film (cosine), as the people of CALLER_FOLDS show it.
    """
    ratings = dataset.of_user_folds(CALLER_FOLDS).ratings
    table = scipy.sparse.csr_array(
        (np.ones(len(ratings)), (ratings.movie, ratings.user)),
        shape=(len(dataset.movies), len(dataset.users)),
    )
    size = np.sqrt(np.maximum(table.sum(axis=1), 1))
    known = np.array(
        [
            row
            for row, movie_id in enumerate(dataset.movies.movie_id)
            if predictor.knows(int(movie_id))
        ]
    )
    shared: FloatArray = (table[rows] @ table[known].T).toarray()
    likeness = shared / size[rows, None] / size[known]
    rng = np.random.default_rng(seed)
    named = []
    for row in np.argsort(-likeness, axis=1, kind="stable")[:, :_NEAREST]:
        picked = rng.permutation(known[row])[:N_COMPARABLES]
        named.append(dataset.movies.movie_id[picked].tolist())
    return named
