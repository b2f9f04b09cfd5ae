with counted as (
    select sum(n_users) as n_users from {{ ref("feat_profiles") }}
),

expected as (
    select count(*) as n_users from {{ ref("dim_users") }}
)

select
    counted.n_users,
    expected.n_users as expected
from counted
cross join expected
where counted.n_users is distinct from expected.n_users
