with landed as (
    select
        file,
        line_number,
        fault,
        country_code,
        country_name,
        country_name_pt,
        zip_code,
        {{ one_spaced("user_id") }} as source_id,
        {{ one_spaced("gender") }} as gender_word,
        {{ one_spaced("age") }} as age_text,
        {{ age_range("age_group") }} as age_group_word,
        {{ one_spaced("occupation") }} as occupation_word,
        {{ one_spaced("nationality") }} as nationality_word,
        {{ row_text([
            "user_id", "gender", "age", "age_group", "occupation",
            "nationality", "zip_code",
        ]) }} as row_text
    from {{ source("tables", "users") }}
),

parsed as (
    select
        *,
        {{ decimal_number("age_text") }} as age,
        regexp_extract(age_group_word, '[0-9]+', 0) as first_age
    from landed
),

grouped as (
    select
        *,
        case
            when age is not null then {{ lowest_of_age("age") }}
            when {{ is_open_below("age_group_word") }} then 0
            when {{ matches_whole("first_age", "[0-9]{1,3}") }}
                then first_age::integer
        end as lowest_age
    from parsed
),

judged as (
    select
        file,
        line_number,
        row_text as text,
        source_id,
        coalesce(gender_word, 'unknown') as gender,
        lowest_age,
        case
            when age_text is not null then {{ name_of_age("lowest_age") }}
            else coalesce(age_group_word, 'unknown')
        end as age_group,
        coalesce(occupation_word, 'unknown') as occupation,
        coalesce(country_name, nationality_word, 'unknown') as nationality,
        country_name_pt as nationality_pt,
        country_code,
        coalesce(zip_code, '') as zip_code,
        case
            when fault is not null then fault
            when source_id is null then 'no user id'
            when age_text is not null and age is null then 'non-numeric age'
            when age < 0 then 'age below 0'
            when age > 120 then 'age above 120'
            when age_group_word is not null and lowest_age is null
                then 'age group without a number'
            else {{ too_long({
                "gender": "gender_word",
                "age group": "age_group_word",
                "occupation": "occupation_word",
                "nationality": "nationality_word",
            }) }}
        end as rejection
    from grouped
)

select * from judged
