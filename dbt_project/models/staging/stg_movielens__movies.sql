with lines as (
    {{ file_lines(source("movielens", "movies")) }}
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
        {{ whole_number("parts[1]") }} as movie_id,
        trim(regexp_replace(parts[2], '\s*\(\d{4}\)\s*$', '')) as title,
        nullif(regexp_extract(parts[2], '\((\d{4})\)\s*$', 1), '')::smallint
            as year,
        string_split(parts[3], '|') as genres
    from cut
),

judged as (
    select
        line_number,
        text,
        movie_id,
        title,
        year,
        genres,
        case
            when not is_readable then 'undecodable'
            when text = '' then 'blank line'
            when n_fields != 3 then 'wrong field count'
            when movie_id is null then 'non-numeric movie id'
            when title = '' then 'no title'
            when not list_has_all({{ text_list(genres()) }}, genres)
                then 'unknown genre'
        end as rejection
    from parsed
)

select * from judged
