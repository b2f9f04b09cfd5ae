from collections.abc import Callable

import pytest

from api import schemas
from api.pages import heat
from models_ml.source.movielens_levels import DIMENSIONS, MOVIELENS_1M
from tests.api.translators import WORDS

EN, PT = WORDS["en"], WORDS["pt"]


@pytest.mark.parametrize(
    ("index", "step"),
    [(100, 0), (110, 0), (120, 1), (210, 3), (651, 7), (86, -1), (50, -2)],
)
def test_steps_of_an_index_count_doublings(index: float, step: int) -> None:
    assert heat.index_step(index) == step


def test_an_index_of_zero_is_the_last_step() -> None:
    assert heat.index_step(0) == -heat.STEPS


def test_the_scale_does_not_end_before_what_occurs() -> None:
    assert heat.index_step(300) < heat.index_step(600) < heat.STEPS
    assert heat.index_step(651) == heat.STEPS


@pytest.mark.parametrize(
    ("measure", "step_of", "unit"),
    [
        ("reach_index", heat.index_step, 1),
        ("affinity", heat.affinity_step, 0.01),
        ("liking", heat.liking_step, 0.01),
    ],
)
def test_the_legend_has_every_colour_and_where_it_begins(
    measure: str, step_of: Callable[[float], int], unit: float
) -> None:
    told = heat.colour_steps(EN, measure)
    assert len({colour.step for colour in told}) == 2 * heat.STEPS + 1
    for place, colour in enumerate(told):
        step = place - heat.STEPS
        assert colour.step == heat.step_class(step)
        text = colour.text.strip("≤≥+").replace("−", "-")
        # Numbers are rounded, so the colour begins just beyond them.
        margin = 0.06 if measure != "reach_index" else 0.6
        inside = float(text) + (step > 0) * margin - (step < 0) * margin
        assert step_of(unit * inside) == step
        if step:
            outside = float(text) - (step > 0) * margin + (step < 0) * margin
            assert step_of(unit * outside) == step - (1 if step > 0 else -1)


def test_steps_to_both_sides_are_alike() -> None:
    assert heat.index_step(130) == -heat.index_step(100 * 100 / 130)
    assert heat.affinity_step(0.051) == -heat.affinity_step(-0.051) == 2


@pytest.mark.parametrize(
    ("measure", "value", "supported", "name"),
    [
        ("reach_index", 180.0, "above", "over-2"),
        ("reach_index", 180.0, "none", "unsure over-2"),
        ("reach_index", 80.0, "below", "under-1"),
        ("reach_index", 101.0, "above", "even"),
        ("affinity", 0.05, "above", "over-2"),
        ("affinity", 0.05, "none", "unsure over-2"),
        ("affinity", -0.2, "below", "under-7"),
    ],
)
def test_what_the_data_do_not_support_is_hatched_out(
    measure: str, value: float, supported: schemas.Support, name: str
) -> None:
    assert heat.estimate_class(measure, value, supported) == name


@pytest.mark.parametrize(
    ("by", "axes"),
    [
        (("gender", "age_group"), ("gender", "age_group")),
        (("age_group", "gender"), ("gender", "age_group")),
        (("age_group", "occupation"), ("occupation", "age_group")),
        (("gender", "region"), ("region", "gender")),
        (("occupation", "region"), ("occupation", "region")),
        (("age_group",), (None, "age_group")),
        (("region",), ("region", None)),
    ],
)
def test_maps_are_low(
    by: tuple[str, ...], axes: tuple[str | None, ...]
) -> None:
    assert heat.axes(MOVIELENS_1M, by) == axes


@pytest.mark.parametrize(
    "by", [("age_group", "gender"), ("occupation", "region"), ("region",)]
)
def test_every_segment_has_its_place(by: tuple[str, ...]) -> None:
    def cells(prefix: tuple[str, ...]) -> dict[tuple[str, ...], heat.Cell]:
        if len(prefix) < len(by):
            below: dict[tuple[str, ...], heat.Cell] = {}
            for level in DIMENSIONS[by[len(prefix)]]:
                below |= cells((*prefix, level))
            return below
        who = PT.people(dict(zip(by, prefix, strict=True)))
        return {prefix: heat.Cell("1", "even", who, ())}

    filled = cells(())
    made = heat.heat_map(PT, "caption", by, filled)
    placed = [cell.who for row in made.rows for cell in row.cells]
    assert sorted(placed) == sorted(cell.who for cell in filled.values())
    row_name, column_name = heat.axes(MOVIELENS_1M, by)
    for row, level in zip(made.rows, DIMENSIONS[row_name or ""], strict=True):
        for cell in row.cells:
            if row_name == "region":
                assert PT.level("region", level) in cell.who
            if row_name == "gender":
                assert cell.who.startswith(PT(f"people.{level}"))
    assert len(made.columns) == len(DIMENSIONS.get(column_name or "", [""]))
