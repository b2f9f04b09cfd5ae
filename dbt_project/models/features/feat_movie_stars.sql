with profiles as (
    select * from {{ ref("feat_movie_profiles") }}
),

summed as (
    select
        movie_id,
        user_fold,
        stars,
        sum(n_ratings)::bigint as n_ratings
    from profiles
    group by movie_id, user_fold, stars
)

select * from summed
order by movie_id, user_fold, stars
