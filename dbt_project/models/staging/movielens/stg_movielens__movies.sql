with lines as (
    select
        *,
        {{ split_text("text", "::") }} as parts
    from {{ source("movielens", "movies") }}
),

cut as (
    select
        *,
        {{ n_elements("parts") }} as n_fields,
        {{ element("parts", 2) }} as dated_title,
        {{ element("parts", 3) }} as genre_list
    from lines
),

parsed as (
    select
        *,
        {{ element(whole_numbers("parts", "text"), 1) }} as movie_id,
        trim(regexp_replace(dated_title, '[ \t]*[(][0-9]{4}[)][ \t]*$', ''))
            as title,
        nullif(
            regexp_extract(dated_title, '[(]([0-9]{4})[)][ \t]*$', 1), ''
        )::smallint as year,
        {{ split_text("genre_list", "|") }} as genres
    from cut
),

judged as (
    select
        file,
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
            when length(title) > {{ var("max_title_length") }}
                then 'title too long'
        end as rejection
    from parsed
)

select * from judged
