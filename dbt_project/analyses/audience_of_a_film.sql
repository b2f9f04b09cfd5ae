-- Who came to a film, beside who is there at all? Put another title in.
-- reach_index: 100 × the group's share of the audience ÷ its share of people.
with people as (
    select
        gender,
        age_group,
        sum(n_users) as n_users
    from {{ ref("feat_profiles") }}
    group by gender, age_group
),

audience as (
    select
        movie_audiences.gender,
        movie_audiences.age_group,
        movie_audiences.n_ratings,
        movie_audiences.n_liked + movie_audiences.n_loved as n_positive
    from {{ ref("movie_audiences") }} as movie_audiences
    inner join {{ ref("dim_movies") }} as dim_movies
        on movie_audiences.movie_id = dim_movies.movie_id
    where dim_movies.title = 'Matrix, The'
)

select
    people.gender,
    people.age_group,
    coalesce(audience.n_ratings, 0) as n_ratings,
    round(
        100
        * (
            coalesce(audience.n_ratings, 0)
            / sum(audience.n_ratings) over ()
        )
        / (people.n_users / sum(people.n_users) over ())
    ) as reach_index,
    round(100 * audience.n_positive / audience.n_ratings, 1)
        as percent_positive
from people
left join audience
    on
        people.gender = audience.gender
        and people.age_group = audience.age_group
order by reach_index desc
