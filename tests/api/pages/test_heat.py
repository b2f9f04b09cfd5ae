import pytest

from api import schemas
from api.pages import heat
from api.pages.translator import WORDS
from models_ml.vocabulary import DIMENSIONS

EN, PT = WORDS["en"], WORDS["pt"]


@pytest.mark.parametrize(
    ("index", "step"),
    [(100, 0), (104, 0), (115, 1), (200, 5), (900, 5), (87, -1), (50, -5)],
)
def test_steps_of_an_index_count_doublings(index: float, step: int) -> None:
    assert heat.index_step(index) == step


def test_an_index_of_zero_is_the_last_step() -> None:
    assert heat.index_step(0) == -heat.STEPS


def test_steps_to_both_sides_are_alike() -> None:
    assert heat.index_step(130) == -heat.index_step(100 * 100 / 130)
    assert heat.affinity_step(0.051) == -heat.affinity_step(-0.051) == 2


@pytest.mark.parametrize(
    ("measure", "value", "supported", "name"),
    [
        ("reach_index", 150.0, "above", "over-3"),
        ("reach_index", 150.0, "none", "unsure over-3"),
        ("reach_index", 80.0, "below", "under-2"),
        ("reach_index", 101.0, "above", "even"),
        ("affinity", 0.05, "above", "over-2"),
        ("affinity", 0.05, "none", "unsure over-2"),
        ("affinity", -0.2, "below", "under-5"),
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
    assert heat.axes(by) == axes


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

    given = cells(())
    made = heat.heat_map(PT, "caption", by, given)
    placed = [cell.who for row in made.rows for cell in row.cells]
    assert sorted(placed) == sorted(cell.who for cell in given.values())
    row_name, column_name = heat.axes(by)
    for row, level in zip(made.rows, DIMENSIONS[row_name or ""], strict=True):
        for cell in row.cells:
            if row_name == "region":
                assert PT.level("region", level) in cell.who
            if row_name == "gender":
                assert cell.who.startswith(PT(f"people.{level}"))
    assert len(made.columns) == len(DIMENSIONS.get(column_name or "", [""]))
