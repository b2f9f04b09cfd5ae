"""Lists of ten for people never seen: how good, and how alike they are.

A list is judged by nDCG@10 over the whole catalogue, and beside that by its
sameness: how many different films stand in the lists of all people, and how
much of a list is what everyone gets. What offline measures favour is not
what people who watch favour: popular lists do well here since popular films
were rated, so sameness stands beside precision.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.evaluation.person import known_and_rest
from models_ml.metrics.rating_metrics import ndcg_of_list
from models_ml.person.list_baselines import ListModel
from models_ml.person.predictor import KnownRatings, PersonPredictor
from models_ml.person.ranking import best_rows
from models_ml.warehouse.dataset import Dataset

LIST_LENGTH = 10

#: Values to sort all films by, for each of some ways to rank.
Rankings = Callable[[IntArray, KnownRatings], Mapping[str, FloatArray]]


@dataclass(frozen=True)
class Lists:
    """A list for each person, in order of the people."""

    ndcg: FloatArray
    """nDCG@10, shape (n_people,); nan: nothing relevant."""
    rows: IntArray
    """Row numbers of the films, shape (n_people, LIST_LENGTH); -1: none."""

    def metrics(self) -> dict[str, float]:
        """Mean nDCG@10, different films, and share of what everyone gets.

        What everyone gets are the films that stand in the most lists, as
        many as a list holds.
        """
        films, counts = np.unique(self.rows, return_counts=True)
        counts = counts[films >= 0]
        shared = np.sort(counts)[-LIST_LENGTH:].sum() / counts.sum()
        return {
            "ndcg_catalogue": float(np.nanmean(self.ndcg)),
            "n_distinct": float(len(counts)),
            "shared": float(shared),
        }


def rankings_of(
    predictor: PersonPredictor, novelties: tuple[float, ...] = ()
) -> Rankings:
    """The predictor's ways to rank; `novelty X` for each X given."""

    def rank(codes: IntArray, known: KnownRatings) -> dict[str, FloatArray]:
        gender, age, occupation, region = (int(code) for code in codes)
        scores = predictor.score((gender, age, occupation, region), known)
        plain = {
            name: predictor.rank_scores(scores, name)
            for name in ("for_you", "liking", "distinctive")
        }
        return plain | {
            f"novelty {novelty:g}": predictor.rank_scores(
                scores, "for_you", novelty
            )
            for novelty in novelties
        }

    return rank


def ranking_of(name: str, model: ListModel) -> Rankings:
    """The one ranking of a simpler model."""
    return lambda codes, known: {name: model.values(codes, known)}


def evaluate_lists(
    rankings: Rankings,
    dataset: Dataset,
    folds: tuple[int, ...],
    *,
    n_known: int = 0,
    seed: int = 0,
    series_of: IntArray | None = None,
) -> dict[str, Lists]:
    """Lists of people in `folds`, for each way to rank.

    Relevant are the films that the person likes, with 4 stars or more. With
    `n_known`, that many ratings of each person are drawn at random, given to
    the ranking, and left out of lists and relevance. `series_of` as in
    `ranking.best_rows`.
    """
    codes = dataset.users.codes()
    everything = np.arange(len(dataset.movies))
    cache: dict[tuple[int, ...], Mapping[str, FloatArray]] = {}
    ndcg: dict[str, list[float]] = {}
    rows: dict[str, list[IntArray]] = {}
    for person, known, rest in known_and_rest(dataset, folds, n_known, seed):
        profile = tuple(codes[person].tolist())
        values = None if n_known else cache.get(profile)
        if values is None:
            values = rankings(codes[person], known)
            if not n_known:
                cache[profile] = values
        candidates = np.delete(everything, known.movie_index)
        relevant = rest.movie_index[dataset.scale.are_likes(rest.stars)]
        for name, order in values.items():
            best = best_rows(order, candidates, LIST_LENGTH, series_of)
            ndcg.setdefault(name, []).append(ndcg_of_list(best, relevant))
            padding = np.full(LIST_LENGTH - len(best), -1)
            rows.setdefault(name, []).append(np.append(best, padding))
    return {
        name: Lists(np.array(ndcg[name]), np.stack(rows[name]))
        for name in ndcg
    }
