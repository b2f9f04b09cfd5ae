"""The fitted audience predictor as plain data, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray, IntArray
from models_ml.film.held_out import HeldOut
from models_ml.film.popularity import Popularity
from models_ml.film.preference import PreferenceModel
from models_ml.film.protocol import Film
from models_ml.film.reach import ReachModel
from models_ml.film.similarity import FilmIndex
from models_ml.film.uncertainty import Uncertainty
from models_ml.vocabulary import Vocabulary

#: Changes whenever a state's meaning does.
FORMAT: Final = 5


def state_of(
    *,
    vocabulary: Vocabulary,
    film_index: FilmIndex,
    movie_id: IntArray,
    n_raters: FloatArray,
    n_users: IntArray,
    popularity: Popularity,
    reach: ReachModel,
    preference: PreferenceModel,
    params: Mapping[str, float],
    quantiles: FloatArray,
    held_out: HeldOut,
) -> dict[str, Any]:
    """Plain data: dicts, lists, strings, numbers and numpy arrays."""
    return {
        "format": FORMAT,
        "vocabulary": vocabulary.to_rows(),
        "movie_id": np.asarray(movie_id),
        "titles": [film.title for film in film_index.films],
        "years": np.array([film.year or 0 for film in film_index.films]),
        "genres": film_index.genres.astype(bool),
        "n_raters": n_raters.astype(np.int32),
        "n_users": np.asarray(n_users),
        "popularity": asdict(popularity),
        "reach": asdict(reach),
        "preference": asdict(preference),
        "params": dict(params),
        "quantiles": quantiles,
        "held_out": {
            name: _compact(values) for name, values in vars(held_out).items()
        },
    }


def _compact(values: NDArray[Any]) -> NDArray[Any]:
    """In half the bytes; beliefs are not sure to seven digits."""
    single = np.issubdtype(values.dtype, np.floating)
    return values.astype(np.float32 if single else np.int16)


def held_out_in(state: Mapping[str, Any]) -> HeldOut:
    """What would have been believed of the known films."""
    return HeldOut(
        **{
            name: values.astype(float) if name != "fold" else values
            for name, values in state["held_out"].items()
        }
    )


def check_format(state: Mapping[str, Any]) -> None:
    """Raises ValueError for a state of another format."""
    if state.get("format") != FORMAT:
        raise ValueError(
            f"format is {state.get('format')!r}: this code reads an audience "
            f"predictor of format {FORMAT}"
        )


def films_in(state: Mapping[str, Any], vocabulary: Vocabulary) -> list[Film]:
    """The known films."""
    genres: NDArray[np.bool_] = state["genres"]
    return [
        Film(
            title,
            int(year) or None,
            tuple(vocabulary.genres[k] for k in np.flatnonzero(row)),
        )
        for title, year, row in zip(
            state["titles"], state["years"], genres, strict=True
        )
    ]


def popularity_in(state: Mapping[str, Any]) -> Popularity:
    """The popularity of films."""
    return Popularity(**state["popularity"])


def reach_in(state: Mapping[str, Any]) -> ReachModel:
    """The reach model."""
    parts = dict(state["reach"])
    parts["uncertainty"] = Uncertainty(**parts["uncertainty"])
    return ReachModel(**parts)


def preference_in(state: Mapping[str, Any]) -> PreferenceModel:
    """The preference model."""
    parts = dict(state["preference"])
    for name in ("quality_uncertainty", "interaction_uncertainty"):
        parts[name] = Uncertainty(**parts[name])
    return PreferenceModel(**parts)
