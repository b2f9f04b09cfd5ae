{#- The columns that make a profile, of a relation if `of` is "relation.". -#}
{% macro profile_columns(of="") -%}
    {{ of }}gender,
    {{ of }}age_group,
    {{ of }}occupation,
    {{ of }}region,
    {{ of }}nationality
{%- endmacro %}
