"""Interest: the probability that a person rates a film.

Linear in the profile's columns, and moved by films known. Someone's films
are taken to be draws from the person's own shares of all films. Two
estimates of those shares from a few draws are multiplied:

*Posterior over people.* The shares of people of the sample, each estimated
from all of their films, are the prior: whoever would have drawn the films
known counts more (empirical Bayes; Robbins 1956). A film not seen counts by
the chance that each of them would have seen it. What their mean leaves
unexplained of the films known moves it once more, as below.

*Credibility.* The best linear estimate from k draws (Bühlmann 1967) is
diagonal in one basis, whatever k is; `fit_interest` derives it.
"""

from typing import Any, Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray

#: Interest never falls below this share of what it was, or everyone's is.
LOWEST_RATIO: Final = 0.02
HIGHEST: Final = 1 - 1e-6

# Chosen on folds 0 and 3: nDCG@10 over the catalogue, 1 to 10 films known.
#: Power of the likelihood: the people are few, and their shares uncertain.
_TEMPER: Final = 0.85
#: Nobody's share of a film is taken to be less than this part of everyone's.
_LOWEST_SHARE: Final = 0.1
#: Part of the variance between people that is left within a posterior.
_LEFT_WITHIN: Final = 0.15
#: Power of the credibility estimate beside the posterior.
_CREDIBILITY: Final = 0.22
#: Power of what the profile says, once many films are known.
_PROFILE: Final = 0.65
#: Nobody is taken to be surer than this to have seen a film.
_SUREST: Final = 0.9

#: So that memory stays bounded while a release is loaded.
_PEOPLE_AT_A_TIME: Final = 250


class InterestModel:
    """Linear interest, and what moves it when films are known.

    Nothing changes after construction.
    """

    def __init__(
        self,
        *,
        baseline: FloatArray,
        effects: FloatArray,
        directions: FloatArray,
        strength: FloatArray,
        people: FloatArray,
    ) -> None:
        self.baseline = baseline
        """Share of people who rate the film, shape (n_movies,)."""
        self.effects = effects
        """Of the coarse columns, shape (n_coarse, n_movies)."""
        self.directions = directions
        """Q of `fit_interest`, shape (n_movies, R), half precision."""
        self.strength = strength
        """s of `fit_interest`, shape (R,): from 0 to below 1."""
        self.people = people
        """Coefficients of people of the sample, shape (P, R), half
        precision: their shares are 1 + answers @ coefficients times the
        mean shares."""
        self._effects = effects.astype(np.float64)
        self._coefficients = people.astype(np.float64)
        self._shares = baseline / baseline.sum()
        self._answers = directions / np.sqrt(self._shares)[:, None]
        self._ratios = self._ratios_of_people()
        self._mean_ratio = self._ratios.mean(axis=0, dtype=np.float64)

    def _ratios_of_people(self) -> FloatArray:
        """Each one's shares over the mean shares, (P, n_movies), single.

        Worked out in double precision: kernels for matrix products differ
        between machines, and a release must answer the same on all.
        """
        ratios = np.empty((len(self.people), len(self.baseline)), np.float32)
        for begin in range(0, len(ratios), _PEOPLE_AT_A_TIME):
            part = slice(begin, begin + _PEOPLE_AT_A_TIME)
            exact = 1 + self._coefficients[part] @ self._answers.T
            exact = np.maximum(exact, _LOWEST_SHARE)
            ratios[part] = exact / (exact @ self._shares)[:, None]
        return ratios

    def of_columns(self, columns: FloatArray) -> FloatArray:
        """Unbounded interest (m, n_movies) of encoded profiles."""
        return self.baseline + columns[:, : len(self._effects)] @ self._effects

    def posterior(
        self, interest: FloatArray, seen: IntArray, not_seen: IntArray
    ) -> FloatArray:
        """Interest (n_movies,) in every film, given films known.

        `interest` is what the profile alone says. Its total is kept: how
        many films a person hands over says nothing of how many films the
        person has seen. Both kinds of films are row numbers.
        """
        if len(seen) + len(not_seen) == 0:
            return interest
        # in single precision, sums would differ by the order of the films
        seen, not_seen = np.sort(seen), np.sort(not_seen)
        before = bounded(interest, self.baseline)
        profile = _PROFILE + (1 - _PROFILE) / (1 + len(seen) + len(not_seen))
        weights = self._weights(before, seen, not_seen)
        told = self._answers[seen].sum(axis=0)
        rate = (
            self.baseline
            * (before / self.baseline) ** profile
            * self._posterior_ratio(weights, told, len(seen))
            * self._credible_ratio(before, told, len(seen)) ** _CREDIBILITY
        )
        return _probability(rate, before.sum())

    def _weights(
        self, interest: FloatArray, seen: IntArray, not_seen: IntArray
    ) -> FloatArray:
        """Posterior probability of each of the people, shape (P,)."""
        likelihood = np.log(self._ratios[:, seen]).sum(axis=1)
        chance = self._ratios[:, not_seen] * interest[not_seen]
        missed = np.log1p(-np.minimum(chance, _SUREST)).sum(axis=1)
        power = _TEMPER * (likelihood.astype(np.float64) + missed)
        weights = np.exp(power - power.max(initial=0))
        result: FloatArray = weights / max(weights.sum(), 1e-300)
        return result

    def _posterior_ratio(
        self, weights: FloatArray, told: FloatArray, n_seen: int
    ) -> FloatArray:
        """Posterior over mean share of each film, shape (n_movies,)."""
        if len(weights) == 0:
            return np.ones(len(self.baseline))
        ratio = (weights.astype(np.float32) @ self._ratios) / self._mean_ratio
        surprise = told - n_seen * (weights @ self._coefficients)
        shrunk = surprise * _shrinkage(_LEFT_WITHIN * self.strength, n_seen)
        result: FloatArray = np.maximum(
            ratio + self._answers @ shrunk, LOWEST_RATIO * ratio
        )
        return result

    def _credible_ratio(
        self, interest: FloatArray, told: FloatArray, n_seen: int
    ) -> FloatArray:
        """Credibility estimate over the profile's share, (n_movies,)."""
        moved = self._answers @ (told * _shrinkage(self.strength, n_seen))
        share = interest / interest.sum()
        result: FloatArray = np.maximum(
            1 + moved * self._shares / share, LOWEST_RATIO
        )
        return result

    def to_state(self) -> dict[str, Any]:
        """Plain data for `from_state`."""
        return {
            "baseline": self.baseline,
            "effects": self.effects,
            "directions": self.directions,
            "strength": self.strength,
            "people": self.people,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "InterestModel":
        """The model that `to_state` described."""
        return cls(**state)


def _shrinkage(strength: FloatArray, n_draws: int) -> FloatArray:
    """s / (1 + (k - 1) s): how far k draws move each coefficient."""
    return strength / (1 + (n_draws - 1) * strength)


def _probability(rate: FloatArray, total: float) -> FloatArray:
    """1 - exp(-c rate), with c such that they add up to the total.

    The chance of at least one draw: shares of a few films can be so large
    that their expected number of draws exceeds 1.
    """
    for _ in range(4):
        rate = rate * (total / -np.expm1(-rate).sum())
    return -np.expm1(-rate)


def bounded(interest: FloatArray, baseline: FloatArray) -> FloatArray:
    """Linear interest as a probability."""
    return np.clip(interest, LOWEST_RATIO * baseline, HIGHEST)
