with genres as (
    select * from {{ ref("dim_movie_genres") }}
),

movie_segments as (
    select * from {{ ref("feat_movie_segments") }}
),

summed as (
    select
        genres.genre,
        movie_segments.dimension,
        movie_segments.level,
        genres.movie_fold,
        sum(movie_segments.n_ratings)::bigint as n_ratings,
        {% for label in rating_labels() -%}
        sum(movie_segments.n_{{ label }})::bigint as n_{{ label }},
        {% endfor -%}
        sum(movie_segments.sum_stars) as sum_stars
    from movie_segments
    inner join genres on movie_segments.movie_id = genres.movie_id
    group by
        genres.genre,
        movie_segments.dimension,
        movie_segments.level,
        genres.movie_fold
)

select * from summed
order by genre, dimension, level, movie_fold
