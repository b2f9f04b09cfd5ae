{#-
    The levels of the dimensions, in the order of models_ml/vocabulary.py.
    Macros, not seeds: `dbt run` works without `dbt seed`. A test compares them
    with Python's tuples.
-#}
{% macro age_codes() %}{{ return([1, 18, 25, 35, 45, 50, 56]) }}{% endmacro %}


{% macro age_groups() %}
    {{ return([
        "under 18", "18-24", "25-34", "35-44", "45-49", "50-55", "56+",
    ]) }}
{% endmacro %}


{#- The index is MovieLens' code. -#}
{% macro occupations() %}
    {{ return([
        "other or not specified", "academic/educator", "artist",
        "clerical/admin", "college/grad student", "customer service",
        "doctor/health care", "executive/managerial", "farmer", "homemaker",
        "K-12 student", "lawyer", "programmer", "retired", "sales/marketing",
        "scientist", "self-employed", "technician/engineer",
        "tradesman/craftsman", "unemployed", "writer",
    ]) }}
{% endmacro %}


{% macro regions() %}
    {{ return([
        "New England", "Middle Atlantic", "East North Central",
        "West North Central", "South Atlantic", "East South Central",
        "West South Central", "Mountain", "Pacific",
        "US territories and military", "outside the US", "unknown",
    ]) }}
{% endmacro %}


{% macro genres() %}
    {{ return([
        "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime",
        "Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical",
        "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ]) }}
{% endmacro %}


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
