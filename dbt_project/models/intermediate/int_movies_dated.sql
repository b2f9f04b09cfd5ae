with movies as (
    select stg_movielens__movies.*
    from {{ ref("stg_movielens__movies") }} as stg_movielens__movies
    anti join {{ ref("int_rejected_movies") }} as int_rejected_movies
        on stg_movielens__movies.line_number = int_rejected_movies.line_number
),

dated as (
    select
        movie_id,
        title,
        year,
        (year - year % 10)::smallint as decade,
        list_sort(list_distinct(genres)) as genres
    from movies
)

select * from dated
