-- When were the ratings given? Most within the first months, which is why a
-- split by time is a split by film, too.
select
    date_trunc('month', rated_at) as month,
    count(*) as n_ratings,
    count(distinct user_id) as n_users,
    round(avg(stars), 2) as mean_stars
from {{ ref("fct_ratings") }}
group by month
order by month
