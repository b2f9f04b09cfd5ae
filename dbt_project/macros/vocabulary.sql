{#- Rating classes 1 to 4; the levels of all else are `dim_levels`. -#}
{% macro rating_labels() %}
    {{ return(["hated", "disliked", "liked", "loved"]) }}
{% endmacro %}


{#- The text that stands for a code: `texts` in the order of `codes`. -#}
{% macro name_of(code, texts, codes=none) -%}
    case {{ code }}
        {%- for text in texts %}
            when {{ codes[loop.index0] if codes else loop.index0 }}
                then {{ text_literal(text) }}
        {%- endfor %}
    end
{%- endmacro %}
