with lines as (
    {{ file_lines(source("movielens", "ratings")) }}
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
        {{ whole_number("parts[2]") }} as movie_id,
        {{ whole_number("parts[3]") }} as stars,
        {{ whole_number("parts[4]") }} as rated_at_seconds
    from cut
),

judged as (
    select
        line_number,
        text,
        user_id,
        movie_id,
        stars,
        make_timestamp(rated_at_seconds::bigint * 1000000) as rated_at,
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
