{%- set levels = segment_levels() -%}

with profiles as (
    select
        *,
        {{ rating_class("stars * 2") }} as rating_class
    from {{ ref("feat_movie_profiles") }}
),

{% for dimension, level in levels.items() %}
by_{{ dimension }} as (
    select
        movie_id,
        '{{ dimension }}' as dimension,
        {{ level }} as level,
        user_fold,
        sum(n_ratings)::bigint as n_ratings,
        {{ class_counts("n_ratings") }},
        sum(n_ratings * stars)::bigint as sum_stars
    from profiles
    group by movie_id, level, user_fold
),

{% endfor %}
united as (
    {% for dimension in levels %}
    select * from by_{{ dimension }}
    {{ "union all" if not loop.last }}
    {% endfor %}
)

select * from united
order by movie_id, dimension, level, user_fold
