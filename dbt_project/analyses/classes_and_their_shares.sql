-- How are ratings spread over the four classes?
-- Always answering "liked" would be right most often: accuracy says little.
select
    rating_class,
    rating_label,
    count(*) as n_ratings,
    round(100 * count(*) / sum(count(*)) over (), 1) as percent
from {{ ref("fct_ratings") }}
group by rating_class, rating_label
order by rating_class
