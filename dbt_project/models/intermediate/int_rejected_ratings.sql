with ratings as (
    select
        file,
        line_number,
        user_id,
        movie_id,
        rejection
    from {{ ref("int_rating_rows") }}
),

users as (
    select user_id from {{ ref("int_users_located") }}
),

movies as (
    select movie_id from {{ ref("int_movies_dated") }}
),

replaced as (
    select * from {{ ref("int_replaced_ratings") }}
),

judged as (
    select
        ratings.file,
        ratings.line_number,
        case
            when ratings.rejection is not null then ratings.rejection
            when users.user_id is null then 'unknown user'
            when movies.movie_id is null then 'unknown movie'
            else replaced.reason
        end as reason
    from ratings
    left join users on ratings.user_id = users.user_id
    left join movies on ratings.movie_id = movies.movie_id
    left join replaced
        on
            ratings.line_number = replaced.line_number
            and ratings.file = replaced.file
),

rejected as (
    select
        file,
        line_number,
        reason
    from judged
    where reason is not null
)

select * from rejected
