{#- Not stored: the rows lie in the landing. -#}
{{ config(materialized="ephemeral") }}

select
    file,
    line_number,
    {{ row_text(["user_id", "movie_id", "stars", "score", "rated_at"]) }}
        as text
from {{ source("tables", "ratings") }}
