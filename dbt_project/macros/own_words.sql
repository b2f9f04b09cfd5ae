{#- Words of a user's own tables. -#}

{#- Trimmed, single spaces between; null where nothing is left. -#}
{% macro one_spaced(text) -%}
    nullif(trim({{ replaced_all(text, "[[:space:]]+", " ") }}), '')
{%- endmacro %}


{#- A row as a person would write it, for `rejected_lines`. -#}
{% macro row_text(columns) -%}
    coalesce(
        text,
        concat(
            {%- for column in columns %}
                coalesce({{ column }}, '')
                {{- ", ','," if not loop.last }}
            {%- endfor %}
        )
    )
{%- endmacro %}


{#- A number, with a point or a comma; else null. -#}
{% macro decimal_number(text) -%}
    case
        when {{ matches_whole(text, "-?[0-9]{1,15}([.,][0-9]{1,15})?") }}
            then replace({{ text }}, ',', '.')::double
    end
{%- endmacro %}


{#- Which of the words for a level is too long for one; null: none is. -#}
{% macro too_long(words) -%}
    case
        {%- for name, word in words.items() %}
            when length({{ word }}) > {{ var("max_level_length") }}
                then '{{ name }} too long'
        {%- endfor %}
    end
{%- endmacro %}


{#- Whether a word is a level's name, or another word for it. -#}
{% macro names_level(word, levels) -%}
    instr(
        lower(concat('|', {{ levels }}.name, '|', {{ levels }}.other_words, '|')),
        lower(concat('|', {{ word }}, '|'))
    ) > 0
{%- endmacro %}


{#-
    Ages at which a group begins, beside the first. They are asked for when SQL
    runs: dbt parses a file anew whenever a variable that it asked for changes.
-#}
{% macro age_edges() -%}
    {%- set movielens_1m = "18,25,35,45,50,56" -%}
    {%- set chosen = env_var("PLATEIA_AGE_EDGES", movielens_1m) if execute else movielens_1m -%}
    {%- set edges = [] -%}
    {%- for edge in chosen.split(",") -%}
        {%- do edges.append(edge | int) -%}
    {%- endfor -%}
    {{ return(edges) }}
{%- endmacro %}


{#- The lowest age of the group that an age lies in. -#}
{% macro lowest_of_age(age) -%}
    case
        {%- for edge in age_edges() | reverse %}
            when {{ age }} >= {{ edge }} then {{ edge }}
        {%- endfor %}
        else 0
    end
{%- endmacro %}


{#- The name of the group that begins at an age. -#}
{% macro name_of_age(lowest) -%}
    {%- set edges = age_edges() -%}
    case
        when {{ lowest }} < {{ edges[0] }} then 'under {{ edges[0] }}'
        {%- for edge in edges[:-1] %}
            when {{ lowest }} = {{ edge }}
                then '{{ edge }}-{{ edges[loop.index] - 1 }}'
        {%- endfor %}
        when {{ lowest }} = {{ edges[-1] }} then '{{ edges[-1] }}+'
    end
{%- endmacro %}


{#- A word for an age group: `18 – 24` as `18-24`. -#}
{% macro age_range(text) -%}
    {{ replaced_all(one_spaced(text), " *[–—-] *", "-") }}
{%- endmacro %}


{#- Whether a word for an age group names its upper end alone. -#}
{% macro is_open_below(word) -%}
    {{ matches_whole(
        "lower(" ~ word ~ ")",
        "(<|under|below|up to|younger than|menos de|menor de|até).*[0-9].*"
    ) }}
{%- endmacro %}


{#-
    The id of a person or film as a whole number above 0: its own, where all
    ids of the well-formed rows are such numbers, else its place among the ids.
-#}
{% macro dense_id(source_id) -%}
    case
        when min(
            case
                when rejection is not null then 1
                when {{ matches_whole(source_id, "[1-9][0-9]{0,8}") }} then 1
                else 0
            end
        ) over () = 1
            then try_cast({{ source_id }} as integer)
        else dense_rank() over (order by {{ source_id }})::integer
    end
{%- endmacro %}
