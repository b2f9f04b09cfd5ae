{#- The columns hold levels that a table lists, each of its dimension. -#}
{% test in_vocabulary(model, columns, levels) %}
{%- for column in columns %}
select '{{ column }}' as dimension, model.{{ column }} as level
from {{ model }} as model
left join {{ levels }} as levels
    on levels.dimension = '{{ "region" if column == "division" else column }}'
    and levels.name = model.{{ column }}
where levels.name is null
{{ "union all" if not loop.last }}
{%- endfor %}
{% endtest %}
