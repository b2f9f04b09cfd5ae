"""How far segments reach along the directions that no coordinate covers.

Films differ a little along every direction over the levels; the models keep
the leading ones as coordinates and give the others one common variance, which
a segment feels in proportion to the squared length of its loadings on them.
"""

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.film.cells import Cells, Segments
from models_ml.film.loadings import population_basis


class ResidualVariance:
    """Squared lengths per segment, for several models' coordinates."""

    def __init__(
        self,
        cells: Cells,
        population: FloatArray,
        loadings: tuple[FloatArray, ...],
    ) -> None:
        """`loadings` of the cells, (n_cells, K) each, in whitened units."""
        self._population = population
        self._basis = cells.spread(population_basis(cells, population))
        self._loadings = loadings
        # Filled on demand; a thread may fill the same entry twice, equally.
        self._known: dict[tuple[int, ...], list[FloatArray]] = {}

    def norms(self, segments: Segments) -> list[FloatArray]:
        """One array (n_segments,) for each of the models."""
        key = segments.axes
        if key not in self._known:
            total = self._length(self._basis, segments)
            self._known[key] = [
                np.maximum(total - self._length(own, segments), 0)
                for own in self._loadings
            ]
        return self._known[key]

    def _length(self, loadings: FloatArray, segments: Segments) -> FloatArray:
        sums = segments.add_up(self._population * loadings.T)
        shares = segments.add_up(self._population[None])[0]
        means = sums / shares - sums.sum(axis=1, keepdims=True)
        result: FloatArray = (means**2).sum(axis=0)
        return result
