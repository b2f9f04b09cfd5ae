"""Answers to questions on the test folds: what `evaluate` puts on record."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.evaluation.questions import (
    N_QUESTIONS,
    Policy,
    ask_at_random,
    ask_from_a_list,
    ask_the_best_known,
    ask_what_is_worth_most,
    evaluate_questions,
)
from models_ml.experiments.runner import (
    SEED,
    TEST,
    ExperimentResult,
    ExperimentRunner,
    ExperimentSpec,
)
from models_ml.log import LOGGER
from models_ml.person.predictor import PersonPredictor

#: The released policy, and those it is compared with.
RELEASED: Final = "worth_most"
POLICIES: Final = (RELEASED, "one_list", "best_known", "random")


def question_runs(
    runner: ExperimentRunner,
    params: Mapping[str, Any],
    predictor: PersonPredictor,
) -> None:
    """Save a run of each policy for each number of questions."""
    for name in POLICIES:
        LOGGER.info(f"people of the test folds are asked: {name}")
        by_number = evaluate_questions(
            predictor,
            runner.dataset,
            TEST.test,
            policy_of(name, predictor),
            seed=SEED,
        )
        for n, values in by_number.items():
            spec = ExperimentSpec(
                "questions", "test", f"{name}-{n}", TEST, {**params, "n": n}
            )
            runner.run(spec, lambda values=values: _result(values))  # type: ignore[misc]


def policy_of(name: str, predictor: PersonPredictor) -> Policy:
    """The policy of a name in POLICIES."""
    if name == "one_list":
        return ask_from_a_list(predictor, max(N_QUESTIONS))
    return {
        RELEASED: ask_what_is_worth_most,
        "best_known": ask_the_best_known,
        "random": ask_at_random,
    }[name]


def _result(values: Mapping[str, FloatArray]) -> ExperimentResult:
    gain = values["answered"] - values["profile"]
    metrics = {
        "ndcg_catalogue_answered": float(np.nanmean(values["answered"])),
        "ndcg_catalogue_profile": float(np.nanmean(values["profile"])),
        "gain": float(np.nanmean(gain)),
        "seen": float(values["seen"].mean()),
    }
    return ExperimentResult(metrics, values)
