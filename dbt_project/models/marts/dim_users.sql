with users as (
    select * from {{ ref("int_users_located") }}
),

named as (
    select
        user_id,
        gender,
        age_code,
        {{ text_list(age_groups()) }}[
            list_position({{ age_codes() }}, age_code)
        ] as age_group,
        occupation_code,
        {{ text_list(occupations()) }}[occupation_code + 1] as occupation,
        zip_code,
        country,
        state,
        region,
        {{ fold("user", "user_id") }} as user_fold
    from users
)

select * from named
order by user_id
