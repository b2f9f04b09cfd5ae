with movies as (
    select movie_id
    from {{ ref("dim_movies") }}
    where n_ratings > 0
),

queued as (
    select
        movie_id,
        row_number() over (
            order by md5('sampled movie:' || movie_id), movie_id
        ) as place
    from movies
),

sampled as (
    select movie_id
    from queued
    where place <= {{ var("max_sampled_movies") }}
)

select * from sampled
order by movie_id
