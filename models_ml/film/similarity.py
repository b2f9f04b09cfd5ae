"""How alike two films are, in several components: the models' kernels.

Each component is a positive semidefinite function that is 1 for a film and
itself (0 where the film says nothing about it), so a weighted sum of them is
the covariance of a Gaussian process over films, and each weight is a share of
its variance.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models_ml.arrays import FloatArray
from models_ml.film.protocol import Film
from models_ml.film.title_words import series, words

#: In the order of the first axis of `FilmIndex.components`.
KERNEL_COMPONENTS: Final = (
    "everything",
    "genres",
    "genre_set",
    "year",
    "era",
    "genres_era",
    "genre_set_year",
    "words",
    "series",
    "series_year",
)
SERIES_COMPONENTS: Final = ("series", "series_year")
#: The components that rest on the title.
TITLE_COMPONENTS: Final = ("words", *SERIES_COMPONENTS)
_N_PLAIN: Final = len(KERNEL_COMPONENTS) - len(TITLE_COMPONENTS)
#: Films whose components are made at a time: so few stay in the processor's
#: cache, and need no new pages of memory.
_CHUNK: Final = 16
#: Years after which films are a standard deviation apart.
_YEAR, _ERA, _GENRES_ERA, _CLOSE = 7.0, 25.0, 15.0, 5.0


class FilmIndex:
    """Known films, to which other films are compared.

    Holds no ratings. A title's words weigh by how rare they are among the
    known films (tf-idf, cosine).
    """

    def __init__(self, films: Sequence[Film], genres: Sequence[str]) -> None:
        """`genres`: those of the vocabulary; films may have others."""
        self.films = list(films)
        self.genre_names = tuple(genres)
        self.genres = self.genre_rows(films)
        years = _years(films)
        # Films without a year share one, which is near to nothing.
        self._years, self._year_index = np.unique(years, return_inverse=True)
        self._series: dict[str, list[int]] = {}
        self._postings: dict[str, tuple[NDArray[Any], FloatArray]] = {}
        self._idf: dict[str, float] = {}
        self._unseen_idf = float(np.log(1.0 + len(films)) + 1)
        self._index_titles()

    def __len__(self) -> int:
        return len(self.films)

    def siblings(self, film: Film) -> list[int]:
        """Rows of the known films of the same series."""
        return self._series.get(series(film.title), [])

    def series_components(
        self, film: Film, without: int | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """SERIES_COMPONENTS of a film and its s siblings.

        Likeness to the film (2, s), and between the siblings (2, s, s); the
        row `without` is none of them.
        """
        rows = np.array(
            [row for row in self.siblings(film) if row != without], dtype=int
        )
        years = np.append(
            self._years[self._year_index[rows]],
            np.nan if film.year is None else film.year,
        )
        apart = (years[:, None] - years) / _YEAR
        near = np.nan_to_num(np.exp(-0.5 * apart**2))
        both = np.stack([np.ones_like(near), near])
        return both[:, -1, :-1], both[:, :-1, :-1]

    def components(self, films: Sequence[Film]) -> FloatArray:
        """Likeness to every known film, (components, n, n_known)."""
        values = np.zeros((len(KERNEL_COMPONENTS), len(films), len(self)))
        values[:_N_PLAIN] = _plain_components(
            self.genre_rows(films),
            _years(films),
            self.genres,
            self._years,
            self._year_index,
        )
        years = values[KERNEL_COMPONENTS.index("year")]
        for row, film in enumerate(films):
            self._add_words(values[_N_PLAIN, row], film.title)
            rows = self.siblings(film)
            values[_N_PLAIN + 1, row, rows] = 1
            values[_N_PLAIN + 2, row, rows] = years[row, rows]
        return values

    def genre_rows(self, films: Sequence[Film]) -> FloatArray:
        """1 for each genre of the vocabulary that a film has, else 0."""
        return genre_rows(films, self.genre_names)

    def own_components(self, film: Film) -> FloatArray:
        """Likeness of a film to itself, shape (len(KERNEL_COMPONENTS),)."""
        genre = float(self.genre_rows([film]).any())
        year = float(film.year is not None)
        word = float(bool(words(film.title)))
        name = float(bool(series(film.title)))
        return np.array(
            [
                *(1, genre, 1, year, year, genre * year, year),
                *(word, name, name * year),
            ]
        )

    def plain_between(self, film: Film, other: Film) -> FloatArray:
        """The components that do not rest on the title, of two films, (7,)."""
        return _plain_components(
            self.genre_rows([film]),
            _years([film]),
            self.genre_rows([other]),
            _years([other]),
            np.zeros(1, dtype=int),
        )[:, 0, 0]

    def _index_titles(self) -> None:
        rows_of: dict[str, list[int]] = {}
        for row, film in enumerate(self.films):
            name = series(film.title)
            if name:
                self._series.setdefault(name, []).append(row)
            for word in sorted(set(words(film.title))):
                rows_of.setdefault(word, []).append(row)
        for word, rows in rows_of.items():
            rarity = (1 + len(self.films)) / (1 + len(rows))
            self._idf[word] = float(np.log(rarity) + 1)
        norms = np.array([self._norm(film.title) for film in self.films])
        for word, rows in rows_of.items():
            index = np.array(rows)
            self._postings[word] = (index, self._idf[word] / norms[index])

    def _add_words(self, likeness: FloatArray, title: str) -> None:
        norm = self._norm(title)
        for word in sorted(set(words(title)) & self._postings.keys()):
            rows, values = self._postings[word]
            likeness[rows] += values * (self._idf[word] / norm)

    def _norm(self, title: str) -> float:
        own = sorted(set(words(title)))
        weights = [self._idf.get(word, self._unseen_idf) for word in own]
        return float(np.sqrt(sum(w * w for w in weights))) or 1.0


def _plain_components(
    genres: FloatArray,
    years: FloatArray,
    other_genres: FloatArray,
    distinct_years: FloatArray,
    year_index: NDArray[np.integer],
) -> FloatArray:
    """Between n films and m others, (7, n, m).

    The others' years are `distinct_years[year_index]`.
    """
    both = genres @ other_genres.T
    sizes = genres.sum(axis=1)[:, None]
    other_sizes = other_genres.sum(axis=1)
    cosine = both / np.sqrt(np.maximum(sizes * other_sizes, 1))
    unshared = (sizes + other_sizes - 2 * both).astype(int)
    same_set = np.exp(-np.arange(2 * genres.shape[1] + 1) / 2)[unshared]
    apart = years[:, None] - distinct_years
    scales = np.reshape([_YEAR, _ERA, _GENRES_ERA, _CLOSE], (4, 1, 1))
    near = np.nan_to_num(np.exp(-0.5 * (apart / scales) ** 2))
    near = near[:, :, year_index]
    return np.stack(
        [
            np.ones_like(cosine),
            cosine,
            same_set,
            near[0],
            near[1],
            cosine * near[2],
            same_set * near[3],
        ]
    )


def genre_rows(films: Sequence[Film], genres: Sequence[str]) -> FloatArray:
    """1 for each of `genres` that a film has, else 0, (n, len(genres))."""
    column = {genre: k for k, genre in enumerate(genres)}
    rows = np.zeros((len(films), len(column)))
    for row, film in enumerate(films):
        for genre in film.genres:
            if genre in column:
                rows[row, column[genre]] = 1
    return rows


def gram(film_index: FilmIndex) -> NDArray[np.float32]:
    """Components between all films, (len(KERNEL_COMPONENTS), n, n)."""
    n = len(film_index)
    grams = np.empty((len(KERNEL_COMPONENTS), n, n), dtype=np.float32)
    for start in range(0, n, _CHUNK):
        films = film_index.films[start : start + _CHUNK]
        grams[:, start : start + _CHUNK] = film_index.components(films)
    return grams


def weight_vector(weights: Mapping[str, float]) -> FloatArray:
    """Weights in the order of KERNEL_COMPONENTS, 0 for one not named.

    Raises ValueError for a name that is no component.
    """
    unknown = set(weights) - set(KERNEL_COMPONENTS)
    if unknown:
        raise ValueError(
            f"components {sorted(unknown)} are unknown: they must be among "
            f"{', '.join(KERNEL_COMPONENTS)}"
        )
    return np.array([weights.get(name, 0.0) for name in KERNEL_COMPONENTS])


def _years(films: Sequence[Film]) -> FloatArray:
    return np.array(
        [np.nan if film.year is None else film.year for film in films],
        dtype=float,
    )
