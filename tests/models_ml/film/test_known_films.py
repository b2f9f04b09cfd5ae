"""What callers know of a new film."""

from typing import Any

import numpy as np
import pytest

from models_ml.errors import InvalidField, InvalidFields
from models_ml.film.known_films import KnownFilms

FILMS = KnownFilms(
    movie_ids=[3, 7, 9, 187, 200],
    titles=["Matrix, The", "Hamlet", "Hamlet", "Toy Story", "187"],
    years=[1999, 1990, 1996, 1995, 1997],
    n_raters=np.array([1.0, 10, 100, 1000, 10_000]),
)


@pytest.mark.parametrize(
    ("value", "n_raters"),
    [
        *((250, 250), ("250", 250), ("250.0", 250)),
        *(("limited", 10), ("Típico", 100), ("amplo", 6400)),
    ],
)
def test_raters_are_a_number_or_the_width_of_the_release(
    value: Any, n_raters: Any
) -> None:
    assert FILMS.parse_n_raters("n_raters", value) == n_raters


@pytest.mark.parametrize("value", [0, "0", "-1", "many", "1.5", 10**9, ""])
def test_other_raters_are_refused(value: int | str) -> None:
    with pytest.raises(InvalidField, match="n_raters is") as caught:
        FILMS.parse_n_raters("n_raters", value)
    assert "'limited' (10)" in caught.value.allowed


@pytest.mark.parametrize(
    ("value", "movie_id"),
    [
        *((3, 3), ("3", 3), ("the matrix", 3), ("Hamlet (1990)", 7)),
        *(("187", 187), (187, 187), ("187 (1997)", 200)),
    ],
)
def test_films_are_named_by_id_or_title(value: Any, movie_id: Any) -> None:
    assert FILMS.parse_film("film", value) == movie_id


#: By the data's own ids, of which `200` is another film's movie_id.
OWN_IDS = {"tt1": 3, "hamlet": 9, "7": 7, "200": 187, "new": 5}


@pytest.mark.parametrize(
    ("value", "movie_id"),
    [
        *(("tt1", 3), ("hamlet", 9), ("7", 7), (7, 7)),
        *((200, 200), ("The Matrix", 3)),
    ],
)
def test_films_are_named_by_the_ids_of_the_data(
    value: Any, movie_id: Any
) -> None:
    assert FILMS.parse_film("film", value, OWN_IDS) == movie_id
    assert FILMS.parse_comparables("x", [value], OWN_IDS) == (movie_id,)


@pytest.mark.parametrize(
    ("value", "allowed"),
    [
        ("200", "it is a movie_id, and the source_id of the film 187"),
        ("new", "the id or the title of a film that people rated"),
        ("TT1", "the id or the title of a film that people rated"),
    ],
)
def test_an_id_of_two_films_or_of_an_unrated_one_is_refused(
    value: str, allowed: str
) -> None:
    with pytest.raises(InvalidField) as caught:
        FILMS.parse_film("film", value, OWN_IDS)
    assert allowed in caught.value.allowed


def test_a_title_of_several_films_is_refused_with_their_ids() -> None:
    with pytest.raises(InvalidField) as caught:
        FILMS.parse_film("film", "Hamlet")
    assert "7, 9" in caught.value.allowed


def test_comparables_come_in_one_order_each_once() -> None:
    films = FILMS.parse_comparables("x", ["Toy Story", 3, "The Matrix"])
    assert films == (3, 187)


def test_every_comparable_that_is_wrong_is_named() -> None:
    wrong: list[str | int] = [4, 3, "Nothing", *[3] * 8]
    with pytest.raises(InvalidFields) as caught:
        FILMS.parse_comparables("x", wrong)
    assert [e.field for e in caught.value.errors] == ["x", "x[0]", "x[2]"]
