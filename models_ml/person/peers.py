"""Other projects' recommenders, to compare with: an extra, never served.

`pip install '.[peers]'` installs them. No wheel of LightFM is to be had: the
report tells its reference result instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from models_ml.arrays import FloatArray, IntArray
from models_ml.person.design import rating_design
from models_ml.person.list_baselines import fit_popularity, is_like
from models_ml.person.predictor import KnownRatings
from models_ml.scale import RatingScale
from models_ml.warehouse.dataset import Dataset


def implicit_is_installed() -> bool:
    """Whether `fit_implicit_als` can be called here."""
    return find_spec("implicit") is not None


@dataclass(frozen=True)
class ImplicitAls:
    """implicit's ALS on likes; a person is folded in by the films liked.

    Hu, Koren and Volinsky, ICDM 2008: a liked film has the confidence
    `alpha`, every other film the confidence 1 in not being liked.
    """

    model: Any
    """An `AlternatingLeastSquares` that is fitted."""
    likes: FloatArray
    """Ranks the films where no known film is liked."""
    scale: RatingScale

    def values(self, codes: IntArray, known: KnownRatings) -> FloatArray:
        """See `list_baselines.ListModel`."""
        liked = known.movie_index[self.scale.are_likes(known.stars)]
        if len(liked) == 0:
            return self.likes
        row = csr_matrix(
            (
                np.ones(len(liked), dtype=np.float32),
                (np.zeros(len(liked), dtype=np.int32), liked),
            ),
            shape=(1, len(self.likes)),
        )
        with threadpool_limits(limits=1):
            person = self.model.recalculate_user(0, row)
        return np.asarray(self.model.item_factors @ person)


def fit_implicit_als(
    dataset: Dataset, params: Mapping[str, Any]
) -> ImplicitAls:
    """Alternating least squares on who likes what, on one thread.

    Raises ModuleNotFoundError where implicit is not installed.
    """
    from implicit.cpu.als import (  # noqa: PLC0415 - an extra
        AlternatingLeastSquares,
    )

    design = rating_design(dataset)
    liked = csr_matrix(design.matrix(is_like(design)), dtype=np.float32)
    liked.eliminate_zeros()
    with threadpool_limits(limits=1):
        model = AlternatingLeastSquares(
            factors=params["factors"],
            regularization=params["regularization"],
            alpha=params["alpha"],
            iterations=params["iterations"],
            num_threads=1,
            random_state=params["seed"],
        )
        model.fit(liked, show_progress=False)
    likes = fit_popularity(dataset, {}).likes
    return ImplicitAls(model, likes, dataset.scale)
