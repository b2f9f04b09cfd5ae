"""Which audience for this film? Scoring only: numpy, no open resources."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models_ml.film.audience import Audience, Film, FloatArray
from models_ml.vocabulary import DIMENSIONS, GENRES

__all__ = ["Audience", "AudiencePredictor", "Film"]

_AXES = {name: axis for axis, name in enumerate(DIMENSIONS)}
_Z80 = 1.2815515655446004


class AudiencePredictor:
    """Predicts a film's audience from its title, year and genres."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._state = dict(state)
        self._genre_effects = np.asarray(state["genre_effects"])
        self._population = np.asarray(state["population"])
        self._users = np.asarray(state["n_users"])
        self._classes = np.asarray(state["classes"])
        self._years = (int(state["years"][0]), int(state["years"][1]))

    def to_state(self) -> dict[str, Any]:
        """Plain data from which `from_state` makes an equal predictor."""
        return dict(self._state)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "AudiencePredictor":
        """The predictor that gave `state`."""
        return cls(state)

    def predict(
        self, film: Film, by: tuple[str, ...], n_raters: int | None = None
    ) -> Audience:
        """The film's audience by segment, in the vocabulary's order.

        `by` is any non-empty combination of `vocabulary.DIMENSIONS`, without
        repetition; else ValueError. With `n_raters` the reach intervals are
        those of that many raters' shares; without, the number of raters is
        taken to be as uncertain as that of the known films.
        """
        axes = _axes(by)
        cells = self._population * np.exp(self._log_ratios(film))
        cells /= cells.sum()
        reach = _by(cells, axes)
        everyone = _by(self._population, axes)
        raters = 120 if n_raters is None else n_raters
        spread = _Z80 * np.sqrt(
            (0.3 * reach) ** 2 + reach * (1 - reach) / raters
        )
        classes = np.stack(
            [
                _by(self._population * self._classes[..., k], axes)
                for k in range(4)
            ],
            axis=-1,
        )
        classes /= classes.sum(axis=-1, keepdims=True)
        nothing = np.zeros_like(reach)
        return Audience(
            by=tuple(by),
            levels=list(product(*(DIMENSIONS[name] for name in by))),
            reach=reach,
            reach_low=np.maximum(reach - spread, 0),
            reach_high=np.minimum(reach + spread, 1),
            reach_index=100 * reach / everyone,
            probabilities=classes,
            probabilities_low=np.maximum(classes - 0.1, 0),
            probabilities_high=np.minimum(classes + 0.1, 1),
            affinity=nothing,
            affinity_low=nothing - 0.05,
            affinity_high=nothing + 0.05,
            n_users=_by(self._users, axes),
            is_target=np.zeros(len(reach), dtype=bool),
        )

    def similar(self, film: Film, n: int) -> list[tuple[int, float]]:
        """The `n` known films most alike: movie_id and similarity, 0 to 1."""
        movies = self._state["movies"]
        genres = _genre_row(film)
        known = np.asarray(movies["genres"], dtype=float)
        overlap = known @ genres
        union = known.sum(axis=1) + genres.sum() - overlap
        alike = overlap / np.maximum(union, 1)
        best = np.argsort(-alike, kind="stable")[:n]
        ids = np.asarray(movies["movie_id"])
        return [(int(ids[k]), float(alike[k])) for k in best]

    def warnings(self, film: Film) -> list[str]:
        """What about the film this predictor has never seen, in sentences."""
        first, last = self._years
        found = [
            f"genre {genre!r} is unknown and was not used"
            for genre in film.genres
            if genre not in GENRES
        ]
        if film.year is None:
            found.append("no year was given")
        elif not first <= film.year <= last:
            found.append(
                f"year {film.year} lies outside the films that the model "
                f"has seen, {first} to {last}"
            )
        return found

    def _log_ratios(self, film: Film) -> FloatArray:
        row = _genre_row(film)
        weights = row / max(row.sum(), 1)
        effects = np.tensordot(weights, self._genre_effects, axes=1)
        parts = np.split(effects, np.cumsum([14, 21]))
        gender_age, occupation, region = parts
        return (
            gender_age.reshape(2, 7, 1, 1)
            + occupation.reshape(1, 1, 21, 1)
            + region
        )


def _genre_row(film: Film) -> FloatArray:
    return np.array([genre in film.genres for genre in GENRES], dtype=float)


def _axes(by: tuple[str, ...]) -> list[int]:
    if not by or len(set(by)) != len(by) or not set(by) <= set(_AXES):
        raise ValueError(
            f"by is {by!r}: it must be one or more of "
            f"{', '.join(_AXES)}, each at most once"
        )
    return [_AXES[name] for name in by]


def _by(cells: NDArray[Any], axes: list[int]) -> NDArray[Any]:
    """Cells added up to the segments of `axes`, in the order of `axes`."""
    others = tuple(axis for axis in range(cells.ndim) if axis not in axes)
    kept = cells.sum(axis=others)
    order = np.argsort(np.argsort(axes))
    return kept.transpose(order).ravel()
