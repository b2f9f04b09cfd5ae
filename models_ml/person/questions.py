"""Which films to ask a person about next: those that change the list most.

A question is worth what its answer does for the list. Say the person's films
are ranked by the probability of liking them, and let the list's value be the
discounted mean of those probabilities over the best ten (the expected nDCG@10
of a person who likes ten films or more). The answers to come are: not seen,
seen and liked, seen and not liked. Each moves interest in every film (see
`answers`) and so the ten best; the mean of the lists' values after the
answer, less the value before, is the expected gain. It is zero for a question
whose answers all leave the same list: what is asked about has to tell
something of the list, not of the person in general. (Value of information,
Howard 1966; as a policy that looks one step ahead, the knowledge gradient of
Frazier, Powell and Dayanik 2008.)

Several questions that are to be asked at once are chosen one by one: each
takes away the uncertainty that its answer will, whatever the answer.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.answers import AnswerModel, both
from models_ml.person.predictor import PersonScores

#: Films in the list whose value counts.
LIST_LENGTH: Final = 10
#: Films, best first, that an answer may bring into the list.
_N_CANDIDATES: Final = 100
#: Nobody is quite sure to have seen a film, or not to have.
_LEAST_CHANCE: Final = 0.02
_GONE: Final = -1.0


@dataclass(frozen=True)
class Questions:
    """Films to ask about next, best first."""

    films: IntArray
    """Row numbers."""
    known: FloatArray
    """Probability that the person has seen the film."""
    gain: FloatArray
    """Expected rise of the list's value, from 0 to 1."""


@dataclass
class _Uncertain:
    """What is open of the answers, and their ties with the candidates."""

    covariance: FloatArray
    """Shape (2 P, 2 P)."""
    links: FloatArray
    """With the like rates of the candidates, shape (2 P, candidates)."""

    def settle(self, places: IntArray) -> None:
        """Take away what the answers at these places will tell."""
        rows = both(places)
        solved = np.linalg.solve(
            self.covariance[np.ix_(rows, rows)],
            np.hstack([self.covariance[rows], self.links[rows]]),
        )
        size = len(self.covariance)
        column = self.covariance[:, rows]
        self.covariance = self.covariance - column @ solved[:, :size]
        self.links = self.links - column @ solved[:, size:]

    def moves(self, place: IntArray, surprise: FloatArray) -> FloatArray:
        """How far answers move the candidates, (places, answers, films).

        `surprise` has shape (places, answers, 2).
        """
        seen, stars = 2 * place, 2 * place + 1
        a = self.covariance[seen, seen][:, None]
        b = self.covariance[seen, stars][:, None]
        d = self.covariance[stars, stars][:, None]
        gain = np.stack(
            [
                d * surprise[..., 0] - b * surprise[..., 1],
                a * surprise[..., 1] - b * surprise[..., 0],
            ],
            axis=2,
        )
        gain /= (a * d - b * b)[..., None]
        links = np.stack([self.links[seen], self.links[stars]], axis=1)
        return gain.astype(np.float32) @ links.astype(np.float32)


def best_questions(
    model: AnswerModel,
    scores: PersonScores,
    known: IntArray,
    candidates: IntArray,
    n: int,
) -> Questions:
    """Up to n films to ask about, given all that is known.

    `scores` are of the whole catalogue, `known` row numbers of films that are
    known already or must not be asked about, `candidates` those that the list
    may hold. Fewer than n when the films that can be asked about run out.
    """
    place = model.places(known)
    is_open = np.ones(len(model.films), dtype=bool)
    is_open[place[place >= 0]] = False
    best = _best(scores.like_rate, candidates)
    rates = scores.like_rate[best]
    liking = rates / scores.interest[best]
    uncertain = _Uncertain(
        model.covariance.astype(np.float64),
        model.links[:, best].astype(np.float64) * (model.scale[best] * liking),
    )
    if not is_open.all():
        uncertain.settle(np.flatnonzero(~is_open))
    asked = _Answers.of(model, scores)
    listed = _places_in(best, model.films)
    chosen: list[int] = []
    gains: list[float] = []
    for _ in range(min(n, int(is_open.sum()))):
        if chosen:
            uncertain.settle(np.array(chosen[-1:]))
        place = np.flatnonzero(is_open)
        gain = _gains(uncertain, asked, rates, listed, place)
        first = int(gain.argmax())
        chosen.append(int(place[first]))
        gains.append(float(gain[first]))
        is_open[chosen[-1]] = False
    index = np.array(chosen, dtype=np.int64)
    return Questions(
        films=model.films[index],
        known=asked.seen[index],
        gain=np.maximum(np.array(gains), 0.0),
    )


@dataclass(frozen=True)
class _Answers:
    """The three answers to each question: not seen, liked, not liked."""

    seen: FloatArray
    """Shape (P,)."""
    chances: FloatArray
    """Shape (P, 3)."""
    surprise: FloatArray
    """What they differ from what is expected, shape (P, 3, 2)."""

    @classmethod
    def of(cls, model: AnswerModel, scores: PersonScores) -> "_Answers":
        films = model.films
        interest = scores.interest[films]
        seen = np.clip(interest, _LEAST_CHANCE, 1 - _LEAST_CHANCE)
        liked = scores.like_rate[films] / interest
        chances = [1 - seen, seen * liked, seen * (1 - liked)]
        answers = np.array([[0, 0], [1, model.liked], [1, model.not_liked]])
        stars = seen * (scores.expected_stars[films] - model.centre)
        expected = np.stack([seen, stars], axis=1)
        return cls(
            seen=seen,
            chances=np.stack(chances, axis=1),
            surprise=answers[None] - expected[:, None],
        )


def _best(like_rate: FloatArray, candidates: IntArray) -> IntArray:
    if len(candidates) <= _N_CANDIDATES:
        return candidates
    order = np.argpartition(-like_rate[candidates], _N_CANDIDATES)
    return candidates[order[:_N_CANDIDATES]]


def _places_in(rows: IntArray, wanted: IntArray) -> IntArray:
    """The place of each of `wanted` in `rows`; -1: it is not there."""
    same = rows[None, :] == wanted[:, None]
    return np.where(same.any(axis=1), same.argmax(axis=1), -1)


def _gains(
    uncertain: _Uncertain,
    asked: _Answers,
    rates: FloatArray,
    listed: IntArray,
    place: IntArray,
) -> FloatArray:
    """Expected gain of the question at each place.

    `rates` are the candidates' like rates, `listed` where among them the
    film of each question is: once asked about it is not in the list.
    """
    after = uncertain.moves(place, asked.surprise[place])
    after += rates.astype(np.float32)
    before = np.tile(rates, (len(place), 1))
    own = np.flatnonzero(listed[place] >= 0)
    after[own, :, listed[place][own]] = _GONE
    before[own, listed[place][own]] = _GONE
    expected = (asked.chances[place] * _list_value(after)).sum(axis=1)
    result: FloatArray = expected - _list_value(before)
    return result


def _list_value(rates: FloatArray) -> FloatArray:
    """Discounted mean of the highest rates along the last axis."""
    n = min(LIST_LENGTH, rates.shape[-1])
    top = np.partition(rates, rates.shape[-1] - n, axis=-1)[..., -n:]
    top.sort(axis=-1)
    discounts = 1 / np.log2(np.arange(n) + 2)
    result: FloatArray = np.maximum(top[..., ::-1], 0) @ (
        discounts / discounts.sum()
    )
    return result
