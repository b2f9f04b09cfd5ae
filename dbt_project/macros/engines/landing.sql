{#-
    Makes the sources known to the engine, before a run. DuckDB reads the
    files where they lie (`external_location` in the sources' files); Spark
    wants views that name them.
-#}
{% macro register_sources() -%}
    {%- if execute and flags.WHICH in ("build", "run", "test") %}
        {{- adapter.dispatch("register_sources")() -}}
    {%- endif %}
{%- endmacro %}

{% macro default__register_sources() %}{% endmacro %}

{% macro spark__register_sources() %}
    {%- do run_query("create schema if not exists landing") %}
    {%- for source in ["users", "movies", "ratings", "files"] %}
        {%- do run_query(
            "create or replace view landing." ~ source
            ~ " as select * from parquet.`"
            ~ env_var("PLATEIA_HOME", "var") ~ "/data/" ~ source ~ "`"
        ) %}
    {%- endfor %}
    {%- do run_query("create schema if not exists landing_tables") %}
    {%- for source in ["users", "movies", "ratings"] %}
        {%- do run_query(
            "create or replace view landing_tables." ~ source
            ~ " as select * from parquet.`"
            ~ env_var("PLATEIA_HOME", "var") ~ "/data/tables/" ~ source ~ "`"
        ) %}
    {%- endfor %}
    {%- do run_query(
        "create or replace view landing.levels as select _c0 as dimension,"
        ~ " _c1 as position, _c2 as name, _c3 as name_pt, _c4 as code,"
        ~ " _c5 as lowest, _c6 as other_words"
        ~ " from csv.`dbt_project/reference/levels.csv`"
        ~ " where _c0 != 'dimension'"
    ) %}
    {%- do run_query(
        "create or replace view landing.zip_prefixes as"
        ~ " select _c0 as zip_prefix, _c1 as state, _c2 as division"
        ~ " from csv.`dbt_project/reference/zip_prefixes.csv`"
        ~ " where _c0 != 'zip_prefix'"
    ) %}
{% endmacro %}
