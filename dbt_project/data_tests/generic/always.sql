{#- The condition holds in every row; one that is null does not. -#}
{% test always(model, condition) %}
select *
from {{ model }}
where ({{ condition }}) is not true
{% endtest %}
