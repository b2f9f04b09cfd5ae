import pytest

from models_ml.warehouse.scale import NarrowScale, check_scale


@pytest.mark.parametrize(
    "stars",
    [
        (1, 2, 3, 4, 5),
        tuple(score / 2 for score in range(11)),
        (0.5, 4.5),
        (2, 3, 4),
    ],
)
def test_scales_with_likes_and_others_are_taken(
    stars: tuple[float, ...],
) -> None:
    check_scale(stars)


@pytest.mark.parametrize(
    ("stars", "told"),
    [
        ((0.5, 1, 1.5, 2), "steps 0.5, 1, 1.5, 2 "),
        ((4, 5), "steps 4, 5 "),
        ((3, 4), "steps 3, 4 "),
        ((5,), "steps 5 "),
        ((), "steps none "),
    ],
)
def test_steps_that_tell_no_likes_apart_are_named(
    stars: tuple[float, ...], told: str
) -> None:
    with pytest.raises(NarrowScale, match=f"{told}.*4 stars"):
        check_scale(stars)
