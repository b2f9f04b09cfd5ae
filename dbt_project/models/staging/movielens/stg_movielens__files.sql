select
    source,
    is_generated,
    format,
    kind,
    file,
    sha256,
    n_bytes,
    n_lines
from {{ source("movielens", "files") }}
