"""Tables of the report on the new-film task."""

from collections.abc import Mapping
from typing import Final

from models_ml.evaluation.film_audience import SUPPORT_BYS
from models_ml.experiments.runs import load_losses
from models_ml.film.support import LEAST_AFFINITY
from models_ml.metrics.bootstrap import weighted_mean
from models_ml.report.markdown import table
from models_ml.report.saved_runs import (
    FILM,
    FILM_BASE,
    Record,
    Runs,
    cells_of,
    name_of,
)


def _film_row(run: Record, base: Record) -> list[str]:
    metrics = run["metrics"]
    gain = metrics["log_loss"] - base["metrics"]["log_loss"]
    return [
        name_of(run),
        f"{metrics['log_loss']:.4f}",
        f"{gain:+.4f}",
        f"{metrics['total_variation']:.4f}",
        *(
            f"{metrics[name]:.3f}" if name in metrics else "–"
            for name in (
                "top_segment_hit_rate",
                "female_share_r",
                "female_share_r2",
                "mean_age_r",
                "mean_age_r2",
            )
        ),
    ]


_FILM_HEADER: Final = [
    "model",
    "log-loss per rating",
    "gain",
    "total variation",
    "top segment hit",
    "female share r",
    "R²",
    "mean age r",
    "R²",
]
_FILM_ANCHORS: Final = (
    ["population (anchor)", "2.1815", "", "–", ".27", "–", "–", "–", "–"],
    ["genre mean (anchor)", "2.1640", "-.0175", "–", "–", "–", "–", "–", "–"],
    [
        "multinomial logit (anchor)",
        "2.1390",
        "-.0425",
        "–",
        ".68",
        ".74",
        "–",
        ".79",
        "–",
    ],
)


def film_table(runs: Runs) -> str:
    """Every candidate on the test folds, anchors above."""
    base = runs.one("new_film", "test", FILM_BASE)
    rows = [list(anchor) for anchor in _FILM_ANCHORS]
    rows += [_film_row(run, base) for run in runs.latest("new_film", "test")]
    return table(_FILM_HEADER, rows) + (
        "\n\nThe audience by gender × age group of films that nobody has "
        "rated. Correlations, R² and hits are over films with 50 raters or "
        "more; a hit is a top segment (by reach index) among the true top "
        "three."
    )


def film_differences(runs: Runs) -> str:
    """The kept model against two baselines."""
    run = runs.one("new_film", "test", FILM)
    rows = []
    for base in (FILM_BASE, "multinomial_logit"):
        other = runs.one("new_film", "test", base)
        rows.append([base, *cells_of(runs.difference(run, other, "log_loss"))])
    return table(
        ["log-loss against", "difference", "95 % interval", "p", "d"], rows
    )


def intervals(runs: Runs) -> str:
    """How many actual shares the intervals hold."""
    metrics = runs.one("new_film", "tables", FILM)["metrics"]
    names = [
        name[len("coverage_80_") :]
        for name in metrics
        if name.startswith("coverage_80_") and "_from_" not in name
    ]
    rows = [
        [
            name.replace("_known", " (raters known)"),
            f"{100 * metrics[f'coverage_80_{name}']:.1f} %",
            f"{100 * metrics[f'coverage_95_{name}']:.1f} %",
        ]
        for name in names
    ]
    return (
        "How many of the actual shares lie in the predicted interval. The "
        "interval is of the share among a film's raters, so it allows for "
        "how few there may be; told their number, it narrows.\n\n"
        + table(["by", "80 % interval holds", "95 % interval holds"], rows)
    )


_TOLD: Final = {
    "nothing": "title, year and genres alone",
    "n_raters": "how many will rate it",
    "comparables_by_likeness": "5 films most alike in title, year, genres",
    "comparables_by_raters": "5 films named by an informed caller",
    "comparables_by_raters_n_raters": "both of the last but one",
}


def told(runs: Runs) -> str:
    """What it brings to tell the predictor more of a film."""
    validation = runs.one("new_film", "told_validation", FILM)["metrics"]
    test = runs.one("new_film", "told", FILM)
    losses = load_losses(runs.folder, test["run_id"])
    rows = []
    for what, text in _TOLD.items():
        better = weighted_mean(
            losses[f"log_loss_{what}"] - losses["log_loss_nothing"],
            losses["n_ratings"],
        )
        rows.append(
            [
                text,
                *(
                    f"{_gain(metrics, what):.4f}"
                    for metrics in (validation, test["metrics"])
                ),
                *(
                    ["", ""]
                    if what == "nothing"
                    else [
                        f"{-better.value:+.4f}",
                        f"{-better.high:+.4f} to {-better.low:+.4f}",
                    ]
                ),
            ]
        )
    everyone = [
        f"{_gain(metrics, what, 'everyone_'):.4f}"
        for metrics in (validation, test["metrics"])
        for what in ("nothing", "n_raters")
    ]
    header = ["told", "gain, validation", "gain, test", "more", "95 %"]
    return (
        "The gain in log-loss per rating over the population's shares, by "
        "what the predictor is told. The informed caller names films at "
        "random among the 15 that share most raters with the new one, as the "
        "people of two user folds show it; only the people of the other three "
        "are judged. Over the ratings of all people, how many will rate it "
        f"lifts the gain from {everyone[0]} to {everyone[1]} on validation, "
        f"and from {everyone[2]} to {everyone[3]} on test films.\n\n"
        + table(header, rows)
    )


def _gain(metrics: Mapping[str, float], what: str, people: str = "") -> float:
    base = metrics[f"log_loss_{people}{FILM_BASE}"]
    return base - metrics[f"log_loss_{people}{what}"]


def targets(runs: Runs) -> str:
    """What a least effect of targets costs."""
    details = runs.one("new_film", "targets", FILM)["details"]
    rows = []
    for row in details["targets"]:
        judged = max(row["judged"], 1)
        cells = [
            f"{100 * row['least_effect']:.1f}",
            f"{100 * row['films_with_target'] / row['films']:.0f} %",
            f"{row['targets'] / row['films']:.2f}",
            f"{100 * row['right'] / judged:.0f} %",
            f"{100 * row['affinity'] / max(row['n_ratings'], 1):.1f}",
        ]
        is_chosen = row["least_effect"] == LEAST_AFFINITY
        rows.append([f"**{cell}**" for cell in cells] if is_chosen else cells)
    header = [
        "least effect (points)",
        "films with a target",
        "targets a film",
        "that did like it more",
        "observed affinity (points)",
    ]
    return (
        "Films of folds 0 to 3, each predicted from the other three; a "
        "segment of gender × age group is judged where it has 20 ratings of "
        "the film or more. The chosen least effect is in bold.\n\n"
        + table(header, rows)
    )


def support(runs: Runs) -> str:
    """What the films' raters were, of segments called above or below 100."""
    metrics = runs.one("new_film", "tables", FILM)["metrics"]
    rows = [
        [
            by.replace("_", " "),
            f"{100 * metrics[f'supported_share_{by}']:.0f} %",
            f"{metrics[f'index_called_above_{by}']:.0f}",
            f"{metrics[f'index_called_below_{by}']:.0f}",
        ]
        for by in SUPPORT_BYS
    ]
    differences = (
        ""
        if "difference_right" not in metrics
        else "\n\nOf two films that nobody has rated, a segment's share is "
        "told to differ where the 80 % interval of the difference says so. Of "
        "pairs of films with 50 raters or more, "
        f"{100 * metrics['difference_supported']:.0f} % of segments were told "
        f"to differ, and {100 * metrics['difference_right']:.0f} % of those "
        "did so; the squared error of the difference was "
        f"{metrics['difference_ratio']:.2f} of what its variance, and chance, "
        "allow."
    )
    return (
        "A segment's reach index is called above or below 100 where the 80 % "
        "interval of its expected share says so. What the actual raters of "
        "all those films and segments together were, as an index:\n\n"
        + table(
            ["by", "segments called", "called above", "called below"], rows
        )
        + differences
    )


def affinity(runs: Runs) -> str:
    """Affinity beside what noise allows."""
    metrics = runs.one("new_film", "tables", FILM)["metrics"]
    names = {
        "affinity_r2": "weighted R²",
        "affinity_r2_ceiling": "the most that noise allows (ceiling)",
        "affinity_sign_accuracy": "sign accuracy",
        "films_with_target": "films with a target",
        "targets_that_like_it_more": "targets that did like it more",
    }
    rows = [
        [text, f"{metrics[name]:.3f}"]
        for name, text in names.items()
        if name in metrics
    ]
    return table(["measure", "value"], rows)


def time_split(runs: Runs) -> str:
    """Old films to learn from, new ones to judge."""
    records = runs.latest("new_film", "time_split")
    if not records:
        return "The data has no films on both sides of 1998."
    base = runs.one("new_film", "time_split", FILM_BASE)
    return (
        "Fitted on films up to 1997, judged on films from 1998.\n\n"
        + table(_FILM_HEADER, [_film_row(run, base) for run in records])
    )
