with users as (
    select * from {{ ref("int_users_located") }}
),

named as (
    select
        user_id,
        source_id,
        gender,
        age_code,
        age_group,
        occupation_code,
        occupation,
        nationality,
        zip_code,
        country,
        state,
        region,
        {{ fold("user", "source_id") }} as user_fold
    from users
)

select * from named
order by user_id
