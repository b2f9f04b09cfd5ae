with lines as (
    select
        *,
        {{ split_text("text", "::") }} as parts
    from {{ source("movielens", "ratings") }}
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
        {{ element("numbers", 2) }} as movie_id,
        {{ element("numbers", 3) }} as stars,
        {{ element("numbers", 4) }} as rated_at_seconds
    from numbered
),

judged as (
    select
        file,
        line_number,
        user_id,
        movie_id,
        stars,
        {{ time_of("rated_at_seconds") }} as rated_at,
        case
            when not is_readable then 'undecodable'
            when text = '' then 'blank line'
            when n_fields != 4 then 'wrong field count'
            when user_id is null then 'non-numeric user id'
            when movie_id is null then 'non-numeric movie id'
            when stars is null then 'non-numeric rating'
            when rated_at_seconds is null then 'non-numeric timestamp'
            when stars not between 1 and 5 then 'rating outside 1 to 5'
        end as rejection
    from parsed
)

select * from judged
