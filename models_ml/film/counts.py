"""The ratings added up: all that the fits see of them."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse

from models_ml.arrays import FloatArray, IntArray
from models_ml.film.cells import Cells
from models_ml.film.protocol import Film
from models_ml.vocabulary import RATING_CLASSES
from models_ml.warehouse.dataset import Dataset


@dataclass(frozen=True)
class CellCounts:
    """Ratings of the films that have any, by film, cell and class.

    Entries of the four one-dimensional arrays belong together.
    """

    cells: Cells
    movies: IntArray
    """Rows of Movies that have a rating, ascending, (n,)."""
    film: IntArray
    """Row number in `movies`."""
    cell: IntArray
    n_ratings: FloatArray
    of_class: FloatArray
    """Shape (entries, 4)."""
    n_users: IntArray
    """People in each cell, whether they rated or not, (n_cells,)."""

    def by_class(self) -> FloatArray:
        """Ratings of each film in each class, (n, 4)."""
        return _sum_rows(self.film, self.of_class, len(self.movies))

    def by_cell(self) -> FloatArray:
        """Ratings of all films in each cell and class, (n_cells, 4)."""
        return _sum_rows(self.cell, self.of_class, self.cells.n)

    def by_level(self, values: FloatArray) -> FloatArray:
        """Values of entries added up by film and level, (n, n_levels)."""
        n_levels = self.cells.n_levels
        levels = self.cells.level_of_cell[self.cell]
        index = self.film[:, None] * n_levels + levels
        total = np.bincount(
            index.ravel(),
            weights=np.repeat(values, levels.shape[1]),
            minlength=len(self.movies) * n_levels,
        )
        return total.reshape(-1, n_levels).astype(float)


def count(dataset: Dataset) -> CellCounts:
    """The dataset's counts, folds added up.

    Raises ValueError when there is none.
    """
    rows, profiles = dataset.counts.movie_profiles, dataset.counts.profiles
    if len(rows.movie) == 0:
        raise ValueError("an audience predictor needs at least one rating")
    movies, film = np.unique(rows.movie, return_inverse=True)
    classes = dataset.scale.classes_of(rows.stars)
    cells = Cells(dataset.vocabulary)
    keys = film.astype(np.int64) * cells.n + cells.of_codes(rows.codes)
    pairs, entry = np.unique(keys, return_inverse=True)
    of_class = np.bincount(
        entry * len(RATING_CLASSES) + classes,
        weights=rows.n_ratings,
        minlength=len(pairs) * len(RATING_CLASSES),
    ).reshape(-1, len(RATING_CLASSES))
    return CellCounts(
        cells=cells,
        movies=movies,
        film=pairs // cells.n,
        cell=pairs % cells.n,
        n_ratings=of_class.sum(axis=1).astype(float),
        of_class=of_class.astype(float),
        n_users=np.bincount(
            cells.of_codes(profiles.codes), profiles.n_users, cells.n
        ).astype(np.int64),
    )


def films_of(dataset: Dataset, rows: IntArray) -> list[Film]:
    """Films as a caller would describe them."""
    movies, genres = dataset.movies, dataset.vocabulary.genres
    return [
        Film(
            movies.title[row],
            int(movies.year[row]) or None,
            tuple(
                genre
                for genre, has in zip(genres, movies.genres[row], strict=True)
                if has
            ),
        )
        for row in rows
    ]


def _sum_rows(index: IntArray, values: FloatArray, n_rows: int) -> FloatArray:
    entries = np.arange(len(index))
    table = scipy.sparse.csr_array(
        (np.ones(len(index)), (index, entries)), shape=(n_rows, len(index))
    )
    return np.asarray(table @ values)
