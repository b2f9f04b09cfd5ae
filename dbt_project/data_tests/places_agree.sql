-- A state and a division are known in the United States alone, together.
select
    user_id,
    zip_code,
    country,
    state,
    region
from {{ ref("dim_users") }}
where
    (country = 'US') != (state is not null)
    or (country = 'US') = (region in ('outside the US', 'unknown'))
    or (country != 'US' and country != region)
