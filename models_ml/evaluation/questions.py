"""How far answers to questions carry, on people that no model has seen.

Each person is asked film after film, and answers with the rating they gave or
with "not seen". After n questions the list for the person is judged over the
catalogue without the films asked about, and so is the list that the profile
alone gives: the same films are left out of both, so that the difference is
what the answers brought.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.metrics.rating_metrics import ndcg_of_catalogue
from models_ml.person.answers import AnswerModel, both
from models_ml.person.predictor import (
    KnownRatings,
    PersonPredictor,
    PersonScores,
)
from models_ml.person.questions import best_questions
from models_ml.warehouse.dataset import Dataset

N_QUESTIONS: Final = (5, 10, 15)


class Interview:
    """Where a person stands when the next question is due."""

    def __init__(
        self, someone: "Someone", asked: IntArray, rng: np.random.Generator
    ) -> None:
        self.predictor: Final = someone.predictor
        self.asked: Final = asked
        """Row numbers of the films asked about so far."""
        self.rng: Final = rng
        self._someone = someone

    @cached_property
    def scores(self) -> PersonScores:
        """What the predictor makes of the answers so far."""
        return self._someone.scores(self.asked)


#: Chooses the film to ask about next, by its row number.
Policy = Callable[[Interview], int]
#: By number of questions and name, one value for each person.
Values = dict[int, dict[str, list[float]]]


def ask_what_is_worth_most(interview: Interview) -> int:
    """The released policy."""
    predictor = interview.predictor
    everything = np.arange(len(predictor.movie_ids))
    candidates = np.setdiff1d(everything, interview.asked)
    questions = best_questions(
        predictor.answers, interview.scores, interview.asked, candidates, 1
    )
    return int(questions.films[0])


def ask_the_best_known(interview: Interview) -> int:
    """The film that most people have rated."""
    films = interview.predictor.answers.films
    interest = interview.predictor.interest.baseline[films]
    interest = np.where(np.isin(films, interview.asked), -1, interest)
    return int(films[interest.argmax()])


def ask_at_random(interview: Interview) -> int:
    """Any of the films that can be asked about."""
    films = interview.predictor.answers.films
    return int(interview.rng.choice(np.setdiff1d(films, interview.asked)))


def ask_from_a_list(predictor: PersonPredictor, n: int) -> Policy:
    """The same n films for everyone, in the same order.

    Chosen greedily: each explains most of what those before leave of the
    variance of likes, summed over all films.
    """
    films = _explaining_most(predictor, n)
    return lambda interview: int(films[len(interview.asked)])


def _explaining_most(predictor: PersonPredictor, n: int) -> IntArray:
    model = predictor.answers
    nobody = predictor.score((-1, -1, -1, -1))
    liking = nobody.like_rate / nobody.interest
    links = model.links.astype(np.float64) * (model.scale * liking)
    covariance = model.covariance.astype(np.float64)
    chosen: list[int] = []
    for _ in range(n):
        explained = _explained(model, covariance, links)
        explained[chosen] = -1
        chosen.append(int(explained.argmax()))
        rows = both(np.array(chosen[-1:]))
        inverse = np.linalg.inv(covariance[np.ix_(rows, rows)])
        gain = covariance[:, rows] @ inverse
        links = links - gain @ links[rows]
        covariance = covariance - gain @ covariance[rows]
    return model.films[chosen]


def _explained(
    model: AnswerModel, covariance: FloatArray, links: FloatArray
) -> FloatArray:
    """Variance that each film's answer explains, shape (P,)."""
    own = np.stack(
        [
            covariance[np.ix_(rows, rows)]
            for rows in both(np.arange(len(model.films))).reshape(-1, 2)
        ]
    )
    # films that were chosen have nothing left to explain
    inverse = np.linalg.pinv(own)
    pairs = links.reshape(-1, 2, links.shape[1])
    result: FloatArray = np.einsum("pam,pab,pbm->p", pairs, inverse, pairs)
    return result


def evaluate_questions(
    predictor: PersonPredictor,
    dataset: Dataset,
    folds: tuple[int, ...],
    policy: Policy,
    *,
    ns: Sequence[int] = N_QUESTIONS,
    seed: int = 0,
) -> dict[int, dict[str, FloatArray]]:
    """For each number of questions, one value for each person in `folds`.

    `answered` and `profile` are nDCG@10 of the list with the answers and of
    that without, over the catalogue without the films asked about, relevant
    = 4 stars or more (nan: nothing relevant is left); `seen` is the share of
    the films asked about that the person had seen.
    """
    rng = np.random.default_rng(seed)
    codes = dataset.users.codes()
    ratings = dataset.of_user_folds(folds).ratings
    order = np.argsort(ratings.user, kind="stable")
    people, starts = np.unique(ratings.user[order], return_index=True)
    values: Values = {
        n: {"answered": [], "profile": [], "seen": []} for n in ns
    }
    for person, rows in zip(people, np.split(order, starts[1:]), strict=True):
        stars = np.zeros(len(predictor.movie_ids), dtype=np.int64)
        stars[ratings.movie[rows]] = ratings.stars[rows]
        gender, age, occupation, region = (int(c) for c in codes[person])
        someone = Someone(predictor, (gender, age, occupation, region), stars)
        _interview(someone, policy, values, rng)
    return {
        n: {name: np.array(column) for name, column in columns.items()}
        for n, columns in values.items()
    }


@dataclass(frozen=True)
class Someone:
    """A person to ask."""

    predictor: PersonPredictor
    codes: tuple[int, int, int, int]
    stars: IntArray
    """Steps that they would answer, shape (n_movies,); 0: not seen."""

    def scores(self, asked: IntArray) -> PersonScores:
        """What the predictor makes of their answers."""
        return self.predictor.score(self.codes, self.answers(asked))

    def answers(self, asked: IntArray) -> KnownRatings:
        """What they answer when asked about these films."""
        seen = asked[self.stars[asked] > 0]
        not_seen = asked[self.stars[asked] == 0]
        return KnownRatings(seen, self.stars[seen], not_seen, seen)

    def ndcg(self, scores: PersonScores, asked: IntArray) -> float:
        """nDCG@10 of their list, without the films asked about."""
        allowed = self.predictor.rank_scores(scores, "for_you").copy()
        allowed[asked] = -np.inf
        relevant = np.flatnonzero(self.predictor.scale.are_likes(self.stars))
        return ndcg_of_catalogue(allowed, np.setdiff1d(relevant, asked))


def _interview(
    someone: Someone,
    policy: Policy,
    values: Values,
    rng: np.random.Generator,
) -> None:
    interview = Interview(someone, np.zeros(0, dtype=np.int64), rng)
    start = interview.scores
    for n in range(1, max(values) + 1):
        asked = np.append(interview.asked, policy(interview))
        interview = Interview(someone, asked, rng)
        if n in values:
            seen = float((someone.stars[asked] > 0).mean())
            answered = someone.ndcg(interview.scores, asked)
            values[n]["answered"].append(answered)
            values[n]["profile"].append(someone.ndcg(start, asked))
            values[n]["seen"].append(seen)
