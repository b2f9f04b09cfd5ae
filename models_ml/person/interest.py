"""Interest: the probability that a person rates a film.

Linear in the profile's columns, and moved by what the person tells: films
seen, and films not seen. Someone's films are taken to be draws from the
person's own shares of all films; the best linear estimate of the shares from
a few draws is the credibility estimate (Bühlmann 1967). It is diagonal in
one basis, whatever the number of draws: see `fit_interest`.

An answer adds a vector to R coefficients and a number to the information.
That is all that answers do, in any order, so that interest after many
hypothetical answers is one matrix product (`of_answers`).
"""

from dataclasses import dataclass

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.encoding import N_COARSE_COLUMNS

#: Interest never falls below this share of what it was, or everyone's is.
LOWEST_RATIO = 0.02
HIGHEST = 1 - 1e-6
#: Odds of having seen a film count at most so much when it was not seen.
HIGHEST_ODDS = 1.0


@dataclass(frozen=True)
class Told:
    """What a person told of films, summed up."""

    coefficients: FloatArray
    """Sum of the answers' vectors, shape (R,)."""
    information: float
    """Draws that the answers are worth."""


@dataclass(frozen=True)
class InterestModel:
    """Linear interest, and what moves it when films are known."""

    usual: FloatArray
    """Share of people who rate the film, shape (n_movies,)."""
    effects: FloatArray
    """Shape (N_COARSE_COLUMNS, n_movies)."""
    answers: FloatArray
    """What a film seen adds to the coefficients, shape (n_movies, R)."""
    loadings: FloatArray
    """What a coefficient adds to each film's share, shape (n_movies, R)."""
    strength: FloatArray
    """Variance of each coefficient between people, as a share of the
    variance of one draw's, shape (R,); from 0 to below 1."""

    def of_columns(self, columns: FloatArray) -> FloatArray:
        """Unbounded interest (m, n_movies) of encoded profiles."""
        return self.usual + columns[:, :N_COARSE_COLUMNS] @ self.effects

    def told(
        self, interest: FloatArray, seen: IntArray, not_seen: IntArray
    ) -> Told:
        """What answers add up to.

        `interest` is what the profile alone says. A film seen adds its row
        of `answers` and 1 to the information; a film not seen takes its row
        away as many times as the odds were that it had been seen, and adds
        the odds to the information: that nobody knows it tells nothing.
        """
        odds = self.odds(interest[not_seen])
        return Told(
            self.answers[seen].sum(axis=0) - odds @ self.answers[not_seen],
            float(len(seen) + odds.sum()),
        )

    def odds(self, interest: FloatArray) -> FloatArray:
        """How much `told` makes of a film not seen, by its interest."""
        chance = np.clip(interest, 0, HIGHEST_ODDS / (1 + HIGHEST_ODDS))
        return chance / (1 - chance)

    def given(
        self, interest: FloatArray, seen: IntArray, not_seen: IntArray
    ) -> FloatArray:
        """Interest (n_movies,) in every film, given films known.

        `interest` is what the profile alone says. Its total is kept: how
        many ratings a person hands over says nothing of how many films the
        person has seen.
        """
        told = self.told(interest, seen, not_seen)
        return self.of_answers(
            interest, told.coefficients[None], np.array([told.information])
        )[0]

    def of_answers(
        self,
        interest: FloatArray,
        coefficients: FloatArray,
        information: FloatArray,
    ) -> FloatArray:
        """Interest (m, n_movies) after each of m sets of answers.

        `interest` (n_movies,) is what the profile alone says;
        `coefficients` (m, R) and `information` (m,) are sums as in `Told`.
        """
        before = bounded(interest, self.usual)
        total = before.sum()
        shrink = self.strength / (
            1 - self.strength + information[:, None] * self.strength
        )
        moved = total * ((coefficients * shrink) @ self.loadings.T)
        after = np.maximum(before + moved, LOWEST_RATIO * before)
        return after * (total / after.sum(axis=1, keepdims=True))


def bounded(interest: FloatArray, usual: FloatArray) -> FloatArray:
    """Linear interest as a probability."""
    return np.clip(interest, LOWEST_RATIO * usual, HIGHEST)
