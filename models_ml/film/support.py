"""When a difference counts as one that the data support."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray

#: Fewest people behind a segment of which anything is called supported. A
#: person gives 20 to 2,314 ratings (standard deviation 1.2 times the mean), so
#: the share of everyone that n people make up is known to 1.5 / √n of itself:
#: of 30 people to within 28 %, of 10 to within 49 %. On validation films the
#: indices that are told of age group × occupation were right on average from
#: 30 people on (told 144, actual 142), and too far from 100 for fewer (184 and
#: 170 for 20 to 30; 183 and 160 for under 5).
LEAST_USERS: Final = 30
#: Least affinity, in probability, of a segment that is called a target: that
#: of the highest precision on validation films (docs/model-film.md).
LEAST_AFFINITY: Final = 0.02
#: What rounding may leave of no difference at all: that of everyone's own
#: segment, where the data tell people by nothing.
_ROUNDING: Final = 1e-9


def direction(
    low: FloatArray,
    high: FloatArray,
    neutral: float,
    n_users: NDArray[np.integer],
) -> NDArray[np.int8]:
    """-1 where the interval lies below `neutral`, +1 above, else 0.

    0 as well for segments (the first axis) of fewer than LEAST_USERS people.
    """
    slack = _ROUNDING * max(abs(neutral), 1.0)
    above, below = low > neutral + slack, high < neutral - slack
    sign = above.astype(np.int8) - below.astype(np.int8)
    many = np.asarray(n_users >= LEAST_USERS)
    return np.asarray(
        sign * many.reshape(-1, *[1] * (sign.ndim - 1)), dtype=np.int8
    )


def targets(
    affinity: FloatArray,
    low: FloatArray,
    n_users: NDArray[np.integer],
    least: float = LEAST_AFFINITY,
) -> NDArray[np.bool_]:
    """Segments that like a film more: surely, and by `least` or more."""
    return np.asarray(
        (low > 0) & (affinity >= least) & (n_users >= LEAST_USERS)
    )
