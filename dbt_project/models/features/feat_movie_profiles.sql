with counted as (
    select
        movie_id,
        {{ profile_columns() }},
        user_fold,
        stars,
        count(*) as n_ratings
    from {{ ref("fct_ratings") }}
    group by
        movie_id,
        {{ profile_columns() }},
        user_fold,
        stars
)

select
    *,
    {{ rating_class("stars * 2") }} as rating_class
from counted
