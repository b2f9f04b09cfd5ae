with genres as (
    select {{ collected("name") }} as listed
    from {{ ref("stg_reference__levels") }}
    where dimension = 'genre'
),

lines as (
    select * from {{ ref("stg_movielens__movies") }}
),

own as (
    select * from {{ ref("stg_tables__movies") }}
),

judged as (
    select
        lines.file,
        lines.line_number,
        lines.text,
        lines.movie_id,
        lines.movie_id::{{ dbt.type_string() }} as source_id,
        lines.title,
        lines.year,
        lines.genres,
        case
            when lines.rejection is not null then lines.rejection
            when not {{ has_all("genres.listed", "lines.genres") }}
                then 'unknown genre'
        end as rejection
    from lines
    cross join genres
),

numbered as (
    select
        file,
        line_number,
        text,
        {{ dense_id("source_id") }} as movie_id,
        source_id,
        title,
        year,
        genres,
        rejection
    from own
),

united as (
    select * from judged
    union all
    select * from numbered
)

select * from united
