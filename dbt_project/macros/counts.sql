{#- Ratings per class: additive, whatever they are grouped by. -#}
{% macro class_counts(weight="1", rating_class="rating_class") -%}
    {%- for label in rating_labels() -%}
    sum(
            case
                when {{ rating_class }} = {{ loop.index }} then {{ weight }}
                else 0
            end
        )::bigint as n_{{ label }}
    {%- if not loop.last %},
        {% endif %}
    {%- endfor %}
{%- endmacro %}


{#- Dimensions that people are counted by, with the SQL of their levels. -#}
{% macro segment_levels() -%}
    {{ return({
        "everyone": "'everyone'",
        "gender": "gender",
        "age_group": "age_group",
        "occupation": "occupation",
        "region": "region",
        "nationality": "nationality",
        "gender_age_group": "gender || '|' || age_group",
    }) }}
{%- endmacro %}
