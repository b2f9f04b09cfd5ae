{#- Folds come from a hash of the id, so a row never changes its fold. -#}
{% macro fold(entity, id) -%}
    ({{ hash_number("'" ~ entity ~ ":' || " ~ id) }} % 5)::tinyint
{%- endmacro %}


{#-
    The classes of the 0 to 10 score, 1 to 4: 0 to 2, 3 to 5, 6 to 8,
    9 and 10. Half a point counts as the whole one above it.
-#}
{% macro rating_class(score) -%}
    case
        when {{ score }} < 0 or {{ score }} > 10 then null
        when {{ score }} < 2.5 then 1
        when {{ score }} < 5.5 then 2
        when {{ score }} < 8.5 then 3
        else 4
    end::tinyint
{%- endmacro %}


{#- Five digits, or nine with or without a dash (ZIP+4). -#}
{% macro is_us_zip_shape(zip_code) -%}
    {{ matches_whole(zip_code, "[0-9]{5}(-?[0-9]{4})?") }}
{%- endmacro %}


{#-
    Codes that only other countries write: with letters, such as M5V 2T6
    (Canada), or digits in groups that are no ZIP, such as 01310-100 (Brazil).
    Six or seven plain digits stay unknown: of the 14 such people in MovieLens
    1M some look Indian, and some like a US code with a digit typed twice.
-#}
{% macro is_foreign_postal_code(zip_code) -%}
    (
        {{ matches_whole(zip_code, "[A-Za-z0-9][A-Za-z0-9 -]{1,9}") }}
        and {{ matches_whole(zip_code, ".*[0-9].*") }}
        and (
            {{ matches_whole(zip_code, ".*[A-Za-z].*") }}
            or {{ matches_whole(
                zip_code,
                "[0-9]{5}-[0-9]{3}|[0-9]{4}-[0-9]{3}|[0-9]{3}-[0-9]{3,4}"
            ) }}
        )
    )
{%- endmacro %}
