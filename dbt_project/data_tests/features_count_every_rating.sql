-- Every way of adding up gives the number of ratings, per dimension too.
with ratings as (
    select count(*) as n_ratings from {{ ref("fct_ratings") }}
),

sums as (
    select
        'movie_segments by ' || dimension as counted,
        sum(n_ratings) as n_ratings
    from {{ ref("feat_movie_segments") }}
    group by dimension
    union all
    select
        'movie_profiles' as counted,
        sum(n_ratings) as n_ratings
    from {{ ref("feat_movie_profiles") }}
    union all
    select
        'movie_stars' as counted,
        sum(n_ratings) as n_ratings
    from {{ ref("feat_movie_stars") }}
    union all
    select
        'movie_audiences' as counted,
        sum(n_ratings) as n_ratings
    from {{ ref("movie_audiences") }}
    union all
    select
        'dim_movies' as counted,
        sum(n_ratings) as n_ratings
    from {{ ref("dim_movies") }}
    union all
    select
        'ratings before joins' as counted,
        count(*) as n_ratings
    from {{ ref("int_ratings_bucketed") }}
)

select
    sums.counted,
    sums.n_ratings,
    ratings.n_ratings as expected
from sums
cross join ratings
where sums.n_ratings is distinct from ratings.n_ratings
