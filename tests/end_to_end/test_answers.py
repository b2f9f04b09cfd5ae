"""One release, three ways to ask it: HTTP, files, and the warehouse's SQL."""

import csv
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.conftest import environment_of, run_plateia
from tests.end_to_end.serving import serving

SEED = 5
LIMIT = 40


@pytest.fixture(scope="module")
def environment(sample_home: Path) -> dict[str, str]:
    return environment_of(sample_home, "sample")


@pytest.fixture(scope="module")
def address(environment: dict[str, str]) -> Iterator[str]:
    with serving(environment) as server:
        yield server


def ask(address: str, path: str, question: dict[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310
        address + path,
        json.dumps(question).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:  # noqa: S310
        return json.load(response)


def random_profiles(n: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(SEED)
    return [
        {
            "gender": str(rng.choice(["F", "M"])),
            "age": int(rng.integers(5, 90)),
            "occupation": int(rng.integers(0, 21)),
            "nationality": str(rng.choice(["US", "Brazil", "Portugal"])),
        }
        for _ in range(n)
    ]


def test_the_api_answers_what_a_file_answers(
    address: Any, environment: Any, tmp_path: Path
) -> None:
    profiles = random_profiles(6)
    answers = [
        ask(address, "/recommendations", {"profile": p, "limit": LIMIT})
        for p in profiles
    ]
    pairs = tmp_path / "pairs.csv"
    columns = ["profile_id", *profiles[0], "zip_code", "movie_id"]
    with pairs.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for number, (profile, answer) in enumerate(
            zip(profiles, answers, strict=True)
        ):
            for item in answer["items"]:
                writer.writerow(
                    {
                        **profile,
                        "profile_id": number,
                        "movie_id": item["movie_id"],
                    }
                )
    output = tmp_path / "out.parquet"
    done = run_plateia(
        environment,
        "predict",
        f"--pairs={pairs}",
        f"--output={output}",
    )
    assert done.returncode == 0, done.stderr
    rows = pq.read_table(output).to_pylist()
    items = [item for answer in answers for item in answer["items"]]
    assert len(rows) == len(items) == LIMIT * len(profiles)
    for row, item in zip(rows, items, strict=True):
        shown = [c["probability"] for c in item["probabilities"]]
        scored = [row[f"p_{c['label']}"] for c in item["probabilities"]]
        assert scored == pytest.approx(shown, abs=1e-6)
        assert row["expected_stars"] == pytest.approx(
            item["expected_stars"], abs=1e-6
        )
        assert row["interest"] == pytest.approx(item["interest"], abs=1e-6)


def test_evidence_is_what_its_sql_finds_in_the_warehouse(
    address: Any, sample_home: Path
) -> None:
    profile = {"gender": "F", "age": 30}
    answer = ask(address, "/recommendations", {"profile": profile})
    with duckdb.connect(
        sample_home / "warehouse.duckdb", read_only=True
    ) as warehouse:
        for item in answer["items"]:
            for shown in item["evidence"].values():
                row = warehouse.execute(
                    answer["evidence_sql"],
                    {
                        "movie_id": item["movie_id"],
                        "dimension": shown["dimension"],
                        "level": shown["level"],
                    },
                ).fetchone()
                assert row == tuple(shown.values())


def test_every_answer_says_that_the_data_are_generated(address: Any) -> None:
    film = {"title": "Any", "year": 1999, "genres": ["Drama"]}
    for path, question in (
        ("/recommendations", {"profile": {}}),
        ("/audiences", {"movie": film}),
    ):
        assert ask(address, path, question)["data_generated"] is True
