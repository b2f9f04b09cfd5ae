"""The page that tells how groups and genres hang together."""

import csv
import io
import itertools
import re
from html import unescape
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.pages.plots import (
    WIDTH,
    Interval,
    Scale,
    index_scale,
    interval_plot,
    points_scale,
)
from api.pages.texts import TEXTS
from api.service.release import LoadedRelease
from models_ml.source.movielens_levels import GENRES
from tests.api.translators import WORDS

EN, PT = TEXTS["en"], TEXTS["pt"]
CHANGES = Scale("", 0.0, WORDS["en"].signed)


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


@pytest.mark.parametrize(
    ("taste", "more"),
    [("watching", "watch more of it"), ("liking", "like it more")],
)
def test_a_plot_tells_what_its_colours_mean(
    client: TestClient[Litestar], taste: str, more: str
) -> None:
    html = page(client, level="F", taste=taste)
    (legend,) = re.findall(r'<p class="legend dots">.*?</p>', html, re.S)
    shown = set(re.findall(r"dot-(more|less|none)", legend))
    assert shown >= set(re.findall(r'class="plot-dot plot-(\w+)"', html))
    assert (more in legend) == ("more" in shown)
    assert 'class="legend dots"' not in page(client)


@pytest.mark.parametrize("taste", ["watching", "liking"])
def test_genres_are_small_inside_portuguese_sentences(
    client: TestClient[Litestar], taste: str
) -> None:
    html = page(client, lang="pt", genre="Sci-Fi", taste=taste)
    headings = re.findall(r"<h\d[^>]*>[^<]*gênero ([^<]+)</h\d>", html)
    assert "ficção científica" in headings
    told = re.findall(r"A diferença mais clara: [^.<]*gênero (\w+ \w+)", html)
    assert set(told) <= {"ficção científica"}


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
    plot = interval_plot(rows, CHANGES)
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
    assert not interval_plot(rows, CHANGES).is_cut
    far = Interval("far", -500.0, -2000.0, 900.0, False, "", "")
    plot = interval_plot([*rows, far], CHANGES)
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


def test_heads_of_the_map_are_as_short_as_an_audiences(
    client: TestClient[Litestar],
) -> None:
    heads = re.findall(
        r'<th scope="col"><span>([^<]+)</span>',
        page(client, dimension="gender_age_group"),
    )
    assert "Women 25–34" in heads
    ages = page(client, dimension="age_group")
    assert '<th scope="col"><span>25–34</span>' in ages


def test_a_sentence_speaks_of_people_of_an_occupation(
    client: TestClient[Litestar],
) -> None:
    question: dict[str, Any] = {"dimension": "occupation", "level": "writer"}
    html = page(client, **question)
    told = "people (writer)"
    watch = EN["tastes.heading.watching.group"]
    assert watch.format(group=told, other=EN["tastes.others"]) in html
    liking = page(client, **question, taste="liking")
    like = EN["tastes.heading.liking.group"]
    assert like.format(group=told, other=EN["tastes.others"]) in liking
    assert "escritor(a) veem" not in page(client, lang="pt", **question)


def rows_of(html: str) -> list[str]:
    names = re.findall(r'<th role="rowheader" scope="row">([^<]+)<', html)
    return [unescape(name) for name in names]


def test_occupations_stand_by_the_difference_and_ages_by_age(
    client: TestClient[Litestar],
) -> None:
    question: dict[str, Any] = {"dimension": "occupation", "genre": "Drama"}
    answer = client.get("/tastes", params=question).json()
    cells = [cell for cell in answer["genres"] if cell["watching"]]
    cells.sort(key=lambda cell: -cell["watching"]["value"])
    assert len({cell["watching"]["value"] for cell in cells}) > 2
    names = [WORDS["en"].level("occupation", c["level"]) for c in cells]
    assert rows_of(page(client, **question)) == names
    ages = rows_of(page(client, dimension="age_group", genre="Drama"))
    order = WORDS["en"].vocabulary.dimensions["age_group"]
    every = [WORDS["en"].level("age_group", group) for group in order]
    assert ages == [name for name in every if name in ages]


def test_a_form_says_what_an_empty_field_means(
    client: TestClient[Litestar],
) -> None:
    html = page(client, lang="pt")
    for key in ("tastes.any.level", "tastes.others", "tastes.any.genre"):
        assert f'<option value="">{PT[key]}</option>' in html


def test_an_axis_names_what_it_measures(client: TestClient[Litestar]) -> None:
    for taste in ("watching", "liking"):
        html = page(client, level="F", taste=taste)
        assert html.count(EN[f"tastes.axis.{taste}"]) == 1


def test_half_and_twice_lie_as_far_from_no_difference() -> None:
    rows = [
        Interval("half", 50.0, 40.0, 62.5, True, "", ""),
        Interval("twice", 200.0, 160.0, 250.0, True, "", ""),
    ]
    plot = interval_plot(rows, index_scale(WORDS["en"], "index"))
    half, twice = plot.rows
    assert plot.baseline - half.value == pytest.approx(
        twice.value - plot.baseline, abs=0.2
    )
    places = {tick.text: tick.place for tick in plot.ticks}
    assert places["100"] == plot.baseline
    assert places["50"] == half.value
    assert places["200"] == twice.value


@pytest.mark.parametrize("reach", [1.01, 1.05, 1.4, 3.0, 50.0])
def test_numbers_of_an_index_are_few_and_apart(reach: float) -> None:
    rows = [Interval("a", 100.0, 100 / reach, 100 * reach, True, "", "")]
    plot = interval_plot(rows, index_scale(WORDS["en"], "index"))
    places = [tick.place for tick in plot.ticks]
    assert plot.baseline in places
    assert all(b - a > 40 for a, b in itertools.pairwise(places))
    assert all(0 < place < WIDTH for place in places)
    assert reach < 1.02 or len(places) >= 3


@pytest.mark.parametrize("reach", [0.0004, 0.017, 0.3])
def test_points_are_told_with_the_decimals_that_they_need(
    reach: float,
) -> None:
    rows = [Interval("a", reach / 2, -reach, reach, True, "", "")]
    plot = interval_plot(rows, points_scale(WORDS["pt"], "points"))
    assert 3 <= len(plot.ticks) <= 7
    for tick in plot.ticks:
        number = float(tick.text.replace(",", ".").replace("−", "-")) / 100
        place = WIDTH / 2 + number / reach * (WIDTH / 2 - 8)
        assert tick.place == pytest.approx(place, abs=0.1)


def test_sql_is_shown_with_the_value_that_it_takes(
    client: TestClient[Litestar],
) -> None:
    html = unescape(page(client, dimension="age_group", level="56+"))
    sql = client.get("/tastes").json()["evidence_sql"]
    assert re.findall(r"\$(\w+)", sql) == ["dimension"]
    assert f"-- $dimension = 'age_group'\n{sql}" in html


def test_tastes_are_a_table_too(client: TestClient[Litestar]) -> None:
    question = {"dimension": "age_group", "genre": "Drama"}
    html = page(client, **question, lang="pt")  # type: ignore[arg-type]
    path = "/tastes.csv?dimension=age_group&amp;genre=Drama&amp;excel=pt"
    assert f'href="{path}"' in html
    text = client.get("/tastes.csv", params=question).text
    rows = list(csv.DictReader(io.StringIO(text)))
    cells = client.get("/tastes", params=question).json()["genres"]
    assert len(rows) == len(cells) > 1
    for row, cell in zip(rows, cells, strict=True):
        assert (row["level"], row["genre"]) == (cell["level"], cell["genre"])
        assert int(row["n_raters"]) == cell["n_raters"]
        for measure in ("liking", "watching"):
            told = cell[measure]
            if told is None:
                assert row[measure] == ""
                continue
            assert float(row[measure]) == told["value"]
            assert float(row[f"{measure}_high"]) == told["high"]
            held = row[f"{measure}_is_supported"]
            assert held == str(told["is_supported"]).lower()


@pytest.mark.parametrize(
    "question", ["dimension=income", "taste=liking", "level=robots"]
)
def test_a_file_of_tastes_without_meaning_is_refused(
    client: TestClient[Litestar], question: str
) -> None:
    response = client.get(f"/tastes.csv?{question}")
    assert response.status_code == 400


def test_films_of_a_group_say_what_their_order_is(
    client: TestClient[Litestar],
) -> None:
    told = EN["tastes.films.order"]
    assert told in page(client, level="F")
    assert told not in page(client, level="F", other="M")
