with lines as (
    select
        *,
        {{ split_text("text", "::") }} as parts
    from {{ source("movielens", "users") }}
),

numbered as (
    select
        *,
        {{ n_elements("parts") }} as n_fields,
        {{ whole_numbers("parts", "text") }} as numbers
    from lines
),

parsed as (
    select
        *,
        {{ element("numbers", 1) }} as user_id,
        {{ element("parts", 2) }} as gender,
        {{ element("numbers", 3) }} as age_code,
        {{ element("numbers", 4) }} as occupation_code,
        trim({{ element("parts", 5) }}) as zip_code
    from numbered
),

judged as (
    select
        file,
        line_number,
        text,
        user_id,
        gender,
        age_code,
        occupation_code,
        zip_code,
        case
            when not is_readable then 'undecodable'
            when text = '' then 'blank line'
            when n_fields != 5 then 'wrong field count'
            when user_id is null then 'non-numeric user id'
            when age_code is null then 'non-numeric age code'
            when occupation_code is null then 'non-numeric occupation code'
        end as rejection
    from parsed
)

select * from judged
