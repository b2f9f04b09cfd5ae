with landed as (
    select
        file,
        line_number,
        fault,
        {{ one_spaced("movie_id") }} as source_id,
        {{ one_spaced("title") }} as dated_title,
        {{ one_spaced("year") }} as year_text,
        {{ one_spaced("genres") }} as genre_list,
        {{ row_text(["movie_id", "title", "year", "genres"]) }} as row_text
    from {{ source("tables", "movies") }}
),

parsed as (
    select
        *,
        nullif(
            regexp_extract(dated_title, '[(]([0-9]{4})[)]$', 1), ''
        )::integer as title_year,
        {{ decimal_number("year_text") }} as year_number,
        {{ list_of_words("genre_list") }} as genre_words
    from landed
),

-- Only a number that a year can be becomes one: others would overflow.
given as (
    select
        *,
        case
            when
                year_number between 0 and 9999
                and year_number = floor(year_number)
                then year_number::integer
        end as given_year
    from parsed
),

dated as (
    select
        *,
        coalesce(given_year, title_year) as year,
        -- A year in brackets belongs to the title where another is given.
        case
            when coalesce(given_year, title_year) = title_year
                then trim(
                    regexp_replace(dated_title, ' *[(][0-9]{4}[)]$', '')
                )
            else dated_title
        end as title
    from given
),

judged as (
    select
        file,
        line_number,
        row_text as text,
        source_id,
        title,
        year::smallint as year,
        case
            when {{ n_elements("genre_words") }} > 0 then genre_words
            else {{ text_list(["unknown"]) }}
        end as genres,
        case
            when fault is not null then fault
            when source_id is null then 'no movie id'
            when length(source_id) > {{ var("max_movie_id_length") }}
                then 'movie id too long'
            when coalesce(title, '') = '' then 'no title'
            when length(title) > {{ var("max_title_length") }}
                then 'title too long'
            when year_text is not null and year_number is null
                then 'non-numeric year'
            when year_number != floor(year_number)
                then 'year that is no whole number'
            when
                year_number not between 1800 and 2200
                or year not between 1800 and 2200
                then 'year outside 1800 to 2200'
            when {{ n_elements(words_too_long("genre_words")) }} > 0
                then 'genre too long'
        end as rejection
    from dated
)

select * from judged
