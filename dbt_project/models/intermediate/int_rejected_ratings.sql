with ratings as (
    select * from {{ ref("stg_movielens__ratings") }}
),

users as (
    select user_id from {{ ref("int_users_located") }}
),

movies as (
    select movie_id from {{ ref("int_movies_dated") }}
),

repeated as (
    select
        user_id,
        movie_id,
        min(line_number) as first_line
    from ratings
    where rejection is null
    group by user_id, movie_id
    having count(*) > 1
),

judged as (
    select
        ratings.line_number,
        ratings.text,
        coalesce(
            ratings.rejection,
            case
                when users.user_id is null then 'unknown user'
                when movies.movie_id is null then 'unknown movie'
                when ratings.line_number > repeated.first_line
                    then 'duplicate (user, movie)'
            end
        ) as reason
    from ratings
    left join users on ratings.user_id = users.user_id
    left join movies on ratings.movie_id = movies.movie_id
    left join repeated
        on
            ratings.user_id = repeated.user_id
            and ratings.movie_id = repeated.movie_id
)

select
    line_number,
    text,
    reason
from judged
where reason is not null
