"""Gathers the numbers of the narration from what the commands left.

The warehouse gives the counts, dbt's manifest the number of models and
tests, and the runs in ``docs/runs`` the measures of quality. Nothing is typed
in.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from models_ml.experiments.runs import load_runs

#: Candidates of the table, in its order, and how the video calls them.
SHOWN = {
    "class_prior": "distribuição fixa",
    "film_mean": "média do filme",
    "segments": "grupos, em SQL",
    "lightgbm": "árvores (LightGBM)",
    "factorisation": "fatores (bayesiano)",
}
#: Ratings known of a person, along the axis of the lists' plot.
KNOWN = (0, 1, 3, 5, 10)
#: How much more or less (the sign) a group watches of a genre than others.
WATCHED = (
    ("women_more_romance", "F", "Romance", 1),
    ("women_less_war", "F", "War", -1),
    ("minors_more_childrens", "under 18", "Children's", 1),
)
CLASSES = ("hated", "disliked", "liked", "loved")


class MissingRunError(ValueError):
    """No saved run has the measure that the video tells."""


@dataclass(frozen=True)
class Runs:
    """Saved runs, asked for one measure at a time."""

    records: list[dict[str, Any]]

    def measure(
        self, name: str, task: str, stage: str, candidate: str
    ) -> float:
        """Find a measure of one run; raises MissingRunError."""
        asked = {"task": task, "stage": stage, "candidate": candidate}
        values = [
            record["metrics"][name]
            for record in sorted(self.records, key=_age)
            if name in record["metrics"]
            and asked.items() <= record.items()
            and not record["data_generated"]
        ]
        if not values:
            raise MissingRunError(
                f"no run of {task}, {stage}, {candidate} tells {name}: "
                "python -m models_ml evaluate makes it"
            )
        return float(values[-1])


def gather(warehouse: Path, manifest: Path, runs: Path) -> dict[str, Any]:
    """Collect all facts; raises MissingRunError or FileNotFoundError."""
    nodes = json.loads(manifest.read_text("utf-8"))["nodes"].values()
    tests = json.loads(manifest.read_text("utf-8"))["unit_tests"]
    kinds = [node["resource_type"] for node in nodes]
    return {
        "dbt_tables": sum(
            node["resource_type"] == "model"
            and node["config"]["materialized"] == "table"
            for node in nodes
        ),
        "dbt_tests": kinds.count("test") + len(tests),
        **_counts(warehouse),
        **_measures(Runs(load_runs(runs))),
    }


def write_facts(target: Path, facts: Mapping[str, Any]) -> None:
    """Write the facts as JSON that can be compared line by line."""
    text = json.dumps(facts, indent=1, ensure_ascii=False, sort_keys=True)
    target.write_text(text + "\n", encoding="utf-8")


def _counts(warehouse: Path) -> dict[str, Any]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:

        def one(query: str, *values: str | int) -> Any:
            row = connection.execute(query, list(values)).fetchone()
            return row[0] if row else None

        total = one("select count(*) from marts.fct_ratings")
        facts: dict[str, Any] = {
            "ratings": total,
            "people": one("select count(*) from marts.dim_users"),
            "films": one("select count(*) from marts.dim_movies"),
            "share_women": one(
                "select avg((gender = 'F')::int) from marts.dim_users"
            ),
        }
        for genre in ("Romance", "War"):
            facts[f"share_women_{genre.lower()}"] = one(
                "select avg((gender = 'F')::int) from marts.fct_ratings "
                "join marts.dim_movie_genres using (movie_id) "
                "where genre = ?",
                genre,
            )
        for name, level, genre, sign in WATCHED:
            ratio = one(
                "select exp(difference) from features.feat_genre_tastes "
                "where measure = 'watching' and is_supported "
                "and level = ? and genre = ?",
                level,
                genre,
            )
            facts[name] = sign * (ratio - 1)
        for number, name in enumerate(CLASSES, 1):
            share = one(
                "select avg((rating_class = ?)::int) from marts.fct_ratings",
                number,
            )
            facts[f"share_{name}"] = share
            facts[f"pct_{name}"] = 100 * share
    return facts


def _measures(runs: Runs) -> dict[str, Any]:
    def person(name: str, candidate: str, stage: str = "test") -> float:
        return runs.measure(name, "new_person", stage, candidate)

    own = "factorisation"
    table = [
        {
            "celulas": [
                label,
                _shown(person("log_loss", candidate), 4),
                _shown(person("rmse", candidate), 3),
                _shown(person("ndcg_rated", candidate), 3),
            ],
            "em": "nosso" if candidate == own else _moment(candidate),
            "nosso": candidate == own,
        }
        for candidate, label in SHOWN.items()
    ]
    film = {
        fact: runs.measure(name, "new_film", stage, "gaussian_process")
        for fact, stage, name in (
            ("film_top3", "test", "top_segment_hit_rate"),
            ("film_top3_newer", "time_split", "top_segment_hit_rate"),
            ("film_with_target", "tables", "films_with_target"),
            ("film_targets_right", "tables", "targets_that_like_it_more"),
        )
    }
    base = person("log_loss", "film_mean")
    gain = base - person("log_loss", own)
    placebo = base - person("log_loss", own, "placebo")
    return {
        "person_table": table,
        "person_base_log_loss": base,
        "person_log_loss": person("log_loss", own),
        "placebo_share": placebo / gain,
        **_lists(runs),
        **film,
    }


def _lists(runs: Runs) -> dict[str, Any]:
    """The list served, beside simpler ones: nDCG@10 over the catalogue."""

    def judged(model: str, known: int) -> float:
        name = "ndcg_catalogue_for_you"
        return runs.measure(name, "catalogue", "test", f"{model}-{known}")

    own = [judged("factorisation", known) for known in KNOWN]
    popular = [judged("popularity", known) for known in KNOWN]
    asked = runs.measure("gain", "questions", "test", "worth_most-5")
    return {
        "list_own": own,
        "list_own_shown": [_shown(value, 3) for value in own],
        "list_popular": popular,
        "list_popular_shown": [_shown(value, 3) for value in popular],
        "list_low": min(popular) - 0.06,
        "list_high": max(own) + 0.02,
        "list_counts": judged("log_ratios", 0),
        "list_profile": own[0],
        "list_profile_more": own[0] / popular[0] - 1,
        "list_ten_more": own[-1] / popular[-1] - 1,
        "questions_times": asked / (own[0] - popular[0]),
    }


def _moment(candidate: str) -> str:
    return "inicio" if candidate == "class_prior" else "base"


def _shown(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def _age(record: dict[str, Any]) -> str:
    return str(record["started_at"])
