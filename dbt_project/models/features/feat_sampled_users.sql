with users as (
    select * from {{ ref("dim_users") }}
),

rated as (
    select
        user_id,
        count(*) as n_ratings
    from {{ ref("fct_ratings") }}
    group by user_id
),

counted as (
    select
        users.user_id,
        users.gender,
        users.age_group,
        users.occupation,
        users.region,
        users.nationality,
        users.user_fold,
        coalesce(rated.n_ratings, 0)::bigint as n_ratings,
        md5('sampled user:' || users.user_id) as place
    from users
    left join rated on users.user_id = rated.user_id
),

queued as (
    select
        *,
        sum(n_ratings) over (
            order by place, user_id
            rows between unbounded preceding and current row
        ) as n_ratings_so_far
    from counted
),

sampled as (
    select
        user_id,
        gender,
        age_group,
        occupation,
        region,
        nationality,
        user_fold,
        n_ratings
    from queued
    where n_ratings_so_far <= {{ var("max_sampled_ratings") }}
)

select * from sampled
order by user_id
