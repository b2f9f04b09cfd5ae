"""Tables of the report on the new-person task."""

from typing import Final

import numpy as np

from models_ml.experiments.runs import load_losses
from models_ml.metrics.bootstrap import Estimate, weighted_mean
from models_ml.report.markdown import table
from models_ml.report.saved_runs import (
    PERSON,
    PERSON_BASE,
    Record,
    Runs,
    by_known_ratings,
    cells_of,
    log_loss_of,
    name_of,
    p_of,
)

#: From `anchors/QUALITY.md`: another split of the same data.
_ANCHORS: Final = (
    ("class prior (anchor)", "1.0232", "1.1020", ".9220", ".5380"),
    ("film mean, shrunk (anchor)", ".9121", ".9742", ".7772", ".7453"),
    ("film + segment offsets, SQL (anchor)", "–", ".9702", ".7735", ".7577"),
    ("film shares × segment ratios, SQL (anchor)", ".9100", "–", "–", "–"),
    ("LightGBM, out of fold (anchor)", ".9086", "–", "–", "–"),
    ("myFM, rank 8 (anchor)", "–", ".9723", ".7753", ".7588"),
)


def person_table(runs: Runs) -> str:
    """Every candidate on the test folds, anchors above."""
    names = (
        ("log_loss", 4),
        ("rmse", 4),
        ("mae", 4),
        ("ndcg_rated", 4),
        ("ranked_probability_score", 4),
        ("ece_liked", 4),
        ("quadratic_kappa", 3),
        ("macro_f1", 3),
    )
    header = [
        "model",
        "log-loss",
        "RMSE",
        "MAE",
        "nDCG@10 rated",
        "RPS",
        "ECE liked",
        "kappa",
        "macro-F1",
    ]
    rows = [[*anchor, *["–"] * 4] for anchor in _ANCHORS]
    rows += [
        [
            name_of(run),
            *(f"{run['metrics'][name]:.{digits}f}" for name, digits in names),
        ]
        for run in runs.latest("new_person", "test")
    ]
    return table(header, rows)


def person_differences(runs: Runs) -> str:
    """The kept model against the film mean."""
    run = runs.one("new_person", "test", PERSON)
    base = runs.one("new_person", "test", PERSON_BASE)
    log_loss = runs.difference(run, base, "log_loss")
    squared = run["metrics"]["rmse"] - base["metrics"]["rmse"]
    ndcg = _ndcg_difference(runs, run, base)
    return "\n".join(
        [
            "Against the shrunk film mean in the same run:\n",
            table(
                ["measure", "difference", "95 % interval", "p", "d"],
                [
                    ["log-loss", *cells_of(log_loss)],
                    ["RMSE", f"{squared:+.4f}", *_rmse_cells(runs, run, base)],
                    ["nDCG@10 over rated films", *cells_of(ndcg)],
                ],
            ),
        ]
    )


def _ndcg_difference(runs: Runs, run: Record, base: Record) -> Estimate:
    own = load_losses(runs.folder, run["run_id"])["ndcg_rated"]
    other = load_losses(runs.folder, base["run_id"])["ndcg_rated"]
    known = np.isfinite(own) & np.isfinite(other)
    return weighted_mean((own - other)[known], known[known].astype(float))


def _rmse_cells(runs: Runs, run: Record, base: Record) -> list[str]:
    """From the squared error, which averages; shown on RMSE's scale."""
    squared = runs.difference(run, base, "squared_error")
    slope = 1 / (run["metrics"]["rmse"] + base["metrics"]["rmse"])
    return [
        f"{squared.low * slope:+.4f} to {squared.high * slope:+.4f}",
        p_of(squared),
        f"{squared.effect_size:+.2f}",
    ]


def placebo(runs: Runs) -> str:
    """What is left when profiles are exchanged."""
    known = runs.one("new_person", "tables", PERSON)
    unknown = runs.one("new_person", "unknown_profile", PERSON)
    placebo = runs.one("new_person", "placebo", PERSON)
    gain = runs.difference(known, unknown, "log_loss")
    vanished = runs.difference(placebo, unknown, "log_loss")
    rows = [
        ["nothing known of the person", log_loss_of(unknown), "", ""],
        ["profile", log_loss_of(known), *cells_of(gain)[:2]],
        ["profiles shuffled", log_loss_of(placebo), *cells_of(vanished)[:2]],
    ]
    return (
        "The same model fitted after exchanging profiles at random among "
        "people: what it gains over knowing nothing must vanish.\n\n"
        + table(["model", "log-loss", "difference", "95 % interval"], rows)
    )


def few_ratings(runs: Runs) -> str:
    """By number of known ratings."""
    records = by_known_ratings(runs)
    base = records[0]["metrics"]
    names = ("log_loss", "rmse", "ndcg_rated", "ece_liked")
    rows = []
    for record in records:
        metrics = record["metrics"]
        gains = [f"{metrics[n] - base[n]:+.4f}" for n in names[:3]]
        rows.append(
            [
                str(record["params"]["k"]),
                *(f"{metrics[name]:.4f}" for name in names),
                *gains,
            ]
        )
    header = ["k", "log-loss", "RMSE", "nDCG@10", "ECE liked"]
    header += ["Δ log-loss", "Δ RMSE", "Δ nDCG@10"]
    return (
        "The same release with k of the person's ratings known, judged on "
        "the same remaining ratings; answered in closed form.\n\n"
        + table(header, rows)
        + "\n\n![RMSE by known ratings](evaluation/few-ratings.png)"
    )


def fairness(runs: Runs) -> str:
    """Error and calibration of each segment."""
    record = runs.one("new_person", "tables", PERSON)
    header = ["dimension", "level", "people", "ratings", "log-loss"]
    header += ["RMSE", "ECE liked"]
    rows = [
        [
            str(row["dimension"]),
            str(row["level"]),
            f"{row['n_users']:,}",
            f"{row['n_ratings']:,}",
            f"{row['log_loss']:.4f}",
            f"{row['rmse']:.4f}",
            f"{row['ece_liked']:.4f}",
        ]
        for row in record["details"]["fairness"]
    ]
    return (
        table(header, rows)
        + "\n\nThe calibration error of small groups is mostly noise.\n\n"
        + "![RMSE of each segment](evaluation/segment-errors.png)"
    )
