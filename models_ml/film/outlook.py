"""What is expected of a film as a whole, before its own ratings."""

from dataclasses import dataclass

from models_ml.arrays import FloatArray
from models_ml.film.belief import Belief
from models_ml.film.scorer import AudienceScorer


@dataclass(frozen=True)
class Outlook:
    """A film's expected ratings: what they say, who gives them, how many."""

    probabilities: FloatArray
    """Of the four classes, in one of its ratings, (4,)."""
    by_segment: FloatArray
    """The same by gender × age group, (14, 4)."""
    shares: FloatArray
    """Of gender × age group in its ratings, (14,)."""
    cells: FloatArray
    """Each cell's share of its ratings, (n_cells,)."""
    n_raters: float


def outlook(scorer: AudienceScorer, belief: Belief) -> Outlook:
    """That of the belief; it agrees with the audience by any dimensions."""
    answer = scorer.answer(belief, ("gender", "age_group"), None)
    by_segment = answer.preference.probabilities
    return Outlook(
        probabilities=answer.reach.share @ by_segment,
        by_segment=by_segment,
        shares=answer.reach.share,
        cells=answer.reach.cells,
        n_raters=float(answer.popular.of_film @ answer.popular.n_raters),
    )
