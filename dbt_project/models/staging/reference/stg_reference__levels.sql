select
    dimension,
    name,
    name_pt,
    position::integer as position,
    nullif(lowest, '')::integer as lowest,
    nullif(code, '') as code
from {{ source("reference", "levels") }}
