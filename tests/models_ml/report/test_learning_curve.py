from pathlib import Path

import numpy as np

from models_ml.data_kind import DataKind
from models_ml.experiments.runner import SELECTION, ExperimentRunner
from models_ml.experiments.runs import load_runs
from models_ml.report.learning_curve import (
    SHARES,
    learning_curve,
    learning_curve_runs,
    part_of_sample,
)
from models_ml.report.saved_runs import Runs
from tests.models_ml.person.people import small_dataset


def test_a_part_keeps_everybodys_counts_and_is_in_a_larger_part() -> None:
    dataset = small_dataset()
    small, large = (part_of_sample(dataset, share) for share in (0.2, 0.6))
    assert small.counts is dataset.counts
    people = [set(np.unique(part.ratings.user)) for part in (small, large)]
    assert people[0] < people[1]
    assert [len(each) for each in people] == [40, 120]
    assert len(part_of_sample(dataset, 1.0).ratings) == len(dataset.ratings)


def test_the_curve_has_a_row_for_each_part(tmp_path: Path) -> None:
    dataset = small_dataset()
    runner = ExperimentRunner(dataset, DataKind.GENERATED, tmp_path)
    learning_curve_runs(runner, "film_mean", {"film_ratings": 10.0})
    runs = Runs(tmp_path, load_runs(tmp_path))
    page = learning_curve(runs)
    whole = len(dataset.of_user_folds(SELECTION.train).ratings)
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    rows = rows[2:]  # below the header and its rule
    assert len(rows) == len(SHARES)
    assert rows[-1].startswith(f"| {whole:,} |")
    losses = {row.split("|")[2] for row in rows}
    assert len(losses) == 1, "the film mean rests on everybody's counts"
