"""Judges what the audience predictor says besides who turns up.

Its intervals, the segments that it calls above or below everyone's share, the
differences of films, and affinity.
"""

from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from models_ml.arrays import FloatArray
from models_ml.evaluation.film import GENDER_AGE
from models_ml.film.counts import CellCounts, count, films_of
from models_ml.film.fit_preference import (
    FILM_PSEUDO_RATINGS,
    interaction_scores,
)
from models_ml.film.interval_record import RATER_BANDS, recorded_bys
from models_ml.film.predictor import INTERVALS, AudiencePredictor
from models_ml.film.protocol import Audience
from models_ml.metrics.audience_metrics import (
    MIN_RATERS,
    affinity_scores,
    coverage,
)
from models_ml.warehouse.dataset import Dataset

#: The dimensions by which segments called above or below 100 are judged.
SUPPORT_BYS: Final = {
    "gender_age_group": GENDER_AGE,
    "age_group_occupation": ("age_group", "occupation"),
}
#: Pairs of films whose differences are judged.
N_PAIRS: Final = 500


def judge_intervals(
    predictor: AudiencePredictor, dataset: Dataset, with_n_raters: bool
) -> dict[str, float]:
    """Coverage of reach intervals, by dimensions and by number of raters.

    `with_n_raters`: whether the predictor is told how many rated each film.
    """
    counts = count(dataset)
    films = films_of(dataset, counts.movies)
    cells = _by_film_and_cell(counts, counts.n_ratings)
    n_raters = cells.sum(axis=1)
    metrics: dict[str, float] = {}
    for by in recorded_bys(dataset.vocabulary):
        actual = counts.cells.segments(by).add_up(cells)
        for interval in INTERVALS:
            answers = [
                predictor.predict(
                    film, by, int(n) if with_n_raters else None, interval
                )
                for film, n in zip(films, n_raters, strict=True)
            ]
            held = coverage(
                np.array([a.reach_low for a in answers]),
                np.array([a.reach_high for a in answers]),
                actual,
            )
            name = f"coverage_{round(100 * interval)}_{'_'.join(by)}"
            metrics[name] = float(held.mean())
            bands = np.digitize(n_raters, RATER_BANDS) - 1
            for band in np.unique(bands):
                metrics[f"{name}_from_{RATER_BANDS[band]}"] = float(
                    held[bands == band].mean()
                )
    return metrics


def judge_support(
    predictor: AudiencePredictor, dataset: Dataset
) -> dict[str, float]:
    """What the raters were, of the segments called above or below 100.

    By the names of SUPPORT_BYS: `supported_share`, the segments called either
    way; `index_called_above` and `_below`, the raters of all such segments
    and films, as an index of what everyone's shares would make them (100
    where none was called so).
    """
    counts = count(dataset)
    films = films_of(dataset, counts.movies)
    cells = _by_film_and_cell(counts, counts.n_ratings)
    n_raters = cells.sum(axis=1)
    metrics: dict[str, float] = {}
    for name, by in SUPPORT_BYS.items():
        actual = counts.cells.segments(by).add_up(cells)
        answers = [predictor.predict(film, by) for film in films]
        told = np.array([answer.supported for answer in answers])
        everyone = answers[0].reach / answers[0].reach_index
        expected = 100 * n_raters[:, None] * everyone
        metrics[f"supported_share_{name}"] = float((told != 0).mean())
        for side, word in ((1, "above"), (-1, "below")):
            called = told == side
            metrics[f"index_called_{word}_{name}"] = (
                float(100 * actual[called].sum() / expected[called].sum())
                if called.any()
                else 100.0
            )
    return metrics


def judge_differences(
    predictor: AudiencePredictor, dataset: Dataset, seed: int = 0
) -> dict[str, float]:
    """Whether films differ as told, over gender × age group.

    Of N_PAIRS pairs of films with MIN_RATERS raters or more, drawn at random:
    `difference_supported`, the share of segments told to differ in reach;
    `difference_right`, those of them that do so; `difference_ratio`, the mean
    squared distance of told and actual difference over what its interval and
    the chance of who the raters are allow (1 is exact).
    """
    counts = count(dataset)
    raters = counts.by_level(counts.n_ratings)[:, : counts.cells.blocks[0]]
    total = raters.sum(axis=1)
    known = np.flatnonzero(total >= MIN_RATERS)
    if len(known) < 2 or raters.shape[1] < 2:  # nothing can differ
        return {}
    films = films_of(dataset, counts.movies)
    shares = raters / total[:, None]
    rng = np.random.default_rng(seed)
    z = INTERVALS[0.8]
    told, actual, allowed = [], [], []
    answers = []
    for _ in range(N_PAIRS):
        one, other = rng.choice(known, 2, replace=False)
        answer = predictor.difference(films[one], films[other], GENDER_AGE)
        variance = ((answer.reach_high - answer.reach) / z) ** 2
        for row in (one, other):
            variance = variance + shares[row] * (1 - shares[row]) / total[row]
        answers.append(answer.reach_supported)
        told.append(answer.reach)
        actual.append(shares[other] - shares[one])
        allowed.append(variance)
    supported = np.array(answers)
    difference = np.array(actual)
    called = supported != 0
    ratio = (difference - np.array(told)) ** 2 / np.array(allowed)
    return {
        "difference_supported": float(called.mean()),
        "difference_right": float(
            (np.sign(difference) == supported)[called].mean()
            if called.any()
            else 1.0
        ),
        "difference_ratio": float(ratio.mean()),
    }


def judge_affinity(
    predictor: AudiencePredictor, dataset: Dataset
) -> dict[str, float]:
    """Affinity over gender × age group, and the targets that it names."""
    counts = count(dataset)
    films = films_of(dataset, counts.movies)
    observed, raters, sampling = observed_affinity(predictor, counts)
    answers: list[Audience] = [predictor.predict(f, GENDER_AGE) for f in films]
    predicted = np.array([a.affinity for a in answers])
    targets = np.array([a.is_target for a in answers])
    metrics = affinity_scores(predicted, observed, raters, sampling)
    metrics["target_share"] = float(targets.mean())
    metrics["films_with_target"] = float(targets.any(axis=1).mean())
    judged = targets & (raters >= 20)
    if judged.any():
        metrics["targets_that_like_it_more"] = float(
            (observed[judged] > 0).mean()
        )
    return metrics


def observed_affinity(
    predictor: AudiencePredictor, counts: CellCounts
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Likes beyond the film's and the cells' level by gender × age group.

    Mean per rating (n, 14), the ratings (n, 14), and the variance of one
    rating (n,).
    """
    classes, leniency = predictor.leniency()
    by_film = counts.by_class()
    shares = by_film + FILM_PSEUDO_RATINGS * classes
    shares /= shares.sum(axis=1, keepdims=True)
    scores, information = interaction_scores(counts, shares, leniency)
    raters = counts.by_level(counts.n_ratings)[:, : counts.cells.blocks[0]]
    mean = scores[:, : counts.cells.blocks[0]] / np.maximum(raters, 1)
    return mean, raters, information / raters.sum(axis=1)


def evaluate_audience(
    predictor: AudiencePredictor, dataset: Dataset, folds: tuple[int, ...]
) -> dict[str, float]:
    """Coverage, support, differences and affinity, on films of `folds`.

    Coverage is reported as `coverage_<percent>_<dimensions>`, with `_from_<n>`
    for a band of RATER_BANDS, and with `_known` when the predictor is told
    each film's number of raters.
    """
    judged = dataset.of_movie_folds(folds)
    with threadpool_limits(limits=1):  # small matrices: threads only wait
        known = judge_intervals(predictor, judged, with_n_raters=True)
        return (
            judge_intervals(predictor, judged, with_n_raters=False)
            | {f"{name}_known": value for name, value in known.items()}
            | judge_support(predictor, judged)
            | judge_differences(predictor, judged)
            | judge_affinity(predictor, judged)
        )


def _by_film_and_cell(counts: CellCounts, values: FloatArray) -> FloatArray:
    index = counts.film * counts.cells.n + counts.cell
    size = len(counts.movies) * counts.cells.n
    total = np.bincount(index, weights=values, minlength=size)
    return total.reshape(-1, counts.cells.n).astype(float)
