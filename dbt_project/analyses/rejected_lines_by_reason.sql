-- What could not be used, and why? One example of each.
select
    file,
    reason,
    count(*) as n_lines,
    min(line_number) as first_line,
    arg_min(text, line_number) as example
from {{ ref("rejected_lines") }}
group by file, reason
order by n_lines desc
