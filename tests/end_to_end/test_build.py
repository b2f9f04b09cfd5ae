"""The build as a whole, on generated data."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from models_ml.experiments.runs import load_runs
from models_ml.release.keys import SigningKey, VerifyKeys
from models_ml.release.load import load_current
from models_ml.release.open_store import open_store
from tests.conftest import SIGNING_KEY, environment_of, run_plateia

KEYS = VerifyKeys.of(SigningKey.from_text(SIGNING_KEY))


NOWHERE = "http://127.0.0.1:9/ml-1m.zip"


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    """A copy of the sample's build, to be changed at will."""
    return shutil.copytree(sample_home, tmp_path / "home")


def test_a_second_build_redoes_nothing(sample_home: Path) -> None:
    done = run_plateia(environment_of(sample_home, "sample"), "build")
    assert done.returncode == 0
    for said in ("warehouse valid", "trained models valid", "unchanged"):
        assert said in done.stderr


def test_without_data_the_build_stops_with_one_sentence(
    tmp_path: Path,
) -> None:
    done = run_plateia(environment_of(tmp_path, NOWHERE), "build")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "download ml-1m.zip" in done.stderr
    assert "MOVIELENS_SOURCE" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_data_a_run_goes_on_with_the_sample_and_says_so(
    home: Any,
) -> None:
    done = run_plateia(environment_of(home, NOWHERE), "build", "--or-sample")
    assert done.returncode == 0, done.stderr
    assert "GENERATED" in done.stderr
    release = load_current(
        open_store(str(home / "store")), home / "cache", KEYS
    )
    assert release.manifest.data_generated


def test_every_candidate_leaves_a_run_and_the_lowest_loss_is_kept(
    sample_home: Path,
) -> None:
    runs = load_runs(sample_home / "runs")
    record = json.loads((sample_home / "trained/training.json").read_text())
    for task, kept in (
        ("new_person", "factorisation"),
        ("new_film", "gaussian_process"),
    ):
        losses = {
            run["candidate"]: run["metrics"]["log_loss"]
            for run in runs
            if run["task"] == task and run["stage"] == "validation"
        }
        assert record["metrics"][task]["candidate"] == kept
        assert min(losses, key=losses.__getitem__) == kept
        assert record["metrics"][task]["validation_log_loss"] == losses


def test_the_same_training_again_gives_the_same_model(home: Any) -> None:
    before = (home / "trained/model.pkl").read_bytes()
    done = run_plateia(environment_of(home, "sample"), "train")
    assert done.returncode == 0, done.stderr
    assert (home / "trained/model.pkl").read_bytes() == before


def test_evaluate_writes_the_report_of_generated_data_beside_them(
    home: Any,
) -> None:
    done = run_plateia(environment_of(home, "sample"), "evaluate")
    assert done.returncode == 0, done.stderr
    page = (home / "evaluation/evaluation.md").read_text()
    assert "generated data, not of MovieLens" in page
    for heading in ("## A new person", "### Fairness", "## A new film"):
        assert heading in page
    assert len(list((home / "evaluation/evaluation").glob("*.png"))) == 6


def test_evaluate_before_train_says_what_to_do(tmp_path: Path) -> None:
    done = run_plateia(environment_of(tmp_path, "sample"), "evaluate")
    assert done.returncode == 1
    assert "train" in done.stderr
    assert "Traceback" not in done.stderr
