{#- A text as an SQL literal; Spark reads a backslash as an escape. -#}
{% macro text_literal(text) -%}
    {{ return(adapter.dispatch("text_literal")(text)) }}
{%- endmacro %}

{% macro default__text_literal(text) -%}
    '{{ text | replace("'", "''") }}'
{%- endmacro %}

{% macro spark__text_literal(text) -%}
    '{{ text | replace("\\", "\\\\") | replace("'", "\\'") }}'
{%- endmacro %}


{#- The pieces of a text between separators, which are plain text. -#}
{% macro split_text(text, separator) -%}
    {{ return(adapter.dispatch("split_text")(text, separator)) }}
{%- endmacro %}

{% macro default__split_text(text, separator) -%}
    string_split({{ text }}, '{{ separator }}')
{%- endmacro %}

{#- Spark's separator is a regular expression. -#}
{% macro spark__split_text(text, separator) -%}
    split({{ text }}, '{% for mark in separator %}[{{ mark }}]{% endfor %}')
{%- endmacro %}


{#- Whether the whole text matches a pattern without backslashes. -#}
{% macro matches_whole(text, pattern) -%}
    {{ return(adapter.dispatch("matches_whole")(text, pattern)) }}
{%- endmacro %}

{% macro default__matches_whole(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__matches_whole(text, pattern) -%}
    ({{ text }} rlike '^({{ pattern }})$')
{%- endmacro %}


{#- Stops the query with a message. -#}
{% macro stop_with(message) -%}
    {{ return(adapter.dispatch("stop_with")(message)) }}
{%- endmacro %}

{% macro default__stop_with(message) -%}
    error({{ message }})
{%- endmacro %}

{% macro spark__stop_with(message) -%}
    raise_error({{ message }})
{%- endmacro %}


{#- The texts of a group in one, in an order. -#}
{% macro joined_texts(text, order, between=", ") -%}
    {{ return(adapter.dispatch("joined_texts")(text, order, between)) }}
{%- endmacro %}

{% macro default__joined_texts(text, order, between) -%}
    string_agg({{ text }}, '{{ between }}' order by {{ order }})
{%- endmacro %}

{% macro spark__joined_texts(text, order, between) -%}
    listagg({{ text }}, '{{ between }}') within group (order by {{ order }})
{%- endmacro %}


{#- Every match of a pattern replaced. -#}
{% macro replaced_all(text, pattern, replacement) -%}
    {{ return(adapter.dispatch("replaced_all")(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replaced_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__replaced_all(text, pattern, replacement) -%}
    regexp_replace(
        {{ text }},
        '{{ pattern | replace("[[:space:]]", "[ \\\\t\\\\r\\\\n]") }}',
        '{{ replacement }}'
    )
{%- endmacro %}
