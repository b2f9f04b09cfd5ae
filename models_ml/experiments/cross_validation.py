"""Candidates compared over folds 0 to 3, one validating at a time.

    python -m models_ml.experiments.cross_validation [candidate ...]

reads the warehouse and prints one JSON line for each candidate and fold.
Choices that one validation fold is too noisy for were made on these. The
test fold is never read.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from models_ml.evaluation.lists import evaluate_lists, rankings_of
from models_ml.evaluation.person import (
    DEFAULT_KS,
    evaluate_few_ratings,
    evaluate_new_person,
)
from models_ml.experiments.person_candidates import (
    PERSON_CANDIDATES,
    FactorisationCandidate,
)
from models_ml.settings import load_settings
from models_ml.warehouse.dataset import Dataset
from models_ml.warehouse.read import read_dataset

FOLDS = (0, 1, 2, 3)


def cross_validate(
    dataset: Dataset, names: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Metrics of each candidate on each of FOLDS, fitted on the other three.

    The factorisation also gets `few_ratings` (metrics for each k) and
    `catalogue` (measures of the lists of each ranking, for each k).
    """
    for fold in FOLDS:
        train = dataset.of_user_folds(
            tuple(other for other in FOLDS if other != fold)
        )
        for name in names:
            fitted = PERSON_CANDIDATES[name].fit(train)
            row: dict[str, Any] = {"candidate": name, "fold": fold}
            row |= evaluate_new_person(fitted, dataset, (fold,)).metrics()
            if isinstance(fitted, FactorisationCandidate):
                row |= _of_predictor(fitted, train, dataset, fold)
            yield row


def _of_predictor(
    fitted: FactorisationCandidate,
    train: Dataset,
    dataset: Dataset,
    fold: int,
) -> dict[str, Any]:
    predictor = fitted.predictor
    few = evaluate_few_ratings(predictor, dataset, (fold,))
    catalogue = {}
    for n_known in DEFAULT_KS:
        lists = evaluate_lists(
            rankings_of(predictor), dataset, (fold,), n_known=n_known
        )
        catalogue[n_known] = {name: of.metrics() for name, of in lists.items()}
    return {
        "few_ratings": {k: result.metrics() for k, result in few.items()},
        "catalogue": catalogue,
    }


def main(names: Sequence[str]) -> None:
    """Print the rows for `names`, by default all candidates."""
    unknown = set(names) - set(PERSON_CANDIDATES)
    if unknown:
        raise SystemExit(
            f"no such candidate: {', '.join(sorted(unknown))}; allowed: "
            f"{', '.join(PERSON_CANDIDATES)}"
        )
    dataset = read_dataset(load_settings().tables)
    for row in cross_validate(dataset, names or list(PERSON_CANDIDATES)):
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
