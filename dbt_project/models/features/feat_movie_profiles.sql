with counted as (
    select
        movie_id,
        gender,
        age_group,
        occupation,
        region,
        user_fold,
        stars,
        count(*) as n_ratings
    from {{ ref("fct_ratings") }}
    group by
        movie_id, gender, age_group, occupation, region, user_fold, stars
)

select * from counted
