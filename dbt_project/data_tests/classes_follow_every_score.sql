-- The brief's bounds, for every whole score: stars reach only the even ones.
with expected as (
    select *
    from (
        values
        (0, 1), (1, 1), (2, 1),
        (3, 2), (4, 2), (5, 2),
        (6, 3), (7, 3), (8, 3),
        (9, 4), (10, 4)
    ) as bounds (score, rating_class)
)

select *
from expected
where {{ rating_class("score") }} is distinct from rating_class
