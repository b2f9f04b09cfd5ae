with ratings as (
    select * from {{ ref("fct_ratings") }}
),

counted as (
    select
        movie_id,
        gender,
        age_group,
        count(*) as n_ratings,
        {{ class_counts() }}
    from ratings
    group by movie_id, gender, age_group
)

select * from counted
order by movie_id, gender, age_group
