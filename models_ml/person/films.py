"""What a person predictor knows of films: its own, and described ones."""

from dataclasses import dataclass, fields
from functools import cached_property

from models_ml.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class FilmTables:
    """What the predictor knows of each film; K factors."""

    factors: FloatArray
    """q, shape (n_movies, K)."""
    selection_effect: FloatArray
    """Shape (n_movies, K), see `thresholds`."""
    residual_offset: FloatArray
    bias: FloatArray
    """mu + b, shape (n_movies,)."""
    precision: FloatArray
    """E[q q'] as upper triangles, shape (n_movies, K (K + 1) / 2)."""
    cross: FloatArray
    """Covariance of b with q, shape (n_movies, K)."""
    mean: FloatArray
    thresholds: FloatArray
    """Between steps of the scale, shape (n_movies, K - 1)."""
    deviation: FloatArray

    @cached_property
    def start(self) -> FloatArray:
        """Latent distance to the film's mean of a person of no factors.

        With no ratings known, when the selection effect counts in full;
        (n_movies,).
        """
        result: FloatArray = (
            self.bias
            - self.mean
            + self.residual_offset
            + (self.factors * self.selection_effect).sum(axis=1)
        )
        return result

    def of(self, rows: slice | IntArray) -> "FilmTables":
        """The tables of some films."""
        return FilmTables(
            **{name: v[rows] for name, v in self.state().items()}
        )

    def state(self) -> dict[str, FloatArray]:
        """The fields, by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True)
class NewFilms:
    """Films that are not among the predictor's, described so as those are."""

    tables: FilmTables
    baseline: FloatArray
    """Share of people who will rate the film, shape (n,)."""
    effects: FloatArray
    """Of the profile's columns on that, shape (n_coarse, n)."""
    alike: IntArray
    """Rows of the known films that are most alike, shape (n, A)."""
    alike_weights: FloatArray
    """How alike they are, shape (n, A); rows sum to 1. Known ratings move
    interest in a new film by what they move it, in the mean, in these."""

    def __len__(self) -> int:
        return len(self.baseline)
