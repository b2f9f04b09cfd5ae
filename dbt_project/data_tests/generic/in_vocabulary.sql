{#- The columns hold levels of the vocabulary (macros/vocabulary.sql). -#}
{% test in_vocabulary(model, columns) %}
{%- set levels = {
    "gender": ["F", "M"],
    "age_group": age_groups(),
    "occupation": occupations(),
    "region": regions(),
    "division": regions(),
    "genre": genres(),
    "rating_label": rating_labels(),
} %}
select {{ columns | join(", ") }}
from {{ model }}
where
    {% for column in columns %}
    {{ "or " if not loop.first }}not coalesce(
        list_contains({{ text_list(levels[column]) }}, {{ column }}), false
    )
    {% endfor %}
{% endtest %}
