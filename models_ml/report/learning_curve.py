"""How much the size of the sample matters to the model that needs it.

Counts are of everybody throughout; the people of whom it is known who rated
what are fewer.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from models_ml.evaluation.person import evaluate_new_person
from models_ml.experiments.person_candidates import PERSON_CANDIDATES
from models_ml.experiments.runner import (
    SEED,
    SELECTION,
    Experiment,
    ExperimentResult,
    ExperimentRunner,
    ExperimentSpec,
)
from models_ml.report.markdown import table
from models_ml.report.saved_runs import Runs
from models_ml.warehouse.dataset import Dataset

#: Parts of the sample's people.
SHARES: Final = (0.125, 0.25, 0.5, 0.75, 1.0)


def learning_curve_runs(
    runner: ExperimentRunner, name: str, params: Mapping[str, Any]
) -> None:
    """Fit on parts of the sample, judge on the validation fold."""
    train = runner.dataset.of_user_folds(SELECTION.train)
    runner.run_all(
        [
            _experiment(runner, train, name, params, share)
            for share in reversed(SHARES)
        ]
    )


def _experiment(
    runner: ExperimentRunner,
    train: Dataset,
    name: str,
    params: Mapping[str, Any],
    share: float,
) -> Experiment:
    def work() -> ExperimentResult:
        part = part_of_sample(train, share)
        fitted = PERSON_CANDIDATES[name].fit(part, params)
        result = evaluate_new_person(fitted, runner.dataset, SELECTION.test)
        sampled = {"sampled_ratings": float(len(part.ratings))}
        return ExperimentResult(result.metrics() | sampled, result.per_user())

    return Experiment(
        ExperimentSpec(
            "new_person",
            "learning_curve",
            name,
            SELECTION,
            {**params, "share_of_people": share},
        ),
        work,
    )


def part_of_sample(dataset: Dataset, share: float) -> Dataset:
    """The ratings of a `share` of the people, everybody's counts as before.

    People are drawn at random; those of a smaller share are in a larger one.
    """
    place = np.random.default_rng(SEED).permutation(len(dataset.users))
    keep = place[dataset.ratings.user] < share * len(dataset.users)
    return replace(dataset, ratings=dataset.ratings.where(keep))


def learning_curve(runs: Runs) -> str:
    """By ratings in the sample."""
    names = ("log_loss", "rmse", "ndcg_rated")
    records = sorted(
        runs.of("new_person", "learning_curve"),
        key=lambda record: record["params"]["share_of_people"],
    )
    rows = [
        [
            f"{record['metrics']['sampled_ratings']:,.0f}",
            *(f"{record['metrics'][name]:.4f}" for name in names),
            f"{record['seconds']:.1f}",
        ]
        for record in records
    ]
    header = ["ratings sampled", "log-loss", "RMSE", "nDCG@10 rated", "s"]
    return (
        "Who rated what is learnt from a sample of people, and films are held "
        "to the counts of everybody. Fitted on parts of folds 0 to 2, judged "
        "on fold 3: the bound on the sample (`max_sampled_ratings`) is as "
        "high as the time for training allows.\n\n" + table(header, rows)
    )
