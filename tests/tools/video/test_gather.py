import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tools.video.gather import (
    KNOWN,
    SHOWN,
    MissingRunError,
    Runs,
    gather,
    write_facts,
)


def run(
    task: str, stage: str, candidate: str, **metrics: float
) -> dict[str, Any]:
    return {
        "run_id": f"{task}-{stage}-{candidate}",
        "task": task,
        "stage": stage,
        "candidate": candidate,
        "data_generated": False,
        "started_at": "2026-01-01",
        "metrics": metrics,
    }


def test_the_latest_run_on_real_data_is_told() -> None:
    old = run("new_person", "test", "film_mean", rmse=0.98)
    new = {**old, "started_at": "2026-02-01", "metrics": {"rmse": 0.97}}
    made_up = {**new, "started_at": "2026-03-01", "data_generated": True}
    runs = Runs([new, made_up, old])
    assert runs.measure("rmse", "new_person", "test", "film_mean") == 0.97


def test_a_missing_run_is_named() -> None:
    with pytest.raises(MissingRunError, match="new_film, test, gp tells x"):
        Runs([]).measure("x", "new_film", "test", "gp")


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path, Path]:
    warehouse = tmp_path / "w.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("""
            create schema marts;
            create schema features;
            create table features.feat_genre_tastes as
                select *, 'watching' as measure, true as is_supported
                from (values
                    ('F', 'Romance', ln(1.5)),
                    ('F', 'War', ln(0.75)),
                    ('under 18', 'Children''s', ln(3))
                ) t(level, genre, difference);
            create table marts.dim_users as
                select * from (values (1, 'F'), (2, 'M')) t(user_id, gender);
            create table marts.dim_movies as select 7 as movie_id;
            create table marts.dim_movie_genres as
                select 7 as movie_id, unnest(['Romance', 'War']) as genre;
            create table marts.fct_ratings as
                select 7 as movie_id, * from (values
                    ('F', 3), ('F', 3), ('F', 4), ('M', 1)
                ) t(gender, rating_class);
        """)
    manifest = tmp_path / "manifest.json"
    nodes = [
        {"resource_type": kind, "config": {"materialized": way}}
        for kind, way in (
            ("model", "table"),
            ("model", "ephemeral"),
            ("test", "test"),
            ("test", "table"),
        )
    ]
    manifest.write_text(
        json.dumps(
            {
                "nodes": dict(enumerate(nodes)),
                "unit_tests": {"one": {}},
            }
        )
    )
    people = [
        run("new_person", "test", name, log_loss=0.9, rmse=1, ndcg_rated=0.7)
        for name in SHOWN
    ]
    people[-1]["metrics"]["log_loss"] = 0.8
    people.append(run("new_person", "placebo", "factorisation", log_loss=0.88))
    film = [
        run("new_film", "test", "gaussian_process", top_segment_hit_rate=0.7),
        run(
            "new_film",
            "tables",
            "gaussian_process",
            films_with_target=0.1,
            targets_that_like_it_more=0.8,
        ),
    ]
    film.append(
        run(
            "new_film",
            "time_split",
            "gaussian_process",
            top_segment_hit_rate=0.4,
        )
    )
    lists = [
        run("catalogue", "test", f"{name}-{k}", ndcg_catalogue_for_you=value)
        for k in KNOWN
        for name, value in (
            ("factorisation", 0.44 + k / 100),
            ("popularity", 0.4),
            ("log_ratios", 0.44),
        )
    ]
    lists.append(run("questions", "test", "worth_most-5", gain=0.1))
    folder = tmp_path / "runs"
    folder.mkdir()
    for one in [*people, *film, *lists]:
        (folder / f"{one['run_id']}.json").write_text(json.dumps(one))
    return warehouse, manifest, folder


def test_facts_come_from_warehouse_manifest_and_runs(
    sources: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    facts = gather(*sources)
    assert facts["dbt_tables"] == 1
    assert facts["dbt_tests"] == 3
    assert facts["share_liked"] == 0.5
    assert facts["share_women_war"] == 0.75
    assert facts["placebo_share"] == pytest.approx(0.2)
    assert facts["film_top3_newer"] == 0.4
    assert facts["list_own_shown"][-1] == "0,540"
    assert facts["list_profile_more"] == pytest.approx(0.1)
    assert facts["list_ten_more"] == pytest.approx(0.35)
    assert facts["women_less_war"] == pytest.approx(0.25)
    assert facts["minors_more_childrens"] == pytest.approx(2)
    assert facts["questions_times"] == pytest.approx(2.5)
    write_facts(tmp_path / "facts.json", facts)
    assert json.loads((tmp_path / "facts.json").read_text()) == facts
