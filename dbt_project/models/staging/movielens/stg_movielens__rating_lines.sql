{#- Not stored: the text of a hundred million lines lies in the landing. -#}
{{ config(materialized="ephemeral") }}

select
    file,
    line_number,
    text,
    is_readable
from {{ source("movielens", "ratings") }}
