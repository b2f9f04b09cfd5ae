"""A way to predict, with its settings: the same form for both questions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np

from models_ml.warehouse.dataset import Dataset

Fitted_co = TypeVar("Fitted_co", covariant=True)


@dataclass(frozen=True)
class LogUniform:
    """A positive setting, drawn log-uniformly from `low` to `high`."""

    low: float
    high: float

    def sample(self, rng: np.random.Generator) -> float:
        """A value drawn at random."""
        return float(np.exp(rng.uniform(np.log(self.low), np.log(self.high))))


@dataclass(frozen=True)
class Choice:
    """A setting that takes one of `values`."""

    values: Sequence[Any]

    def sample(self, rng: np.random.Generator) -> Any:
        """A value drawn at random."""
        return self.values[int(rng.integers(len(self.values)))]


@dataclass(frozen=True)
class Limits:
    """The most that a candidate is fitted on; None: it bears any size."""

    ratings: int | None = None
    """Of the sample's people: the rows that it holds in memory."""
    films: int | None = None
    """Rated by the sample, where it solves for all pairs of films."""

    def exceeded_by(self, dataset: Dataset) -> str | None:
        """Which limit the data exceed, and by what; None where none."""
        ratings = dataset.ratings
        sizes = {
            "ratings of the sample": (len(ratings), self.ratings),
            "films that the sample rated": (
                len(np.unique(ratings.movie)),
                self.films,
            ),
        }
        for what, (size, most) in sizes.items():
            if most is not None and size > most:
                return f"{size:,} {what}, and it bears {most:,}"
        return None


@dataclass(frozen=True)
class Candidate(Generic[Fitted_co]):
    """A way to predict, its chosen settings and what a search draws."""

    fitting: Callable[[Dataset, Mapping[str, Any]], Fitted_co]
    defaults: Mapping[str, Any]
    search_space: Mapping[str, Choice | LogUniform] = field(
        default_factory=dict
    )
    limits: Limits = Limits()

    def fit(
        self, dataset: Dataset, params: Mapping[str, Any] | None = None
    ) -> Fitted_co:
        """Fit on the ratings of `dataset`; `params` override `defaults`.

        Raises ValueError for a name that is no setting of the candidate.
        """
        unknown = set(params or {}) - set(self.defaults)
        if unknown:
            raise ValueError(
                f"no such setting: {', '.join(sorted(unknown))}; allowed: "
                f"{', '.join(sorted(self.defaults))}"
            )
        return self.fitting(dataset, {**self.defaults, **(params or {})})

    def sample(self, rng: np.random.Generator) -> dict[str, Any]:
        """Settings drawn at random from the search space."""
        return {
            name: choices.sample(rng)
            for name, choices in self.search_space.items()
        }
