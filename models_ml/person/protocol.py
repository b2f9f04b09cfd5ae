"""What every candidate for the new-person task answers."""

from typing import Protocol

from models_ml.arrays import FloatArray, IntArray


class FittedPersonModel(Protocol):
    """What every candidate can answer."""

    def predict(
        self, codes: IntArray, movie_index: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Class probabilities (m, 4) and expected stars (m,)."""
        ...
