with users as (
    select user_id from {{ ref("feat_sampled_users") }}
),

ratings as (
    select * from {{ ref("fct_ratings") }}
),

sampled as (
    select
        ratings.user_id,
        ratings.movie_id,
        ratings.stars,
        ratings.rated_at
    from ratings
    inner join users on ratings.user_id = users.user_id
)

select * from sampled
order by user_id, movie_id
