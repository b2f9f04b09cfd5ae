{#-
    Probability of a standard normal beyond |z|, both sides: Abramowitz and
    Stegun, Handbook of Mathematical Functions (1964), 26.2.17; its error is
    below 1.5e-7.
-#}
{% macro two_sided_p(z) -%}
    {%- set t = "(1 / (1 + 0.2316419 * abs(" ~ z ~ ")))" -%}
    2 * 0.3989422804014327 * exp(-0.5 * {{ z }} * {{ z }}) * {{ t }} * (
        0.319381530 + {{ t }} * (
            -0.356563782 + {{ t }} * (
                1.781477937 + {{ t }} * (
                    -1.821255978 + {{ t }} * 1.330274429
                )
            )
        )
    )
{%- endmacro %}


{#- Standard normal quantile of a 95 % interval. -#}
{% macro z_95() %}1.959963985{% endmacro %}
