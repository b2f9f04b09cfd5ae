"""Lists over the whole catalogue: what `evaluate` records, and its tables."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from models_ml.evaluation.lists import (
    Lists,
    Rankings,
    evaluate_lists,
    ranking_of,
    rankings_of,
)
from models_ml.evaluation.person import DEFAULT_KS
from models_ml.experiments.person_candidates import CATALOGUE_CANDIDATES
from models_ml.experiments.runner import (
    SEED,
    TEST,
    ExperimentResult,
    ExperimentRunner,
    ExperimentSpec,
)
from models_ml.experiments.runs import load_losses
from models_ml.film.title_words import series_numbers
from models_ml.log import LOGGER
from models_ml.metrics.bootstrap import Estimate, weighted_mean
from models_ml.person.peers import implicit_is_installed
from models_ml.person.predictor import PersonPredictor
from models_ml.report.markdown import table
from models_ml.report.saved_runs import PERSON, Record, Runs, cells_of
from models_ml.warehouse.dataset import Dataset

NOVELTIES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
#: Known ratings at which novelty is measured.
_NOVELTY_KS: Final = (0, 5)
#: Numbers of known ratings at which each simpler model is judged: those
#: without a use for ratings only where there are none.
_JUDGED_AT: Final = {
    "popularity": DEFAULT_KS,
    "log_ratios": (0,),
    "likes_ridge": (0,),
    "ease": tuple(k for k in DEFAULT_KS if k > 0),
    "implicit_als": tuple(k for k in DEFAULT_KS if k > 0),
}
#: From `anchors/QUALITY.md`: another split of the same data. That of a
#: candidate is told where the candidate has no run.
_REFERENCES: Final = (
    (None, "LightFM, demographics, WARP (reference)", 0, ".4071"),
    ("implicit_als", "implicit's ALS, fold-in (reference)", 10, ".4518"),
    (None, "softmax autoencoder, demographics (reference)", 10, ".5450"),
)

Params = Mapping[str, Any]


def list_runs(
    runner: ExperimentRunner,
    train: Dataset,
    name: str,
    params: Params,
    predictor: PersonPredictor,
) -> None:
    """Runs of the predictor, of simpler models, and of novelty."""
    for k in DEFAULT_KS:
        spec = _spec("test", name, params, k)
        _list_run(runner, spec, rankings_of(predictor))
    for candidate in _JUDGED_AT:
        if candidate == "implicit_als" and not implicit_is_installed():
            LOGGER.info(
                "catalogue, test: no run of implicit_als, since implicit is"
                " not installed (pip install '.[peers]')"
            )
            continue
        simpler_list_runs(runner, train, candidate)
    for k in _NOVELTY_KS:
        spec = _spec("novelty", name, params, k)
        _list_run(runner, spec, rankings_of(predictor, NOVELTIES))


def simpler_list_runs(
    runner: ExperimentRunner, train: Dataset, candidate: str
) -> None:
    """Runs of one of CATALOGUE_CANDIDATES, on the draws of the predictor."""
    simpler = CATALOGUE_CANDIDATES[candidate]
    settings = simpler.defaults
    why = simpler.limits.exceeded_by(runner.dataset)
    if why is not None:
        spec = ExperimentSpec("catalogue", "test", candidate, TEST, settings)
        runner.leave_out(spec, why)
        return
    model = simpler.fit(train)
    for k in _JUDGED_AT[candidate]:
        spec = _spec("test", candidate, settings, k)
        _list_run(runner, spec, ranking_of("for_you", model))


def _spec(stage: str, name: str, params: Params, k: int) -> ExperimentSpec:
    return ExperimentSpec(
        "catalogue", stage, f"{name}-{k}", TEST, {**params, "k": k}
    )


def _list_run(
    runner: ExperimentRunner, spec: ExperimentSpec, rankings: Rankings
) -> None:
    """One run; lists of the stage `novelty` hold one film of a series."""
    titles = runner.dataset.movies.title

    def work() -> ExperimentResult:
        lists = evaluate_lists(
            rankings,
            runner.dataset,
            spec.folds.test,
            n_known=spec.params["k"],
            seed=SEED,
            series_of=(
                series_numbers(titles) if spec.stage == "novelty" else None
            ),
        )
        return ExperimentResult(
            _metrics(lists), {name: of.ndcg for name, of in lists.items()}
        )

    runner.run(spec, work)


def _metrics(lists: Mapping[str, Lists]) -> dict[str, float]:
    return {
        f"{measure}_{name}": value
        for name, of in lists.items()
        for measure, value in of.metrics().items()
    }


def catalogue(runs: Runs) -> str:
    """Ranking of all films, by number of known ratings."""
    return "\n\n".join(
        [
            "nDCG@10 over all films, relevant = 4 stars or more, films known "
            "left out. Beside it how alike the lists are: different films in "
            "the lists of all people, and the share of the lists' places that "
            "the ten commonest films take. Offline measures favour popular "
            "lists: popular films are what could be rated.",
            _rankings_table(runs),
            "`for_you` against simpler models, paired bootstrap over people:",
            _differences_table(runs),
            "Measured elsewhere, on another split: "
            + "; ".join(
                f"{model} {value} with {k} ratings known"
                for candidate, model, k, value in _REFERENCES
                if candidate is None or not _on_record(runs, candidate)
            )
            + ". No wheel of LightFM is to be had, so that it is not judged "
            "here.",
            "### Novelty\n",
            "`novelty` in a request divides by a power of everyone's "
            "probability. These lists hold one film of a series, as served.",
            _novelty_table(runs),
        ]
    )


def _rankings_table(runs: Runs) -> str:
    rows = []
    for k in DEFAULT_KS:
        for candidate, ranking in (
            ("popularity", "for_you"),
            *((PERSON, name) for name in ("for_you", "liking", "distinctive")),
        ):
            run = runs.one("catalogue", "test", f"{candidate}-{k}")
            label = ranking if candidate == PERSON else candidate
            rows.append([str(k), label, *_list_cells(run, ranking)])
    header = ["known ratings", "ranking", "nDCG@10", "films", "shared"]
    return table(header, rows)


def _list_cells(run: Record, ranking: str) -> list[str]:
    metrics = run["metrics"]
    return [
        f"{metrics[f'ndcg_catalogue_{ranking}']:.4f}",
        f"{metrics[f'n_distinct_{ranking}']:.0f}",
        f"{100 * metrics[f'shared_{ranking}']:.0f} %",
    ]


def _differences_table(runs: Runs) -> str:
    rows = []
    for k in DEFAULT_KS:
        own = runs.one("catalogue", "test", f"{PERSON}-{k}")
        for candidate, ks in _JUDGED_AT.items():
            if k not in ks or not _on_record(runs, candidate):
                continue
            base = runs.one("catalogue", "test", f"{candidate}-{k}")
            value = base["metrics"]["ndcg_catalogue_for_you"]
            difference = _difference(runs, own, base)
            rows.append(
                [str(k), candidate, f"{value:.4f}", *cells_of(difference)]
            )
    header = ["known ratings", "model", "its nDCG@10", "for_you less it"]
    return table([*header, "95 % interval", "p", "d"], rows)


def _on_record(runs: Runs, candidate: str) -> bool:
    """False for implicit's ALS where no `evaluate` had it installed.

    Any other candidate is on record, or the report is refused.
    """
    return candidate != "implicit_als" or any(
        run["candidate"].startswith("implicit_als-")
        for run in runs.of("catalogue", "test")
    )


def _difference(runs: Runs, run: Record, base: Record) -> Estimate:
    own = load_losses(runs.folder, run["run_id"])["for_you"]
    other = load_losses(runs.folder, base["run_id"])["for_you"]
    known = np.isfinite(own) & np.isfinite(other)
    return weighted_mean((own - other)[known], known[known].astype(float))


def _novelty_table(runs: Runs) -> str:
    rows = []
    for k in _NOVELTY_KS:
        run = runs.one("catalogue", "novelty", f"{PERSON}-{k}")
        rows += [
            [str(k), f"{x:g}", *_list_cells(run, f"novelty {x:g}")]
            for x in NOVELTIES
        ]
    header = ["known ratings", "novelty", "nDCG@10", "films", "shared"]
    return table(header, rows)
