with users as (
    select * from {{ ref("stg_movielens__users") }}
),

counted as (
    select
        line_number,
        text,
        coalesce(
            rejection,
            case
                when row_number() over (
                    partition by user_id, rejection is null
                    order by line_number
                ) > 1 then 'duplicate user id'
            end
        ) as reason
    from users
)

select
    line_number,
    text,
    reason
from counted
where reason is not null
