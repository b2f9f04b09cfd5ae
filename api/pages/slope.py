"""Two people's lists as a slope chart: a line joins a film's two places."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api import schemas
from api.pages.translator import Translator

#: Films of each list that are drawn.
N_DRAWN: Final = 20


@dataclass(frozen=True)
class Place:
    """A film at its place in one list."""

    rank: str
    title: str
    elsewhere: str
    """Its place in the other list, in words."""
    is_shared: bool


@dataclass(frozen=True)
class Line:
    """From a film's row in the first list to its row in the second.

    Rows are one unit high; a line ends in the middle of its rows.
    """

    start: float
    end: float


@dataclass(frozen=True)
class Slope:
    """Both lists from their first film on, and the lines between them."""

    left: tuple[Place, ...]
    right: tuple[Place, ...]
    lines: tuple[Line, ...]
    height: int
    """Rows of the longer list."""


def slope(
    translator: Translator,
    one: Sequence[schemas.Suggestion],
    other: Sequence[schemas.Suggestion],
) -> Slope:
    """The first films of each list; either may be empty."""
    left, right = one[:N_DRAWN], other[:N_DRAWN]
    left_rows = {item.catalogue_id: k for k, item in enumerate(left)}
    right_rows = {item.catalogue_id: k for k, item in enumerate(right)}
    return Slope(
        left=_places(translator, left, right_rows),
        right=_places(translator, right, left_rows),
        lines=tuple(
            Line(row + 0.5, right_rows[film] + 0.5)
            for film, row in left_rows.items()
            if film in right_rows
        ),
        height=max(len(left), len(right)),
    )


def _places(
    translator: Translator,
    items: Sequence[schemas.Suggestion],
    other_rows: dict[int, int],
) -> tuple[Place, ...]:
    places = []
    for item in items:
        row = other_rows.get(item.catalogue_id)
        places.append(
            Place(
                rank=translator.number(item.rank),
                title=translator.film(item.display_title, item.year),
                elsewhere=translator("slope.none")
                if row is None
                else translator("slope.other", rank=row + 1),
                is_shared=row is not None,
            )
        )
    return tuple(places)
