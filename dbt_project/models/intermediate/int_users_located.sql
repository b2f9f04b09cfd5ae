with users as (
    select persons.*
    from {{ ref("int_user_rows") }} as persons
    anti join {{ ref("int_rejected_users") }} as rejected
        on
            persons.line_number = rejected.line_number
            and persons.file = rejected.file
),

prefixes as (
    select * from {{ ref("stg_reference__zip_prefixes") }}
),

placed as (
    select
        users.user_id,
        users.source_id,
        users.gender,
        users.age_code,
        users.age_group,
        users.occupation_code,
        users.occupation,
        users.nationality,
        users.nationality_pt,
        users.country_code,
        users.zip_code,
        prefixes.state,
        case
            when prefixes.division is not null then prefixes.division
            when {{ is_foreign_postal_code("users.zip_code") }}
                then 'outside the US'
            else 'unknown'
        end as region
    from users
    left join prefixes
        on
            left(users.zip_code, 3) = prefixes.zip_prefix
            and {{ is_us_zip_shape("users.zip_code") }}
),

located as (
    select
        *,
        case
            when state is not null then 'US'
            else region
        end as country
    from placed
)

select * from located
