import itertools
import math
from dataclasses import replace

import pytest

from api.pages.quadrant import Point, quadrant
from tests.api.translators import WORDS

EN = WORDS["en"]


def point(
    name: str, index: float, affinity: float, n_users: int = 50
) -> Point:
    return Point(name, f"{name}.", index, affinity, n_users, "over-1", False)


def test_more_is_to_the_right_and_liking_is_up() -> None:
    drawn = quadrant(
        EN,
        [point("a", 50, -0.05), point("b", 200, 0.05), point("c", 100, 0.0)],
    )
    places = {b.details: (b.x, b.y) for b in drawn.bubbles}
    assert places["a."][0] < drawn.baseline_x < places["b."][0]
    assert places["a."][1] > drawn.baseline_y > places["b."][1]
    assert places["c."] == (drawn.baseline_x, drawn.baseline_y)


def test_doublings_are_as_long_as_halvings() -> None:
    drawn = quadrant(EN, [point("a", 50, 0), point("b", 200, 0)])
    half, double = sorted(b.x for b in drawn.bubbles)
    assert drawn.baseline_x - half == pytest.approx(
        double - drawn.baseline_x, 0.01
    )


@pytest.mark.parametrize("lowest", [15, 40, 90])
@pytest.mark.parametrize("highest", [110, 300, 1200])
def test_numbers_of_the_axis_are_apart(lowest: int, highest: int) -> None:
    drawn = quadrant(EN, [point("a", lowest, 0), point("b", highest, 0)])
    places = [tick.place for tick in drawn.index_ticks]
    assert "100" in [tick.text for tick in drawn.index_ticks]
    assert len(places) > 1
    assert all(b - a >= 28 for a, b in itertools.pairwise(places))


def test_an_area_is_a_number_of_people() -> None:
    drawn = quadrant(EN, [point("a", 80, 0, 100), point("b", 120, 0, 400)])
    few, many = sorted(b.radius for b in drawn.bubbles)
    assert many / few == pytest.approx(math.sqrt(4), 0.01)


@pytest.mark.parametrize("index", [0.0, 3.0, 651.0])
@pytest.mark.parametrize("affinity", [-0.6, 0.0, 0.6])
def test_everything_is_inside_the_frame(index: float, affinity: float) -> None:
    drawn = quadrant(EN, [point("a", index, affinity), point("b", 100, 0.0)])
    for bubble in drawn.bubbles:
        assert drawn.left < bubble.x < drawn.right
        assert drawn.top < bubble.y < drawn.bottom
    assert len(drawn.index_ticks) > 1
    assert len(drawn.affinity_ticks) > 1


def test_names_do_not_cover_what_the_corners_mean() -> None:
    """A crowd in the corner itself finds another side, or has no name."""
    crowd = [point(f"a group {k}", 300 + 9 * k, 0.2) for k in range(9)]
    low = [point(f"few {k}", 40 + k, -0.2) for k in range(9)]
    drawn = quadrant(EN, [*crowd, *low, point("even", 100, 0)])
    assert any(label.text.startswith("a group") for label in drawn.labels)
    for label in drawn.labels:
        is_right = label.x > (drawn.left + drawn.right) / 2
        if is_right:
            assert label.y > drawn.top + 17
        else:
            assert label.y < drawn.bottom - 10


def test_names_do_not_cover_each_other() -> None:
    crowd = [point(f"group {k}", 100 + k / 5, k / 1e4) for k in range(40)]
    drawn = quadrant(EN, [*crowd, point("apart", 300, 0.1)])
    assert "apart" in [label.text for label in drawn.labels]
    assert len(drawn.labels) < len(drawn.bubbles)
    places = [(label.x, label.y, label.anchor) for label in drawn.labels]
    assert len(set(places)) == len(places)


def test_no_point_is_no_drawing() -> None:
    with pytest.raises(ValueError, match="needs a point"):
        quadrant(EN, [])


def test_where_no_affinity_is_supported_the_drawing_is_flat() -> None:
    known = point("a", 90, 0.1, 5)
    unknown = replace(known, is_affinity_supported=False)
    assert quadrant(EN, [unknown, unknown]).is_flat
    assert not quadrant(EN, [unknown, known]).is_flat
