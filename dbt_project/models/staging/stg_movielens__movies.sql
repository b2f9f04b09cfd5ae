with lines as (
    {{ file_lines(source("movielens", "movies")) }}
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
        {{ whole_number("fields[1]") }} as movie_id,
        trim(regexp_replace(fields[2], '\s*\(\d{4}\)\s*$', '')) as title,
        nullif(regexp_extract(fields[2], '\((\d{4})\)\s*$', 1), '')::smallint
            as year,
        string_split(fields[3], '|') as genres,
    from split
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
        end as rejection,
    from parsed
)

select * from judged
