with movies as (
    select * from {{ ref("int_movie_rows") }}
),

judged as (
    select
        file,
        line_number,
        text,
        coalesce(
            rejection,
            case
                when row_number() over (
                    partition by movie_id, rejection is null
                    order by file, line_number
                ) > 1 then 'duplicate movie id'
            end
        ) as reason
    from movies
)

select
    file,
    line_number,
    text,
    reason
from judged
where reason is not null
