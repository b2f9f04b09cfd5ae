with users as (
    select * from {{ ref("int_user_rows") }}
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
                    partition by user_id, rejection is null
                    order by file, line_number
                ) > 1 then 'duplicate user id'
            end
        ) as reason
    from users
)

select
    file,
    line_number,
    text,
    reason
from judged
where reason is not null
