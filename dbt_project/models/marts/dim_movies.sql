with movies as (
    select * from {{ ref("int_movies_dated") }}
),

rated as (
    select
        movie_id,
        count(*) as n_ratings
    from {{ ref("int_ratings_bucketed") }}
    group by movie_id
),

described as (
    select
        movies.movie_id,
        movies.source_id,
        movies.title,
        movies.year,
        movies.decade,
        movies.genres,
        {{ fold("movie", "movies.source_id") }} as movie_fold,
        coalesce(rated.n_ratings, 0) as n_ratings
    from movies
    left join rated on movies.movie_id = rated.movie_id
)

select * from described
order by movie_id
