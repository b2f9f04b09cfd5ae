"""What is believed of a film's coordinates, before its own ratings."""

from dataclasses import dataclass

from models_ml.arrays import FloatArray


@dataclass(frozen=True)
class Belief:
    """Means and variances of a film's coordinates in each field.

    Coordinates are independent of each other.
    """

    score: float
    """Mean normal score of its number of raters (see `popularity`)."""
    score_spread: float
    """Standard deviation of that score."""
    reach_means: FloatArray
    """a at the knots of popularity, (n_knots, K)."""
    reach: FloatArray
    """f, (K,)."""
    reach_variance: FloatArray
    quality_means: FloatArray
    """a at the knots of popularity, (n_knots, 3)."""
    quality: FloatArray
    quality_variance: FloatArray
    interaction: FloatArray
    interaction_variance: FloatArray
