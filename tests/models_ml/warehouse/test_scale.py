import pytest

from models_ml.warehouse.scale import UnknownScale, check_scale


def test_whole_stars_are_taken() -> None:
    check_scale((1, 2, 3, 4, 5))


@pytest.mark.parametrize(
    ("stars", "told"),
    [
        ((2, 3, 4, 5), "steps 2, 3, 4, 5 "),
        ((0.5, 1, 1.5, 2), "steps 0.5, 1, 1.5, 2 "),
        ((1, 2, 3, 4, 4.5, 5), "steps 1, 2, 3, 4, 4.5, 5 "),
        ((), "steps none "),
    ],
)
def test_other_steps_are_named(stars: tuple[float, ...], told: str) -> None:
    with pytest.raises(UnknownScale, match=f"{told}.*1, 2, 3, 4 and 5 stars"):
        check_scale(stars)
