"""The table of the report on answers to questions."""

from typing import Final

import numpy as np

from models_ml.evaluation.questions import N_QUESTIONS
from models_ml.experiments.runs import load_losses
from models_ml.metrics.bootstrap import Estimate, weighted_mean
from models_ml.report.markdown import table
from models_ml.report.question_runs import POLICIES, RELEASED
from models_ml.report.saved_runs import Record, Runs

_NAMES: Final = {
    "worth_most": "what is worth most (released)",
    "one_list": "one list for everyone",
    "best_known": "the best known films",
    "random": "at random",
}
_HEADER: Final = (
    "films asked about",
    "questions",
    "seen",
    "profile alone",
    "with answers",
    "gain",
    "95 % interval",
)


def questions(runs: Runs) -> str:
    """Every policy, by number of questions."""
    rows = [
        _row(runs, name, n, runs.one("questions", "test", f"{name}-{n}"))
        for name in POLICIES
        for n in N_QUESTIONS
    ]
    return (
        "Each person of the test folds is asked film after film, and answers "
        'with the rating they gave or with "not seen". nDCG@10 over the '
        "catalogue without the films asked about, relevant = 4 stars or "
        "more, of the list by the profile alone and of the list with the "
        "answers; the same model makes all lists, and only the choice of the "
        "films differs. One list: each film explains most of the variance of "
        "likes that those before leave. At random: among the films that can "
        "be asked about.\n\n"
        + table(list(_HEADER), rows)
        + "\n\n![Gain by questions asked](evaluation/questions.png)"
    )


def gains(runs: Runs) -> dict[str, list[tuple[int, Estimate]]]:
    """By policy, in words: numbers of questions, and what they brought."""
    return {
        _NAMES[name]: [
            (n, gain_of(runs, runs.one("questions", "test", f"{name}-{n}")))
            for n in N_QUESTIONS
        ]
        for name in POLICIES
    }


def _row(runs: Runs, name: str, n: int, run: Record) -> list[str]:
    metrics, gain = run["metrics"], gain_of(runs, run)
    label = f"**{_NAMES[name]}**" if name == RELEASED else _NAMES[name]
    return [
        label,
        str(n),
        f"{100 * metrics['seen']:.0f} %",
        f"{metrics['ndcg_catalogue_profile']:.4f}",
        f"{metrics['ndcg_catalogue_answered']:.4f}",
        f"{gain.value:+.4f}",
        f"{gain.low:+.4f} to {gain.high:+.4f}",
    ]


def gain_of(runs: Runs, run: Record) -> Estimate:
    """What the answers brought, by a bootstrap over people."""
    values = load_losses(runs.folder, run["run_id"])
    gain = values["answered"] - values["profile"]
    known = np.isfinite(gain)
    return weighted_mean(gain[known], known[known].astype(float))
