-- What does each age group watch more, and less, than everyone?
-- 100: as much as everyone does. Groups are numbered from the youngest.
with levels as (
    select
        name,
        format('{:02d}. {}', position + 1, name) as age_group
    from {{ ref("dim_levels") }}
    where dimension = 'age_group'
),

counted as (
    select
        feat_genre_segments.genre,
        levels.age_group,
        sum(feat_genre_segments.n_ratings) as n_ratings
    from {{ ref("feat_genre_segments") }} as feat_genre_segments
    inner join levels on feat_genre_segments.level = levels.name
    where feat_genre_segments.dimension = 'age_group'
    group by feat_genre_segments.genre, levels.age_group
),

shares as (
    select
        genre,
        age_group,
        n_ratings / sum(n_ratings) over (partition by age_group) as share,
        sum(n_ratings) over (partition by genre)
        / sum(n_ratings) over () as share_of_everyone
    from counted
)

pivot shares
on age_group
using round(100 * any_value(share / share_of_everyone))
group by genre
order by genre
