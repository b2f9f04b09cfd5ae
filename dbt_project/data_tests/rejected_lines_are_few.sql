-- Stops the build with the numbers when a file is empty, or when more than
-- `max_rejected_share` of its lines were rejected. A rating that a later one
-- replaces, or that another file tells as well, is no fault of its file.
with files as (
    select
        file,
        n_lines
    from {{ ref("source_files") }}
),

reasons as (
    select
        file,
        reason,
        count(*) as n_rejected
    from {{ ref("rejected_lines") }}
    where
        reason not in (
            'replaced by a later rating', 'repeated in another file'
        )
    group by file, reason
),

rejected as (
    select
        file,
        sum(n_rejected) as n_rejected,
        {{ joined_texts("n_rejected || ' ' || reason", "-n_rejected, reason") }}
            as reasons
    from reasons
    group by file
),

judged as (
    select
        files.file,
        case
            when files.n_lines = 0 then files.file || ' holds no lines'
            when
                rejected.n_rejected
                > {{ var("max_rejected_share") }} * files.n_lines
                then
                    files.file || ': ' || rejected.n_rejected
                    || ' of ' || files.n_lines || ' lines ('
                    || round(100.0 * rejected.n_rejected / files.n_lines, 2)
                    || ' %) were rejected, more than max_rejected_share = '
                    || '{{ var("max_rejected_share") }}: ' || rejected.reasons
        end as complaint
    from files
    left join rejected on files.file = rejected.file
),

complaints as (
    select {{ joined_texts("complaint", "complaint", "; ") }} as told
    from judged
    where complaint is not null
)

-- A test that finds rows tells their number alone: an error tells them all.
select *
from complaints
where
    case
        when told is null then false
        else {{ stop_with("told") }} is not null
    end
