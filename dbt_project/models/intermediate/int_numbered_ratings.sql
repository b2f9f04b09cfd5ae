with ratings as (
    select * from {{ ref("stg_tables__ratings") }}
),

users as (
    select
        source_id,
        min(user_id) as user_id
    from {{ ref("int_user_rows") }}
    where rejection is null
    group by source_id
),

movies as (
    select
        source_id,
        min(movie_id) as movie_id
    from {{ ref("int_movie_rows") }}
    where rejection is null
    group by source_id
),

numbered as (
    select
        ratings.file,
        ratings.line_number,
        users.user_id,
        movies.movie_id,
        ratings.score,
        ratings.rated_at,
        case
            when ratings.rejection is not null then ratings.rejection
            when users.user_id is null then 'unknown user'
            when movies.movie_id is null then 'unknown movie'
        end as rejection
    from ratings
    left join users on ratings.user_source_id = users.source_id
    left join movies on ratings.movie_source_id = movies.source_id
)

select * from numbered
