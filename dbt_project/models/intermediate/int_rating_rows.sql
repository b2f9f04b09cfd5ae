{#- Not stored: one of the two has rows, and holds them. -#}
{{ config(materialized="ephemeral") }}

select
    file,
    line_number,
    user_id,
    movie_id,
    (stars * 2)::decimal(3, 1) as score,
    rated_at,
    rejection
from {{ ref("stg_movielens__ratings") }}
union all
select
    file,
    line_number,
    user_id,
    movie_id,
    score::decimal(3, 1) as score,
    rated_at,
    rejection
from {{ ref("int_numbered_ratings") }}
