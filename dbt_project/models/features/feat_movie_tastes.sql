with movie_segments as (
    select
        movie_id,
        dimension,
        level,
        sum(n_ratings)::bigint as n_ratings,
        sum(n_liked + n_loved)::bigint as n_liked
    from {{ ref("feat_movie_segments") }}
    group by movie_id, dimension, level
),

users as (
    select * from {{ ref("dim_users") }}
),

level_users as (
    {% for dimension, level in segment_levels().items() %}
    select
        '{{ dimension }}' as dimension,
        {{ level }} as level,
        count(*)::bigint as n_users
    from users
    group by {{ level }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

level_ratings as (
    select
        dimension,
        level,
        sum(n_ratings)::bigint as n_all_ratings,
        sum(n_liked)::bigint as n_all_liked
    from movie_segments
    group by dimension, level
),

groups as (
    select
        movie_segments.movie_id,
        movie_segments.dimension,
        movie_segments.level,
        movie_segments.n_ratings,
        movie_segments.n_liked,
        level_ratings.n_all_ratings,
        level_ratings.n_all_liked,
        level_users.n_users
    from movie_segments
    inner join level_users
        on
            movie_segments.dimension = level_users.dimension
            and movie_segments.level = level_users.level
    inner join level_ratings
        on
            movie_segments.dimension = level_ratings.dimension
            and movie_segments.level = level_ratings.level
),

everyone as (
    select * from groups
    where dimension = 'everyone'
),

others as (
    select
        groups.movie_id,
        groups.dimension,
        groups.level,
        everyone.n_ratings - groups.n_ratings as n_ratings,
        everyone.n_liked - groups.n_liked as n_liked,
        everyone.n_all_ratings - groups.n_all_ratings as n_all_ratings,
        everyone.n_all_liked - groups.n_all_liked as n_all_liked,
        everyone.n_users - groups.n_users as n_users
    from groups
    inner join everyone on groups.movie_id = everyone.movie_id
    where groups.dimension <> 'everyone'
),

compared as (
    select
        groups.dimension,
        groups.level,
        groups.movie_id,
        groups.n_users,
        groups.n_ratings as n_raters,
        groups.n_ratings,
        {{ movie_liking("groups.") }} as own_liking,
        {{ movie_liking_variance("groups.") }} as own_liking_variance,
        {{ movie_watching("groups.") }} as own_watching,
        {{ movie_watching_variance("groups.") }} as own_watching_variance,
        {{ movie_liking("others.") }} as other_liking,
        {{ movie_liking_variance("others.") }} as other_liking_variance,
        {{ movie_watching("others.") }} as other_watching,
        {{ movie_watching_variance("others.") }} as other_watching_variance
    from groups
    inner join others
        on
            groups.movie_id = others.movie_id
            and groups.dimension = others.dimension
            and groups.level = others.level
    where
        groups.n_ratings >= {{ var("least_people_of_a_taste") }}
        and others.n_ratings >= {{ var("least_people_of_a_taste") }}
),

{{ tested_tastes("movie_id") }}
