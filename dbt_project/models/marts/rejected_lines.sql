with rejected_users as (
    select
        file,
        line_number,
        text,
        reason
    from {{ ref("int_rejected_users") }}
),

rejected_movies as (
    select
        file,
        line_number,
        text,
        reason
    from {{ ref("int_rejected_movies") }}
),

rating_lines as (
    select
        file,
        line_number,
        text
    from {{ ref("stg_movielens__rating_lines") }}
    union all
    select
        file,
        line_number,
        text
    from {{ ref("stg_tables__rating_rows") }}
),

rejected_ratings as (
    select
        rejected.file,
        rejected.line_number,
        rating_lines.text,
        rejected.reason
    from {{ ref("int_rejected_ratings") }} as rejected
    inner join rating_lines
        on
            rejected.line_number = rating_lines.line_number
            and rejected.file = rating_lines.file
),

united as (
    select * from rejected_users
    union all
    select * from rejected_movies
    union all
    select * from rejected_ratings
)

select * from united
order by file, line_number
