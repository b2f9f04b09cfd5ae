"""The new-film task on the test folds: what `evaluate` puts on record."""

from collections.abc import Mapping
from typing import Any

from models_ml.evaluation.film import (
    FIRST_NEW_YEAR,
    NewFilmResult,
    evaluate_new_film,
    judge_reach,
    shuffle_films,
    split_by_time,
)
from models_ml.evaluation.film_audience import evaluate_audience
from models_ml.evaluation.film_targets import targets_by_least_effect
from models_ml.evaluation.film_told import JUDGED_FOLDS, evaluate_told
from models_ml.experiments.film_candidates import (
    FILM_CANDIDATES,
    AudienceShares,
)
from models_ml.experiments.runner import (
    SEED,
    SELECTION,
    TEST,
    ExperimentResult,
    ExperimentRunner,
    ExperimentSpec,
    Folds,
)
from models_ml.experiments.runs import Run
from models_ml.film.fit import fit_audience_predictor
from models_ml.film.support import LEAST_AFFINITY
from models_ml.log import LOGGER

Params = Mapping[str, Any]


def evaluate_films(
    runner: ExperimentRunner, name: str, params: Params
) -> None:
    """Save the runs beyond the comparison of the candidates."""
    _interval_run(runner, name, params)
    for folds, stage in ((SELECTION, "told_validation"), (TEST, "told")):
        _told_run(runner, name, params, folds, stage)
    _target_run(runner, name, params)
    _time_split_runs(runner, name, params)
    _placebo_run(runner, name, params)


def _interval_run(runner: ExperimentRunner, name: str, params: Params) -> Run:
    """Intervals and affinity, and predicted beside actual shares."""

    def work() -> ExperimentResult:
        train = runner.dataset.of_movie_folds(TEST.train)
        predictor = fit_audience_predictor(train, params)
        result = evaluate_new_film(
            AudienceShares(predictor), runner.dataset, TEST.test
        )
        judged = evaluate_audience(predictor, runner.dataset, TEST.test)
        return ExperimentResult(
            result.metrics() | judged,
            result.per_film(),
            {"shares": _shares(result)},
        )

    return runner.run(
        ExperimentSpec("new_film", "tables", name, TEST, params), work
    )


def _told_run(
    runner: ExperimentRunner,
    name: str,
    params: Params,
    folds: Folds,
    stage: str,
) -> Run:
    """What it brings to know how many will rate a film, and films like it."""

    def work() -> ExperimentResult:
        train = runner.dataset.of_movie_folds(folds.train)
        told = evaluate_told(
            fit_audience_predictor(train, params),
            runner.dataset,
            folds.test,
            SEED,
        )
        films = runner.dataset.of_movie_folds(folds.test)
        population = FILM_CANDIDATES["population"].fit(train)
        told["everyone_population"] = judge_reach(population, films)
        told["population"] = judge_reach(
            population, films.of_user_folds(JUDGED_FOLDS)
        )
        losses = told["nothing"].per_film()
        return ExperimentResult(
            {
                f"log_loss_{what}": result.metrics()["log_loss"]
                for what, result in told.items()
            },
            {key: losses[key] for key in ("movie_id", "n_ratings")}
            | {
                f"log_loss_{what}": result.per_film()["log_loss"]
                for what, result in told.items()
                if not what.startswith("everyone_")
            },
        )

    return runner.run(
        ExperimentSpec("new_film", stage, name, folds, params), work
    )


def _target_run(runner: ExperimentRunner, name: str, params: Params) -> Run:
    """What a least effect of targets costs: each fold but the test fold."""
    folds = TEST.train

    def work() -> ExperimentResult:
        tables = []
        for fold in folds:
            others = tuple(other for other in folds if other != fold)
            predictor = fit_audience_predictor(
                runner.dataset.of_movie_folds(others), params
            )
            tables.append(
                targets_by_least_effect(predictor, runner.dataset, (fold,))
            )
        total = [
            {key: sum(row[key] for row in rows) for key in rows[0]}
            | {"least_effect": rows[0]["least_effect"]}
            for rows in zip(*tables, strict=True)
        ]
        chosen = next(
            row for row in total if row["least_effect"] == LEAST_AFFINITY
        )
        metrics = {"precision": chosen["right"] / max(chosen["judged"], 1)}
        return ExperimentResult(metrics, details={"targets": total})

    return runner.run(
        ExperimentSpec(
            "new_film", "targets", name, Folds(folds, folds), params
        ),
        work,
    )


def _time_split_runs(
    runner: ExperimentRunner, name: str, params: Params
) -> None:
    """Fitted on films before FIRST_NEW_YEAR, judged on those since."""
    old, new = split_by_time(runner.dataset)
    if not len(old.ratings) or not len(new.ratings):
        LOGGER.info(
            f"no films on both sides of {FIRST_NEW_YEAR}: no time split"
        )
        return
    for candidate in ("population", "multinomial_logit", "lightgbm", name):
        chosen = params if candidate == name else None

        def work(
            candidate: str = candidate, chosen: Any = chosen
        ) -> ExperimentResult:
            fitted = FILM_CANDIDATES[candidate].fit(old, chosen)
            result = judge_reach(fitted, new)
            return ExperimentResult(result.metrics(), result.per_film())

        settings = chosen or FILM_CANDIDATES[candidate].defaults
        runner.run(
            ExperimentSpec(
                "new_film", "time_split", candidate, TEST, settings
            ),
            work,
        )


def _placebo_run(runner: ExperimentRunner, name: str, params: Params) -> None:
    """Titles, years and genres permuted, before fitting."""

    def work() -> ExperimentResult:
        shuffled = shuffle_films(runner.dataset, SEED)
        train = shuffled.of_movie_folds(TEST.train)
        fitted = FILM_CANDIDATES[name].fit(train, params)
        result = evaluate_new_film(fitted, shuffled, TEST.test)
        return ExperimentResult(result.metrics(), result.per_film())

    runner.run(ExperimentSpec("new_film", "placebo", name, TEST, params), work)


def _shares(result: NewFilmResult) -> dict[str, Any]:
    """Predicted and true shares of each film and segment, for the plot."""
    actual = result.raters / result.raters.sum(axis=1, keepdims=True)
    return {
        "predicted": result.shares.round(5).tolist(),
        "actual": actual.round(5).tolist(),
        "n_raters": result.raters.sum(axis=1).tolist(),
    }
