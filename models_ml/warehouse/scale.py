"""The rating scale that the models can learn from."""

from collections.abc import Sequence
from typing import Final

from models_ml.errors import PlateiaError
from models_ml.vocabulary import CLASS_OF_STARS

#: The steps that the models tell classes of.
_KNOWN: Final = tuple(range(1, len(CLASS_OF_STARS) + 1))


class UnknownScale(PlateiaError):  # noqa: N818 - says what is wrong
    """Ratings have other steps than the models know."""


def check_scale(stars: Sequence[float]) -> None:
    """Raise UnknownScale unless the steps are 1, 2, 3, 4 and 5 stars.

    `stars` are those that occur in the data, ascending. The models take a
    step's number for its stars: with others the classes would be wrong.
    """
    if tuple(stars) == _KNOWN:
        return
    told = ", ".join(f"{step:g}" for step in stars) or "none"
    raise UnknownScale(
        f"the ratings have the steps {told} (in stars): models can be"
        " trained only where they are 1, 2, 3, 4 and 5 stars, each of which"
        " somebody gave"
    )
