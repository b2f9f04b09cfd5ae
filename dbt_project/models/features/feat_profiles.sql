with counted as (
    select
        {{ profile_columns() }},
        user_fold,
        count(*) as n_users
    from {{ ref("dim_users") }}
    group by {{ profile_columns() }}, user_fold
)

select * from counted
order by {{ profile_columns() }}, user_fold
