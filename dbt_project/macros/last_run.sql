{#-
    Leaves in `main.last_run` whether the last run came to a good end. A run
    that is killed, or in which anything fails, leaves tables that need not
    belong together, and training refuses them.
-#}
{% macro mark_run(results=none) -%}
    {%- if execute and flags.WHICH in ("build", "run", "test") %}
    {%- set failed = [] %}
    {%- for result in results or [] %}
        {%- if result.status in ("error", "fail", "runtime error", "skipped") %}
            {%- do failed.append(result.node.name) %}
        {%- endif %}
    {%- endfor %}
    {%- do run_query("create schema if not exists " ~ target.schema) %}
    {%- do run_query("drop table if exists " ~ target.schema ~ ".last_run") %}
    create table {{ target.schema }}.last_run as
    select
        '{{ flags.WHICH }}' as command,
        {{ results is not none and not failed }} as is_complete
    {%- endif %}
{%- endmacro %}
