{#-
    Sums over people, from which the estimates of a taste and their variances
    follow; all are whole numbers, so that they are the same on every engine
    and "the others" is everyone less the group.

    Of a person: N and L are the ratings of the genre and the liked ones among
    them, n and l the same over all films.
-#}
{% macro genre_moments() -%}
    {{ return({
        "sum_n_genre": "n_ratings",
        "sum_l_genre": "n_liked",
        "sum_nn_genre": "n_ratings * n_ratings",
        "sum_nl_genre": "n_ratings * n_liked",
        "sum_ll_genre": "n_liked * n_liked",
        "sum_nn_cross": "n_ratings * n_all_ratings",
        "sum_nl_cross": "n_ratings * n_all_liked",
        "sum_ln_cross": "n_liked * n_all_ratings",
        "sum_ll_cross": "n_liked * n_all_liked",
    }) }}
{%- endmacro %}


{% macro user_moments() -%}
    {{ return({
        "sum_n": "n_all_ratings",
        "sum_l": "n_all_liked",
        "sum_nn": "n_all_ratings * n_all_ratings",
        "sum_nl": "n_all_ratings * n_all_liked",
        "sum_ll": "n_all_liked * n_all_liked",
    }) }}
{%- endmacro %}


{% macro moment_sums(moments) -%}
    {%- for name, term in moments.items() -%}
    sum({{ term }})::bigint as {{ name }}
    {%- if not loop.last %},
        {% endif %}
    {%- endfor %}
{%- endmacro %}


{#- The same of sums that were made by `moment_sums`. -#}
{% macro moment_totals(moments) -%}
    {%- for name in moments -%}
    sum({{ name }})::bigint as {{ name }}
    {%- if not loop.last %},
        {% endif %}
    {%- endfor %}
{%- endmacro %}


{% macro moments_of(relation, moments) -%}
    {%- for name in moments -%}
    {{ relation }}.{{ name }}
    {%- if not loop.last %},
        {% endif %}
    {%- endfor %}
{%- endmacro %}


{% macro moments_less(total, part, moments) -%}
    {%- for name in moments -%}
    {{ total }}.{{ name }} - {{ part }}.{{ name }} as {{ name }}
    {%- if not loop.last %},
        {% endif %}
    {%- endfor %}
{%- endmacro %}


{#- Liked share of the genre's ratings, less that of all: p - r. -#}
{% macro liking(of) -%}
    ({{ of }}sum_l_genre::double / {{ of }}sum_n_genre
    - {{ of }}sum_l::double / {{ of }}sum_n)
{%- endmacro %}


{#-
    Its variance between people, by linearisation of both ratios: the sum of
    the squares of (L - p N) / sum N - (l - r n) / sum n. Ratings of one
    person are alike, so people count and not ratings (Särndal, Swensson and
    Wretman, Model Assisted Survey Sampling, 1992, 5.6).
-#}
{% macro liking_variance(of) -%}
    {%- set p = "(" ~ of ~ "sum_l_genre::double / " ~ of ~ "sum_n_genre)" -%}
    {%- set r = "(" ~ of ~ "sum_l::double / " ~ of ~ "sum_n)" -%}
    (
        (
            {{ of }}sum_ll_genre
            - 2 * {{ p }} * {{ of }}sum_nl_genre
            + {{ p }} * {{ p }} * {{ of }}sum_nn_genre
        ) / ({{ of }}sum_n_genre::double * {{ of }}sum_n_genre)
        + (
            {{ of }}sum_ll
            - 2 * {{ r }} * {{ of }}sum_nl
            + {{ r }} * {{ r }} * {{ of }}sum_nn
        ) / ({{ of }}sum_n::double * {{ of }}sum_n)
        - 2 * (
            {{ of }}sum_ll_cross
            - {{ r }} * {{ of }}sum_ln_cross
            - {{ p }} * {{ of }}sum_nl_cross
            + {{ p }} * {{ r }} * {{ of }}sum_nn_cross
        ) / ({{ of }}sum_n_genre::double * {{ of }}sum_n)
    )
{%- endmacro %}


{#- Logarithm of the genre's share of the ratings. -#}
{% macro watching(of) -%}
    ln({{ of }}sum_n_genre::double / {{ of }}sum_n)
{%- endmacro %}


{#- Its variance between people: of N / sum N - n / sum n. -#}
{% macro watching_variance(of) -%}
    (
        {{ of }}sum_nn_genre
        / ({{ of }}sum_n_genre::double * {{ of }}sum_n_genre)
        + {{ of }}sum_nn / ({{ of }}sum_n::double * {{ of }}sum_n)
        - 2 * {{ of }}sum_nn_cross
        / ({{ of }}sum_n_genre::double * {{ of }}sum_n)
    )
{%- endmacro %}


{#- Of one film: liked share of its ratings, less that of all. -#}
{% macro movie_liking(of) -%}
    ({{ of }}n_liked::double / {{ of }}n_ratings
    - {{ of }}n_all_liked::double / {{ of }}n_all_ratings)
{%- endmacro %}


{#- Binomial, with half a rating added to each side: never 0. -#}
{% macro movie_liking_variance(of) -%}
    (({{ of }}n_liked + 0.5::double)
    * ({{ of }}n_ratings - {{ of }}n_liked + 0.5::double)
    / power({{ of }}n_ratings + 1::double, 3))
{%- endmacro %}


{#- Logarithm of the share of people who rated the film. -#}
{% macro movie_watching(of) -%}
    ln({{ of }}n_ratings::double / {{ of }}n_users)
{%- endmacro %}


{#- Binomial, by the delta method. -#}
{% macro movie_watching_variance(of) -%}
    (1::double / {{ of }}n_ratings - 1::double / {{ of }}n_users)
{%- endmacro %}


{#-
    From the CTE `compared` (one row for each group and `key`, with its own
    measures, the others', and their variances) to the rows of a table of
    tastes, one for each measure, with its difference and standard error. The
    q-value is Benjamini and Hochberg's, over all rows of a dimension and a
    measure that rest on enough people.
-#}
{% macro tested_tastes(key) -%}
measured as (
    {% for measure in ["liking", "watching"] %}
    select
        dimension,
        level,
        {{ key }},
        '{{ measure }}' as measure,
        n_users,
        n_raters,
        n_ratings,
        own_{{ measure }} as own_value,
        own_{{ measure }}_variance as own_variance,
        own_{{ measure }} - other_{{ measure }} as difference,
        sqrt(
            greatest(own_{{ measure }}_variance, 0)
            + greatest(other_{{ measure }}_variance, 0)
        ) as std_error
    from compared
    {{ "union all" if not loop.last }}
    {% endfor %}
),

tested as (
    select
        *,
        {{ two_sided_p("(difference / std_error)") }} as p_value
    from measured
    where std_error > 0 and n_raters >= {{ var("least_people_of_a_taste") }}
),

ranked as (
    select
        *,
        count(*) over (partition by dimension, measure) as n_tests,
        row_number() over (
            partition by dimension, measure
            order by p_value, level, {{ key }}
        ) as p_rank
    from tested
),

adjusted as (
    select
        *,
        least(1, min(p_value * n_tests / p_rank) over (
            partition by dimension, measure
            order by p_rank desc
            rows between unbounded preceding and current row
        )) as q_value
    from ranked
),

joined as (
    select
        measured.dimension,
        measured.level,
        measured.{{ key }},
        measured.measure,
        measured.n_users,
        measured.n_raters,
        measured.n_ratings,
        measured.own_value,
        measured.own_variance,
        measured.difference,
        measured.difference - {{ z_95() }} * measured.std_error as low,
        measured.difference + {{ z_95() }} * measured.std_error as high,
        adjusted.q_value,
        coalesce(
            adjusted.q_value <= {{ var("false_discovery_rate") }}, false
        ) as is_supported
    from measured
    left join adjusted
        on
            measured.dimension = adjusted.dimension
            and measured.level = adjusted.level
            and measured.{{ key }} = adjusted.{{ key }}
            and measured.measure = adjusted.measure
)

select * from joined
{%- endmacro %}
