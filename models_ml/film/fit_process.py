"""Fits one process over films: its values, their variances, held-out ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.fields import Field, fit_field
from models_ml.film.fit_uncertainty import fit_uncertainty, variances_without
from models_ml.film.loadings import Observations
from models_ml.film.params import component_weights
from models_ml.film.similarity import FilmIndex
from models_ml.film.uncertainty import Uncertainty

N_INDUCING: Final = 120


@dataclass(frozen=True)
class ProcessFilms:
    """The films that are learnt from, as all processes see them."""

    film_index: FilmIndex
    grams: NDArray[np.float32]
    """Kernel components between them, (len(KERNEL_COMPONENTS), n, n)."""
    fold: NDArray[np.integer]
    """See `held_out`, (n,)."""
    n_raters: FloatArray
    log_knots: FloatArray
    """Knots of popularity."""


@dataclass(frozen=True)
class Process:
    """A fitted process of K coordinates."""

    field: Field
    uncertainty: Uncertainty
    variances_without: FloatArray
    """Of each known film's coordinates without its own ratings, (n, K)."""


def fit_process(
    films: ProcessFilms,
    name: str,
    observed: Observations,
    variances: FloatArray,
    params: Mapping[str, float],
    *,
    h: FloatArray | None = None,
) -> Process:
    """The process `name` of `params`; `h` (n,) as in `fields`, or all 1."""
    weights = component_weights(params, name)
    film_variance = params[f"{name}.film"]
    factor = np.ones(len(films.n_raters)) if h is None else h
    field = fit_field(
        np.tensordot(weights.astype(np.float32), films.grams, axes=1),
        observed,
        film_variance=film_variance,
        mean_variance=params.get(f"{name}.popularity", 0.0),
        variances=variances,
        h=factor,
        log_raters=np.log(films.n_raters),
        log_knots=films.log_knots,
        fold=films.fold,
    )
    uncertainty = fit_uncertainty(
        films.grams,
        weights=weights,
        film_variance=film_variance,
        scale=variances,
        noise=observed.noise,
        h=factor,
        n_inducing=N_INDUCING,
    )
    without = variances_without(
        uncertainty, films.film_index, films.grams, observed.noise, factor
    )
    # Reach's is applied with the number of raters (see `AudienceScorer`).
    spread = 1.0 if name == "reach" else params[f"{name}.spread"]
    return Process(field, uncertainty, spread * without)
