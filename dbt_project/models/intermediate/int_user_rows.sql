with levels as (
    select * from {{ ref("stg_reference__levels") }}
),

lines as (
    select * from {{ ref("stg_movielens__users") }}
),

own as (
    select * from {{ ref("stg_tables__users") }}
),

coded as (
    select
        lines.file,
        lines.line_number,
        lines.text,
        lines.user_id,
        lines.user_id::{{ dbt.type_string() }} as source_id,
        lines.gender,
        lines.age_code,
        ages.name as age_group,
        lines.occupation_code,
        occupations.name as occupation,
        'unknown' as nationality,
        null::{{ dbt.type_string() }} as nationality_pt,
        null::{{ dbt.type_string() }} as country_code,
        lines.zip_code,
        case
            when lines.rejection is not null then lines.rejection
            when genders.name is null then 'unknown gender'
            when ages.name is null then 'unknown age code'
            when occupations.name is null then 'unknown occupation code'
        end as rejection
    from lines
    left join levels as genders
        on lines.gender = genders.name and genders.dimension = 'gender'
    left join levels as ages
        on
            lines.age_code::{{ dbt.type_string() }} = ages.code
            and ages.dimension = 'age_group'
    left join levels as occupations
        on
            lines.occupation_code::{{ dbt.type_string() }} = occupations.code
            and occupations.dimension = 'occupation'
),

gendered as (
    select
        own.*,
        coalesce(genders.name, own.gender) as gender_name
    from own
    left join levels as genders
        on
            genders.dimension = 'gender'
            and {{ names_level("own.gender", "genders") }}
),

numbered as (
    select
        file,
        line_number,
        text,
        {{ dense_id("source_id") }} as user_id,
        source_id,
        gender_name as gender,
        lowest_age as age_code,
        age_group,
        null::integer as occupation_code,
        occupation,
        nationality,
        nationality_pt,
        country_code,
        zip_code,
        rejection
    from gendered
),

united as (
    select * from coded
    union all
    select * from numbered
)

select * from united
