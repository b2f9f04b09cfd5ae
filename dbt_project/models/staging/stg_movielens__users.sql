with lines as (
    {{ file_lines(source("movielens", "users")) }}
),

cut as (
    select
        line_number,
        text,
        is_readable,
        string_split(text, '::') as parts
    from lines
),

parsed as (
    select
        line_number,
        text,
        is_readable,
        len(parts) as n_fields,
        {{ whole_number("parts[1]") }} as user_id,
        parts[2] as gender,
        {{ whole_number("parts[3]") }} as age_code,
        {{ whole_number("parts[4]") }} as occupation_code,
        trim(parts[5]) as zip_code
    from cut
),

judged as (
    select
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
            when gender not in ('F', 'M') then 'unknown gender'
            when age_code is null then 'non-numeric age code'
            when not list_contains({{ age_codes() }}, age_code)
                then 'unknown age code'
            when occupation_code is null then 'non-numeric occupation code'
            when occupation_code >= {{ occupations() | length }}
                then 'unknown occupation code'
        end as rejection
    from parsed
)

select * from judged
