"""The script by hand counts what the warehouse counts."""

from pathlib import Path

import duckdb
import pytest

from benchmarks.scale import __main__ as scale
from benchmarks.scale.__main__ import PAGE
from benchmarks.scale.measured import (
    BY_HAND,
    SQL,
    TRAIN,
    WAREHOUSE,
    Measured,
    exponents,
    measured_table,
)
from benchmarks.scale.wanted import WANTED, wanted_table
from models_ml.profile.zip_prefixes import ZIP_PREFIXES
from models_ml.settings import PROJECT
from models_ml.source.sample import write_sample

SCRIPT = PROJECT / "benchmarks/scale/by_hand.sql"
#: Tables of the script, and of the warehouse.
SAME = {
    "ratings": "marts.fct_ratings",
    "movie_genres": "marts.dim_movie_genres",
    "movie_audiences": "marts.movie_audiences",
    "movie_profiles": "features.feat_movie_profiles",
    "genre_segments": "features.feat_genre_segments",
    "user_genres": "features.feat_user_genres",
}


def test_by_hand_counts_as_the_warehouse(
    sample_home: Path, tmp_path: Path
) -> None:
    write_sample(tmp_path)
    script = SCRIPT.read_text().replace("{folder}", str(tmp_path))
    with duckdb.connect() as opened:
        opened.execute(script.replace("{prefixes}", str(ZIP_PREFIXES)))
        warehouse = sample_home / "warehouse.duckdb"
        opened.execute(f"attach '{warehouse}' as built (read_only)")
        for by_hand, table in SAME.items():
            counts = opened.execute(
                f"select (select count(*) from {by_hand}),"  # noqa: S608
                f" (select count(*) from built.{table})"
            ).fetchone()
            assert counts is not None
            if by_hand in ("ratings", "movie_genres", "movie_audiences"):
                assert counts[0] == counts[1], by_hand
            # Places outside the US are one region here, and two there.
            assert counts[0] == pytest.approx(counts[1], rel=0.02), by_hand


def test_every_step_of_a_size_is_measured_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second build sees less memory, and no record of the first."""
    record = tmp_path / "home/warehouse.json"
    seen = {}

    def measure(
        step: str, environment: dict[str, str], *command: str | Path
    ) -> Measured:
        record.parent.mkdir(exist_ok=True)
        seen[step] = (environment.get("PLATEIA_MEMORY"), record.exists())
        if command[-1] == "warehouse":
            record.touch()
        return Measured(step, 1.0)

    monkeypatch.setattr(scale, "_measure", measure)
    monkeypatch.setattr(scale, "_measure_layers", lambda *at: [])
    steps = scale._measure_size(tmp_path, 10_000)
    assert [step.step for step in steps] == list(seen)
    assert list(seen)[-2:] == ["train", "publish"]
    assert seen["warehouse, whole"] == (None, False)
    assert seen["warehouse, memory_limit 2GB"] == ("2GB", False)
    assert seen["train"] == (None, True)


def test_the_exponent_is_the_power() -> None:
    seconds = {10: 3.0, 100: 3.0 * 10**1.1, 1_000: 3.0 * 100**1.1}
    measured = {n: [Measured(TRAIN, each)] for n, each in seconds.items()}
    assert exponents(measured) == {TRAIN: pytest.approx(1.1)}
    assert exponents({10: [Measured(TRAIN, 1.0)]}) == {}


def test_the_table_sets_the_sql_beside_the_script() -> None:
    measured = {
        n: [
            Measured(SQL, 3e-6 * n, peak_mib=10.0),
            Measured(WAREHOUSE, 4e-6 * n),
            Measured(BY_HAND, 2e-6 * n, 1e-6 * n, 2_000.0),
            Measured(TRAIN, 8.0),
        ]
        for n in (1_000_000, 10_000_000)
    }
    text = measured_table(measured)
    assert "| step | 1 M | 10 M | exponent |" in text
    assert (
        "| SQL, all models | 3.0 s, 10 MiB | 30.0 s, 10 MiB | 1.00 |" in text
    )
    assert "| 20.0 s, 10.0 s CPU, 2,000 MiB | 1.00 |" in text
    assert "| SQL ÷ by hand | 1.50 | 1.50 |  |" in text
    assert "| warehouse, whole ÷ by hand | 2.00 | 2.00 |  |" in text
    assert "| train ÷ by hand | 4.00 | 0.40 |  |" in text


def test_what_is_wanted_stands_beside_what_was_measured() -> None:
    measured = {
        n: [
            Measured(SQL, 3e-6 * n),
            Measured(BY_HAND, 1.9e-6 * n if n > 1_000_000 else 2.0),
            Measured(TRAIN, seconds, seconds, mib),
        ]
        for n, seconds, mib in (
            (1_000_000, 20.0, 5_000.0),
            (10_000_000, 60.0, 1_000.0),
        )
    }
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in wanted_table(measured).splitlines()[2:]
    ]
    assert rows == [
        ["SQL ÷ by hand, 10 M", "1.5", "1.58", "no"],
        ["train, 1 M", "25 s, 4,096 MiB", "20.0 s, 5,000 MiB", "no"],
        ["train, 10 M", "60 s, 4,096 MiB", "60.0 s, 1,000 MiB", "yes"],
        ["every exponent", "1.05", "at most 1.00 (SQL, all models)", "yes"],
    ]


def test_every_step_of_which_something_is_wanted_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        scale, "_measure", lambda step, *at: Measured(step, 1.0)
    )
    monkeypatch.setattr(
        scale, "_measure_little_memory", lambda *at: Measured("little", 1.0)
    )
    monkeypatch.setattr(scale, "_measure_layers", lambda *at: [])
    steps = scale._measure_size(tmp_path, 10_000)
    assert {each.step for each in WANTED} <= {each.step for each in steps}


def test_the_page_has_a_place_for_both_tables() -> None:
    page = PAGE.read_text("utf-8")
    for block in ("scale", "scale wanted"):
        assert f"<!-- {block} -->\n" in page
        assert f"<!-- /{block} -->\n" in page
