{#-
    A list of texts as whole numbers from 0 to 2147483647, null where a text
    is none. A cast alone would take signs, blanks, fractions and exponents.
    `line` is the text that `::` parts into the list: nearly all lines are
    digits alone, which one look at the whole line tells.
-#}
{% macro whole_numbers(texts, line) -%}
    {{ return(adapter.dispatch("whole_numbers")(texts, line)) }}
{%- endmacro %}

{% macro default__whole_numbers(texts, line) -%}
    (case
        when regexp_full_match({{ line }}, '[0-9]+(::[0-9]+)*')
            then try_cast({{ texts }} as integer [])
        else
            try_cast(
                list_transform(
                    {{ texts }},
                    lambda field:
                    case
                        when regexp_full_match(field, '[0-9]+') then field
                    end
                ) as integer []
            )
    end)
{%- endmacro %}

{% macro spark__whole_numbers(texts, line) -%}
    transform(
        {{ texts }},
        field -> case when field rlike '^[0-9]+$' then try_cast(field as int) end
    )
{%- endmacro %}


{#- Seconds since 1970 as a time, UTC. -#}
{% macro time_of(seconds) -%}
    {{ return(adapter.dispatch("time_of")(seconds)) }}
{%- endmacro %}

{% macro default__time_of(seconds) -%}
    make_timestamp({{ seconds }}::bigint * 1000000)
{%- endmacro %}

{% macro spark__time_of(seconds) -%}
    timestamp_seconds({{ seconds }})
{%- endmacro %}


{#- The first eight hexadecimal digits of a text's md5, as a number. -#}
{% macro hash_number(text) -%}
    {{ return(adapter.dispatch("hash_number")(text)) }}
{%- endmacro %}

{% macro default__hash_number(text) -%}
    ('0x' || left(md5({{ text }}), 8))::bigint
{%- endmacro %}

{% macro spark__hash_number(text) -%}
    conv(left(md5({{ text }}), 8), 16, 10)::bigint
{%- endmacro %}


{#-
    A text as a time, UTC: seconds since 1970, or a date with or without a
    time of the day as ISO 8601 writes it; null where it is none.
-#}
{% macro time_of_text(text) -%}
    case
        when {{ matches_whole(text, "[0-9]{1,11}([.]0+)?") }}
            then {{ time_of(
                "try_cast(split_part(" ~ text ~ ", '.', 1) as bigint)"
            ) }}
        when {{ matches_whole(
            text, "[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}.*)?"
        ) }}
            then try_cast({{ text }} as timestamp)
    end
{%- endmacro %}


{#- A decimal without zeros at its end: 3.50 as `3.5`, 3.00 as `3`. -#}
{% macro shortest_number(decimal) -%}
    regexp_replace(
        cast({{ decimal }} as {{ dbt.type_string() }}), '[.]?0+$', ''
    )
{%- endmacro %}
