with movies as (
    select movies.*
    from {{ ref("int_movie_rows") }} as movies
    anti join {{ ref("int_rejected_movies") }} as rejected
        on
            movies.line_number = rejected.line_number
            and movies.file = rejected.file
),

dated as (
    select
        movie_id,
        source_id,
        title,
        year,
        (year - year % 10)::smallint as decade,
        array_sort(array_distinct(genres)) as genres
    from movies
)

select * from dated
