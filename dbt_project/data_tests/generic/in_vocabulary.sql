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
    {{ "or " if not loop.first }}({{ column }} in (
        {% for level in levels[column] -%}
        {{ text_literal(level) }}{{ ", " if not loop.last }}
        {%- endfor %}
    )) is not true
    {% endfor %}
{% endtest %}
