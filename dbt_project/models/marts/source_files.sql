with files as (
    select * from {{ ref("stg_movielens__files") }}
)

select * from files
order by file
