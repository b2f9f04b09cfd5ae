-- Which films please one gender more than the other?
-- Shares are shrunk towards the film's own by 20 ratings, so that a handful of
-- people decides nothing.
with by_gender as (
    select
        movie_id,
        sum(n_liked + n_loved) filter (where level = 'F') as liked_by_women,
        sum(n_ratings) filter (where level = 'F') as n_women,
        sum(n_liked + n_loved) filter (where level = 'M') as liked_by_men,
        sum(n_ratings) filter (where level = 'M') as n_men
    from {{ ref("feat_movie_segments") }}
    where dimension = 'gender'
    group by movie_id
    having n_women >= 50 and n_men >= 50
),

shrunk as (
    select
        movie_id,
        n_women,
        n_men,
        (liked_by_women + liked_by_men) / (n_women + n_men) as liked_by_all,
        (liked_by_women + 20 * liked_by_all) / (n_women + 20)
            as share_of_women,
        (liked_by_men + 20 * liked_by_all) / (n_men + 20) as share_of_men
    from by_gender
)

select
    dim_movies.title,
    dim_movies.year,
    shrunk.n_women,
    shrunk.n_men,
    round(shrunk.share_of_women, 3) as liked_by_women,
    round(shrunk.share_of_men, 3) as liked_by_men,
    round(shrunk.share_of_women - shrunk.share_of_men, 3) as difference
from shrunk
inner join {{ ref("dim_movies") }} as dim_movies
    on shrunk.movie_id = dim_movies.movie_id
order by abs(shrunk.share_of_women - shrunk.share_of_men) desc
limit 20
