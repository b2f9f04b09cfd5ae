with counted as (
    select
        gender,
        age_group,
        occupation,
        region,
        nationality,
        user_fold,
        count(*) as n_users
    from {{ ref("dim_users") }}
    group by gender, age_group, occupation, region, nationality, user_fold
)

select * from counted
order by gender, age_group, occupation, region, nationality, user_fold
