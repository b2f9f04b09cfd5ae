"""A small serving.duckdb and predictors, made from a dataset in memory.

Stands in for warehouse and release where a test is about the API alone.
"""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from models_ml.source.movielens_levels import DIMENSIONS, GENRES, MOVIELENS_1M
from models_ml.warehouse.counting import count_dataset
from models_ml.warehouse.dataset import Dataset, Movies, Ratings, Users

SERVING_SQL = """
create table movies as
select
    facts.movie_id, 'film/' || movie_id as source_id,
    any_value(title) as title, any_value(year) as year,
    any_value(genres) as genres, count(stars) as n_ratings,
    count(*) filter (stars = 1) as n_hated,
    count(*) filter (stars = 2) as n_disliked,
    count(*) filter (stars in (3, 4)) as n_liked,
    count(*) filter (stars = 5) as n_loved,
from facts group by facts.movie_id order by facts.movie_id;

create table profiles as
select gender, age_group, occupation, region, count(*) as n_users
from people group by all;

create table movie_profiles as
select
    movie_id, gender, age_group, occupation, region,
    count(*) filter (stars = 1) as n_hated,
    count(*) filter (stars = 2) as n_disliked,
    count(*) filter (stars in (3, 4)) as n_liked,
    count(*) filter (stars = 5) as n_loved,
from facts where stars is not null group by all order by movie_id;

create table movie_segments as
with levels as (
    select movie_id, n_hated, n_disliked, n_liked, n_loved,
    unnest([
        struct_pack(dimension := 'everyone', level := 'everyone'),
        struct_pack(dimension := 'gender', level := gender),
        struct_pack(dimension := 'age_group', level := age_group),
        struct_pack(dimension := 'occupation', level := occupation),
        struct_pack(dimension := 'region', level := region),
        struct_pack(
            dimension := 'gender_age_group',
            level := gender || '|' || age_group
        )
    ], recursive := true)
    from movie_profiles
)
select
    movie_id, dimension, level,
    sum(n_hated + n_disliked + n_liked + n_loved)::int as n_ratings,
    sum(n_hated)::int as n_hated, sum(n_disliked)::int as n_disliked,
    sum(n_liked)::int as n_liked, sum(n_loved)::int as n_loved,
from levels group by all order by movie_id;

create table genre_tastes as
with genres as (
    select movie_id, unnest(genres) as genre from movies
),
counted as (
    select
        dimension, level, genre,
        sum(movie_segments.n_ratings) as n_ratings,
        sum(n_liked + n_loved) as n_liked
    from movie_segments join genres using (movie_id)
    where dimension <> 'everyone' group by all
)
select
    dimension, level, genre, measure,
    100::bigint as n_users,
    least(n_ratings, 90)::bigint as n_raters,
    n_ratings::bigint as n_ratings,
    n_liked / n_ratings - 0.5 as own_value,
    0.04 / n_ratings as own_variance,
    n_liked / n_ratings - 0.5 as difference,
    difference - 0.4 / sqrt(n_ratings) as low,
    difference + 0.4 / sqrt(n_ratings) as high,
    if(low > 0 or high < 0, 0.01, 0.5) as q_value,
    q_value < 0.05 as is_supported
from counted, (values ('liking'), ('watching')) as measures (measure)
order by dimension, level, genre, measure;

create table movie_tastes as
select
    dimension, level, movie_id, measure,
    100::bigint as n_users,
    n_ratings::bigint as n_raters,
    n_ratings::bigint as n_ratings,
    (n_liked + n_loved) / n_ratings - 0.5 as own_value,
    0.01 as own_variance,
    own_value as difference,
    difference - 0.1 as low,
    difference + 0.1 as high,
    0.01 as q_value,
    true as is_supported
from movie_segments, (values ('liking'), ('watching')) as measures (measure)
where dimension <> 'everyone' and abs(difference) > 0.1
order by dimension, level, measure, movie_id;
"""


def _title(number: int) -> str:
    """Articles and accents, and a sequel for every tenth film."""
    if number % 7 == 0:
        return f"Café {number} Rouge, The"
    if number % 10 == 1:
        return f"Film n{number - 1} II"
    return f"Film n{number}"


def tiny_dataset(
    n_users: int = 300, n_movies: int = 120, seed: int = 7
) -> Dataset:
    """People who rate what suits their gender and age, at random."""
    rng = np.random.default_rng(seed)
    users = Users(
        user_id=np.arange(1, n_users + 1),
        **{
            name: rng.integers(0, size, n_users)
            for name, size in zip(
                ("gender", "age_group", "occupation", "place"),
                MOVIELENS_1M.shape,
                strict=True,
            )
        },
        fold=rng.integers(0, 5, n_users),
    )
    genres = rng.random((n_movies, len(GENRES))) < 0.12
    genres[np.arange(n_movies), rng.integers(0, len(GENRES), n_movies)] = True
    movies = Movies(
        movie_id=np.arange(1, n_movies + 1) * 3,
        title=[_title(k) for k in range(n_movies)],
        year=rng.integers(1930, 2001, n_movies),
        genres=genres,
        fold=rng.integers(0, 5, n_movies),
    )
    taste = rng.normal(size=(2, 7, len(GENRES)))
    appeal = taste[users.gender, users.age_group] @ genres.T / 2
    rated = rng.random(appeal.shape) < 0.3 / (1 + np.exp(-appeal))
    rated[:, -1] = False  # a film that nobody rated
    user, movie = np.nonzero(rated)
    stars = np.clip(
        np.rint(3.4 + appeal[user, movie] + rng.normal(size=len(user))), 1, 5
    )
    ratings = Ratings(
        user, movie, stars.astype(int), np.zeros(len(user), np.int64)
    )
    return count_dataset(
        MOVIELENS_1M, users, movies, ratings, digest=f"tiny-{seed}"
    )


def write_serving(dataset: Dataset, path: Path) -> None:
    """The tables of serving.duckdb, from a dataset in memory."""
    users, movies, ratings = dataset.users, dataset.movies, dataset.ratings
    people = pa.table(
        {
            "user": np.arange(len(users)),
            **{
                name: np.array(levels)[codes]
                for (name, levels), codes in zip(
                    DIMENSIONS.items(), users.codes().T, strict=True
                )
            },
        }
    )
    films = pa.table(
        {
            "movie": np.arange(len(movies)),
            "movie_id": movies.movie_id,
            "title": movies.title,
            "year": movies.year,
            "genres": [
                [g for g, has in zip(GENRES, row, strict=True) if has]
                for row in movies.genres
            ],
        }
    )
    votes = pa.table(
        {"user": ratings.user, "movie": ratings.movie, "stars": ratings.stars}
    )
    with duckdb.connect(str(path)) as connection:
        connection.register("people", people)
        connection.register("films", films)
        connection.register("votes", votes)
        connection.execute(
            "create temp table facts as from films "
            "left join votes using (movie) left join people using (user)"
        )
        connection.execute(SERVING_SQL)
