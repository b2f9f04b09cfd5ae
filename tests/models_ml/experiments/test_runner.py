from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models_ml.arrays import BoolArray
from models_ml.data_kind import DataKind
from models_ml.experiments.comparison import person_experiment
from models_ml.experiments.runner import (
    SELECTION,
    ExperimentRunner,
    check_enough,
)
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Dataset
from models_ml.warehouse.enough import NotEnoughDataError
from tests.models_ml.person.people import small_dataset


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return small_dataset()


def with_ratings(
    dataset: Dataset,
    keep: BoolArray | None = None,
    stars: int | None = None,
) -> Dataset:
    ratings = dataset.ratings
    if stars is not None:
        ratings = replace(ratings, stars=np.full(len(ratings), stars))
    if keep is not None:
        ratings = ratings.where(keep)
    return count_dataset(
        MOVIELENS_1M, dataset.users, dataset.movies, ratings, "few"
    )


def test_ordinary_ratings_are_enough(dataset: Dataset) -> None:
    check_enough(dataset)


def test_one_rating_is_not_enough(dataset: Dataset) -> None:
    one = with_ratings(dataset, np.arange(len(dataset.ratings)) == 0)
    with pytest.raises(NotEnoughDataError, match="there are 1 ratings"):
        check_enough(one)


@pytest.mark.parametrize("what", ["person", "film"])
def test_an_empty_fold_is_named(dataset: Dataset, what: str) -> None:
    fold = (
        dataset.users.fold[dataset.ratings.user]
        if what == "person"
        else dataset.movies.fold[dataset.ratings.movie]
    )
    with pytest.raises(NotEnoughDataError, match=f"no {what} of fold 3 has"):
        check_enough(with_ratings(dataset, fold != 3))


def test_ratings_of_a_single_value_are_not_enough(dataset: Dataset) -> None:
    with pytest.raises(NotEnoughDataError, match="every rating has 4 stars"):
        check_enough(with_ratings(dataset, stars=4))


def test_a_metric_that_is_no_number_ends_the_run(
    dataset: Dataset, tmp_path: Path
) -> None:
    """The folds judged hold one value, though the others do not."""
    alike = dataset.users.fold[dataset.ratings.user] == SELECTION.test[0]
    mixed = count_dataset(
        MOVIELENS_1M,
        dataset.users,
        dataset.movies,
        replace(
            dataset.ratings, stars=np.where(alike, 4, dataset.ratings.stars)
        ),
        "mixed",
    )
    runner = ExperimentRunner(mixed, DataKind.GENERATED, tmp_path)
    tried = person_experiment(
        runner, SELECTION, "validation", "class_prior", {}
    )
    with pytest.raises(
        NotEnoughDataError, match=r"of class_prior is nan.*folds \[3\]"
    ):
        runner.run(tried.spec, tried.work)
    assert list(tmp_path.iterdir()) == []
