with users as (
    select * from {{ ref("int_users_located") }}
),

named as (
    select
        user_id,
        gender,
        age_code,
        {{ name_of("age_code", age_groups(), age_codes()) }} as age_group,
        occupation_code,
        {{ name_of("occupation_code", occupations()) }} as occupation,
        zip_code,
        country,
        state,
        region,
        {{ fold("user", "user_id") }} as user_fold
    from users
)

select * from named
order by user_id
