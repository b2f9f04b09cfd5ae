with counted as (
    select
        movie_id,
        gender,
        age_group,
        occupation,
        region,
        nationality,
        user_fold,
        stars,
        count(*) as n_ratings
    from {{ ref("fct_ratings") }}
    group by
        movie_id,
        gender,
        age_group,
        occupation,
        region,
        nationality,
        user_fold,
        stars
)

select
    *,
    {{ rating_class("stars * 2") }} as rating_class
from counted
