"""Generated files in MovieLens' shape, with structure that can be learned.

They stand in where the data set cannot be had, and serve the tests. Taste and
interest depend on genre, gender, age, occupation and region, as they do in
MovieLens; people differ in leniency, films in quality and popularity.
Nothing in them comes from MovieLens.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.profile.zip_prefixes import read_zip_prefixes
from models_ml.source.movielens_levels import (
    AGE_CODES,
    AGE_GROUPS,
    GENRES,
    OCCUPATIONS,
    REGIONS,
)


@dataclass(frozen=True)
class SampleSize:
    """How much is generated."""

    users: int = 1_500
    movies: int = 600
    ratings: int = 120_000
    """About as many: each person rates at least MIN_RATINGS films."""


#: MovieLens 1M kept the people who rated at least as many films.
MIN_RATINGS: Final = 20


def write_sample(
    folder: Path, size: SampleSize | None = None, seed: int = 20_001
) -> None:
    """Write users.dat, movies.dat and ratings.dat into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, content in draw_sample(size, seed).items():
        (folder / f"{kind}.dat").write_bytes(content)


def draw_sample(
    size: SampleSize | None = None, seed: int = 20_001
) -> dict[str, bytes]:
    """The files `users`, `movies` and `ratings`, in latin-1.

    The same seed and size give the same bytes. Raises ValueError for a size
    in which nobody could rate MIN_RATINGS films.
    """
    size = size or SampleSize()
    _check(size)
    people, films, choices = (
        np.random.default_rng(stream)
        for stream in np.random.SeedSequence(seed).spawn(3)
    )
    users = draw_users(people, size.users)
    movies = draw_movies(films, size.movies)
    ratings = _draw_ratings(choices, users, movies, size.ratings)
    return {
        "users": as_bytes(users.lines()),
        "movies": as_bytes(movies.lines()),
        "ratings": as_bytes(ratings.lines()),
    }


def _check(size: SampleSize) -> None:
    if size.movies < MIN_RATINGS or size.users < 1:
        raise ValueError(
            f"a sample of {size.users} users and {size.movies} films: at "
            f"least 1 user and {MIN_RATINGS} films are needed"
        )
    if size.ratings > size.users * size.movies // 2:
        raise ValueError(
            f"a sample of {size.ratings} ratings: {size.users} users and "
            f"{size.movies} films allow {size.users * size.movies // 2}"
        )


def as_bytes(lines: list[str]) -> bytes:
    """The lines of a file in MovieLens' encoding."""
    return ("\n".join(lines) + "\n").encode("latin-1")


# --- people -----------------------------------------------------------------

#: Shares of the age groups, about those of people who rate films online.
_AGE_SHARES: Final = (0.05, 0.18, 0.33, 0.20, 0.10, 0.08, 0.06)
_SHARE_OF_WOMEN: Final = 0.32
#: Weight of each occupation; those below depend on the age group as well.
_OCCUPATION_WEIGHTS: Final = (
    12, 9, 4, 3, 13, 2, 4, 11, 0.5, 1.5, 3, 2, 7, 2, 5, 2.5, 4, 8, 1.5, 1.5, 5,
)  # fmt: skip
_K12, _COLLEGE, _RETIRED = (
    OCCUPATIONS.index(name)
    for name in ("K-12 student", "college/grad student", "retired")
)
#: Weight of each region, about population; then foreign and unknown codes.
_REGION_WEIGHTS: Final = (8, 13, 15, 10, 14, 4, 8, 7, 18, 1, 3, 1)
_FOREIGN_CODES: Final = ("M5V 2T6", "SW1A 1AA", "01310-100", "1011 AB")
_UNKNOWN_CODES: Final = ("110001", "98700", "1000001")
_SHARE_OF_ZIP_PLUS_4: Final = 0.03


@dataclass(frozen=True)
class Users:
    """People, an array element each; codes as in models_ml/vocabulary.py."""

    gender: IntArray
    age_group: IntArray
    occupation: IntArray
    region: IntArray
    zip_codes: list[str]
    leniency: FloatArray
    activity: FloatArray
    taste: FloatArray
    """What a person likes of each genre beyond the demographics."""

    def __len__(self) -> int:
        return len(self.gender)

    def lines(self, first: int = 1) -> list[str]:
        """Lines of users.dat, numbered from `first`."""
        columns = (self.gender, self.age_group, self.occupation)
        return [
            f"{row}::{'FM'[gender]}::{AGE_CODES[age]}::{occupation}::{code}"
            for row, (gender, age, occupation, code) in enumerate(
                zip(*columns, self.zip_codes, strict=True), first
            )
        ]


def draw_users(rng: np.random.Generator, n: int) -> Users:
    """People as they rate films online: young, and men for the most part."""
    age_group = _draw(rng, np.array(_AGE_SHARES), n)
    region = _draw(rng, np.array(_REGION_WEIGHTS), n)
    return Users(
        gender=(rng.random(n) >= _SHARE_OF_WOMEN).astype(np.int64),
        age_group=age_group,
        occupation=_draw_occupations(rng, age_group),
        region=region,
        zip_codes=_draw_zip_codes(rng, region),
        leniency=rng.normal(0, 0.45, n),
        activity=rng.normal(0, 0.85, n),
        taste=rng.normal(0, 0.30, (n, len(GENRES))),
    )


def _draw(rng: np.random.Generator, weights: FloatArray, n: int) -> IntArray:
    return rng.choice(len(weights), n, p=weights / weights.sum())


def _draw_occupations(
    rng: np.random.Generator, age_group: IntArray
) -> IntArray:
    weights = np.tile(_OCCUPATION_WEIGHTS, (len(AGE_GROUPS), 1))
    weights[1:, _K12] = 0
    weights[:4, _RETIRED] = 0
    weights[0, _K12] *= 40
    weights[1, _COLLEGE] *= 6
    weights[6, _RETIRED] *= 12
    cumulated = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    drawn = rng.random((len(age_group), 1))
    result: IntArray = np.minimum(
        (drawn > cumulated[age_group]).sum(axis=1), len(OCCUPATIONS) - 1
    )
    return result


def _draw_zip_codes(rng: np.random.Generator, region: IntArray) -> list[str]:
    codes: dict[str, list[str]] = {name: [] for name in REGIONS}
    for prefix, (_, division) in sorted(read_zip_prefixes().items()):
        codes[division].append(prefix)
    codes["outside the US"] = list(_FOREIGN_CODES)
    codes["unknown"] = list(_UNKNOWN_CODES)
    chosen = rng.random(len(region))
    tails = rng.integers(0, 100, len(region))
    extensions = rng.integers(1000, 10_000, len(region))
    extended = rng.random(len(region)) < _SHARE_OF_ZIP_PLUS_4
    zip_codes = []
    for row, name in enumerate(REGIONS[code] for code in region):
        known = codes[name]
        code = known[int(chosen[row] * len(known))]
        if len(code) == 3:
            code += f"{tails[row]:02d}"
            code += f"-{extensions[row]}" if extended[row] else ""
        zip_codes.append(code)
    return zip_codes


# --- films ------------------------------------------------------------------

#: How common each genre is, about as in film guides, in order of GENRES.
_GENRE_WEIGHTS: Final = (
    10, 6, 3, 5, 20, 4, 3, 24, 2, 2, 6, 3, 3, 9, 5, 9, 3, 2,
)  # fmt: skip
#: Genres that go together: the second is added where the first is drawn.
_COMPANIONS: Final = (
    ("Animation", "Children's", 0.8),
    ("Romance", "Comedy", 0.5),
    ("Sci-Fi", "Action", 0.5),
    ("Film-Noir", "Mystery", 0.5),
    ("Crime", "Thriller", 0.5),
    ("War", "Drama", 0.5),
    ("Adventure", "Action", 0.4),
)
_MAX_GENRES: Final = 4
_FIRST_YEAR: Final = 1930
_LAST_YEAR: Final = 2000
_SHARE_OF_SEQUELS: Final = 0.08
_ADJECTIVES: Final = (
    "Silent", "Crimson", "Last", "Hidden", "Golden", "Broken", "Distant",
    "Electric", "Lonely", "Midnight", "Paper", "Restless", "Second", "Slow",
    "Stolen", "Strange", "Sunken", "Velvet", "White", "Wild",
)  # fmt: skip
_NOUNS: Final = (
    "River", "Harbor", "Garden", "Letter", "Mountain", "Orchard", "Promise",
    "Station", "Summer", "Tiger", "Voyage", "Window", "Bridge", "Carnival",
    "Detective", "Empire", "Falcon", "Horizon", "Island", "Kitchen",
)  # fmt: skip
#: Shapes of titles: plain, comma article, colon, accents, apostrophe.
_SHAPES: Final = (
    "{adjective} {noun}",
    "{adjective} {noun}, The",
    "{noun}: The {adjective} Year",
    "{noun} of the {adjective} Café",
    "Señor {noun}'s {adjective} Door",
    "{adjective} {noun}s",
)


@dataclass(frozen=True)
class Movies:
    """Films, an array element each; `genres` has a column for each genre."""

    movie_id: IntArray
    titles: list[str]
    years: IntArray
    genres: FloatArray
    quality: FloatArray
    popularity: FloatArray

    def __len__(self) -> int:
        return len(self.movie_id)

    def lines(self) -> list[str]:
        """Lines of movies.dat."""
        columns = (self.movie_id, self.titles, self.years, self.genres)
        return [
            f"{movie_id}::{title} ({year})::{_names(genres)}"
            for movie_id, title, year, genres in zip(*columns, strict=True)
        ]


def _names(genres: FloatArray) -> str:
    return "|".join(
        name for name, has in zip(GENRES, genres, strict=True) if has
    )


def draw_movies(rng: np.random.Generator, n: int) -> Movies:
    """Films of which few are popular; some follow the film before them."""
    years = _LAST_YEAR - np.minimum(
        rng.gamma(1.1, 12, n).astype(np.int64), _LAST_YEAR - _FIRST_YEAR
    )
    genres = _draw_genres(rng, n)
    quality = rng.normal(0, 0.55, n) + 0.008 * (1985 - years).clip(0)
    popularity = rng.normal(0, 1.1, n) + 0.5 * quality + 0.02 * (years - 1985)
    movies = Movies(
        movie_id=1 + np.arange(n) + np.cumsum(rng.random(n) < 0.02),
        titles=_draw_titles(rng, n),
        years=years,
        genres=genres,
        quality=quality,
        popularity=popularity,
    )
    _make_sequels(rng, movies)
    return movies


def _draw_genres(rng: np.random.Generator, n: int) -> FloatArray:
    genres = np.zeros((n, len(GENRES)))
    weights = np.array(_GENRE_WEIGHTS, dtype=np.float64)
    genres[np.arange(n), _draw(rng, weights, n)] = 1
    more = rng.random(n) < 0.45
    genres[more, _draw(rng, weights, n)[more]] = 1
    for first, second, share in _COMPANIONS:
        joined = (genres[:, GENRES.index(first)] > 0) & (rng.random(n) < share)
        joined &= genres.sum(axis=1) < _MAX_GENRES
        genres[joined, GENRES.index(second)] = 1
    return genres


def _draw_titles(rng: np.random.Generator, n: int) -> list[str]:
    """Different titles; a number is added once every combination is used."""
    n_combinations = len(_SHAPES) * len(_ADJECTIVES) * len(_NOUNS)
    order = rng.permutation(n_combinations)
    titles = []
    for row in range(n):
        turn, place = divmod(row, n_combinations)
        rest, shape = divmod(int(order[place]), len(_SHAPES))
        noun, adjective = divmod(rest, len(_ADJECTIVES))
        title = _SHAPES[shape].format(
            adjective=_ADJECTIVES[adjective], noun=_NOUNS[noun]
        )
        titles.append(f"{turn + 1} {title}" if turn else title)
    return titles


def _make_sequels(rng: np.random.Generator, movies: Movies) -> None:
    """Turn some films into the second part of the film before them.

    A sequel has its predecessor's genres, audience and most of its quality.
    """
    for row in np.flatnonzero(rng.random(len(movies)) < _SHARE_OF_SEQUELS):
        title = movies.titles[row - 1]
        if row == 0 or ":" in title or title.endswith("II"):
            continue
        stem, comma, article = title.partition(", ")
        movies.titles[row] = f"{stem} II{comma}{article}"
        movies.genres[row] = movies.genres[row - 1]
        movies.years[row] = min(movies.years[row - 1] + 3, _LAST_YEAR)
        movies.quality[row] = movies.quality[row - 1] - 0.2
        movies.popularity[row] = movies.popularity[row - 1] - 0.3


# --- ratings ----------------------------------------------------------------

#: What women like more than men, and what each ten years of age add, per
#: genre, in the units of the latent score.
_TASTES: Final = {
    "Action": (-0.40, -0.08),
    "Adventure": (-0.16, -0.05),
    "Animation": (0.24, -0.16),
    "Children's": (0.48, -0.10),
    "Comedy": (0.08, -0.05),
    "Crime": (-0.32, 0.03),
    "Documentary": (0.08, 0.16),
    "Drama": (0.32, 0.13),
    "Fantasy": (0.16, -0.08),
    "Film-Noir": (-0.16, 0.24),
    "Horror": (-0.40, -0.24),
    "Musical": (0.80, 0.13),
    "Mystery": (0.00, 0.13),
    "Romance": (0.64, 0.03),
    "Sci-Fi": (-0.56, -0.08),
    "Thriller": (-0.16, -0.03),
    "War": (-0.40, 0.19),
    "Western": (-0.40, 0.29),
}
#: Interest follows taste, magnified: people choose what they expect to like.
INTEREST_PER_TASTE: Final = 1.4
_OCCUPATION_SPREAD: Final = 0.15
_REGION_SPREAD: Final = 0.08
NOISE: Final = 0.85
#: Shares of one to four stars and below, as MovieLens 1M publishes them.
CUMULATED_STARS: Final = (0.056, 0.164, 0.425, 0.774)
_FIRST_SECOND: Final = 956_700_000  # in April 2000
_SECONDS: Final = 60_000_000
#: Users scored at a time, which bounds memory.
BLOCK: Final = 2_000


@dataclass(frozen=True)
class _Ratings:
    user_id: IntArray
    movie_id: IntArray
    stars: IntArray
    seconds: IntArray

    def lines(self) -> list[str]:
        columns = (self.user_id, self.movie_id, self.stars, self.seconds)
        return [
            f"{user}::{movie}::{stars}::{seconds}"
            for user, movie, stars, seconds in zip(
                *(column.tolist() for column in columns), strict=True
            )
        ]


def _draw_ratings(
    rng: np.random.Generator, users: Users, movies: Movies, n: int
) -> _Ratings:
    taste = demographic_taste(rng, users) + users.taste
    counts = ratings_per_user(users.activity, len(movies), n)
    rows, columns, latent = [], [], []
    for start in range(0, len(users), BLOCK):
        block = slice(start, start + BLOCK)
        liking = taste[block] @ genre_shares(movies.genres).T
        user, movie = _choose(rng, liking, movies.popularity, counts[block])
        score = liking[user, movie] + movies.quality[movie]
        latent.append(score + users.leniency[block][user])
        rows.append(user + start)
        columns.append(movie)
    user, movie = np.concatenate(rows), np.concatenate(columns)
    score = np.concatenate(latent) + rng.normal(0, NOISE, len(user))
    stars = 1 + np.searchsorted(np.quantile(score, CUMULATED_STARS), score)
    return _Ratings(
        user + 1, movies.movie_id[movie], stars, sitting_seconds(rng, user)
    )


def demographic_taste(rng: np.random.Generator, users: Users) -> FloatArray:
    """Shape (n_users, n_genres), in the units of the latent score."""
    tastes = np.array([_TASTES[genre] for genre in GENRES])
    women = (users.gender == 0) - _SHARE_OF_WOMEN
    decades = np.array(AGE_CODES)[users.age_group].clip(12) / 10 - 3
    occupations = rng.normal(
        0, _OCCUPATION_SPREAD, (len(OCCUPATIONS), len(GENRES))
    )
    regions = rng.normal(0, _REGION_SPREAD, (len(REGIONS), len(GENRES)))
    return (
        np.outer(women, tastes[:, 0])
        + np.outer(decades, tastes[:, 1])
        + occupations[users.occupation]
        + regions[users.region]
    )


def genre_shares(genres: FloatArray) -> FloatArray:
    """A film of two genres moves a person's taste by half of each, times √2.

    So a second genre tells more, but not twice as much.
    """
    result: FloatArray = genres / np.sqrt(genres.sum(axis=1, keepdims=True))
    return result


def ratings_per_user(activity: FloatArray, n_movies: int, n: int) -> IntArray:
    """About `n` in all, at least MIN_RATINGS, at most half of the films."""
    weights = np.exp(activity)
    spare = max(n - MIN_RATINGS * len(activity), 0)
    counts = MIN_RATINGS + np.round(spare * weights / weights.sum())
    result: IntArray = np.clip(counts, 1, max(n_movies // 2, 1)).astype(
        np.int64
    )
    return result


def _choose(
    rng: np.random.Generator,
    liking: FloatArray,
    popularity: FloatArray,
    counts: IntArray,
) -> tuple[IntArray, IntArray]:
    """Rows and columns of the films that each person of `liking` rates.

    Adding Gumbel noise to log-weights and keeping the largest draws without
    replacement in proportion to the weights.
    """
    keys = INTEREST_PER_TASTE * liking + popularity
    keys += rng.gumbel(size=keys.shape)
    ranked = np.argsort(-keys, axis=1, kind="stable")
    kept = np.arange(keys.shape[1]) < counts[:, np.newaxis]
    user, rank = np.nonzero(kept)
    return user, ranked[user, rank]


def sitting_seconds(rng: np.random.Generator, user: IntArray) -> IntArray:
    """A sitting per person, its ratings some seconds apart."""
    starts = _FIRST_SECOND + rng.integers(0, _SECONDS, user.max() + 1)
    gaps = np.cumsum(rng.integers(1, 40, len(user)))
    first = np.searchsorted(user, user)
    result: IntArray = starts[user] + gaps - gaps[first]
    return result
