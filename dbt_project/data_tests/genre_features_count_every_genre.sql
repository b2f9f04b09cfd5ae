-- A rating counts once in each genre of its film, in every dimension.
with expected as (
    select
        dim_movie_genres.genre,
        sum(dim_movies.n_ratings) as n_ratings
    from {{ ref("dim_movie_genres") }} as dim_movie_genres
    inner join {{ ref("dim_movies") }} as dim_movies
        on dim_movie_genres.movie_id = dim_movies.movie_id
    where dim_movies.n_ratings > 0
    group by dim_movie_genres.genre
),

counted as (
    select
        genre,
        dimension,
        sum(n_ratings) as n_ratings
    from {{ ref("feat_genre_segments") }}
    group by genre, dimension
)

select
    expected.genre,
    counted.dimension,
    counted.n_ratings,
    expected.n_ratings as expected
from expected
full join counted on expected.genre = counted.genre
where counted.n_ratings is distinct from expected.n_ratings
