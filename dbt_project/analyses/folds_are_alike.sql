-- Do the folds of users differ by more than chance? The last is the test set.
select
    user_fold,
    count(distinct user_id) as n_users,
    count(*) as n_ratings,
    round(avg(stars), 3) as mean_stars,
    round(100 * avg((gender = 'F')::integer), 1) as percent_by_women,
    round(100 * avg((rating_class >= 3)::integer), 1) as percent_positive
from {{ ref("fct_ratings") }}
group by user_fold
order by user_fold
