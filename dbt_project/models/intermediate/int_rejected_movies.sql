with movies as (
    select * from {{ ref("stg_movielens__movies") }}
),

counted as (
    select
        line_number,
        text,
        coalesce(
            rejection,
            case
                when row_number() over (
                    partition by movie_id, rejection is null
                    order by line_number
                ) > 1 then 'duplicate movie id'
            end
        ) as reason
    from movies
)

select
    line_number,
    text,
    reason
from counted
where reason is not null
