import numpy as np
import pytest

from models_ml.film.protocol import Film
from models_ml.film.similarity import (
    KERNEL_COMPONENTS,
    FilmIndex,
    gram,
    weight_vector,
)
from models_ml.source.movielens_levels import MOVIELENS_1M

FILMS = [
    Film("Rocky", 1976, ("Action", "Drama")),
    Film("Rocky II", 1979, ("Action", "Drama")),
    Film("Love Story", 1970, ("Romance",)),
    Film("", None, ()),
    Film("Love, Actually", 2003, ("Comedy", "Unheard-of")),
]


def test_components_of_two_films_by_hand() -> None:
    film_index = FilmIndex(FILMS, MOVIELENS_1M.genres)
    components = dict(
        zip(
            KERNEL_COMPONENTS,
            film_index.components([FILMS[1]])[:, 0, 0],
            strict=True,
        )
    )
    year = np.exp(-0.5 * (3 / 7) ** 2)
    assert (
        components["everything"]
        == components["genres"]
        == components["genre_set"]
        == 1
    )
    assert np.isclose(components["year"], year)
    assert components["series"] == 1
    assert np.isclose(components["series_year"], year)
    # idf of "rocky" is ln(6/3) + 1, of "ii" (once) ln(6/2) + 1.
    rocky, second = np.log(2) + 1, np.log(3) + 1
    assert np.isclose(components["words"], rocky / np.hypot(rocky, second))


def test_a_film_is_as_like_itself_as_can_be() -> None:
    film_index = FilmIndex(FILMS, MOVIELENS_1M.genres)
    grams = gram(film_index)
    own = np.array([film_index.own_components(film) for film in FILMS]).T
    assert np.allclose(np.diagonal(grams, axis1=1, axis2=2), own, atol=1e-6)
    assert (grams <= 1 + 1e-6).all()


def test_every_respect_is_a_covariance() -> None:
    for component in gram(FilmIndex(FILMS, MOVIELENS_1M.genres)).astype(float):
        assert np.allclose(component, component.T)
        assert np.linalg.eigvalsh(component).min() > -1e-6


def test_a_respect_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="director"):
        weight_vector({"director": 1.0})
