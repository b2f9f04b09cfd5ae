with rejected as (
    {% for entity in ["users", "movies", "ratings"] %}
    select
        '{{ entity }}.dat' as file,
        line_number,
        text,
        reason,
    from {{ ref("int_rejected_" ~ entity) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
)

select * from rejected
order by file, line_number
