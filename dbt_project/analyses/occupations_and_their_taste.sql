-- Which genre does each occupation like most, beyond how lenient it is and
-- how well liked the genre is?
with counted as (
    select
        genre,
        level as occupation,
        sum(sum_stars) as sum_stars,
        sum(n_ratings) as n_ratings
    from {{ ref("feat_genre_segments") }}
    where dimension = 'occupation'
    group by genre, occupation
),

means as (
    select
        genre,
        occupation,
        n_ratings,
        sum_stars / n_ratings as mean_stars,
        sum(sum_stars) over (partition by genre)
        / sum(n_ratings) over (partition by genre) as mean_of_genre,
        sum(sum_stars) over (partition by occupation)
        / sum(n_ratings) over (partition by occupation) as mean_of_occupation,
        sum(sum_stars) over () / sum(n_ratings) over () as mean_of_all
    from counted
),

judged as (
    select
        occupation,
        genre,
        n_ratings,
        mean_stars,
        mean_stars - mean_of_genre - mean_of_occupation + mean_of_all
            as beyond_both
    from means
    where n_ratings >= 500
)

select
    occupation,
    arg_max(genre, beyond_both) as genre,
    arg_max(n_ratings, beyond_both) as n_ratings,
    round(arg_max(mean_stars, beyond_both), 2) as mean_stars,
    round(max(beyond_both), 3) as beyond_both
from judged
group by occupation
order by beyond_both desc
