-- Lines of the files, counted in their bytes, are rows and rejected lines.
with lines as (
    select
        kind,
        sum(n_lines) as n_lines
    from {{ ref("source_files") }}
    group by kind
),

rejected as (
    select
        source_files.kind,
        count(*) as n_rejected
    from {{ ref("rejected_lines") }} as rejected_lines
    inner join {{ ref("source_files") }} as source_files
        on rejected_lines.file = source_files.file
    group by source_files.kind
),

kept as (
    select
        'users' as kind,
        count(*) as n_rows
    from {{ ref("dim_users") }}
    union all
    select
        'movies' as kind,
        count(*) as n_rows
    from {{ ref("dim_movies") }}
    union all
    select
        'ratings' as kind,
        count(*) as n_rows
    from {{ ref("fct_ratings") }}
)

select
    lines.kind,
    lines.n_lines,
    kept.n_rows,
    coalesce(rejected.n_rejected, 0) as n_rejected
from lines
full join kept on lines.kind = kept.kind
left join rejected on lines.kind = rejected.kind
where
    lines.n_lines is distinct from kept.n_rows
    + coalesce(rejected.n_rejected, 0)
