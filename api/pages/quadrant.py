"""Reach beside affinity: a bubble for each segment, drawn as SVG.

To the right are those who turn up more than elsewhere, above those who like
the film more than others do; a bubble's area is the number of people in the
data.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.pages.plots import INDEX_TICKS, Tick, index_place
from api.pages.translator import Translator

#: Units of the drawing, and the room for numbers and names of the axes.
WIDTH: Final = 420
HEIGHT: Final = 330
_LEFT: Final = 46
_RIGHT: Final = 10
_TOP: Final = 10
_BOTTOM: Final = 44
#: Radius of the largest bubble, and of the smallest that can be seen.
_LARGEST: Final = 20.0
_SMALLEST: Final = 2.5
#: Least extent of the axes to each side: doublings, and probability.
_LEAST_DOUBLINGS: Final = 0.5
_LEAST_AFFINITY: Final = 0.03
_AFFINITY_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2)
#: Ticks to each side of none, at most.
_MOST_TICKS: Final = 3
#: Height of a name, and its width for each letter.
_LETTER: Final = (11.0, 6.4)
#: The same of the words in the corners, with their distance from the frame.
_CORNER_LETTER: Final = (17.0, 5.2)
#: Indices that are doublings or halvings, the baseline first.
_DOUBLINGS: Final = (100, 50, 200, 25, 400, 800)
#: Units between two numbers of the axis, so that they can be told apart.
_APART: Final = 28.0
_GAP: Final = 3.0


@dataclass(frozen=True)
class Point:
    """A segment to be drawn."""

    name: str
    details: str
    index: float
    affinity: float
    n_users: int
    step: str
    """Class of the colour, as in the map."""
    is_target: bool
    is_affinity_supported: bool = True


@dataclass(frozen=True)
class Bubble:
    """The same in the drawing's units."""

    details: str
    step: str
    is_target: bool
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Label:
    """A segment's name, beside its bubble."""

    text: str
    x: float
    y: float
    anchor: str
    is_target: bool


@dataclass(frozen=True)
class Quadrant:
    """The drawing: bubbles, largest first, and its axes."""

    bubbles: tuple[Bubble, ...]
    labels: tuple[Label, ...]
    index_ticks: tuple[Tick, ...]
    affinity_ticks: tuple[Tick, ...]
    baseline_x: float
    baseline_y: float
    is_flat: bool
    """Whether the data support no difference of affinity."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


class _Axis:
    """From numbers to units; as far to the one side of none as it needs."""

    def __init__(
        self, values: Sequence[float], least: float, start: float, end: float
    ) -> None:
        low, high = min((*values, -least)), max((*values, least))
        room = 0.12 * (high - low)
        self.low, self.high = low - room, high + room
        self._start = start
        self._unit = (end - start) / (self.high - self.low)

    def __call__(self, value: float) -> float:
        return round(self._start + (value - self.low) * self._unit, 1)


def quadrant(translator: Translator, points: Sequence[Point]) -> Quadrant:
    """The drawing of points that have people.

    Raises ValueError for no point.
    """
    if not points:
        raise ValueError("a quadrant needs a point")
    x = _Axis(
        [index_place(point.index) for point in points],
        _LEAST_DOUBLINGS,
        _LEFT,
        WIDTH - _RIGHT,
    )
    y = _Axis(
        [point.affinity for point in points],
        _LEAST_AFFINITY,
        HEIGHT - _BOTTOM,
        _TOP,
    )
    most = max(point.n_users for point in points)
    # Small bubbles and targets lie above large ones, to be seen.
    ordered = sorted(points, key=lambda p: (p.is_target, -p.n_users))
    bubbles = [_bubble(point, x, y, most) for point in ordered]
    return Quadrant(
        bubbles=tuple(bubbles),
        labels=_labels(ordered, bubbles, _corners(translator)),
        index_ticks=_index_ticks(translator, x),
        affinity_ticks=_affinity_ticks(translator, y),
        baseline_x=x(0),
        baseline_y=y(0),
        is_flat=not any(point.is_affinity_supported for point in points),
    )


def _bubble(point: Point, x: _Axis, y: _Axis, most: int) -> Bubble:
    radius = _LARGEST * math.sqrt(point.n_users / most)
    return Bubble(
        details=point.details,
        step=point.step,
        is_target=point.is_target,
        x=x(index_place(point.index)),
        y=y(point.affinity),
        radius=round(max(radius, _SMALLEST), 1),
    )


def _index_ticks(translator: Translator, x: _Axis) -> tuple[Tick, ...]:
    """Doublings first, and between them what has room."""
    places: dict[int, float] = {}
    for index in (*_DOUBLINGS, *INDEX_TICKS):
        place = x(index_place(index))
        is_inside = x.low < index_place(index) < x.high
        if is_inside and all(
            abs(place - other) >= _APART for other in places.values()
        ):
            places[index] = place
    return tuple(
        Tick(translator.number(index), place)
        for index, place in sorted(places.items())
    )


def _affinity_ticks(translator: Translator, y: _Axis) -> tuple[Tick, ...]:
    """Whole points of probability, few enough to be read."""
    reach = max(-y.low, y.high)
    step = next(
        (step for step in _AFFINITY_STEPS if reach / step <= _MOST_TICKS),
        _AFFINITY_STEPS[-1],
    )
    first, last = math.ceil(y.low / step), math.floor(y.high / step)
    return tuple(
        Tick(translator.signed(100 * step * k), y(step * k))
        for k in range(first, last + 1)
    )


def _corners(translator: Translator) -> list["_Box"]:
    """Where the words stand that say what two of the corners mean."""
    height, letter = _CORNER_LETTER
    more, less = (
        letter * len(translator(f"quadrant.corner.{name}"))
        for name in ("more", "less")
    )
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    return [
        (right - more, _TOP, right, _TOP + height),
        (_LEFT, bottom - height, _LEFT + less, bottom),
    ]


def _labels(
    points: Sequence[Point],
    bubbles: Sequence[Bubble],
    corners: Sequence["_Box"],
) -> tuple[Label, ...]:
    """Names where there is room: targets first, then who stands out most."""
    centre = _middle(bubbles)
    order = sorted(
        range(len(points)),
        key=lambda k: (
            not points[k].is_target,
            points[k].step.startswith("unsure"),
            -math.dist(centre, (bubbles[k].x, bubbles[k].y)),
        ),
    )
    taken = [
        (b.x - b.radius, b.y - b.radius, b.x + b.radius, b.y + b.radius)
        for b in bubbles
    ]
    labels = []
    for k in order:
        others = [*corners, *(b for j, b in enumerate(taken) if j != k)]
        placed = _placed(points[k], bubbles[k], others)
        if placed is not None:
            label, box = placed
            labels.append(label)
            taken.append(box)
    return tuple(labels)


def _middle(bubbles: Sequence[Bubble]) -> tuple[float, float]:
    n = len(bubbles)
    return sum(b.x for b in bubbles) / n, sum(b.y for b in bubbles) / n


_Box = tuple[float, float, float, float]


def _placed(
    point: Point, bubble: Bubble, taken: Sequence[_Box]
) -> tuple[Label, _Box] | None:
    """The name to a side of its bubble that is free, if one is."""
    height, letter = _LETTER
    width = letter * len(point.name)
    away = bubble.radius + _GAP
    for anchor, x, top in (
        ("start", bubble.x + away, bubble.y - height / 2),
        ("end", bubble.x - away - width, bubble.y - height / 2),
        ("middle", bubble.x - width / 2, bubble.y - away - height),
        ("middle", bubble.x - width / 2, bubble.y + away),
    ):
        box = (x, top, x + width, top + height)
        is_inside = (
            box[0] > _LEFT
            and box[2] < WIDTH - _RIGHT
            and box[1] > _TOP
            and box[3] < HEIGHT - _BOTTOM
        )
        if is_inside and not any(_overlap(box, other) for other in taken):
            at = {"start": x, "end": x + width, "middle": bubble.x}[anchor]
            label = Label(
                point.name,
                round(at, 1),
                round(top + 0.8 * height, 1),
                anchor,
                point.is_target,
            )
            return label, box
    return None


def _overlap(one: _Box, other: _Box) -> bool:
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )
