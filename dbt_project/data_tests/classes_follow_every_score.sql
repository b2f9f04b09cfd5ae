-- The brief's bounds, for every whole score: stars reach only the even ones.
with expected as (
    select
        unnest([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) as score,
        unnest([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4]) as rating_class
)

select *
from expected
where {{ rating_class("score") }} is distinct from rating_class
