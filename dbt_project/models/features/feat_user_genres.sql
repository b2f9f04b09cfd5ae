with ratings as (
    select
        user_id,
        movie_id,
        case when rating_class >= 3 then 1 else 0 end as is_liked
    from {{ ref("fct_ratings") }}
),

genres as (
    select * from {{ ref("dim_movie_genres") }}
),

of_genre as (
    select
        ratings.user_id,
        genres.genre,
        count(*) as n_ratings,
        sum(ratings.is_liked) as n_liked
    from ratings
    inner join genres on ratings.movie_id = genres.movie_id
    group by ratings.user_id, genres.genre
),

of_user as (
    select
        user_id,
        count(*) as n_all_ratings,
        sum(is_liked) as n_all_liked
    from ratings
    group by user_id
),

joined as (
    select
        of_genre.user_id,
        of_genre.genre,
        of_genre.n_ratings::bigint as n_ratings,
        of_genre.n_liked::bigint as n_liked,
        of_user.n_all_ratings::bigint as n_all_ratings,
        of_user.n_all_liked::bigint as n_all_liked
    from of_genre
    inner join of_user on of_genre.user_id = of_user.user_id
)

select * from joined
