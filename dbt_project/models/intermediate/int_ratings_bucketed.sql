with ratings as (
    select stg_movielens__ratings.*
    from {{ ref("stg_movielens__ratings") }} as stg_movielens__ratings
    anti join {{ ref("int_rejected_ratings") }} as int_rejected_ratings
        on
            stg_movielens__ratings.line_number
            = int_rejected_ratings.line_number
),

scored as (
    select
        user_id,
        movie_id,
        stars::tinyint as stars,
        (stars * 2)::tinyint as score,
        rated_at
    from ratings
),

bucketed as (
    select
        user_id,
        movie_id,
        stars,
        score,
        {{ rating_class("score") }} as rating_class,
        rated_at
    from scored
)

select * from bucketed
