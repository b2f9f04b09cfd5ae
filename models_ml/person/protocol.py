"""What every candidate for the new-person task answers."""

from typing import Protocol

from models_ml.arrays import FloatArray, IntArray


class FittedPersonModel(Protocol):
    """What every candidate can answer."""

    def probabilities(
        self, codes: IntArray, movie_index: IntArray
    ) -> FloatArray:
        """Class probabilities (m, 4) of profile codes (m, 4) and films."""
        ...

    def expected_stars(
        self, codes: IntArray, movie_index: IntArray
    ) -> FloatArray:
        """Expected stars (m,)."""
        ...
