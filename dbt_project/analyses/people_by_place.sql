-- Where do the people live, as much as their ZIP codes tell?
select
    country,
    region,
    count(distinct state) as n_states,
    count(*) as n_users,
    round(100 * count(*) / sum(count(*)) over (), 1) as percent
from {{ ref("dim_users") }}
group by country, region
order by n_users desc
