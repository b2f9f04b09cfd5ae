{#- Lists. Elements are counted from 1; one that is not there is null. -#}

{% macro list_of(elements) -%}
    {{ return(adapter.dispatch("list_of")(elements)) }}
{%- endmacro %}

{% macro default__list_of(elements) -%}
    [{{ elements | join(", ") }}]
{%- endmacro %}

{% macro spark__list_of(elements) -%}
    array({{ elements | join(", ") }})
{%- endmacro %}


{#- A list of texts as an SQL list. -#}
{% macro text_list(texts) -%}
    {%- set quoted = [] -%}
    {%- for text in texts -%}
        {%- do quoted.append(text_literal(text)) -%}
    {%- endfor -%}
    {{ list_of(quoted) }}
{%- endmacro %}


{% macro element(list, number) -%}
    {{ return(adapter.dispatch("element")(list, number)) }}
{%- endmacro %}

{% macro default__element(list, number) -%}
    {{ list }}[{{ number }}]
{%- endmacro %}

{% macro spark__element(list, number) -%}
    get({{ list }}, {{ number }} - 1)
{%- endmacro %}


{% macro n_elements(list) -%}
    {{ return(adapter.dispatch("n_elements")(list)) }}
{%- endmacro %}

{% macro default__n_elements(list) -%}
    len({{ list }})
{%- endmacro %}

{% macro spark__n_elements(list) -%}
    size({{ list }})
{%- endmacro %}


{#- Whether `list` holds each of `elements`. -#}
{% macro has_all(list, elements) -%}
    {{ return(adapter.dispatch("has_all")(list, elements)) }}
{%- endmacro %}

{% macro default__has_all(list, elements) -%}
    list_has_all({{ list }}, {{ elements }})
{%- endmacro %}

{% macro spark__has_all(list, elements) -%}
    size(array_except({{ elements }}, {{ list }})) = 0
{%- endmacro %}


{#- A row for each element. -#}
{% macro each_element(list) -%}
    {{ return(adapter.dispatch("each_element")(list)) }}
{%- endmacro %}

{% macro default__each_element(list) -%}
    unnest({{ list }})
{%- endmacro %}

{% macro spark__each_element(list) -%}
    explode({{ list }})
{%- endmacro %}


{#- The words of a text with `|` between, trimmed, without blank ones. -#}
{% macro list_of_words(text) -%}
    {{ return(adapter.dispatch("list_of_words")(text)) }}
{%- endmacro %}

{% macro default__list_of_words(text) -%}
    list_filter(
        list_transform(string_split({{ text }}, '|'), lambda word: trim(word)),
        lambda word: word != ''
    )
{%- endmacro %}

{% macro spark__list_of_words(text) -%}
    filter(
        transform(split({{ text }}, '[|]'), word -> trim(word)),
        word -> word != ''
    )
{%- endmacro %}


{#- Those words of a list that are too long for a level. -#}
{% macro words_too_long(list) -%}
    {{ return(adapter.dispatch("words_too_long")(list)) }}
{%- endmacro %}

{% macro default__words_too_long(list) -%}
    list_filter(
        {{ list }}, lambda word: length(word) > {{ var("max_level_length") }}
    )
{%- endmacro %}

{% macro spark__words_too_long(list) -%}
    filter({{ list }}, word -> length(word) > {{ var("max_level_length") }})
{%- endmacro %}


{#- The values of a group as a list. -#}
{% macro collected(value) -%}
    {{ return(adapter.dispatch("collected")(value)) }}
{%- endmacro %}

{% macro default__collected(value) -%}
    list({{ value }})
{%- endmacro %}

{% macro spark__collected(value) -%}
    collect_list({{ value }})
{%- endmacro %}
