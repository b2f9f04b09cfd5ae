"""How many ratings it takes to choose a model by them."""

from collections.abc import Iterable, Mapping
from typing import Final

from models_ml.errors import PlateiaError

#: Folds of people, and of films, in the warehouse.
N_FOLDS: Final = 5


class NotEnoughDataError(PlateiaError):
    """The ratings are too few, or too alike, to choose a model by."""


def check_folds(rated: Mapping[str, Iterable[int]], n_ratings: int) -> None:
    """Raise NotEnoughDataError unless there is something in every fold.

    `rated` has the folds of which a person, and a film, has a rating.
    """
    for what, folds in rated.items():
        empty = sorted(set(range(N_FOLDS)) - set(folds))
        if empty:
            raise NotEnoughDataError(
                f"no {what} of fold {empty[0]} has a rating, and every fold"
                f" is trained or judged on: there are {n_ratings:,} ratings"
            )
