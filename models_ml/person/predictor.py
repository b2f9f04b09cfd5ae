"""Scores of films for a person: numpy only, no open resources."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.integer]

RANKINGS: Final = ("for_you", "liking", "distinctive")


@dataclass(frozen=True)
class KnownRatings:
    """Films that a person already rated."""

    movie_index: IntArray
    """Row numbers of the predictor's `movie_ids`."""
    stars: IntArray
    """1 to 5."""


@dataclass(frozen=True)
class PersonScores:
    """What a person would make of n films."""

    probabilities: FloatArray
    """Of the four rating classes, shape (n, 4); rows sum to 1."""
    expected_stars: FloatArray
    """Shape (n,), between 1 and 5."""
    interest: FloatArray
    """Probability that this profile rates the film, shape (n,)."""
    like_rate: FloatArray
    """Estimate of P(rates the film with 4 or 5 stars), shape (n,)."""
    usual_like_rate: FloatArray
    """The same for a person nothing is known of, shape (n,)."""


class PersonPredictor:
    """A first, plain predictor: film shares, moved by known ratings."""

    def __init__(
        self,
        movie_ids: IntArray,
        star_shares: FloatArray,
        interest: FloatArray,
    ) -> None:
        self.movie_ids = np.asarray(movie_ids, dtype=np.int32)
        self.star_shares = star_shares
        self.gender_age_interest = interest

    def score(
        self,
        codes: tuple[int, int, int, int],
        rated: KnownRatings | None = None,
    ) -> PersonScores:
        """Scores of one profile for every film, in order of `movie_ids`."""
        index = np.arange(len(self.movie_ids))
        return self.score_pairs(
            np.broadcast_to(np.asarray(codes), (len(index), 4)), index, rated
        )

    def score_pairs(
        self,
        codes: IntArray,
        movie_index: IntArray,
        rated: KnownRatings | None = None,
    ) -> PersonScores:
        """Scores of pairs: profile codes (m, 4) and film rows (m,)."""
        shares = self.star_shares[movie_index]
        stars = np.arange(1.0, 6.0)
        if rated is not None and len(rated.stars):
            usual = self.star_shares[rated.movie_index] @ stars
            shift = (rated.stars - usual).sum() / (len(rated.stars) + 5)
            shares = shares * np.exp(shift * (stars - 3.5))
            shares = shares / shares.sum(axis=1, keepdims=True)
        interest = self.gender_age_interest[
            codes[:, 0], codes[:, 1], movie_index
        ]
        usual_interest = self.gender_age_interest[-1, -1, movie_index]
        liked = shares[:, 3] + shares[:, 4]
        usual_liked = self.star_shares[movie_index][:, 3:].sum(axis=1)
        return PersonScores(
            probabilities=np.stack(
                [
                    shares[:, 0],
                    shares[:, 1],
                    shares[:, 2] + shares[:, 3],
                    shares[:, 4],
                ],
                axis=1,
            ),
            expected_stars=shares @ stars,
            interest=interest,
            like_rate=interest * liked,
            usual_like_rate=usual_interest * usual_liked,
        )

    def rank_scores(self, scores: PersonScores, rank_by: str) -> FloatArray:
        """Scores to sort by, higher first; `rank_by` is one of RANKINGS."""
        if rank_by == "for_you":
            return scores.like_rate
        if rank_by == "liking":
            return scores.expected_stars
        if rank_by == "distinctive":
            return scores.like_rate - scores.usual_like_rate
        raise ValueError(
            f"rank_by is {rank_by!r}: it must be one of {', '.join(RANKINGS)}"
        )

    def to_state(self) -> dict[str, Any]:
        """Plain data from which `from_state` makes an equal predictor."""
        return {
            "movie_ids": self.movie_ids,
            "star_shares": self.star_shares,
            "gender_age_interest": self.gender_age_interest,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "PersonPredictor":
        """The predictor that `to_state` described."""
        return cls(
            state["movie_ids"],
            state["star_shares"],
            state["gender_age_interest"],
        )
