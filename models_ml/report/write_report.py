"""The report on saved runs: `docs/evaluation.md` and its plots."""

import json
from pathlib import Path
from typing import Final

from models_ml.experiments.runs import load_runs
from models_ml.report import (
    film_tables,
    new_film_tables,
    person_lists,
    person_tables,
    plots,
    question_tables,
)
from models_ml.report.learning_curve import learning_curve
from models_ml.report.markdown import (
    replace_block,
    replace_in_readmes,
    table,
)
from models_ml.report.saved_runs import (
    FILM,
    FILM_BASE,
    PERSON,
    PERSON_BASE,
    Runs,
    by_known_ratings,
    log_loss_of,
)
from models_ml.settings import PROJECT

#: Details with a row for each film, which only a plot needs.
_POINTS: Final = ("shares",)


def write_report(folder: Path, target: Path, data_digest: str) -> Path:
    """Write `evaluation.md` and `evaluation/*.png` below `target`.

    Only saved runs of the data with `data_digest` are looked at. Where the
    target is `docs/`, both READMEs get the summary, and the run records are
    copied to `docs/runs`.
    """
    records = [
        record
        for record in load_runs(folder)
        if record["data_digest"] == data_digest
    ]
    runs = Runs(folder, records)
    images = target / "evaluation"
    images.mkdir(parents=True, exist_ok=True)
    _draw(runs, images)
    page = target / "evaluation.md"
    page.write_text(_page(runs), "utf-8")
    if target == PROJECT / "docs":
        replace_in_readmes("evaluation", _summary(runs))
        replace_block(
            target / "model-film.md", "targets", film_tables.targets(runs)
        )
        _copy_records(runs, target / "runs")
    return page


def _draw(runs: Runs, images: Path) -> None:
    tables = runs.one("new_person", "tables", PERSON)
    plots.draw_reliability(images / "reliability.png", tables)
    plots.draw_gain(images / "gain-by-film-ratings.png", tables)
    plots.draw_segment_errors(images / "segment-errors.png", tables)
    plots.draw_few_ratings(images / "few-ratings.png", by_known_ratings(runs))
    plots.draw_questions(images / "questions.png", question_tables.gains(runs))
    plots.draw_reach(
        images / "reach.png", runs.one("new_film", "tables", FILM)
    )


def _copy_records(runs: Runs, target: Path) -> None:
    """Records without losses and points of plots: aggregates only.

    They take the place of older records of the same experiments; others,
    such as the search of an earlier model, stay.
    """
    target.mkdir(exist_ok=True)
    repeated = {_experiment(record["run_id"]) for record in runs.records}
    for old in target.glob("*.json"):
        if _experiment(old.stem) in repeated:
            old.unlink()
    for record in runs.records:
        details = {
            name: value
            for name, value in record["details"].items()
            if name not in _POINTS
        }
        text = json.dumps({**record, "details": details}, indent=1)
        (target / f"{record['run_id']}.json").write_text(text + "\n", "utf-8")


def _experiment(run_id: str) -> str:
    """What was tried: the run's name without the digest of its settings."""
    return run_id.rpartition("-")[0]


def left_out(runs: Runs) -> str:
    """A line for each candidate that the data were too large for."""
    return "\n".join(
        f"- No run of `{run['candidate']}` ({run['task']},"
        f" {run['details']['stage']}): {run['details']['why']}."
        for run in runs.records
        if run["stage"] == "left_out"
    )


def _page(runs: Runs) -> str:
    generated = any(record["data_generated"] for record in runs.records)
    warning = (
        "**These numbers are of generated data, not of MovieLens.**\n"
        if generated
        else ""
    )
    parts = [
        "# Evaluation",
        "Written by `python -m models_ml evaluate` from saved runs; the runs "
        "themselves are in [runs/](runs/) and can be queried: "
        "`select * from read_json('docs/runs/*.json')`.",
        warning,
        left_out(runs),
        _METHOD,
        "## A new person\n",
        person_tables.person_table(runs),
        person_tables.person_differences(runs),
        _PERSON_PLOTS,
        "### The whole catalogue\n",
        person_lists.catalogue(runs),
        "### How far demographics carry: the placebo\n",
        person_tables.placebo(runs),
        "### A few ratings\n",
        person_tables.few_ratings(runs),
        "### Answers to questions\n",
        question_tables.questions(runs),
        "### The size of the sample\n",
        learning_curve(runs),
        "### Fairness\n",
        person_tables.fairness(runs),
        "## A new film\n",
        film_tables.film_table(runs),
        film_tables.film_differences(runs),
        "![Predicted against actual shares](evaluation/reach.png)\n",
        "### Intervals\n",
        film_tables.intervals(runs),
        "### Segments above and below everyone's share\n",
        film_tables.support(runs),
        "### Told more of the film\n",
        film_tables.told(runs),
        "### Affinity\n",
        film_tables.affinity(runs),
        film_tables.targets(runs),
        "### New films by time\n",
        film_tables.time_split(runs),
        "## A new film for a new person\n",
        new_film_tables.new_films(runs),
        "## Every run\n",
        _all_runs(runs),
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


_METHOD: Final = """\
## How it is measured

People, and films, are split into five folds by a hash of their id, before
anything is counted. Candidates are fitted on folds 0 to 2 and compared on
fold 3; each table below is of models fitted on folds 0 to 3 and judged on fold
4, which no choice has seen. Intervals are 95 %, from a paired bootstrap with
2,000 resamples over people or films; p is two-sided, and d is the mean
difference per person or film over its standard deviation. Accuracy is not
shown: always saying "liked" scores 61 %.

Rows marked "anchor" were measured elsewhere on another 80/20 split of the
same data: compare their differences, not their levels."""

_PERSON_PLOTS: Final = """\
![Reliability](evaluation/reliability.png)

![Gain over the film mean by ratings of the film](\
evaluation/gain-by-film-ratings.png)"""


def _all_runs(runs: Runs) -> str:
    rows = [
        [
            f"{record['task']}, {record['stage']}",
            record["candidate"],
            (
                f"{record['metrics']['log_loss']:.5f}"
                if "log_loss" in record["metrics"]
                else "–"
            ),
            f"{record['seconds']:.1f}",
            f"{record['peak_memory_mib']:.0f}",
        ]
        for record in runs.records
    ]
    return table(["run", "candidate", "log-loss", "seconds", "MiB"], rows)


def _summary(runs: Runs) -> str:
    """The few numbers that READMEs show."""
    run = runs.one("new_person", "test", PERSON)
    base = runs.one("new_person", "test", PERSON_BASE)
    lists, popular = (
        runs.one("catalogue", "test", f"{name}-0")["metrics"]
        for name in (PERSON, "popularity")
    )
    ks = {
        record["params"]["k"]: record["metrics"]
        for record in by_known_ratings(runs)
    }
    film = runs.one("new_film", "test", FILM)
    population = runs.one("new_film", "test", FILM_BASE)
    intervals = runs.one("new_film", "tables", FILM)["metrics"]
    few = f"{ks[0]['rmse']:.4f} → {ks[10]['rmse']:.4f}"
    rows = [
        [
            "new person, log-loss (film mean → ours)",
            f"{base['metrics']['log_loss']:.4f} → {log_loss_of(run)}",
        ],
        [
            "new person, RMSE in stars (film mean → ours)",
            f"{base['metrics']['rmse']:.4f} → {run['metrics']['rmse']:.4f}",
        ],
        [
            "new person, nDCG@10 over rated films",
            f"{base['metrics']['ndcg_rated']:.4f} → "
            f"{run['metrics']['ndcg_rated']:.4f}",
        ],
        [
            "new person, nDCG@10 over the catalogue (popularity → ours)",
            f"{popular['ndcg_catalogue_for_you']:.4f} → "
            f"{lists['ndcg_catalogue_for_you']:.4f}",
        ],
        ["calibration error of liked", f"{run['metrics']['ece_liked']:.4f}"],
        ["RMSE, 0 → 10 ratings known", few],
        [
            "new film, log-loss per rating (population → ours)",
            f"{population['metrics']['log_loss']:.4f} → {log_loss_of(film)}",
        ],
        [
            "new film, r of female share, of mean age",
            f"{film['metrics']['female_share_r']:.2f}, "
            f"{film['metrics']['mean_age_r']:.2f}",
        ],
        [
            "new film, 80 % intervals hold",
            f"{100 * intervals['coverage_80_gender_age_group']:.0f} %",
        ],
    ]
    return table(["on people, or films, never seen", "value"], rows)
