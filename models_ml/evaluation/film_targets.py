"""What a least effect of targets costs, and how right they are with it."""

from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from models_ml.evaluation.film import GENDER_AGE
from models_ml.evaluation.film_audience import observed_affinity
from models_ml.film.counts import count, films_of
from models_ml.film.predictor import AudiencePredictor
from models_ml.film.support import targets
from models_ml.warehouse.dataset import Dataset

#: Least effects that are compared, in points of probability of liking.
LEAST_EFFECTS: Final = (0.0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05)
#: Fewer ratings of a segment say too little of whether a target was right.
MIN_RATINGS: Final = 20


def targets_by_least_effect(
    predictor: AudiencePredictor, dataset: Dataset, folds: tuple[int, ...]
) -> list[dict[str, float]]:
    """Sums over the films of `folds` for each of LEAST_EFFECTS.

    `films`, `films_with_target`, `targets` (of gender × age group); of those
    with MIN_RATINGS ratings or more `judged`, `right` (they liked the film
    more than its average viewer, beyond their leniency), and `n_ratings` with
    `affinity`, the sum over them of the observed one.
    """
    counts = count(dataset.of_movie_folds(folds))
    films = films_of(dataset, counts.movies)
    observed, raters, _ = observed_affinity(predictor, counts)
    with threadpool_limits(limits=1):  # small matrices: threads only wait
        answers = [predictor.predict(film, GENDER_AGE) for film in films]
    rows = []
    for least in LEAST_EFFECTS:
        called = np.array(
            [
                targets(each.affinity, each.affinity_low, each.n_users, least)
                for each in answers
            ]
        )
        judged = called & (raters >= MIN_RATINGS)
        rows.append(
            {
                "least_effect": least,
                "films": float(len(films)),
                "films_with_target": float(called.any(axis=1).sum()),
                "targets": float(called.sum()),
                "judged": float(judged.sum()),
                "right": float((observed[judged] > 0).sum()),
                "n_ratings": float(raters[judged].sum()),
                "affinity": float((raters * observed)[judged].sum()),
            }
        )
    return rows
