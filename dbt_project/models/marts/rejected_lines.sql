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

rejected_ratings as (
    select
        file,
        line_number,
        text,
        reason
    from {{ ref("int_rejected_ratings") }}
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
