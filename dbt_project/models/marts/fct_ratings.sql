with ratings as (
    select * from {{ ref("int_ratings_bucketed") }}
),

users as (
    select * from {{ ref("dim_users") }}
),

movies as (
    select * from {{ ref("dim_movies") }}
),

joined as (
    select
        ratings.user_id,
        ratings.movie_id,
        ratings.stars,
        ratings.score,
        ratings.rating_class,
        {{ name_of("ratings.rating_class", rating_labels(), [1, 2, 3, 4]) }}
            as rating_label,
        ratings.rated_at,
        users.gender,
        users.age_group,
        users.occupation,
        users.region,
        users.nationality,
        users.user_fold,
        movies.title,
        movies.year,
        movies.decade,
        movies.movie_fold
    from ratings
    inner join users on ratings.user_id = users.user_id
    inner join movies on ratings.movie_id = movies.movie_id
)

select * from joined
