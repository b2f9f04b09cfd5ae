with people as (
    select
        user_id,
        n_ratings
    from {{ ref("feat_sampled_users") }}
    where n_ratings > 0
),

ratings as (
    select
        user_id,
        count(*) as n_ratings
    from {{ ref("feat_sampled_ratings") }}
    group by user_id
)

select
    people.user_id,
    ratings.n_ratings,
    people.n_ratings as expected
from people
full join ratings on people.user_id = ratings.user_id
where ratings.n_ratings is distinct from people.n_ratings
