"""The rating classes' numbers and labels, in the order of probabilities."""

from typing import Final

from models_ml.vocabulary import RATING_CLASSES, RATING_LABELS_PT

#: Number, and the English and the Portuguese label, of each rating class.
CLASS_LABELS: Final = tuple(
    enumerate(zip(RATING_CLASSES, RATING_LABELS_PT, strict=True), start=1)
)
