"""Plots of the report, drawn from saved runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models_ml.metrics.bootstrap import Estimate

Record = Mapping[str, Any]

_INK: Final = "#1f3044"
_ACCENT: Final = "#b3372f"
_MUTED: Final = "#8a949e"


def draw_reliability(path: Path, record: Record) -> None:
    """Predicted against actual shares of liked, and of loved."""
    figure, axes = _figure()
    for label, colour in (("liked", _INK), ("loved", _ACCENT)):
        curve = record["details"]["reliability"][label]
        bins = np.array(curve["bins"])
        axes.plot(
            bins[:, 0],
            bins[:, 1],
            marker="o",
            color=colour,
            label=f"{label} (error {curve['ece']:.4f})",
        )
    axes.plot([0, 1], [0, 1], color=_MUTED, linewidth=0.8)
    axes.set_xlabel("predicted probability")
    axes.set_ylabel("share of ratings")
    axes.legend(frameon=False)
    _save(figure, path)


def draw_gain(path: Path, record: Record) -> None:
    """Gain in log-loss over the film mean, by ratings of the film."""
    rows = record["details"]["gain_by_film_ratings"]
    figure, axes = _figure()
    labels = [_band(row) for row in rows]
    axes.bar(
        labels,
        [row["gain"] for row in rows],
        yerr=[1.96 * row["standard_error"] for row in rows],
        color=_INK,
        ecolor=_MUTED,
    )
    axes.axhline(0, color=_MUTED, linewidth=0.8)
    axes.set_xlabel("ratings of the film in training")
    axes.set_ylabel("gain in log-loss over the film mean")
    _save(figure, path)


def draw_segment_errors(path: Path, record: Record) -> None:
    """RMSE of each segment, beside the film mean's."""
    own = record["details"]["fairness"]
    base = record["details"]["fairness_film_mean"]
    figure, axes = _figure(height=8.5)
    places = np.arange(len(own))[::-1]
    axes.scatter(
        [row["rmse"] for row in base], places, color=_MUTED, label="film mean"
    )
    axes.scatter(
        [row["rmse"] for row in own], places, color=_ACCENT, label="kept model"
    )
    names = [f"{row['level']} ({row['n_users']})" for row in own]
    axes.set_yticks(places, names, fontsize=7)
    axes.set_xlabel("RMSE in stars (people in brackets)")
    axes.legend(frameon=False)
    _save(figure, path)


def draw_few_ratings(path: Path, records: Sequence[Record]) -> None:
    """RMSE by number of known ratings."""
    figure, axes = _figure()
    ks = [record["params"]["k"] for record in records]
    axes.plot(
        ks,
        [record["metrics"]["rmse"] for record in records],
        marker="o",
        color=_INK,
    )
    axes.set_xticks(ks)
    axes.set_xlabel("known ratings of the person")
    axes.set_ylabel("RMSE in stars")
    _save(figure, path)


def draw_questions(
    path: Path, gains: Mapping[str, Sequence[tuple[int, Estimate]]]
) -> None:
    """Gain by number of questions, a curve with intervals per policy.

    `gains` has them by the policy's name, the released one first.
    """
    figure, axes = _figure()
    colours = (_ACCENT, _INK, _MUTED, "#c9a227")
    for colour, (name, points) in zip(colours, gains.items(), strict=False):
        ns = [0, *(n for n, _ in points)]
        values = [0.0, *(gain.value for _, gain in points)]
        low = [0.0, *(gain.value - gain.low for _, gain in points)]
        high = [0.0, *(gain.high - gain.value for _, gain in points)]
        axes.errorbar(
            ns,
            values,
            yerr=[low, high],
            marker="o",
            color=colour,
            capsize=3,
            label=name,
        )
    axes.set_xlabel("questions asked")
    axes.set_ylabel("gain in nDCG@10 over the profile alone")
    axes.legend(frameon=False)
    _save(figure, path)


def draw_reach(path: Path, record: Record) -> None:
    """Predicted against actual shares, films with 50 raters or more."""
    shares = record["details"]["shares"]
    enough = np.array(shares["n_raters"]) >= 50
    predicted = np.array(shares["predicted"])[enough]
    actual = np.array(shares["actual"])[enough]
    figure, axes = _figure()
    axes.scatter(predicted, actual, s=3, color=_INK, alpha=0.3, linewidths=0)
    top = float(max(predicted.max(initial=0.1), actual.max(initial=0.1)))
    axes.plot([0, top], [0, top], color=_ACCENT, linewidth=0.8)
    axes.set_xlabel("predicted share of a gender × age group")
    axes.set_ylabel("actual share")
    _save(figure, path)


def _band(row: Record) -> str:
    high = row["below_ratings"]
    if high >= 10**9:
        return f"{row['from_ratings']}+"
    return f"{row['from_ratings']}-{high - 1}"


def _figure(height: float = 3.6) -> tuple[Figure, Axes]:
    mpl.rcParams["svg.hashsalt"] = "plateia"
    figure = Figure(figsize=(6.4, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, dpi=110, metadata={"Software": None})
