"""The rating scales that the models can learn from."""

from collections.abc import Sequence

from models_ml.errors import PlateiaError
from models_ml.scale import RatingScale, told


class NarrowScale(PlateiaError):  # noqa: N818 - says what is wrong
    """Ratings do not tell what is liked from what is not."""


def check_scale(stars: Sequence[float]) -> None:
    """Raise NarrowScale unless likes and other ratings can be told apart.

    `stars` are those that occur in the data, ascending. Any others will do:
    steps have their classes from the score, not from their number.
    """
    scale = RatingScale(tuple(stars))
    has_both = 0 < scale.n_below_like < scale.n
    if has_both and len(set(scale.classes.tolist())) > 1:
        return
    raise NarrowScale(
        f"the ratings have the steps {told(stars) or 'none'} (in stars):"
        " models can be trained only where somebody gave 4 stars (a score of"
        " 8) or more, and somebody a rating below, of another class"
    )
