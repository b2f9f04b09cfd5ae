-- What does each age group watch more, and less, than everyone?
-- 100: as much as everyone does.
with counted as (
    select
        genre,
        level as age_group,
        sum(n_ratings) as n_ratings
    from {{ ref("feat_genre_segments") }}
    where dimension = 'age_group'
    group by genre, age_group
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
on age_group in (
    'under 18', '18-24', '25-34', '35-44', '45-49', '50-55', '56+'
)
using round(100 * any_value(share / share_of_everyone))
group by genre
order by genre
