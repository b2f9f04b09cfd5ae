{#-
    The cells are many, so each is read few times, not once a dimension:
    everyone, genders and age groups are sums of the far fewer segments of
    gender and age group. Sums of four bytes take two thirds of the time of
    those of eight.
-#}
{%- set number = "n_ratings::integer" -%}
{%- set levels = segment_levels() -%}
{%- set counted = {
    "gender_age_group": "gender, age_group",
    "occupation": "occupation",
    "region": "region",
    "nationality": "nationality",
} -%}

with
{% for dimension, columns in counted.items() %}
counted_by_{{ dimension }} as (
    select
        movie_id,
        {{ columns }},
        user_fold,
        sum({{ number }})::bigint as n_ratings,
        {{ class_counts(number) }},
        sum({{ number }} * stars)::double as sum_stars
    from {{ ref("feat_movie_profiles") }}
    {%- if dimension == "nationality" %}
    where
        exists (
            select 1
            from {{ ref("dim_levels") }} as known
            where known.dimension = 'nationality'
        )
    {%- endif %}
    group by movie_id, {{ columns }}, user_fold
),

{% endfor %}
united as (
    {% for dimension in counted %}
    select
        movie_id,
        '{{ dimension }}' as dimension,
        {{ levels[dimension] }} as level,
        user_fold,
        n_ratings,
        {% for label in rating_labels() -%}
        n_{{ label }},
        {% endfor -%}
        sum_stars
    from counted_by_{{ dimension }}
    union all
    {% endfor %}
    {% for dimension, level in levels.items() if dimension not in counted %}
    select
        movie_id,
        '{{ dimension }}' as dimension,
        {{ level }} as level,
        user_fold,
        sum(n_ratings)::bigint as n_ratings,
        {% for label in rating_labels() -%}
        sum(n_{{ label }})::bigint as n_{{ label }},
        {% endfor -%}
        sum(sum_stars) as sum_stars
    from counted_by_gender_age_group
    group by movie_id, level, user_fold
    {{ "union all" if not loop.last }}
    {% endfor %}
)

select * from united
