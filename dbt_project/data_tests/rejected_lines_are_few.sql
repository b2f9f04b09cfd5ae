-- Stops the build with the numbers when a file is empty, or when more than
-- `max_rejected_share` of its lines were rejected.
with files as (
    select
        'users.dat' as file,
        count(*) as n_lines
    from {{ ref("stg_movielens__users") }}
    union all
    select
        'movies.dat' as file,
        count(*) as n_lines
    from {{ ref("stg_movielens__movies") }}
    union all
    select
        'ratings.dat' as file,
        count(*) as n_lines
    from {{ ref("stg_movielens__ratings") }}
),

reasons as (
    select
        file,
        reason,
        count(*) as n_rejected
    from {{ ref("rejected_lines") }}
    group by file, reason
),

rejected as (
    select
        file,
        sum(n_rejected) as n_rejected,
        string_agg(
            n_rejected || ' ' || reason, ', '
            order by n_rejected desc, reason asc
        ) as reasons
    from reasons
    group by file
),

shares as (
    select
        files.file,
        files.n_lines,
        coalesce(rejected.n_rejected, 0) as n_rejected,
        coalesce(rejected.reasons, '') as reasons
    from files
    left join rejected on files.file = rejected.file
),

judged as (
    select
        *,
        case
            when n_lines = 0 then file || ' holds no lines'
            when n_rejected > {{ var("max_rejected_share") }} * n_lines
                then format(
                    '{}: {} of {} lines ({:.2f} %) were rejected, more than '
                    || 'max_rejected_share = {{ var("max_rejected_share") }}: '
                    || '{}',
                    file, n_rejected, n_lines,
                    100 * n_rejected::double / n_lines,
                    reasons
                )
        end as complaint
    from shares
)

-- A test that finds rows tells their number alone: an error tells them all.
select *
from judged
where case when complaint is null then false else error(complaint) end
