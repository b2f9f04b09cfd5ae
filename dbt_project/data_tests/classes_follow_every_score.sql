-- The bounds of the classes, for every half point: it counts as the one above.
{%- set classes = [
    1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4,
] %}
with expected as (
    {% for expected_class in classes %}
    select
        {{ loop.index0 }} / 2.0 as score,
        {{ expected_class }} as rating_class
    {{ "union all" if not loop.last }}
    {% endfor %}
)

select *
from expected
where {{ rating_class("score") }} is distinct from rating_class
