{#- One row for each combination of the columns, none of them null. -#}
{% test grain(model, columns) %}
select
    {{ columns | join(",\n    ") }},
    count(*) as n_rows
from {{ model }}
group by {{ columns | join(", ") }}
having
    count(*) > 1
    {% for column in columns %}
    or {{ column }} is null
    {% endfor %}
{% endtest %}
