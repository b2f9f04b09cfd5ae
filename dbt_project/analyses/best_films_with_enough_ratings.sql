-- Which films are liked best? By the lower end of a 95 % interval (Wilson's)
-- for the share of people who like it, so that few ratings do not win.
with shares as (
    select
        movie_id,
        sum(n_ratings) as n_ratings,
        sum(n_liked + n_loved) / sum(n_ratings) as share,
        sum(sum_stars) / sum(n_ratings) as mean_stars
    from {{ ref("feat_movie_segments") }}
    where dimension = 'everyone'
    group by movie_id
),

bounded as (
    select
        *,
        (
            share + 1.92 / n_ratings
            - 1.96 * sqrt(
                (share * (1 - share) + 0.96 / n_ratings) / n_ratings
            )
        )
        / (1 + 3.84 / n_ratings) as share_low
    from shares
)

select
    dim_movies.title,
    dim_movies.year,
    bounded.n_ratings,
    round(bounded.mean_stars, 2) as mean_stars,
    round(bounded.share, 3) as liked,
    round(bounded.share_low, 3) as liked_low
from bounded
inner join {{ ref("dim_movies") }} as dim_movies
    on bounded.movie_id = dim_movies.movie_id
order by bounded.share_low desc
limit 20
