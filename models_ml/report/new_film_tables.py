"""Tables of the report on new films for new people."""

from typing import Final

from models_ml.report.markdown import table
from models_ml.report.new_film_runs import ALONE, JOINED, TASK
from models_ml.report.saved_runs import Record, Runs, cells_of

_NAMES: Final = {
    "four_stars": "always 4 stars",
    "mean": "always the mean",
    "content_ridge": "ridge on genres, year and profile",
    ALONE: "the person predictor alone",
    JOINED: "**one belief of both predictors**",
}
_MEASURES: Final = (
    "mae",
    "mae_of_median",
    "rmse",
    "log_loss",
    "ece_liked",
    "bias",
)
_HEADER: Final = [
    "MAE",
    "MAE of the median",
    "RMSE",
    "log-loss",
    "ECE liked",
    "bias",
]
#: From `anchors/QUALITY.md`: another choice of people.
_ANCHORS: Final = (
    ["always 4 stars (anchor)", ".882", ""],
    ["always the mean (anchor)", ".949", ""],
    ["ridge (anchor)", ".969", ".879"],
    ["release of November 2026 (anchor)", "1.099", ".900"],
    ["MeLU, published (anchor)", "", ".9235"],
)


def new_films(runs: Runs) -> str:
    """Both splits, with nothing known and with ratings known."""
    parts = [_METHOD]
    for split, title in (
        ("time", "Films from 1998, learnt from films up to 1997"),
        ("hash", "Films held out by a hash of their id"),
    ):
        records = _records(runs, split)
        if records:
            parts += [f"**{title}.**", _unknown(records), _known(records)]
            parts.append(_difference(runs, split))
    parts.append(_bands(runs))
    return "\n\n".join(part for part in parts if part)


def _records(runs: Runs, split: str) -> dict[str, Record]:
    saved = {record["candidate"] for record in runs.of(TASK, split)}
    return {
        name: runs.one(TASK, split, name) for name in _NAMES if name in saved
    }


def _unknown(records: dict[str, Record]) -> str:
    rows = [
        [_NAMES[name], *_cells(record, "")] for name, record in records.items()
    ]
    n_ratings = next(iter(records.values()))["metrics"]["n_ratings"]
    return (
        f"Nothing known but the profile, {n_ratings:,.0f} ratings:\n\n"
        + table(["model", *_HEADER], rows)
    )


def _known(records: dict[str, Record]) -> str:
    rows = [[*anchor, *[""] * 5] for anchor in _ANCHORS]
    rows += [
        [
            _NAMES[name],
            _number(record, "paired_mae"),
            _number(record, "known_mae"),
            *_cells(record, "known_")[1:],
        ]
        for name, record in records.items()
    ]
    header = ["model", "MAE, none known", "MAE, 3 to 90 known", *_HEADER[1:]]
    return (
        "Ten ratings judged of each person with 13 to 100 of new films, the "
        "others known (from the third column on):\n\n" + table(header, rows)
    )


def _difference(runs: Runs, split: str) -> str:
    run, base = (runs.one(TASK, split, name) for name in (JOINED, ALONE))
    rows = [
        [
            "absolute error, against the person predictor alone",
            *cells_of(runs.difference(run, base, "absolute_error")),
        ]
    ]
    return table(["measure", "difference", "95 % interval", "p", "d"], rows)


def _bands(runs: Runs) -> str:
    """Films with few ratings, before and after they lean on content."""
    if not runs.of(TASK, "few_ratings"):
        return ""
    rows = []
    for band in runs.one(TASK, "few_ratings", JOINED)["details"]["bands"]:
        last = band["below_ratings"] - 1
        first = band["from_ratings"]
        rows.append(
            [
                f"{first}" if first == last else f"{first} to {last}",
                f"{band['n_test_ratings']:.0f}",
                *(
                    f"{band[f'{name}_{measure}']:.4f}"
                    for measure in ("mae", "log_loss")
                    for name in (ALONE, JOINED)
                ),
            ]
        )
    header = ["ratings of the film", "judged"]
    header += ["MAE, alone", "MAE", "log-loss, alone", "log-loss"]
    return (
        "Known films with few ratings, for new people of whom nothing is "
        "known:\n\n" + table(header, rows)
    )


def _cells(record: Record, prefix: str) -> list[str]:
    return [_number(record, f"{prefix}{name}") for name in _MEASURES]


def _number(record: Record, name: str) -> str:
    value = record["metrics"].get(name)
    if value is None:
        return "–"
    return f"{value:+.3f}" if name.endswith("bias") else f"{value:.4f}"


_METHOD: Final = """\
Both held out: models are fitted on other people's ratings of other films.
MAE is of the expected stars; the median of the predicted stars is the
forecast that is best by absolute error. Bias is the mean of predicted less
actual stars. Anchors were measured on another choice of people: compare
differences."""
