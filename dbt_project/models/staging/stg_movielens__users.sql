with lines as (
    {{ file_lines(source("movielens", "users")) }}
),

split as (
    select
        line_number,
        text,
        is_readable,
        string_split(text, '::') as fields,
    from lines
),

parsed as (
    select
        line_number,
        text,
        is_readable,
        len(fields) as n_fields,
        {{ whole_number("fields[1]") }} as user_id,
        fields[2] as gender,
        {{ whole_number("fields[3]") }} as age_code,
        {{ whole_number("fields[4]") }} as occupation_code,
        trim(fields[5]) as zip_code,
    from split
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
            when age_code is null
                or not list_contains({{ age_codes() }}, age_code)
                then 'unknown age code'
            when occupation_code is null
                or occupation_code not between 0 and {{ occupations() | length - 1 }}
                then 'unknown occupation code'
        end as rejection,
    from parsed
)

select * from judged
