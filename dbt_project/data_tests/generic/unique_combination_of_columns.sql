{#- One row for each combination of the columns, none of them null. -#}
{% test unique_combination_of_columns(model, combination_of_columns) %}
select
    {{ combination_of_columns | join(",\n    ") }},
    count(*) as n_rows
from {{ model }}
group by {{ combination_of_columns | join(", ") }}
having
    count(*) > 1
    {% for column in combination_of_columns %}
    or {{ column }} is null
    {% endfor %}
{% endtest %}
