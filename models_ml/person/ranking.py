"""From scores of all films to a list: what stands in it, in which order."""

from typing import Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray

#: Power of everyone's like rate that a novelty of 1 divides by: on folds 0 to
#: 3 the list then holds three times as many films over all people, and with
#: five films known more than three times; see the report.
_NOVELTY_POWER: Final = 0.6
#: Added to everyone's like rate, so that films that hardly anyone rates do
#: not come first by chance.
_RATE_FLOOR: Final = 0.05


def novel(
    like_rate: FloatArray, baseline_like_rate: FloatArray, novelty: float
) -> FloatArray:
    """Values to sort `for_you` by, for a novelty from 0 to 1, shape (n,).

    0: the probability that the person rates the film with 4 or 5 stars.
    Above, divided by a power of everyone's probability: films that everyone
    is shown give way to films that stand out for this person. Raises
    ValueError for a novelty outside 0 to 1.
    """
    if not 0 <= novelty <= 1:
        raise ValueError(f"novelty is {novelty}: it must be from 0 to 1")
    if novelty == 0:
        return like_rate
    baseline = baseline_like_rate + _RATE_FLOOR
    return like_rate * baseline ** (-_NOVELTY_POWER * novelty)


def best_rows(
    values: FloatArray,
    candidates: IntArray,
    n: int,
    series_of: IntArray | None = None,
) -> IntArray:
    """The n candidates of the highest values, highest first.

    `values` has one for each film, `candidates` are row numbers, ascending;
    ties go to the lower row. With `series_of`, a number for each film as
    `title_words.series_numbers` gives it, the best film of each series only.
    """
    kept = values[candidates]
    if series_of is None and n < len(kept):
        least = np.partition(kept, len(kept) - n)[len(kept) - n]
        candidates = candidates[kept >= least]
        kept = values[candidates]
    ordered = candidates[np.argsort(-kept, kind="stable")]
    if series_of is not None:
        _, first = np.unique(series_of[ordered], return_index=True)
        ordered = ordered[np.sort(first)]
    return ordered[:n]
