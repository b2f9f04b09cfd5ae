"""The audience predictor's settings, chosen by cross-validation.

Flat names with numbers, so that a run records them and a search varies them.
A name `<field>.<component>` is the weight of a kernel component (see
`similarity`) in a field's covariance; `<field>.film` the variance of what sets
each film apart, in the same units.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from models_ml.arrays import FloatArray
from models_ml.film.similarity import weight_vector

DEFAULT_PARAMS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "reach.rank": 12,
        "reach.everything": 0.05,
        "reach.genres": 0.25,
        "reach.genre_set": 0.03,
        "reach.year": 0.1,
        "reach.era": 0.2,
        "reach.genres_era": 0.2,
        "reach.genre_set_year": 0.1,
        "reach.words": 0.025,
        "reach.series": 0.05,
        "reach.series_year": 0.06,
        "reach.film": 0.04,
        # Variance of a(p), the mean by popularity, and the factor h.
        "reach.popularity": 0.03,
        "reach.half": 0.2,
        "reach.power": 1.3,
        # Factors of the field's variance in intervals, and of the directions
        # left out, and the fraction of people below which films that few
        # rate differ still more; chosen on validation films.
        "reach.spread": 1.3,
        "reach.residual": 0.1,
        "reach.few": 0.012,
        "popularity.everything": 0.01,
        "popularity.genre_set": 0.08,
        "popularity.year": 0.03,
        "popularity.era": 0.06,
        "popularity.genres_era": 0.02,
        "popularity.series": 0.36,
        "popularity.series_year": 0.28,
        "popularity.film": 0.09,
        # A film from a later year than all known ones meets a public that is
        # known less: factor of the spread; chosen on films of 1990 to 1997,
        # each two years predicted from all films before.
        "popularity.later": 1.6,
        "quality.everything": 0.05,
        "quality.genres": 0.1,
        "quality.genre_set": 0.05,
        "quality.era": 0.25,
        "quality.genres_era": 0.1,
        "quality.words": 0.1,
        "quality.series": 0.3,
        "quality.series_year": 0.2,
        "quality.film": 0.3,
        "quality.popularity": 0.3,
        "quality.spread": 1.2,
        # A person counts as at most so many ratings in the level.
        "quality.most_ratings": 50.0,
        "interaction.rank": 4,
        "interaction.everything": 0.05,
        "interaction.genres": 0.2,
        "interaction.genre_set": 0.05,
        "interaction.year": 0.1,
        "interaction.era": 0.1,
        "interaction.genres_era": 0.1,
        "interaction.genre_set_year": 0.1,
        "interaction.words": 0.1,
        "interaction.series": 0.1,
        "interaction.series_year": 0.2,
        "interaction.film": 0.5,
        "interaction.spread": 0.8,
        "interaction.residual": 0.3,
    }
)

_NOT_COMPONENTS: Final = (
    "rank",
    "film",
    "popularity",
    "half",
    "power",
    "spread",
    "residual",
    "few",
    "most_ratings",
    "later",
)


def complete(params: Mapping[str, float] | None) -> dict[str, float]:
    """`params` with the defaults of those not given.

    Raises ValueError for a name that is no setting.
    """
    chosen = dict(params or {})
    unknown = sorted(set(chosen) - set(DEFAULT_PARAMS))
    if unknown:
        raise ValueError(
            f"parameters {unknown} are unknown: they must be among "
            f"{', '.join(DEFAULT_PARAMS)}"
        )
    return {**DEFAULT_PARAMS, **chosen}


def component_weights(params: Mapping[str, float], field: str) -> FloatArray:
    """The weights of the components in the covariance of `field`."""
    others = set(_NOT_COMPONENTS)
    named = {
        name.removeprefix(f"{field}."): value
        for name, value in params.items()
        if name.startswith(f"{field}.")
    }
    return weight_vector(
        {name: v for name, v in named.items() if name not in others}
    )
