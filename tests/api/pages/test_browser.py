"""The pages in headless Chromium: what only a browser can tell.

`assets/axe.min.js` is that of axe-core 4.14.1 on npm, unchanged, under the
Mozilla Public License 2.0; its licences are beside it.
"""

import itertools
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from api.app import create_app
from api.pages.form_errors import what_is_allowed
from api.pages.texts import TEXTS
from models_ml.settings import Settings
from tests.api.translators import WORDS

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parent / "assets" / "axe.min.js"
#: No sandbox inside containers, and no calls home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = (360, 740), (1440, 900)
EN, PT = TEXTS["en"], TEXTS["pt"]
WOMEN = "Films for women of 25 to 34"
FILM = "title=Cosmos&year=1990&film_genres=Drama"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason=f"there is no Chromium at {CHROMIUM}"
    ),
]


@pytest.fixture(scope="module")
def site(settings: Settings) -> Iterator[str]:
    """The address of a server of the tiny release."""
    config = uvicorn.Config(
        create_app(settings), host="127.0.0.1", port=0, log_config=None
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, as Debian packages it."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=FLAGS
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: PLATEIA_SCREENSHOTS, or a temporary folder."""
    named = os.environ.get("PLATEIA_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


#: As many letters as an affinity has, where the tiny release has fewer.
LONGEST_NUMBERS = """{
    document.querySelector('.map').classList.add('map-long');
    document.querySelectorAll('.seat b').forEach(
        number => { number.textContent = '−16,8' });
}"""

OpenPage = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def open_page(browser: Any, site: str) -> OpenPage:
    """Opens a page; it must load only from its own host, without errors."""

    @contextmanager
    def opened(
        path: str,
        size: tuple[int, int] = DESKTOP,
        status: int = 200,
        **options: Any,
    ) -> Iterator[Any]:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=options.pop("locale", "en-US"),
            **options,
        )
        page = context.new_page()
        requests: list[str] = []
        problems: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text)
                if message.type == "error"
                and "status of 4" not in message.text
                else None
            ),
        )
        response = page.goto(site + path)
        assert response.status == status
        yield page
        context.close()
        assert not problems
        assert {url for url in requests if not url.startswith(site)} == set()

    return opened


QUESTIONS = {
    "home": "/?gender=F&age=29",
    "films": "/?side=films&gender=F&age=27&nationality=Brazil&rated=3:4"
    "&rated=6:1&b_gender=M",
    "audience": f"/?side=audience&{FILM}&film_genres=War&base=Drama",
    "table": f"/?side=audience&{FILM}&by=gender&by=region&by=age_group",
    "occupations": f"/?side=audience&{FILM}&by=occupation&by=region",
    "film": "/films/3",
    "search": "/films?search=film",
    "tastes": "/groups",
    "quality": "/quality",
    "compare": "/compare",
    "list": "/film-list",
    "briefing": f"/briefing?{FILM}",
    "dots": f"/?side=audience&{FILM}&by=age_group&measure=affinity",
    "group": "/groups?level=F&taste=liking",
    "errors": "/?age=x&genres=Noir&b_age=y&nationality=Narnia",
    "film-errors": "/?title=&year=1&by=gender&by=region&by=age_group"
    "&by=occupation",
    "missing": "/films/999999",
}
STATUS = {"errors": 400, "film-errors": 400, "missing": 404}


#: Every pair of size, language and colour scheme, in four views.
VIEWS = (
    (PHONE, "pt", "light"),
    (PHONE, "en", "dark"),
    (DESKTOP, "pt", "dark"),
    (DESKTOP, "en", "light"),
)
#: Long tables: looked at once, since axe takes seconds for each.
LONG = ("table", "occupations")


def serious_problems(page: Any) -> list[tuple[str, list[str]]]:
    """What axe finds on a page: rules with the parts that break them."""
    # Through the debugger: the page's own policy refuses the script.
    page.evaluate(AXE.read_text("utf-8"))
    report = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in report["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("name", "view"),
    [
        (name, view)
        for name in QUESTIONS
        for view in (VIEWS[:1] if name in LONG else VIEWS)
    ],
)
def test_axe_finds_nothing_serious(
    open_page: OpenPage, shots: Path, name: str, view: tuple[Any, str, str]
) -> None:
    size, language, scheme = view
    path = QUESTIONS[name]
    path += ("&" if "?" in path else "?") + f"lang={language}"
    status = STATUS.get(name, 200)
    with open_page(path, size, status, color_scheme=scheme) as page:
        for details in page.query_selector_all("details:not([open])"):
            details.evaluate("element => { element.open = true }")
        serious = serious_problems(page)
        where = "phone" if size == PHONE else "desktop"
        page.screenshot(
            path=shots / f"{name}-{where}-{language}-{scheme}.png",
            full_page=True,
        )
        wide = page.evaluate("document.documentElement.scrollWidth")
    assert not serious
    assert wide <= size[0], "the page scrolls sideways"


def cards(page: Any) -> list[str]:
    return page.locator(".card h3 a").all_inner_texts()


@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no scripts"])
def test_a_person_asks_rates_and_takes_back(
    open_page: OpenPage, scripts: bool
) -> None:
    with open_page(
        "/?side=films&lang=en", java_script_enabled=scripts
    ) as page:
        before = cards(page)
        page.get_by_label(EN["field.gender"], exact=True).first.select_option(
            "F"
        )
        page.get_by_label(EN["field.age"], exact=True).first.fill("27")
        page.get_by_role("button", name=EN["films.ask"]).click()
        page.get_by_role(
            "heading", name="Films for women of 25 to 34"
        ).wait_for()
        assert "gender=F&age=27" in page.url
        if scripts:
            assert "zip_code" not in page.url  # blank fields are left out
        first = cards(page)[0]
        name = EN["films.rate.film"].format(
            title=first, class_name=EN["class.hated"]
        )
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_text(EN["films.rated.hint"]).wait_for()
        assert first not in cards(page)
        page.locator(".chip").first.click()
        page.get_by_text(EN["films.rated.hint"]).wait_for(state="detached")
        assert cards(page)[0] == first
        page.locator("#rank-distinctive").click()
        page.wait_for_url("**rank_by=distinctive**")
        assert cards(page) != before
        assert page.locator("#f-gender").input_value() == "F"
        page.go_back()
        page.wait_for_url(lambda url: "rank_by" not in url)
        page.get_by_role("link", name=first, exact=True).first.wait_for()


def rate_first(page: Any, class_name: str) -> str:
    """Press a class of the first card; the title that was rated."""
    title = cards(page)[0]
    name = EN["films.rate.film"].format(
        title=title, class_name=EN[f"class.{class_name}"]
    )
    page.get_by_role("button", name=name, exact=True).click()
    page.locator(".chip", has_text=title).wait_for()
    return title


def rated_films(page: Any) -> list[str]:
    """Accessible names of the films that the page says are rated."""
    chips = page.locator(".chip[aria-label]")
    return [chip.get_attribute("aria-label") for chip in chips.all()]


@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no scripts"])
def test_each_rating_adds_to_those_before(
    open_page: OpenPage, scripts: bool
) -> None:
    with open_page(
        "/?side=films&lang=en", java_script_enabled=scripts
    ) as page:
        rated = [
            (rate_first(page, name), EN[f"class.{name}"])
            for name in ("loved", "disliked", "hated")
        ]
        assert rated_films(page) == [
            EN["films.rated.remove"].format(title=title, class_name=name)
            for title, name in rated
        ]
        page.locator(".chip", has_text=rated[1][0]).click()
        page.locator(".chip", has_text=rated[1][0]).wait_for(state="detached")
        left = rated_films(page)
        assert len(left) == 2
        # the address holds what is left, for whoever it is sent to
        page.goto(page.url)
        assert rated_films(page) == left


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no scripts"])
def test_five_taps_make_a_list(
    open_page: OpenPage, scripts: bool, size: tuple[int, int]
) -> None:
    path = "/?side=films&lang=en"
    with open_page(path, size, java_script_enabled=scripts) as page:
        before = cards(page)
        for k, name in enumerate(
            ("loved", "not_seen", "disliked", "liked", "hated"), start=1
        ):
            tile = page.locator(".tile").first
            title = tile.locator(".tile-title").inner_text()
            tile.locator(f".tap-{name}").click()
            page.locator(".chip[aria-label]").nth(k - 1).wait_for()
            assert page.locator(".chip[aria-label]").count() == k
            asked = page.locator(".tile-title").all_inner_texts()
            assert len(asked) == 5
            assert title not in asked
            told = page.locator("#taps-status").inner_text()
            kind = "taps" if name == "not_seen" else "class"
            assert EN[f"{kind}.{name}"] in told
            assert not set(cards(page)) & {title}
        assert cards(page) != before
        link = page.locator(".permalink a").last.get_attribute("href")
        assert link.count("rated=") == 5
        moved = cards(page)
        page.goto(page.url)
        assert cards(page) == moved
        page.get_by_role("link", name=EN["films.rated.clear"]).click()
        page.locator(".chip").first.wait_for(state="detached")
        assert cards(page) == before


def test_a_tap_leaves_the_page_where_it_was(open_page: OpenPage) -> None:
    """What is asked next comes where the film stood, not out of sight."""
    with open_page("/?side=films&lang=en", DESKTOP) as page:
        for k in range(3):
            start = before = page.evaluate("scrollY")
            page.mouse.wheel(0, 190)
            # `wait_for_function` evaluates text, which the page forbids.
            while before < start + 190:
                page.wait_for_timeout(50)
                before = page.evaluate("scrollY")
            page.locator(".tile").nth(1).locator(".tap-liked").click()
            page.locator(".chip[aria-label]").nth(k).wait_for()
            page.wait_for_timeout(300)  # until what follows has settled
            after = page.evaluate("scrollY")
            assert abs(after - before) < 150, (before, after)


@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no scripts"])
def test_a_third_rating_is_added_to_a_shared_link(
    open_page: OpenPage, scripts: bool
) -> None:
    link = "/?side=films&lang=en&rated=3:4&rated=6:1"
    with open_page(link, java_script_enabled=scripts) as page:
        before = rated_films(page)
        assert len(before) == 2
        rate_first(page, "liked")
        after = rated_films(page)
        assert len(after) == 3
        assert after[:2] == before


@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no scripts"])
def test_a_film_is_asked_for_and_changed(
    open_page: OpenPage, scripts: bool
) -> None:
    with open_page("/?lang=pt", java_script_enabled=scripts) as page:
        page.locator("#side-audience").click()
        page.get_by_label(PT["field.title"], exact=True).fill("Cosmos")
        page.locator("#genres-summary").click()
        page.locator("#audience").get_by_label(
            WORDS["pt"].genre("War"), exact=True
        ).check(force=True)
        page.get_by_role("button", name=PT["audience.ask"]).click()
        heading = PT["audience.of"].format(film="Cosmos")
        page.get_by_role("heading", name=heading).wait_for()
        war = WORDS["pt"].genre("War")
        switch = PT["audience.change.on"].format(genre=war)
        page.get_by_role("link", name=switch, exact=True).click()
        page.get_by_text("Antes: ").wait_for()
        assert page.locator("[data-map] .change").count() == 14
        page.get_by_role("link", name=PT["audience.undo"]).click()
        page.get_by_text("Antes: ").wait_for(state="detached")
        page.get_by_role("link", name=PT["measure.affinity"]).click()
        page.wait_for_url("**measure=affinity**")
        page.locator(".similar a").first.click()
        page.get_by_text(PT["film.heading"]).wait_for()
        assert page.locator("table.map").count() == 2


def test_intervals_show_on_hover_focus_and_go_on_escape(
    open_page: OpenPage,
) -> None:
    with open_page(f"/?side=audience&lang=en&{FILM}") as page:
        first = page.locator("#seat-1-1")
        second = page.locator("#seat-1-2")
        tip = first.locator(".tip")
        assert not tip.is_visible()
        first.hover()
        assert tip.is_visible()
        assert "Reach index" in tip.inner_text()
        page.mouse.move(0, 0)
        first.focus()
        assert tip.is_visible()
        page.keyboard.press("Escape")
        assert not tip.is_visible()
        page.keyboard.press("ArrowRight")
        assert second.locator(".tip").is_visible()
        assert not tip.is_visible()


def test_a_map_is_one_stop_of_the_tab_key(open_page: OpenPage) -> None:
    with open_page(f"/?side=audience&lang=en&{FILM}") as page:
        page.locator("#seat-1-1").focus()
        for key, seat in (
            ("End", "seat-1-7"),
            ("ArrowDown", "seat-2-7"),
            ("ArrowDown", "seat-2-7"),
            ("Home", "seat-2-1"),
        ):
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.id") == seat
        page.keyboard.press("Tab")
        assert not page.evaluate(
            "document.activeElement.hasAttribute('data-seat')"
        )


def test_the_keyboard_alone_is_enough(open_page: OpenPage) -> None:
    """Skip link, fields, a question and a rating, without the mouse."""
    with open_page("/?side=films&lang=en") as page:
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name=EN["skip"])
        assert page.evaluate("document.activeElement.className") == "skip"
        assert skip.bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "f-gender"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("27")
        page.keyboard.press("Enter")
        page.get_by_role(
            "heading", name="Films for women of 25 to 34"
        ).wait_for()
        assert page.evaluate("document.activeElement.id") == "f-age"
        for _ in range(60):
            page.keyboard.press("Tab")
            ring = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return [s.outlineStyle, parseFloat(s.outlineWidth)] }"
            )
            assert ring[0] != "none"
            assert ring[1] >= 1
            if page.evaluate("document.activeElement.name") == "rate":
                break
        page.keyboard.press("Enter")
        page.get_by_text(EN["films.rated.hint"]).wait_for()
        # What was pressed has gone: the focus goes to what the list rests
        # on, and the list's first film follows.
        page.locator("#films-status:focus").wait_for()
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement.closest('.card') !== null"
        )


def test_fields_that_are_wrong_stay_and_can_be_fixed(
    open_page: OpenPage,
) -> None:
    with open_page("/?side=films&lang=pt") as page:
        page.get_by_label(PT["field.age"], exact=True).first.fill("muitos")
        page.get_by_role("button", name=PT["films.ask"]).click()
        page.get_by_text(what_is_allowed(WORDS["pt"], "age")).wait_for()
        field = page.locator("#f-age")
        assert field.input_value() == "muitos"
        field.fill("40")
        page.get_by_role("button", name=PT["films.ask"]).click()
        page.get_by_text(what_is_allowed(WORDS["pt"], "age")).wait_for(
            state="detached"
        )
        assert page.locator(".card").count() == 10


@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no scripts"])
@pytest.mark.parametrize("side", ["films", "audience"])
def test_on_a_phone_the_answer_comes_into_view(
    open_page: OpenPage, side: str, scripts: bool
) -> None:
    path = f"/?side={side}&lang=en"
    with open_page(path, PHONE, java_script_enabled=scripts) as page:
        if side == "films":
            page.locator("#f-gender").select_option("M")
        else:
            page.locator("#f-title").fill("Cosmos")
        page.locator(f"#{side}-go").click()
        page.wait_for_url("**Cosmos**" if side == "audience" else "**=M**")
        answer = page.locator(f"#{side}-answer")
        answer.wait_for()
        for _ in range(100):
            top = answer.bounding_box()["y"]
            if -40 < top < 0.6 * PHONE[1]:
                break
            page.wait_for_timeout(20)
        assert -40 < top <= 0.6 * PHONE[1]


@pytest.mark.parametrize("language", ["en", "pt"])
def test_the_answer_is_above_the_fold(
    open_page: OpenPage, language: str
) -> None:
    """Three films and the seat map with its target; on a phone one film."""

    def bottom(page: Any, selector: str, k: int = 0) -> float:
        box = page.locator(selector).nth(k).bounding_box()
        return box["y"] + box["height"] - banner(page)

    def banner(page: Any) -> float:
        """Of generated data; real data have none."""
        return page.locator(".banner").bounding_box()["height"]

    films = f"/?gender=F&age=29&occupation=scientist&lang={language}"
    with open_page(films, (1280, 900)) as page:
        assert bottom(page, ".card", 2) < 900
    with open_page(films, (390, 844)) as page:
        assert bottom(page, ".card") < 844
    with open_page(f"/?side=audience&lang={language}", (1280, 900)) as page:
        assert bottom(page, ".verdict") < 900
        assert bottom(page, "[data-map]") < 900


def test_a_change_is_answered_at_once(open_page: OpenPage) -> None:
    """What is being typed stays, and so does what is folded open."""
    with open_page("/?lang=en") as page:
        page.locator("#filters-summary").click()
        page.locator("#f-gender").select_option("F")
        page.locator("#f-age").press_sequentially("27")
        page.get_by_role("heading", name="Films for women").wait_for()
        assert page.locator("#f-age").input_value() == "27"
        page.locator("#f-age").blur()
        page.get_by_role(
            "heading", name="Films for women of 25 to 34"
        ).wait_for()
        page.locator("#fold-filters").get_by_label(
            WORDS["en"].genre("Drama"), exact=True
        ).check(force=True)
        page.wait_for_url("**genres=Drama**")
        assert page.locator("#fold-filters[open]").count() == 1
        assert page.evaluate("scrollY") == 0


def test_a_change_made_while_an_answer_is_awaited_counts(
    open_page: OpenPage,
) -> None:
    """On a slow line: the first answer comes after a second question."""
    slow = threading.Event()

    def late(route: Any) -> None:
        if not slow.is_set():
            slow.set()
            page.wait_for_timeout(600)
        route.continue_()

    with open_page("/?lang=en&side=audience") as page:
        page.locator("#genres-summary").click()
        page.route("**/?*title=Cosmos*", late)
        page.locator("#f-title").fill("Cosmos")
        page.locator("#f-title").blur()
        page.wait_for_timeout(300)
        page.locator("#fold-genres").get_by_label(
            WORDS["en"].genre("War"), exact=True
        ).check(force=True)
        page.wait_for_url("**title=Cosmos**film_genres=War**")
        assert page.locator("#fold-genres[open]").count() == 1
        war = page.locator("#fold-genres").get_by_label(
            WORDS["en"].genre("War"), exact=True
        )
        assert war.is_checked()
        assert page.locator("#f-title").input_value() == "Cosmos"


def test_an_error_moves_no_field(open_page: OpenPage) -> None:
    places = []
    fields = "#f-gender, #f-age, #f-occupation, #place-summary"
    for age, status in (("40", 200), ("4x", 400)):
        path = f"/?side=films&age={age}&lang=en"
        with open_page(path, PHONE, status) as page:
            places.append(
                [f.bounding_box() for f in page.locator(fields).all()]
            )
    assert places[0] == places[1]


def test_the_page_does_not_move_while_it_loads(open_page: OpenPage) -> None:
    with open_page("/") as page:
        shift = page.evaluate(
            "new Promise(done => new PerformanceObserver(list => done("
            "list.getEntries().reduce((sum, e) => sum + e.value, 0)))"
            ".observe({type: 'layout-shift', buffered: true})"
            " || setTimeout(() => done(0), 300))"
        )
        assert shift < 0.05


def test_the_language_is_switched_and_the_question_stays(
    open_page: OpenPage,
) -> None:
    with open_page("/?gender=F&age=27", locale="pt-BR") as page:
        assert page.locator("html").get_attribute("lang") == "pt-BR"
        page.get_by_role("link", name="English").click()
        page.get_by_role(
            "heading", name="Films for women of 25 to 34"
        ).wait_for()
        assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("size", [(390, 844), DESKTOP])
def test_lines_between_two_lists_meet_their_films(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    path = "/?side=films&gender=F&b_gender=M&b_age=60&lang=en"
    with open_page(path, size) as page:
        chart = page.locator(".slope-lines svg").bounding_box()
        n_rows = int(
            page.locator(".slope-lines svg")
            .get_attribute("viewBox")
            .rsplit(" ", 1)[1]
        )
        unit = chart["height"] / n_rows
        lines = page.locator(".slope-lines line").all()
        assert lines
        for side, end in (("left", "y1"), ("right", "y2")):
            rows = page.locator(f".slope-{side} li")
            for line in lines:
                place = float(line.get_attribute(end))
                box = rows.nth(int(place)).bounding_box()
                middle = box["y"] + box["height"] / 2
                assert chart["y"] + place * unit == pytest.approx(
                    middle, abs=2
                )


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("width", [390, 360])
def test_every_tab_is_in_sight_on_a_phone(
    open_page: OpenPage, language: str, width: int
) -> None:
    for path in ("/?", "/?side=audience", "/groups?", "/quality?"):
        with open_page(f"{path}&lang={language}", (width, 740)) as page:
            for tab in page.locator(".sides-nav a").all():
                box = tab.bounding_box()
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("size", [(390, 844), (360, 740), (1280, 900)])
def test_numbers_stay_in_their_seats(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    """Affinities have more letters than indices; so have names of groups."""
    paths = (
        f"/?side=audience&{FILM}&measure=affinity&lang=pt",
        f"/?side=audience&{FILM}&measure=affinity&by=occupation&by=region"
        "&lang=pt",
    )
    for path in paths:
        with open_page(path, size) as page:
            page.evaluate(LONGEST_NUMBERS)
            wide = page.evaluate(
                """[...document.querySelectorAll('.seat')].filter(seat => {
                    const number = seat.querySelector('b');
                    return number.getBoundingClientRect().width
                        > seat.getBoundingClientRect().width;
                }).length"""
            )
            assert wide == 0, path
            head = page.locator(".map tbody th").first.bounding_box()
            assert head["height"] < 60
            for end in page.locator(".ramp li span").all():
                box = end.bounding_box()
                assert box["x"] + box["width"] <= size[0]


@pytest.mark.parametrize("language", ["pt", "en"])
def test_maps_of_tastes_fit_a_phone(
    open_page: OpenPage, language: str
) -> None:
    for dimension in (
        "gender",
        "age_group",
        "occupation",
        "region",
        "gender_age_group",
    ):
        path = f"/groups?dimension={dimension}&lang={language}"
        for width in (390, 360):
            with open_page(path, (width, 740)) as page:
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (dimension, width)
                heads = page.locator(".map tbody th")
                # two lines at most: no name is broken into letters
                assert heads.first.bounding_box()["height"] < 50


def test_an_axis_stands_below_its_lines(open_page: OpenPage) -> None:
    path = "/groups?dimension=age_group&genre=Drama&lang=pt"
    for size in ((390, 844), DESKTOP):
        with open_page(path, size) as page:
            lines = page.locator("tbody .plot-line svg")
            last = lines.last.bounding_box()
            axis = page.locator(".plot-axis").bounding_box()
            assert axis["y"] >= last["y"] + last["height"] - 1
            assert axis["x"] == pytest.approx(last["x"], abs=1)
            assert axis["width"] == pytest.approx(last["width"], abs=1)
            boxes = [
                number.bounding_box()
                for number in page.locator(".plot-axis text:not(.axis)").all()
            ]
            assert len(boxes) > 2
            for left, right in itertools.pairwise(boxes):
                assert left["x"] + left["width"] < right["x"]


def test_intervals_have_a_line_of_their_own_on_a_phone(
    open_page: OpenPage, shots: Path
) -> None:
    path = f"/compare?lang=en&{FILM}&b_title=B&b_film_genres=War"
    with open_page(path, (390, 844)) as page:
        page.screenshot(path=shots / "compare-390.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        rows = page.get_by_role("row")
        assert rows.count() > 2
        for k in range(rows.count()):
            row = rows.nth(k)
            name = row.get_by_role("rowheader").bounding_box()
            value, line = (
                row.get_by_role("cell").nth(n).bounding_box() for n in (0, 1)
            )
            assert name["x"] + name["width"] <= value["x"]
            # the interval: below both, as wide as the page's text
            assert line["y"] >= name["y"] + name["height"] - 1
            assert line["width"] > 320
            assert line["x"] + line["width"] <= 390
    with open_page(path, DESKTOP) as page:
        name, line = (
            page.get_by_role("row").first.locator(part).bounding_box()
            for part in ("th", ".plot-line")
        )
        assert abs(name["y"] - line["y"]) < name["height"]


def send_list(page: Any, language: str) -> None:
    """Send two films, and wait for the table of their audiences."""
    films = b"film_id,title,year,genres\na,Space Dust,1999,War\nb,B,,Drama\n"
    sent = {"name": "films.csv", "mimeType": "text/csv", "buffer": films}
    page.set_input_files("#f-films", sent)
    page.get_by_role("button", name=TEXTS[language]["list.show"]).click()
    page.get_by_role("columnheader").first.wait_for()


def test_a_list_of_films_is_shown_and_sorted(open_page: OpenPage) -> None:
    for size in (PHONE, DESKTOP):
        for script in (True, False):
            with open_page(
                "/film-list?lang=en", size, java_script_enabled=script
            ) as page:
                send_list(page, "en")
                page.get_by_role(
                    "button", name=EN["column.reach"], exact=True
                ).click()
                page.locator("[aria-sort=descending]").wait_for()
                cells = page.locator(".sorted tbody td:nth-child(3)")
                shares = [int(t[:-1]) for t in cells.all_inner_texts()]
                assert len(shares) == 28
                assert shares == sorted(shares, reverse=True)
                width = page.locator("main").bounding_box()["width"]
                assert width <= size[0]


@pytest.mark.parametrize(("width", "language"), [(390, "pt"), (360, "en")])
@pytest.mark.parametrize(
    "path",
    [
        f"/?side=audience&{FILM}&by=gender&by=region",
        "/films/3?by=gender&by=occupation",
        "/groups?level=F",
        "/quality?",
        "/film-list?",
    ],
)
def test_no_table_scrolls_sideways_on_a_phone(
    open_page: OpenPage, width: int, language: str, path: str
) -> None:
    """A row is a block there, in which each number has its column's name."""
    with open_page(f"{path}&lang={language}", (width, 740)) as page:
        if path.startswith("/film-list"):
            send_list(page, language)
        for details in page.query_selector_all("details:not([open])"):
            details.evaluate("element => { element.open = true }")
        boxes = page.evaluate(
            """[...document.querySelectorAll('.table-scroll')].map(
                box => [box.scrollWidth, box.clientWidth, box.scrollHeight,
                        box.clientHeight])"""
        )
        assert boxes
        for across, room, down, height in boxes:
            assert across <= room
            assert down <= height
        row = page.locator(".stacked tbody tr").first
        names = row.locator("td").evaluate_all(
            """cells => cells.map(
                cell => getComputedStyle(cell, '::before').content)"""
        )
        assert len(names) > 1
        assert all(len(name) > 3 for name in names)
        cells = [cell.bounding_box() for cell in row.get_by_role("cell").all()]
        assert len(cells) == len(names)
        for above, below in itertools.pairwise(cells):
            assert below["y"] >= above["y"] + above["height"] - 1
        assert serious_problems(page) == []


def test_a_wide_screen_has_tables_with_heads(open_page: OpenPage) -> None:
    with open_page("/groups?level=F&lang=en") as page:
        heads = page.get_by_role("columnheader").all_inner_texts()
        assert heads[0] == EN["tastes.column.film"]
        assert len(heads) == 4
        row = page.locator(".stacked tbody tr").first
        name = row.locator("td").first.evaluate(
            "cell => getComputedStyle(cell, '::before').content"
        )
        assert name == "none"


def test_a_briefing_is_one_sheet_of_paper(open_page: OpenPage) -> None:
    for language in ("en", "pt"):
        with open_page(f"/briefing?{FILM}&lang={language}") as page:
            sheet = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1


@pytest.mark.parametrize("width", [390, 360])
def test_the_apis_description_is_no_wider_than_a_phone(
    open_page: OpenPage, width: int
) -> None:
    with open_page("/schema", (width, 740)) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_operation_can_be_tried_on_its_page(open_page: OpenPage) -> None:
    with open_page("/schema") as page:
        for operation in ("searchMovies", "recommendFilms"):
            form = page.locator(f"#{operation} form")
            form.locator("button").click()
            output = form.locator("output")
            page.wait_for_function(
                "output => output.textContent.startsWith('200')",
                arg=output.element_handle(),
            )
            assert '"items"' in output.inner_text()
        film = page.locator("#getMovie form")
        film.locator("input[name=movie_id]").fill("3")
        film.locator("button").click()
        page.wait_for_function(
            "output => output.textContent.startsWith('200')",
            arg=film.locator("output").element_handle(),
        )
        assert '"predicted"' in film.locator("output").inner_text()
