"""Heat maps of segments: cells, their steps of colour, and their words."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api import schemas
from api.pages.translator import Translator
from models_ml.vocabulary import Vocabulary

#: Strongest colour step, to either side of no difference.
STEPS: Final = 7
#: Doublings of a reach index that are a step: the last begins at 606, since
#: groups with few people reach 650 and more.
INDEX_STEP: Final = 0.4
#: Probability that is a step, of an affinity and of a group's liking.
AFFINITY_STEP: Final = 0.025
LIKING_STEP: Final = 0.01
#: A dimension with more levels than this makes rows, not columns.
MAX_COLUMNS: Final = 7

#: Letters of a number that fit a seat on a phone: +9,8, not +12,5.
_ROOM: Final = 4
_NO_BREAK: Final = "\u00a0"


@dataclass(frozen=True)
class Cell:
    """A segment in the map."""

    value: str
    step: str
    """Classes of the colour: `over-3`, `under-1`, `even`; with `unsure`
    hatched out; or `empty`."""
    who: str
    details: tuple[str, ...]
    """Sentences that hover and focus show."""
    change: str = ""
    change_step: str = ""
    is_target: bool = False


@dataclass(frozen=True)
class ColourStep:
    """A colour of the legend; `text` is its end nearest to no difference."""

    step: str
    text: str


@dataclass(frozen=True)
class Row:
    """A row of the map."""

    head: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Map:
    """A heat map; `corner` names its rows' dimension."""

    caption: str
    corner: str
    columns_name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def is_wide(self) -> bool:
        """Whether heads of columns stand upright to save room."""
        return len(self.columns) > MAX_COLUMNS

    @property
    def is_long(self) -> bool:
        """Whether numbers are of more letters than a phone's seat has room."""
        return any(len(c.value) > _ROOM for r in self.rows for c in r.cells)

    @property
    def edge(self) -> int:
        """Columns at each side whose details open towards the middle."""
        return 3 if self.is_wide else 1


def index_step(index: float) -> int:
    """Colour step of a reach index: -STEPS to STEPS, 0 near 100."""
    if index <= 0:
        return -STEPS
    return _clip(round(math.log2(index / 100) / INDEX_STEP))


def affinity_step(affinity: float) -> int:
    """Colour step of an affinity, in probability."""
    return _clip(round(affinity / AFFINITY_STEP))


def liking_step(difference: float) -> int:
    """Colour step of a group's liking, in probability."""
    return _clip(round(difference / LIKING_STEP))


def colour_steps(
    translator: Translator, measure: str
) -> tuple[ColourStep, ...]:
    """Every colour of a measure with the number at which it begins.

    `measure` is `reach_index`, `affinity` or `liking`.
    """
    steps = range(-STEPS, STEPS + 1)
    return tuple(
        ColourStep(step_class(step), _bound_text(translator, measure, step))
        for step in steps
    )


def _bound_text(translator: Translator, measure: str, step: int) -> str:
    if step == 0:
        return translator.number(100 if measure == "reach_index" else 0)
    bound = step - math.copysign(0.5, step)
    text = (
        translator.number(100 * 2 ** (bound * INDEX_STEP))
        if measure == "reach_index"
        else translator.signed(
            100
            * bound
            * (AFFINITY_STEP if measure == "affinity" else LIKING_STEP),
            1,
        )
    )
    if abs(step) < STEPS:
        return text
    return f"≥{text}" if step > 0 else f"≤{text}"


def _clip(step: int) -> int:
    return max(-STEPS, min(STEPS, step))


def step_class(step: int) -> str:
    """The style sheet's class of a colour step."""
    if step == 0:
        return "even"
    return f"over-{step}" if step > 0 else f"under-{-step}"


def estimate_class(
    measure: str, value: float, supported: schemas.Support
) -> str:
    """Classes of an estimate; `unsure` where the data support none."""
    step = index_step if measure == "reach_index" else affinity_step
    name = step_class(step(value))
    return f"unsure {name}" if supported == "none" else name


def value_text(translator: Translator, measure: str, value: float) -> str:
    """A reach index, or an affinity in points, as cells show it."""
    if measure == "reach_index":
        return translator.number(value)
    return translator.signed(100 * value, 1)


def interval_text(
    translator: Translator, measure: str, estimate: schemas.Estimate
) -> str:
    """The interval of an estimate, from – to."""
    return _from_to(value_text, translator, measure, estimate)


def value_and_interval(
    translator: Translator, measure: str, estimate: schemas.Estimate
) -> str:
    """An estimate as cells of tables show it: 120 (90 to 150).

    Where a line has no room for both, the interval goes to the next whole.
    """
    value = value_text(translator, measure, estimate.value)
    interval = interval_text(translator, measure, estimate)
    return f"{value} ({interval.replace(' ', _NO_BREAK)})"


def _from_to(
    text: Callable[[Translator, str, float], str],
    translator: Translator,
    measure: str,
    estimate: schemas.Estimate,
) -> str:
    return translator(
        "from_to",
        low=text(translator, measure, estimate.low),
        high=text(translator, measure, estimate.high),
    )


def measure_sentence(
    translator: Translator, measure: str, estimate: schemas.Estimate
) -> str:
    """An estimate and its interval, as details of a cell tell them."""
    return translator(
        f"cell.{measure}",
        value=value_text(translator, measure, estimate.value),
        interval=interval_text(translator, measure, estimate),
    )


def change_text(translator: Translator, measure: str, value: float) -> str:
    """A change of a reach index, or of an affinity in points, signed."""
    if measure == "reach_index":
        return translator.signed(value)
    return translator.signed(100 * value, 1)


def change_interval(
    translator: Translator, measure: str, estimate: schemas.Estimate
) -> str:
    """The interval of a change, from – to."""
    return _from_to(change_text, translator, measure, estimate)


def change_sentence(
    translator: Translator,
    measure: str,
    estimate: schemas.Estimate,
    *,
    is_supported: bool,
) -> str:
    """A change and its interval, as details of a cell tell them."""
    return translator(
        "cell.change" if is_supported else "cell.change.none",
        value=change_text(translator, measure, estimate.value),
        interval=change_interval(translator, measure, estimate),
    )


def axes(
    vocabulary: Vocabulary, by: Sequence[str]
) -> tuple[str | None, str | None]:
    """The dimensions of rows and of columns, for one or two dimensions.

    Columns hold the longest dimension that fits, so that maps are low.
    """
    dimensions = vocabulary.dimensions
    if len(by) == 1:
        fits = len(dimensions[by[0]]) <= MAX_COLUMNS
        return (None, by[0]) if fits else (by[0], None)
    first, second = sorted(by, key=lambda name: len(dimensions[name]))
    if len(dimensions[second]) <= MAX_COLUMNS:
        return first, second
    return second, first


def heat_map(
    translator: Translator,
    caption: str,
    by: Sequence[str],
    cells: Mapping[tuple[str, ...], Cell],
) -> Map:
    """The map of cells, keyed by their levels in the order of `by`."""
    dimensions = translator.vocabulary.dimensions
    row_name, column_name = axes(translator.vocabulary, by)
    rows = dimensions[row_name] if row_name else ("",)
    columns = dimensions[column_name] if column_name else ("",)

    def cell(row: str, column: str) -> Cell:
        levels = {row_name: row, column_name: column}
        return cells[tuple(levels[name] for name in by)]

    return Map(
        caption=caption,
        corner=translator(f"dimension.{row_name}") if row_name else "",
        columns_name=translator(f"dimension.{column_name}")
        if column_name
        else "",
        columns=tuple(
            translator.level(column_name, level)
            if column_name
            else translator("all")
            for level in columns
        ),
        rows=tuple(
            Row(
                translator.level(row_name, row)
                if row_name
                else translator("all"),
                tuple(cell(row, column) for column in columns),
            )
            for row in rows
        ),
    )


def key_of(segment: Mapping[str, str]) -> tuple[str, ...]:
    """The levels of a segment, in the order of its dimensions."""
    return tuple(segment.values())
