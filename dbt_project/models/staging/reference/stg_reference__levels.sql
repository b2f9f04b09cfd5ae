select
    dimension,
    name,
    name_pt,
    position::integer as position,
    nullif(lowest, '')::integer as lowest,
    nullif(code, '') as code,
    coalesce(other_words, '') as other_words
from {{ source("reference", "levels") }}
