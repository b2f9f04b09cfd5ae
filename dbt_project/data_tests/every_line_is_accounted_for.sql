-- Lines of a file, counted in its bytes, are its rows and its rejected lines.
with files as (
    select
        'users.dat' as file,
        {{ n_lines("content") }} as n_lines,
        (select count(*) from {{ ref("dim_users") }}) as n_rows
    from {{ source("movielens", "users") }}
    union all
    select
        'movies.dat' as file,
        {{ n_lines("content") }} as n_lines,
        (select count(*) from {{ ref("dim_movies") }}) as n_rows
    from {{ source("movielens", "movies") }}
    union all
    select
        'ratings.dat' as file,
        {{ n_lines("content") }} as n_lines,
        (select count(*) from {{ ref("fct_ratings") }}) as n_rows
    from {{ source("movielens", "ratings") }}
),

rejected as (
    select
        file,
        count(*) as n_rejected
    from {{ ref("rejected_lines") }}
    group by file
)

select
    files.file,
    files.n_lines,
    files.n_rows,
    coalesce(rejected.n_rejected, 0) as n_rejected
from files
left join rejected on files.file = rejected.file
where files.n_lines != files.n_rows + coalesce(rejected.n_rejected, 0)
