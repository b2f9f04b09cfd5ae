with users as (
    select * from {{ ref("dim_users") }}
),

user_genres as (
    select * from {{ ref("feat_user_genres") }}
),

user_totals as (
    select
        user_id,
        max(n_all_ratings) as n_all_ratings,
        max(n_all_liked) as n_all_liked
    from user_genres
    group by user_id
),

-- Sums over the people of a profile come first: a level is a sum of profiles,
-- and there are far fewer of those than people.
of_profile as (
    select
        {{ profile_columns("users.") }},
        count(*)::bigint as n_users,
        {{ moment_sums(user_moments()) }}
    from users
    inner join user_totals on users.user_id = user_totals.user_id
    group by
        {{ profile_columns("users.") }}
),

genre_of_profile as (
    select
        {{ profile_columns("users.") }},
        user_genres.genre,
        count(*)::bigint as n_raters,
        {{ moment_sums(genre_moments()) }}
    from users
    inner join user_genres on users.user_id = user_genres.user_id
    group by
        {{ profile_columns("users.") }},
        user_genres.genre
),

of_level as (
    {% for dimension, level in segment_levels().items() %}
    select
        '{{ dimension }}' as dimension,
        {{ level }} as level,
        sum(n_users)::bigint as n_users,
        {{ moment_totals(user_moments()) }}
    from of_profile
    group by level
    {{ "union all" if not loop.last }}
    {% endfor %}
),

of_genre as (
    {% for dimension, level in segment_levels().items() %}
    select
        '{{ dimension }}' as dimension,
        {{ level }} as level,
        genre,
        sum(n_raters)::bigint as n_raters,
        {{ moment_totals(genre_moments()) }}
    from genre_of_profile
    group by level, genre
    {{ "union all" if not loop.last }}
    {% endfor %}
),

groups as (
    select
        of_genre.*,
        {{ moments_of("of_level", user_moments()) }},
        of_level.n_users
    from of_genre
    inner join of_level
        on
            of_genre.dimension = of_level.dimension
            and of_genre.level = of_level.level
),

everyone as (
    select * from groups
    where dimension = 'everyone'
),

others as (
    select
        groups.dimension,
        groups.level,
        groups.genre,
        everyone.n_raters - groups.n_raters as n_raters,
        {{ moments_less("everyone", "groups", genre_moments()) }},
        {{ moments_less("everyone", "groups", user_moments()) }}
    from groups
    inner join everyone on groups.genre = everyone.genre
    where groups.dimension <> 'everyone'
),

compared as (
    select
        groups.dimension,
        groups.level,
        groups.genre,
        groups.n_users,
        groups.n_raters,
        groups.sum_n_genre as n_ratings,
        {{ liking("groups.") }} as own_liking,
        {{ liking_variance("groups.") }} as own_liking_variance,
        {{ liking("others.") }} as other_liking,
        {{ liking_variance("others.") }} as other_liking_variance,
        {{ watching("groups.") }} as own_watching,
        {{ watching_variance("groups.") }} as own_watching_variance,
        {{ watching("others.") }} as other_watching,
        {{ watching_variance("others.") }} as other_watching_variance
    from groups
    inner join others
        on
            groups.dimension = others.dimension
            and groups.level = others.level
            and groups.genre = others.genre
    where others.sum_n_genre > 0 and others.sum_n > 0
),

{{ tested_tastes("genre") }}
