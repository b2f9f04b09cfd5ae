"""The page that tells how groups and genres hang together."""

import re
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.pages.plots import WIDTH, Interval, interval_plot
from api.pages.texts import TEXTS
from api.service.release import LoadedRelease
from models_ml.source.movielens_levels import GENRES
from tests.api.translators import WORDS

EN, PT = TEXTS["en"], TEXTS["pt"]


def page(
    client: TestClient[Litestar], status: int = 200, **question: str
) -> str:
    response = client.get("/groups", params={"lang": "en", **question})
    assert response.status_code == status
    return response.text


def test_every_group_and_genre_is_in_the_map(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    html = page(client, dimension="age_group")
    answer = client.get("/tastes", params={"dimension": "age_group"}).json()
    told = [cell for cell in answer["genres"] if cell["watching"]]
    assert html.count("data-seat") >= len(told)
    unsure = [c for c in told if not c["watching"]["is_supported"]]
    assert html.count('class="seat unsure') == len(unsure)


def test_a_group_a_genre_and_a_pair_are_drawn(
    client: TestClient[Litestar],
) -> None:
    questions: tuple[dict[str, Any], ...] = (
        {"level": "F"},
        {"genre": "Drama", "dimension": "age_group"},
        {"level": "F", "other": "M"},
    )
    for question in questions:
        html = page(client, **question)
        assert '<table class="plot intervals"' in html
        assert "data-seat" not in html


def test_a_region_by_its_old_name_is_told_by_todays(
    client: TestClient[Litestar],
) -> None:
    old = {"dimension": "region", "level": "Centro-Nordeste"}
    html = client.get("/groups", params={"lang": "pt", **old}).text
    assert "de Wisconsin a Ohio" in html
    assert "Centro-Nordeste" not in html.split("<main")[1]
    answer = client.get("/tastes", params=old).json()
    assert answer["level"] == "East North Central"


def test_the_sentence_is_the_clearest_supported_difference(
    client: TestClient[Litestar],
) -> None:
    answer = client.get("/tastes", params={"level": "F"}).json()
    supported = [
        cell["liking"]
        for cell in answer["genres"]
        if cell["liking"]["is_supported"]
    ]
    clearest = max(supported, key=lambda c: max(c["low"], -c["high"]))
    html = page(client, level="F", taste="liking")
    value = f"{abs(100 * clearest['value']):.1f}"
    assert re.search(rf"clearest difference: women like .* {value} ", html)


def test_where_nothing_is_supported_none_is_told(
    client: TestClient[Litestar], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "api.service.catalogue.Catalogue.genre_tastes",
        lambda self: [
            (
                *("Drama", "gender", level, measure, 9, 9, 9),
                *(0.1, 1.0, 0.1, -1, 1, False),
            )
            for level in "FM"
            for measure in ("liking", "watching")
        ],
    )
    assert EN["tastes.lead.none"] in page(client, genre="Drama")


@pytest.mark.parametrize(
    ("name", "value"),
    [("dimension", "income"), ("level", "robots"), ("taste", "hearing")],
)
def test_a_word_without_meaning_is_marked(
    client: TestClient[Litestar], name: str, value: str
) -> None:
    html = page(client, 400, **{name: value})
    assert 'class="error"' in html
    assert value in html


def test_genres_stand_where_a_portuguese_reader_looks(
    client: TestClient[Litestar],
) -> None:
    html = page(client, lang="pt")
    options = re.findall(r'<option value="[A-Z][^"]*"[^>]*>([^<]+)<', html)
    known = {WORDS["pt"].genre(genre) for genre in GENRES}
    genres = [name for name in options if name in known]
    first = [name for name in genres if name[0] in "AÁÇ"]
    assert first[0] == WORDS["pt"].genre("Action")


def test_a_plot_holds_every_interval_and_the_baseline() -> None:
    rows = [
        Interval("a", 5.0, 4.0, 6.0, True, "5", ""),
        Interval("b", -1.0, -3.0, 1.0, False, "-1", ""),
    ]
    plot = interval_plot(rows, 0.0)
    drawn = [p for row in plot.rows for p in (row.low, row.value, row.high)]
    assert all(0 < place < WIDTH for place in [*drawn, plot.baseline])
    a, b = plot.rows
    assert b.low < b.value < plot.baseline < b.high < a.low < a.value < a.high
    assert (a.is_more, b.is_more) == (True, False)


def test_liking_says_what_tells_it_from_the_notebook(
    client: TestClient[Litestar],
) -> None:
    told = EN["tastes.liking.weights"]
    assert told in page(client, level="F", taste="liking")
    assert told not in page(client, level="F", taste="watching")


def test_a_plot_cuts_what_would_squeeze_all_others() -> None:
    rows = [
        Interval(name, value, value - 2, value + 2, True, "", "")
        for name, value in (("a", 1.0), ("b", -1.0), ("c", 0.5))
    ]
    assert not interval_plot(rows, 0.0).is_cut
    far = Interval("far", -500.0, -2000.0, 900.0, False, "", "")
    plot = interval_plot([*rows, far], 0.0)
    a, b, _, cut = plot.rows
    assert plot.is_cut
    assert (cut.is_cut_low, cut.is_cut_high, cut.is_drawn) == (
        True,
        True,
        False,
    )
    assert (a.is_cut_low, a.is_cut_high) == (False, False)
    # a unit is still told from none: several units of the drawing
    assert a.value - b.value > WIDTH / 30
    assert 0 < cut.low < b.low
    assert a.high < cut.high < WIDTH
