"""Generated data as a source: `sample`, and `sample:RATINGS` of any size.

`sample` is small and drawn whole. `sample:RATINGS` streams: people are drawn
in blocks, and the same block again when their ratings are, so that memory does
not grow. Both have the structure that models_ml/source/sample.py describes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models_ml.arrays import FloatArray, IntArray
from models_ml.settings import SAMPLE, SettingError
from models_ml.source.files import SourceFile
from models_ml.source.formats import KINDS
from models_ml.source.sample import (
    CUMULATED_STARS,
    INTEREST_PER_TASTE,
    NOISE,
    Movies,
    Users,
    as_bytes,
    demographic_taste,
    draw_movies,
    draw_sample,
    draw_users,
    genre_shares,
    ratings_per_user,
    sitting_seconds,
)

_SEED: Final = 20_001
_MAX_RATINGS: Final = 10**10
#: As in MovieLens 1M; its 10M and 32M hold 143 and 159 for each person.
_RATINGS_PER_USER: Final = 165
#: Films grow more slowly: 3,900 for a million ratings, 11,000 for ten, as in
#: MovieLens 1M and 10M.
_MOVIES_AT_A_MILLION: Final = 3_900
_GROWTH_OF_MOVIES: Final = 0.45
#: In the smallest samples too there are more films than a person rates.
_MIN_MOVIES: Final = 490
#: People drawn at a time, which bounds memory.
_BLOCK: Final = 1_000
#: Draws of films that a person has drawn already are repeated as often.
_ROUNDS: Final = 6


def is_generated(source: str) -> bool:
    """Whether MOVIELENS_SOURCE asks for made-up data."""
    return source == SAMPLE or source.startswith(f"{SAMPLE}:")


def generated_files(source: str) -> list[SourceFile]:
    """The files of `sample` or `sample:RATINGS`.

    Raises SettingError for a number of ratings that cannot be used.
    """
    if source == SAMPLE:
        return [_file(kind, partial(_small, kind)) for kind in KINDS]
    crowd = _Crowd(_n_ratings(source))
    chunks = (crowd.user_chunks, crowd.movie_chunks, crowd.rating_chunks)
    return [
        _file(kind, draw) for kind, draw in zip(KINDS, chunks, strict=True)
    ]


def _n_ratings(source: str) -> int:
    text = source.partition(":")[2]
    if not (text.isascii() and text.isdecimal()) or not (
        1 <= int(text) <= _MAX_RATINGS
    ):
        raise SettingError(
            f"MOVIELENS_SOURCE is {source!r}: in sample:RATINGS, RATINGS must "
            f"be a whole number from 1 to {_MAX_RATINGS}"
        )
    return int(text)


def _file(kind: str, chunks: Callable[[], Iterator[bytes]]) -> SourceFile:
    return SourceFile(
        kind=kind,
        name=f"{kind}.dat",
        named=f"the generated {kind}.dat",
        stamp=(),
        n_bytes=None,
        chunks=chunks,
    )


def _small(kind: str) -> Iterator[bytes]:
    yield _drawn_sample()[kind]


@cache
def _drawn_sample() -> dict[str, bytes]:
    return draw_sample()


@dataclass(frozen=True)
class _Crowd:
    """People, films and about `n_ratings` ratings, a block at a time.

    As in MovieLens nobody has fewer than 20, and nobody rates more than half
    of the films: of 10,000 a fifth is missing, of 100,000 three in a hundred.
    """

    n_ratings: int

    @property
    def n_users(self) -> int:
        return max(self.n_ratings // _RATINGS_PER_USER, 1)

    @property
    def n_movies(self) -> int:
        growth = (self.n_ratings / 1e6) ** _GROWTH_OF_MOVIES
        result: int = round(_MOVIES_AT_A_MILLION * growth)
        return max(result, _MIN_MOVIES)

    def user_chunks(self) -> Iterator[bytes]:
        for block in range(self._n_blocks):
            users = self._users(block)
            yield as_bytes(users.lines(first=1 + block * _BLOCK))

    def movie_chunks(self) -> Iterator[bytes]:
        yield as_bytes(self._movies.lines())

    def rating_chunks(self) -> Iterator[bytes]:
        """Stars have their cut points from the first block's scores."""
        films = _Movies(self._movies)
        cuts: FloatArray | None = None
        for block in range(self._n_blocks):
            users = self._users(block)
            rng = self._rng("ratings", block)
            taste = users.taste + demographic_taste(self._rng("taste"), users)
            user, movie, liking = films.choose(rng, taste, self._counts(users))
            score = (
                liking
                + self._movies.quality[movie]
                + users.leniency[user]
                + rng.normal(0, NOISE, len(user))
            )
            if cuts is None:
                cuts = np.quantile(score, CUMULATED_STARS)
            yield _rating_lines(
                user + 1 + block * _BLOCK,
                self._movies.movie_id[movie],
                1 + np.searchsorted(cuts, score),
                sitting_seconds(rng, user),
            )

    @property
    def _n_blocks(self) -> int:
        return -(-self.n_users // _BLOCK)

    @cached_property
    def _movies(self) -> Movies:
        return draw_movies(self._rng("movies"), self.n_movies)

    def _users(self, block: int) -> Users:
        n = min(_BLOCK, self.n_users - block * _BLOCK)
        return draw_users(self._rng("users", block), n)

    def _counts(self, users: Users) -> IntArray:
        share = self.n_ratings * len(users) // self.n_users
        return ratings_per_user(users.activity, self.n_movies, share)

    def _rng(self, drawn: str, block: int = 0) -> np.random.Generator:
        stream = ("users", "movies", "taste", "ratings").index(drawn)
        return np.random.default_rng([_SEED, self.n_ratings, stream, block])


class _Movies:
    """Films by their genres, to be drawn in proportion to interest.

    A person's interest in a film is its popularity times a factor that its
    genres alone decide. So a set of genres is drawn first, of a few hundred,
    and then one of its films by popularity: exact, and two look-ups a draw.
    """

    def __init__(self, movies: Movies) -> None:
        sets, of_movie = np.unique(movies.genres, axis=0, return_inverse=True)
        weights = np.exp(movies.popularity)
        self._n_movies = len(movies)
        self._shares = genre_shares(sets)
        self._set_of_movie = of_movie.reshape(-1)
        self._mass = np.bincount(self._set_of_movie, weights)
        self._order = np.argsort(self._set_of_movie, kind="stable")
        ordered: FloatArray = (
            weights[self._order] / self._mass[self._set_of_movie[self._order]]
        )
        self._cumulated = np.cumsum(ordered)

    def choose(
        self, rng: np.random.Generator, taste: FloatArray, counts: IntArray
    ) -> tuple[IntArray, IntArray, FloatArray]:
        """Person, film and liking of each rating, in order of the first two.

        `taste` has shape (n_users, n_genres). Each person gets `counts`
        different films, or a few less where those are nearly all there are.
        """
        liking = taste @ self._shares.T
        weights = np.exp(INTEREST_PER_TASTE * liking) * self._mass
        cumulated: FloatArray = np.cumsum(weights, axis=1)
        cumulated = cumulated / cumulated[:, -1:]
        cumulated += np.arange(len(taste))[:, np.newaxis]
        chosen: IntArray = np.empty(0, np.int64)
        missing = counts
        for _ in range(_ROUNDS):
            user = np.repeat(np.arange(len(taste)), missing)
            movie = self._draw(rng, cumulated, user)
            drawn = user * self._n_movies + movie
            chosen = _distinct(np.concatenate([chosen, drawn]))
            held = np.bincount(chosen // self._n_movies, minlength=len(taste))
            missing = counts - held
        user, movie = np.divmod(chosen, self._n_movies)
        return user, movie, liking[user, self._set_of_movie[movie]]

    def _draw(
        self, rng: np.random.Generator, cumulated: FloatArray, user: IntArray
    ) -> IntArray:
        flat = cumulated.reshape(-1)
        n_sets = cumulated.shape[1]
        chosen = np.searchsorted(flat, user + rng.random(len(user)), "right")
        drawn_set = np.minimum(chosen - user * n_sets, n_sets - 1)
        place = np.searchsorted(
            self._cumulated, drawn_set + rng.random(len(user)), "right"
        )
        result: IntArray = self._order[np.minimum(place, self._n_movies - 1)]
        return result


def _distinct(keys: IntArray) -> IntArray:
    """As `np.unique`, which hashes, and takes far longer here."""
    keys.sort()
    is_first = np.ones(len(keys), np.bool_)
    is_first[1:] = keys[1:] != keys[:-1]
    return keys[is_first]


def _rating_lines(*columns: IntArray) -> bytes:
    """`UserID::MovieID::Rating::Timestamp` lines, without Python for each."""
    texts = [pc.cast(pa.array(column), pa.string()) for column in columns]
    texts[-1] = pc.binary_join_element_wise(texts[-1], "\n", "")
    lines = pc.binary_join_element_wise(*texts, "::")
    return memoryview(lines.buffers()[2])[: _n_bytes(lines)].tobytes()


def _n_bytes(lines: pa.Array) -> int:
    return int(pc.sum(pc.binary_length(lines)).as_py())
