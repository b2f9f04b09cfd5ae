select
    zip_prefix,
    state,
    division
from {{ source("reference", "zip_prefixes") }}
