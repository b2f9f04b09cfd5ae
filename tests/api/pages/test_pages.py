"""The pages as they come from the server."""

import csv
import html
import io
import json
import re
import struct
from html.parser import HTMLParser
from ipaddress import ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from api import schemas, service
from api.app import create_app
from api.pages.audience_pictures import (
    audience_map,
    audience_plot,
    audience_quadrant,
)
from api.pages.audience_side import (
    change_text,
    target_text,
    turns_up_text,
)
from api.pages.film_page import record_text
from api.pages.form_errors import what_is_allowed
from api.pages.page import PageRequest, problem_page
from api.pages.query import NAMES, Query
from api.pages.texts import TEXTS
from api.service.release import LoadedRelease
from models_ml.source.movielens_levels import DIMENSIONS, MOVIELENS_1M
from models_ml.words import words_of
from tests.api.conftest import settings_of
from tests.api.translators import WORDS

EN, PT = TEXTS["en"], TEXTS["pt"]
EN_WORDS = WORDS["en"]
FILM = {"title": "Cosmos", "year": "1990", "film_genres": "Drama"}


class Page(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}))

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        wanted = {k.rstrip("_"): v for k, v in attributes.items()}
        return [
            attrs
            for name, attrs in self.elements
            if name == tag and wanted.items() <= attrs.items()
        ]

    def ids(self) -> list[str]:
        return [a["id"] for _, a in self.elements if "id" in a]


def page_of(client: TestClient[Litestar], path: str, **params: Any) -> Page:
    response = client.get(path, params=params)
    assert response.status_code == 200, response.text
    return Page(response.text)


# --- the page as a whole ----------------------------------------------


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("", "films"),
        ("gender=F", "films"),
        ("title=A&film_genres=War", "audience"),
        ("title=A&gender=F", "films"),
        ("side=films&title=A", "films"),
        ("side=audience&gender=F", "audience"),
    ],
)
def test_a_page_opens_on_the_answer_to_its_question(
    client: TestClient[Litestar], question: str, side: str
) -> None:
    page = Page(client.get(f"/?{question}").text)
    assert len(page.all("section", class_=f"side side-{side}")) == 1
    assert bool(page.all("li", class_="card")) == (side == "films")
    assert bool(page.all("table", **{"data-map": ""})) == (side == "audience")
    (tab,) = page.all("a", **{"aria-current": "page"})
    assert tab["id"] == f"side-{side}"


def test_a_link_is_described_by_its_answer(
    client: TestClient[Litestar],
) -> None:
    asked = {"gender": "F", "age": "27"}
    answer = client.get("/recommendations.json", params=asked).json()
    page = page_of(client, "/", **asked, lang="en")
    (told,) = page.all("meta", property="og:description")
    for item in answer["items"][:3]:
        assert f"{item['rank']}. {item['display_title']}" in told["content"]
    page = page_of(client, "/", side="audience", **FILM, lang="en")
    (told,) = page.all("meta", property="og:description")
    assert told["content"] != EN["tagline"]


def test_every_page_has_a_description_of_its_own(
    client: TestClient[Litestar],
) -> None:
    both = {**AUDIENCE, "b_title": "Other", "b_film_genres": "War"}
    pages = [
        page_of(client, "/", lang="en"),
        page_of(client, "/", side="audience", **FILM, lang="en"),
        page_of(client, "/films/3", lang="en"),
        page_of(client, "/groups", lang="en"),
        page_of(client, "/quality", lang="en"),
        page_of(client, "/compare", **both, lang="en"),
        page_of(client, "/film-list", lang="en"),
    ]
    told = [content_of(page, "og:description") for page in pages]
    assert len(set(told)) == len(told)
    assert all(len(text) > 20 for text in told)
    assert EN["tagline"] not in told
    assert "ratings. Liked or loved it: predicted" in told[2]
    assert "difference" in told[3]
    briefing = page_of(client, "/briefing", **FILM, lang="en")
    assert content_of(briefing, "og:description") == told[1]
    search = page_of(client, "/films", lang="en")
    assert content_of(search, "og:description") == EN["tagline"]


def content_of(page: Page, name: str) -> str:
    (meta,) = page.all("meta", property=name)
    return meta["content"]


@pytest.mark.parametrize("path", ["/?lang=pt&gender=F", "/films/3?lang=en"])
def test_a_page_names_its_own_whole_address(
    client: TestClient[Litestar], path: str
) -> None:
    blank = "&by=" if "films" in path else "&age="
    page = Page(client.get(path + blank).text)
    address = content_of(page, "og:url")
    assert address == f"http://testserver.local{path}"
    (canonical,) = page.all("link", rel="canonical")
    assert canonical["href"] == address


@pytest.mark.parametrize("language", ["en", "pt"])
def test_the_picture_of_a_link_is_served_by_the_api_itself(
    client: TestClient[Litestar], language: str
) -> None:
    page = page_of(client, "/", lang=language)
    picture = urlsplit(content_of(page, "og:image"))
    assert (picture.scheme, picture.netloc) == ("http", "testserver.local")
    assert picture.path.endswith(f"/link-{language}.png")
    response = client.get(picture.path)
    assert response.headers["content-type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")
    assert len(response.content) < 100_000
    size = struct.unpack(">II", response.content[16:24])
    told = [
        content_of(page, f"og:image:{side}") for side in ("width", "height")
    ]
    assert [str(number) for number in size] == told


def test_a_hostile_host_stays_text_of_an_address(
    client: TestClient[Litestar],
) -> None:
    allowed = "evil.example!$&'()*+,;=" + "-_~"
    text = client.get("/", headers={"Host": allowed}).text
    assert "evil.example" in content_of(Page(text), "og:url")
    assert "&'()" not in text
    for refused in (
        'a"><script>alert(1)</script>',
        "a b",
        "a/b",
        "a?b",
        "a@b",
    ):
        response = client.get("/", headers={"Host": refused})
        assert response.status_code == 400
        assert "<script>alert" not in response.text
    cached = client.get("/").headers["cache-control"]
    assert "private" in cached


def asked_by_a_proxy(app: Litestar) -> Litestar:
    """The application, whose every request is from 10.0.0.1."""
    inner = app.asgi_handler

    async def from_proxy(scope: Any, receive: Any, send: Any) -> None:
        scope["client"] = ("10.0.0.1", 1)
        await inner(scope, receive, send)

    app.asgi_handler = from_proxy
    return app


@pytest.mark.parametrize(
    ("proxy", "origin"),
    [
        ("10.0.0.1", "https://plateia.example"),
        ("10.0.0.2", "http://testserver.local"),
    ],
)
def test_only_named_proxies_tell_the_origin(
    tmp_path: Path, proxy: str, origin: str
) -> None:
    made = settings_of(
        tmp_path, tmp_path / "store", proxies=(ip_network(proxy),)
    )
    told = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "plateia.example",
    }
    with TestClient(asked_by_a_proxy(create_app(made))) as client:
        page = Page(client.get("/", headers=told).text)
    assert content_of(page, "og:url") == f"{origin}/"
    assert content_of(page, "og:image").startswith(f"{origin}/assets/")


def test_the_other_question_stays_in_the_tabs(
    client: TestClient[Litestar],
) -> None:
    page = page_of(client, "/", side="audience", gender="F", title="A")
    tab = page.all("a", id="side-films")[0]
    assert tab["href"] == "/?side=films&gender=F&title=A"


PATHS = [
    "/",
    "/?gender=F&age=27&rated=3:4&rated=6:1&genres=Drama&b_gender=M",
    "/?side=audience&title=A&film_genres=War&base=Drama&by=region",
    "/?by=gender&by=age_group&by=occupation",
    "/?age=x&title=&by=gender&by=age_group&by=region&by=occupation&year=1",
    "/films?search=film",
    "/films/3",
    "/films/3?by=occupation&by=region",
    "/films/999999",
]


@pytest.mark.parametrize("path", PATHS)
def test_ids_are_unique_and_references_meet(
    client: TestClient[Litestar], path: str
) -> None:
    page = Page(client.get(path).text)
    ids = page.ids()
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for name in ("for", "aria-describedby", "aria-labelledby"):
            assert set(attributes.get(name, "").split()) <= set(ids)
        href = attributes.get("href", "")
        if href.startswith("#"):
            assert href[1:] in ids


@pytest.mark.parametrize("path", PATHS)
def test_the_security_policy_is_kept(
    client: TestClient[Litestar], path: str
) -> None:
    response = client.get(path)
    assert "script-src 'self'" in response.headers["content-security-policy"]
    for tag, attributes in Page(response.text).elements:
        assert "style" not in attributes
        assert tag != "style"
        assert not {name for name in attributes if name.startswith("on")}
        if tag == "script":
            assert attributes["src"].startswith("/")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_comes_from_other_hosts(
    client: TestClient[Litestar], path: str
) -> None:
    for _, attributes in Page(client.get(path).text).elements:
        for name in ("src", "href", "action"):
            address = urlsplit(attributes.get(name, ""))
            assert (address.scheme, address.netloc) in {
                ("", ""),
                ("http", "testserver.local"),  # a page's own address
            }


@pytest.mark.parametrize("path", PATHS)
def test_links_of_the_page_work(
    client: TestClient[Litestar], path: str
) -> None:
    """Links answer, but for those that keep what is wrong."""
    page = Page(client.get(path).text)
    for link in {a["href"] for a in page.all("a") if "href" in a}:
        if link.startswith("#"):
            continue
        status = client.get(link).status_code
        wrong = re.search(r"age=x|year=1\b|999999", link) is not None
        assert (status == 200) != wrong, link


# --- language ---------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_the_browser_chooses_the_language(
    client: TestClient[Litestar], path: str
) -> None:
    response = client.get(path, headers={"Accept-Language": "pt-BR,en;q=.5"})
    assert response.headers["content-language"] == "pt-BR"
    assert "Accept-Language" in response.headers["vary"]
    assert '<html lang="pt-BR">' in response.text
    assert PT["skip"] in response.text
    assert '<html lang="en">' in client.get(path).text


def test_the_chosen_language_stays(client: TestClient[Litestar]) -> None:
    page = page_of(client, "/", side="films", lang="pt", **FILM)
    kept = [a["href"] for a in page.all("a") if "hreflang" not in a]
    pages = [
        link
        for link in kept
        if not link.startswith("#")
        and not re.search(r"\.(csv|json)|^/schema", link)
    ]
    assert len(pages) > 10
    assert all("lang=pt" in link for link in pages)
    assert len(page.all("input", name="lang", value="pt")) == 2


@pytest.mark.parametrize("path", PATHS)
def test_no_english_is_left_on_a_portuguese_page(
    client: TestClient[Litestar], path: str
) -> None:
    join = "&" if "?" in path else "?"
    text = client.get(f"{path}{join}lang=pt").text
    texts = {
        english
        for key, english in EN.items()
        if english != PT[key] and len(english) > 14 and "{" not in english
    }
    assert not {english for english in texts if f">{english}<" in text}


# --- films for a person -----------------------------------------------


def test_a_rating_refines_the_list_and_leaves_it(
    client: TestClient[Litestar],
) -> None:
    before = page_of(client, "/", side="films", gender="F")
    buttons = before.all("button", class_="rate-loved")
    assert len(buttons) == len(before.all("li", class_="card"))
    loved = buttons[0]["value"]
    movie_id = loved.split(":")[0]
    after = page_of(client, "/", side="films", gender="F", rated=loved)
    shown = {b["value"].split(":")[0] for b in after.all("button")[1:]}
    assert movie_id not in shown
    assert after.all("input", name="rated", value=loved)
    chip = after.all("a", class_="chip")[0]
    assert chip["href"] == "/?side=films&gender=F#films-answer"


def test_five_films_are_asked_about(client: TestClient[Litestar]) -> None:
    page = page_of(client, "/", side="films", gender="F", lang="en")
    answer = client.post(
        "/recommendations",
        json={"profile": {"gender": "F"}, "n_questions": 5},
    ).json()
    assert [b["value"] for b in page.all("button", class_="tap-loved")] == [
        f"{question['movie_id']}:4:asked" for question in answer["questions"]
    ]
    assert [b["value"] for b in page.all("button", class_="tap-not_seen")] == [
        f"{question['movie_id']}:0" for question in answer["questions"]
    ]
    # in the order of the bars, of the cards and of the scale from 0 to 10
    order = [
        b["value"].split(":")[1]
        for b in page.all("button", name="rate")
        if b["value"].endswith((":asked", ":0"))
    ]
    assert order == list("12340") * 5
    label = page.all("button", class_="tap-hated")[0]["aria-label"]
    title = answer["questions"][0]["display_title"]
    assert label == EN["taps.answer"].format(
        title=title, answer=EN["class.hated"]
    )


def test_the_last_answer_tells_what_it_changed(
    client: TestClient[Litestar],
) -> None:
    """Places are those of the API's lists, without and with the answer."""
    first = client.post("/recommendations", json={"n_questions": 2}).json()
    one, two = (q["movie_id"] for q in first["questions"])
    lists = []
    for ratings in (
        [{"movie_id": one, "rating_class": "loved", "asked": True}],
        [
            {"movie_id": one, "rating_class": "loved", "asked": True},
            {"movie_id": two, "rating_class": "hated", "asked": True},
        ],
    ):
        body = {"ratings": ratings, "limit": 100}
        answer = client.post("/recommendations", json=body).json()
        lists.append({i["movie_id"]: i["rank"] for i in answer["items"]})
    before, after = lists
    top = sorted(after, key=lambda film: after[film])[:10]
    moved = [before[film] - after[film] for film in top]
    text = client.get(
        "/",
        params={
            "side": "films",
            "lang": "en",
            "rated": [f"{one}:4:asked", f"{two}:1:asked"],
        },
    ).text
    shown = re.findall(r'class="change (up|down)"[^>]*>(.*?)</span>', text)
    assert shown == [
        (
            "up" if places > 0 else "down",
            f"{'+' if places > 0 else '−'}{abs(places)} "
            f"place{'s' * (abs(places) != 1)}",
        )
        for places in moved
        if places
    ]
    assert shown
    n_new = sum(before[film] > 10 for film in top)
    told = f"{n_new} films? (is|are) new" if n_new else "the same films"
    assert re.search(f"{EN['class.hated']}\\. .*{told}", text)


def test_without_an_answer_nothing_has_changed(
    client: TestClient[Litestar],
) -> None:
    text = client.get("/?side=films&gender=F&lang=en").text
    assert 'class="change' not in text
    assert "on the list." not in text


def test_the_answer_is_the_apis(client: TestClient[Litestar]) -> None:
    question = {
        "gender": "F",
        "age": "27",
        "rated": "3:4",
        "genres": "Drama",
        "rank_by": "distinctive",
    }
    body = {
        "profile": {"gender": "F", "age": 27},
        "ratings": [{"movie_id": 3, "rating_class": 4}],
        "filters": {"genres": ["Drama"]},
        "rank_by": "distinctive",
    }
    answer = client.post("/recommendations", json=body).json()
    response = client.get("/recommendations.json", params=question)
    assert response.json() == answer
    page = page_of(client, "/", side="films", **question)
    shown = [
        int(b["value"].split(":")[0])
        for b in page.all("button", class_="rate-loved")
    ]
    assert shown == [item["movie_id"] for item in answer["items"]]


def test_films_as_a_table_are_those_of_the_json(
    client: TestClient[Litestar],
) -> None:
    link = "/recommendations.{}?gender=M&limit=7"
    items = client.get(link.format("json")).json()["items"]
    response = client.get(link.format("csv"))
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [int(row["movie_id"]) for row in rows] == [
        item["movie_id"] for item in items
    ]
    for row, item in zip(rows, items, strict=True):
        assert row["title"] == item["title"]
        assert float(row["interest"]) == item["interest"]
        assert [
            float(row[f"p_{name}"])
            for name in ("hated", "disliked", "liked", "loved")
        ] == [p["probability"] for p in item["probabilities"]]


@pytest.mark.parametrize("language", TEXTS)
def test_interest_is_told_as_a_rating_and_not_as_having_seen(
    client: TestClient[Litestar], language: str
) -> None:
    text = client.get(f"/?side=films&lang={language}").text
    told = re.findall(r'<span class="interest">(.*?)</span>', text)
    assert len(told) == 10
    for sentence in told:
        assert re.search(r"\brated\b|\bavaliado\b", sentence)
        assert not re.search(r"\bseen\b|\bvisto\b", sentence)


@pytest.mark.parametrize("answer", ["4", "0"])
def test_interest_is_told_of_a_profile_alone(
    client: TestClient[Litestar], answer: str
) -> None:
    """With films rated or not seen it orders films, and is no probability."""
    film = client.get("/movies").json()["items"][0]["movie_id"]
    text = client.get(f"/?side=films&rated={film}:{answer}").text
    assert 'class="reason"' in text
    assert 'class="interest"' not in text


def test_two_people_side_by_side(client: TestClient[Litestar]) -> None:
    page = page_of(
        client, "/", side="films", gender="F", b_gender="M", b_age="60"
    )
    assert len(page.all("article", class_="listing")) == 2
    links = [a["href"] for a in page.all("a") if ".json" in a.get("href", "")]
    assert links == [
        "/recommendations.json?gender=F",
        "/recommendations.json?gender=M&age=60",
    ]


def test_a_line_joins_the_two_places_of_a_film(
    client: TestClient[Litestar],
) -> None:
    asked = {"side": "films", "gender": "F", "b_gender": "M", "b_age": "60"}
    page = page_of(client, "/", **asked, lang="en")
    ours, theirs = (
        [
            item["movie_id"]
            for item in client.get(
                f"/recommendations.json?{person}&limit=10"
            ).json()["items"]
        ]
        for person in ("gender=F", "gender=M&age=60")
    )
    (chart,) = page.all("svg", viewbox=f"0 0 10 {len(ours)}")
    assert chart["preserveaspectratio"] == "none"
    lines = {
        (float(line["y1"]), float(line["y2"]))
        for line in page.all("line", x1="0", x2="10")
    }
    assert lines == {
        (k + 0.5, theirs.index(film) + 0.5)
        for k, film in enumerate(ours)
        if film in theirs
    }
    assert lines
    marked = page.all("li", class_="is-shared")
    assert len(marked) == 2 * len(lines)


def test_what_sets_the_person_apart_stands_beside_the_list(
    client: TestClient[Litestar],
) -> None:
    question = "gender=F&age=60&genres=Drama"
    answer = client.get(
        f"/recommendations.json?{question}&rank_by=distinctive"
    ).json()
    text = client.get(f"/?{question}&lang=en").text
    beside = text.partition('class="distinctive"')[2]
    films = re.findall(r'<h3><a href="/films/(\d+)', beside)
    assert [int(film) for film in films] == [
        item["movie_id"] for item in answer["items"]
    ]
    assert f"/recommendations.csv?{question}&rank_by=distinctive" in (
        beside.replace("&amp;", "&")
    )
    for same in ("", "?gender=F&rank_by=liking", "?gender=F&b_gender=M"):
        assert 'class="distinctive"' not in client.get(f"/{same}").text


def test_a_bar_is_told_in_words(client: TestClient[Litestar]) -> None:
    page = page_of(client, "/", side="films", lang="pt")
    bars = page.all("svg", class_="bar")
    assert len(bars) == len(page.all("li", class_="card"))
    for bar in bars:
        assert bar["role"] == "img"
        said = re.findall(r"(\d+)%", bar["aria-label"])
        assert 98 <= sum(map(int, said)) <= 102
        assert "Adorei" in bar["aria-label"]


def test_what_was_ignored_is_said(client: TestClient[Litestar]) -> None:
    text = client.get("/?nationality=Brazil&lang=en").text
    assert EN["notice.profile.nationality_abroad"] in text


def test_a_profile_nobody_has_is_said(client: TestClient[Litestar]) -> None:
    question = "gender=F&age=10&occupation=farmer&zip_code=02139"
    answer = client.get(f"/recommendations.json?{question}").json()
    assert answer["rests_on"]["n_users"] == 0
    text = client.get(f"/?side=films&{question}").text
    assert "Nobody in the data is exactly like this (women under 18" in text


def test_nothing_that_passes_the_filters_is_said(
    client: TestClient[Litestar],
) -> None:
    text = client.get("/?side=films&year_from=2150").text
    assert EN["films.none"] in text


# --- an audience for a film -------------------------------------------


def test_the_audience_is_the_apis(client: TestClient[Litestar]) -> None:
    body = {
        "movie": {"title": "Cosmos", "year": 1990, "genres": ["Drama"]},
        "by": ["occupation"],
        "rank_by": "affinity",
        "limit": 3528,
    }
    answer = client.post("/audiences", json=body).json()
    question = {**FILM, "by": "occupation", "measure": "affinity"}
    assert client.get("/audience.json", params=question).json() == answer
    table = client.get("/audience.csv", params=question).text
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["occupation"] for row in rows] == [
        s["segment"]["occupation"] for s in answer["segments"]
    ]
    assert [float(row["affinity_low"]) for row in rows] == [
        s["affinity"]["low"] for s in answer["segments"]
    ]
    assert [float(row["p_loved"]) for row in rows] == [
        s["probabilities"][3]["probability"] for s in answer["segments"]
    ]


@pytest.mark.parametrize(
    ("by", "seats"),
    [
        (("gender", "age_group"), 14),
        (("occupation",), 0),
        (("region", "occupation"), 252),
        (("gender", "age_group", "region"), 0),
    ],
)
def test_every_segment_has_a_seat(
    client: TestClient[Litestar], by: tuple[str, ...], seats: int
) -> None:
    page = page_of(client, "/", side="audience", by=list(by), **FILM)
    shown = page.all("span", **{"data-seat": ""})
    assert len(shown) == seats
    for seat in shown:
        assert seat["tabindex"] == "0"
        assert f"{seat['id']}-tip" == seat["aria-describedby"]
        assert re.match(r"seat (over|under|even|unsure|empty)", seat["class"])


def test_a_changed_genre_shows_the_difference(
    client: TestClient[Litestar],
) -> None:
    start = page_of(client, "/", side="audience", **FILM)
    switch = next(
        a
        for a in start.all("a")
        if a.get("aria-label") == EN["audience.change.off"].format(genre="War")
    )
    assert switch["href"] == (
        "/?side=audience&title=Cosmos&year=1990&film_genres=Drama"
        "&film_genres=War&base=Drama#audience-answer"
    )
    after = client.get(switch["href"]).text
    page = Page(after)
    changed = [
        a["class"]
        for a in page.all("span")
        if a.get("class", "").startswith("change ")
    ]
    body = {
        "movie": {"title": "Cosmos", "year": 1990, "genres": ["Drama"]},
        "other": {"title": "Cosmos", "year": 1990, "genres": ["Drama", "War"]},
        "limit": 14,
    }
    difference = client.post("/audiences/difference", json=body).json()
    told = {
        "above": "change up",
        "below": "change down",
        "none": "change same",
    }
    assert sorted(changed) == sorted(
        told[s["reach_supported"]] for s in difference["segments"]
    )
    assert "Before: Drama." in after
    assert (EN["change.none"] in after) == (difference["n_supported"] == 0)
    undo = page.all("a", id="change-undo")[0]["href"]
    assert "base" not in undo
    assert "War" not in undo


def change(value: float, supported: Any) -> schemas.SegmentDifference:
    """A segment whose index changes, or not."""
    estimate = schemas.Estimate(value, value - 5, value + 5)
    return schemas.SegmentDifference(
        rank=1,
        segment={"gender": "F"},
        reach=estimate,
        reach_index=estimate,
        reach_supported=supported,
        probabilities=(),
        affinity=estimate,
        affinity_supported=supported,
        n_users=100,
    )


@pytest.mark.parametrize("n", [0, 1, 4, 5, 9])
def test_every_group_of_a_target_is_named(n: int) -> None:
    levels = [{"occupation": name} for name in DIMENSIONS["occupation"][:n]]
    chosen: Any = tuple(levels)
    answer: Any = SimpleNamespace(
        by=("occupation",), target=schemas.Target(chosen, "")
    )
    for words in WORDS.values():
        sentence, groups = target_text(words, answer)
        told = f"{sentence} {' '.join(groups)}"
        for level in levels:
            assert words.people(level) in told
        assert bool(groups) == (n > 4)


@pytest.mark.parametrize(
    ("value", "supported", "told"),
    [
        (
            12.0,
            "above",
            "Before: Drama. Largest gain: women (+12 of reach index; +7 to "
            "+17).",
        ),
        (
            -12.0,
            "below",
            "Before: Drama. Largest loss: women (−12 of reach index; −17 to "
            "−7).",
        ),
        (3.0, "none", f"Before: Drama. {EN['change.none']}"),
    ],
)
def test_only_a_change_that_is_supported_is_told(
    value: float, supported: str, told: str
) -> None:
    film = schemas.FilmRequest("A", None, ("Drama",))
    changes = schemas.AudienceDifferences(
        release="r",
        data_generated=True,
        movie=film,
        other=film,
        by=("gender",),
        rank_by="reach_index",
        n_raters=None,
        other_n_raters=None,
        comparables=(),
        other_comparables=(),
        interval=0.8,
        n_segments=1,
        n_supported=1,
        sentence="",
        segments=(change(value, supported),),
    )
    assert change_text(WORDS["en"], changes, "reach_index") == told


def test_what_is_known_of_a_film_is_used(client: TestClient[Litestar]) -> None:
    question = {**FILM, "n_raters": "amplo", "comparables": "Film n2; film n3"}
    answer = client.get("/audience.json", params=question).json()
    widths = client.get("/segments").json()["release_widths"]
    assert answer["n_raters"] == widths[2]["n_raters"]
    named = [film["display_title"] for film in answer["comparables"]]
    assert named == ["Film n2", "Film n3"]
    page = client.get("/", params={"side": "audience", **question})
    assert page.status_code == 200
    assert "Held to be like it: Film n2" in page.text
    assert f"For {answer['n_raters']} people who rate it." in page.text
    assert Page(page.text).all("input", name="n_raters", value="wide")
    switches = Page(page.text).all("a", class_="chip chip-switch")
    assert all("n_raters=wide" in a["href"] for a in switches)


def test_a_film_without_genres_can_be_the_start(
    client: TestClient[Litestar],
) -> None:
    page = page_of(client, "/", side="audience", title="Cosmos")
    links = [a["href"] for a in page.all("a", class_="chip chip-switch")]
    assert any("film_genres=War&base=none" in link for link in links)
    text = client.get("/?title=A&film_genres=War&base=none").text
    assert "Before: no genre." in text


@pytest.mark.parametrize("language", TEXTS)
def test_whose_share_an_index_is_of_is_said(
    client: TestClient[Litestar], language: str
) -> None:
    question = {"side": "audience", "lang": language, **FILM}
    text = client.get("/", params=question).text
    hint = TEXTS[language]["measure.reach_index.hint"]
    assert hint[0].upper() + hint[1:] in text


@pytest.mark.parametrize(("enough", "is_told"), [(1, True), (10**6, False)])
def test_few_ratings_of_a_similar_film_are_no_shares(
    client: TestClient[Litestar],
    monkeypatch: pytest.MonkeyPatch,
    enough: int,
    is_told: bool,
) -> None:
    monkeypatch.setattr("api.pages.similar.ENOUGH", enough)
    text = client.get("/", params={**FILM, "lang": "en"}).text
    similars = re.findall(r'<li class="similar">.*?</li>', text, re.S)
    assert similars
    for film in similars:
        assert ('class="bar"' in film) == is_told
        assert ("too few to say whose" in film) != is_told


def test_a_films_page_names_similar_films_but_not_itself(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    text = client.get("/films/3?lang=en&by=gender").text
    similars = re.findall(r'<li class="similar">.*?</li>', text, re.S)
    assert len(similars) == 5
    assert not any("/films/3?" in film for film in similars)
    # the same audiences, whatever the groups of the page's own maps
    for by in ("gender&by=age_group", "occupation"):
        other = client.get(f"/films/3?lang=en&by={by}").text
        assert similars == re.findall(
            r'<li class="similar">.*?</li>', other, re.S
        )


def best_known(loaded: LoadedRelease) -> int:
    """The id of the film with the most ratings."""
    n_ratings = loaded.catalogue.counts[:, 0, 0]
    return int(loaded.catalogue.movie_ids[n_ratings.argmax()])


def test_a_films_page_names_the_similar_films_that_the_api_does(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    movie_id = best_known(loaded)
    text = client.get(f"/films/{movie_id}?lang=en").text
    shown = re.findall(r'<li class="similar">.*?</li>', text, re.S)
    answer = client.get(f"/movies/{movie_id}/similar-movies").json()
    assert len(shown) == len(answer["items"])
    for item, film in zip(shown, answer["items"], strict=True):
        assert f"/films/{film['movie_id']}?" in item
        told = EN_WORDS.percent(film["similarity"])
        assert EN["audience.similarity"].format(share=told) in item
        assert f"{film['n_ratings']} ratings" in item


def test_a_films_page_names_films_whose_audience_overlaps(
    client: TestClient[Litestar], loaded: LoadedRelease
) -> None:
    movie_id = best_known(loaded)
    text = client.get(f"/films/{movie_id}?lang=en").text
    (part,) = re.findall(
        r'aria-labelledby="film-overlap">.*?</section>', text, re.S
    )
    answer = client.get(f"/movies/{movie_id}/overlapping-movies").json()
    assert answer["items"]
    for film in answer["items"]:
        assert f"/films/{film['movie_id']}?" in part
        shares = (film["interest"], film["interest_of_everyone"])
        (row,) = [
            row
            for row in re.findall("<tr.*?</tr>", part, re.S)
            if f"/films/{film['movie_id']}?" in row
        ]
        cells = re.findall("<td[^>]*>(.*?)</td>", row)
        assert cells[:2] == [EN_WORDS.percent(share) for share in shares]
    assert part.count("<tr") == len(answer["items"]) + 1


def test_too_few_ratings_name_no_overlapping_audience(
    client: TestClient[Litestar], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("similar", "film_page"):
        monkeypatch.setattr(f"api.pages.{module}.ENOUGH", 10**6)
    monkeypatch.setattr("api.service.overlaps.LEAST_RATINGS", 10**6)
    text = client.get("/films/3?lang=en").text
    assert EN["film.overlap.few"].format(n="1,000,000") in text
    assert EN["film.overlap.share"] not in text
    similars = re.findall(r'<li class="similar">.*?</li>', text, re.S)
    assert all("too few to say whose" in film for film in similars)
    # nor does the film's own map tell an index of a few ratings
    assert "ratings: too few to say whose.</p>" in text
    (actual,) = re.findall(
        r'aria-labelledby="half-2">.*?</section>', text, re.S
    )
    values = re.findall(r"<b>(.*?)</b>", actual)
    assert set(values) == {"–"}
    assert "The actual share lies" not in text


def test_a_known_film_is_pointed_out(client: TestClient[Litestar]) -> None:
    page = page_of(client, "/", side="audience", title="The café 0")
    assert any(
        a["href"].startswith("/films/3") and "film" not in a.get("class", "")
        for a in page.all("a")
    )


def test_without_a_film_an_example_is_answered(
    client: TestClient[Litestar],
) -> None:
    text = client.get("/?side=audience&lang=pt").text
    assert PT["audience.example"] in text
    assert (
        PT["audience.example"]
        not in client.get("/?side=audience&lang=pt&title=A").text
    )


def test_a_cleared_form_asks(client: TestClient[Litestar]) -> None:
    blank = "/?side=audience&title=&year=&lang=pt"
    response = client.get(blank)
    assert response.status_code == 200
    assert PT["audience.prompt"] in response.text
    assert PT["audience.example"] not in response.text
    page = Page(response.text)
    assert not page.all("article", id="audience-answer")
    assert not page.all("span", id="f-title-error")
    # The other side's form, and reloading, leave it cleared.
    films = Page(client.get("/?side=films&title=").text)
    assert films.all("input", name="title", type="hidden", value="")
    headers = {"HX-Request": "true"}
    pushed = client.get(blank, headers=headers).headers["hx-push-url"]
    assert PT["audience.prompt"] in client.get(pushed).text


def test_a_year_without_a_title_asks_for_the_title(
    client: TestClient[Litestar],
) -> None:
    response = client.get("/?side=audience&title=&year=1990")
    assert response.status_code == 400
    assert Page(response.text).all("span", id="f-title-error")


# --- a known film -----------------------------------------------------


def test_a_film_is_predicted_beside_actual(
    client: TestClient[Litestar],
) -> None:
    page = page_of(client, "/films/3")
    assert len(page.all("table", **{"data-map": ""})) == 2
    answer = client.get("/movies/3").json()
    assert client.get("/films/3/audience.json").json() == answer
    rows = list(
        csv.DictReader(io.StringIO(client.get("/films/3/audience.csv").text))
    )
    assert [float(row["reach"]) for row in rows] == [
        s["reach"] for s in answer["segments"]
    ]


def test_a_films_prediction_is_said_to_be_without_its_ratings(
    client: TestClient[Litestar],
) -> None:
    for language, texts in TEXTS.items():
        text = client.get(f"/films/3?lang={language}").text
        assert texts["film.lead"] in text
        assert texts["film.lead.new"] not in text


@pytest.mark.parametrize(
    ("raters_to", "told"),
    [
        (
            100,
            "Of 1,234 films with 30 to 99 ratings, predicted in the same way, "
            "81% of the actual shares lay in their 80% interval.",
        ),
        (
            None,
            "Of 1,234 films with 30 ratings or more, predicted in the same "
            "way, 81% of the actual shares lay in their 80% interval.",
        ),
    ],
)
def test_how_often_intervals_held_is_told(
    raters_to: int | None, told: str
) -> None:
    record = schemas.IntervalRecord(0.8, 0.81, 1234, 30, raters_to)
    assert record_text(WORDS["en"], record) == told
    assert "1.234 filmes" in record_text(WORDS["pt"], record)
    assert not record_text(WORDS["en"], None)


def test_a_film_that_nobody_rated_has_a_page(
    client: TestClient[Litestar],
) -> None:
    text = client.get("/films/360").text
    assert EN["film.none"] in text
    assert EN["film.lead.new"] in text


def test_a_film_there_is_not(client: TestClient[Litestar]) -> None:
    response = client.get("/films/999999?lang=pt")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert PT["error.404.film"] in response.text
    response = client.get("/films/999999/audience.json")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/nothing", "/films/x", "/a.csv"])
def test_an_unknown_address_has_a_page_for_browsers(
    client: TestClient[Litestar], path: str
) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "pt"}
    response = client.get(path, headers=browser)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert PT["error.404"] in response.text
    assert Page(response.text).all("a", class_="button", href="/")
    plain = client.get(path)
    assert plain.status_code == 404
    assert plain.headers["content-type"] == "application/problem+json"


def test_films_are_found_by_words(client: TestClient[Litestar]) -> None:
    text = client.get("/films?search=cafe+7").text
    assert "The Café 7 Rouge" in text
    assert EN["search.none"] in client.get("/films?search=zzz").text
    assert client.get("/films?search=" + "x" * 201).status_code == 400


# --- what is wrong ----------------------------------------------------


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("age=x", "age"),
        ("b_age=x", "b_age"),
        ("gender=X", "gender"),
        ("occupation=king", "occupation"),
        ("nationality=Narnia", "nationality"),
        ("genres=Noir", "genres"),
        ("year_from=1990&year_to=1980", "year_to"),
        ("film_genres=Noir&title=A", "film_genres"),
        ("title=A&year=99999", "year"),
        ("year=1990", "title"),
        ("title=A&n_raters=many", "n_raters"),
        ("title=A&comparables=Nothing+of+the+kind", "comparables"),
        ("by=gender&by=age_group&by=occupation&by=region", "by"),
    ],
)
def test_an_error_is_told_below_the_form_and_moves_no_field(
    client: TestClient[Litestar], question: str, field: str
) -> None:
    response = client.get(f"/?{question}&lang=pt")
    assert response.status_code == 400
    page = Page(response.text)
    assert page.all("span", id=f"f-{field}-error")
    marked = [
        attributes
        for _, attributes in page.elements
        if f"f-{field}-error" in attributes.get("aria-describedby", "")
    ]
    assert [a["aria-invalid"] for a in marked] == ["true"]
    names = [a.get("id") for _, a in page.elements]
    last = max(
        k
        for k, (tag, _) in enumerate(page.elements)
        if tag in ("input", "select")
    )
    assert names.index(f"f-{field}-error") > last
    plain = field.removeprefix("b_")
    allowed = what_is_allowed(WORDS["pt"], plain)
    assert allowed in html.unescape(response.text)


@pytest.mark.parametrize(
    ("path", "key", "field"),
    [
        ("/?age=x&b_age=y", "error.of.person", "field.age"),
        ("/compare?year=x&b_year=y", "error.of.film", "field.year"),
    ],
)
def test_an_error_says_which_of_two_is_meant(
    client: TestClient[Litestar], path: str, key: str, field: str
) -> None:
    response = client.get(f"{path}&lang=pt")
    assert response.status_code == 400
    assert f"<li>{PT[field]}: " in response.text
    assert f"<li>{PT[key].format(field=PT[field])}: " in response.text


def test_errors_without_a_field_are_in_the_summary(
    client: TestClient[Litestar],
) -> None:
    response = client.get("/?rated=1:9")
    assert response.status_code == 400
    assert EN["allowed.rated"] in response.text
    assert client.get("/?rated=1:4").status_code == 400  # no such film


def test_a_files_errors_are_problem_details(
    client: TestClient[Litestar],
) -> None:
    response = client.get("/recommendations.csv?age=x&rated=1:9")
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert [e["field"] for e in response.json()["errors"]] == [
        "age",
        "rated",
    ]


def test_what_means_nothing_is_said(client: TestClient[Litestar]) -> None:
    text = client.get("/?utm_source=mail&gender=F&side=left&lang=xx").text
    names = "utm_source, lang=xx, side=left"
    assert EN["unknown"].format(names=names) in text


@pytest.mark.parametrize(
    "path",
    [
        "/recommendations.json?agee=1",
        "/recommendations.csv?b_age=1",
        "/audience.json?title=A&gender=F",
        "/films/3/audience.csv?lang=pt",
    ],
)
def test_a_file_refuses_what_means_nothing(
    client: TestClient[Litestar], path: str
) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] in path


def test_a_list_for_nobody_in_particular_says_so(
    client: TestClient[Litestar],
) -> None:
    same = EN["films.same"]
    assert same in client.get("/?side=films").text
    assert same not in client.get("/?side=films&gender=F").text
    assert same not in client.get("/?side=films&rated=3:4").text


def test_what_is_given_is_never_markup(client: TestClient[Litestar]) -> None:
    evil = "<script>alert(1)</script>\"'"
    for name in ("title", "nationality", "age", "search", evil):
        text = client.get("/", params={name: evil}).text
        assert "<script>alert" not in text


def test_before_a_release_serves_pages_say_so(tmp_path: Path) -> None:
    empty = settings_of(tmp_path, tmp_path / "store")
    with TestClient(create_app(empty)) as client:
        response = client.get("/?gender=F&lang=pt")
        assert response.status_code == 503
        assert response.headers["retry-after"]
        assert PT["error.503"] in response.text
        response = client.get("/recommendations.json")
        assert response.status_code == 503
        assert response.headers["retry-after"]
        assert response.headers["content-type"] == "application/problem+json"


def test_trying_again_asks_the_same_question() -> None:
    page_request = PageRequest.of(
        "/",
        Query.parse([("gender", "F")], words_of(MOVIELENS_1M)),
        "pt",
        MOVIELENS_1M,
    )
    page = problem_page(page_request, "503")
    assert page.status == 503
    assert PT["error.503"] in page.html
    assert 'href="/?gender=F"' in page.html


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(["/", "/films", "/films/3"]),
    st.lists(
        st.tuples(
            st.sampled_from(NAMES) | st.text(max_size=5),
            st.text(max_size=12)
            | st.integers().map(str)
            | st.sampled_from(["F", "25-34", "Drama", "3:4", "gender"]),
        ),
        max_size=8,
    ),
)
def test_any_question_gets_a_page(
    client: TestClient[Litestar], path: str, pairs: list[tuple[str, str]]
) -> None:
    def plain(text: str) -> str:
        return text.encode("utf-8", "replace").decode("utf-8")

    params = [(plain(name), plain(value)) for name, value in pairs]
    response = client.get(path, params=tuple(params))
    assert response.status_code in (200, 400)
    assert response.text.rstrip().endswith("</html>")


# --- how it comes -----------------------------------------------------


def test_generated_data_are_said_to_be_so(
    client: TestClient[Litestar],
) -> None:
    for path in ("/", "/films", "/films/3"):
        assert EN["generated"] in client.get(path).text
        assert EN["footer.data.generated"] in client.get(path).text


def test_the_release_is_named(client: TestClient[Litestar]) -> None:
    version = client.get("/model").json()["release"]
    response = client.get("/")
    assert version[:12] in response.text
    assert response.headers["x-plateia-release"] == version


def test_htmx_gets_the_part_that_changes(client: TestClient[Litestar]) -> None:
    response = client.get(
        "/?gender=F&age=&year=", headers={"HX-Request": "true"}
    )
    assert response.text.lstrip().startswith("<title>")
    assert "<html" not in response.text
    assert 'id="page"' in response.text
    assert response.headers["hx-push-url"] == "/?gender=F"
    assert "HX-Request" in response.headers["vary"]


def test_htmx_is_set_to_need_nothing_unsafe(
    client: TestClient[Litestar],
) -> None:
    page = page_of(client, "/")
    meta = page.all("meta", name="htmx-config")[0]
    config = json.loads(meta["content"])
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["historyCacheSize"] == 0


def test_assets_are_kept_for_long_under_an_address_of_their_content(
    client: TestClient[Litestar],
) -> None:
    page = page_of(client, "/")
    addresses = [
        link["href"]
        for link in page.all("link")
        if link["rel"] in ("icon", "stylesheet")
    ]
    addresses += [a["src"] for a in page.all("script")]
    assert len(addresses) == 4
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        assert f"/{response.headers['etag'].strip(chr(34))}/" in address
        old = re.sub(r"/assets/\w+/", "/assets/old/", address)
        assert client.get(old).headers["cache-control"] == "no-cache"
    assert client.get("/assets/x/none.css").status_code == 404


def test_htmx_comes_with_its_licence(client: TestClient[Litestar]) -> None:
    text = client.get("/assets/x/htmx.LICENSE.txt").text
    assert "Zero-Clause BSD" in text


def test_pages_are_not_in_the_apis_description(
    client: TestClient[Litestar],
) -> None:
    paths = client.get("/schema/openapi.json").json()["paths"]
    assert not {"/", "/films", "/recommendations.csv"} & set(paths)


# --- novelty and series -----------------------------------------------


def suggested(client: TestClient[Litestar], **query: str) -> list[str]:
    page = page_of(client, "/", side="films", limit="50", **query)
    return [
        attributes["href"]
        for tag, attributes in page.elements
        if tag == "a" and attributes.get("href", "").startswith("/films/")
    ]


def test_novelty_and_series_are_controls_of_the_form(
    client: TestClient[Litestar],
) -> None:
    plain = suggested(client, gender="F")
    assert suggested(client, gender="F", novelty="1") != plain
    assert suggested(client, gender="F", sequels="1") != plain
    page = page_of(client, "/", side="films", novelty="0.5", sequels="1")
    chosen = page.all("option", value="0.5")
    assert len(chosen) == 1
    assert "selected" in chosen[0]
    assert "checked" in page.all("input", id="f-sequels")[0]


def test_only_the_first_order_has_a_novelty(
    client: TestClient[Litestar],
) -> None:
    page = page_of(client, "/", side="films", rank_by="liking")
    assert not page.all("select", id="f-novelty")
    page = page_of(client, "/", side="films", novelty="1")
    links = [
        attributes["href"]
        for tag, attributes in page.elements
        if tag == "a" and "rank_by=" in attributes.get("href", "")
    ]
    assert links
    assert not any("novelty" in link for link in links)


@pytest.mark.parametrize(
    "query", [{"novelty": "2"}, {"novelty": "x"}, {"sequels": "yes"}]
)
def test_a_novelty_or_series_without_meaning_is_told(
    client: TestClient[Litestar], query: dict[str, str]
) -> None:
    response = client.get("/", params={"side": "films", **query})
    assert response.status_code == 400
    name = next(iter(query))
    text = {"novelty": "a number from 0 to 1", "sequels": "1, or left out"}
    assert text[name] in response.text


AUDIENCE = {"side": "audience", **FILM}


def test_map_and_quadrant_tell_the_same(client: TestClient[Litestar]) -> None:
    films = (
        {"film_genres": genre, "measure": measure}
        for genre in ("Drama", "Horror", "Romance", "Sci-Fi")
        for measure in ("reach_index", "affinity")
    )
    for film in films:
        response = client.get("/", params={**AUDIENCE, **film})
        page = Page(response.text)
        seats = page.all("span", **{"data-seat": ""})
        bubbles = page.all("circle")
        assert len(seats) == len(bubbles) == 14
        targets = [s for s in seats if "is-target" in s["class"]]
        rings = [b for b in bubbles if "bubble-target" in b["class"]]
        assert len(targets) == len(rings)
        assert sorted(
            "unsure" if "unsure" in seat["class"] else seat["class"].split()[1]
            for seat in seats
        ) == sorted(
            bubble["class"].split()[0].removeprefix("fill-")
            for bubble in bubbles
        )


@pytest.mark.parametrize(
    ("by", "heading", "hint"),
    [
        (["gender", "age_group"], "audience.map", "audience.interval"),
        (["age_group"], "audience.groups", "briefing.interval"),
        (["gender", "age_group", "region"], "audience.groups", None),
    ],
)
def test_only_a_map_is_spoken_of_as_seats(
    client: TestClient[Litestar],
    by: list[str],
    heading: str,
    hint: str | None,
) -> None:
    response = client.get("/", params={**AUDIENCE, "by": by})
    assert f'id="map-heading">{EN[heading]}<' in response.text
    for key in ("audience.interval", "briefing.interval"):
        told = EN[key].format(share="80%") in response.text
        assert told == (key == hint)


def tiny_audience(
    loaded: LoadedRelease, by: tuple[str, ...]
) -> schemas.Audiences:
    request = schemas.AudienceRequest(
        movie=schemas.FilmRequest("Cosmos", 1990, ("Drama",)),
        by=by,
        limit=schemas.MAX_SEGMENTS,
    )
    return service.find_audience(loaded, request)


@pytest.mark.parametrize("n_more", [1, 3, 4, 6])
def test_the_verdict_names_whom_the_map_shows_as_more(
    loaded: LoadedRelease, n_more: int
) -> None:
    answer = tiny_audience(loaded, ("gender", "age_group"))
    answer = msgspec.structs.replace(
        answer,
        segments=tuple(
            msgspec.structs.replace(
                segment, reach_supported="above" if k < n_more else "none"
            )
            for k, segment in enumerate(answer.segments)
        ),
    )
    told = turns_up_text(EN_WORDS, answer)
    seats = audience_map(EN_WORDS, answer, None, "reach_index")
    assert seats
    more = [
        cell.who
        for row in seats.rows
        for cell in row.cells
        if "unsure" not in cell.step
    ]
    assert len(more) == n_more
    if n_more > 4:
        assert f"{n_more - 1} other groups" in told
    else:
        assert all(who in told for who in more)


def test_a_target_is_marked_in_every_picture(loaded: LoadedRelease) -> None:
    """No film of the tiny release has one, so one is made."""
    for by in (("gender", "age_group"), ("age_group",)):
        answer = tiny_audience(loaded, by)
        first, *others = answer.segments
        target = msgspec.structs.replace(first, is_target=True)
        answer = msgspec.structs.replace(answer, segments=(target, *others))
        who = EN_WORDS.people(target.segment)
        drawn = audience_quadrant(EN_WORDS, answer, "affinity")
        assert drawn
        rings = [b.details for b in drawn.bubbles if b.is_target]
        assert [text.startswith(who) for text in rings] == [True]
        seats = audience_map(EN_WORDS, answer, None, "affinity")
        plot = audience_plot(EN_WORDS, answer, "affinity")
        if seats:
            marked = [
                cell.who
                for row in seats.rows
                for cell in row.cells
                if cell.is_target
            ]
            assert marked == [who]
        else:
            assert plot
            assert len([r for r in plot.rows if r.name.endswith("★")]) == 1


def test_one_dimension_is_dots_with_intervals(
    client: TestClient[Litestar],
) -> None:
    page = page_of(client, "/", **AUDIENCE, by="age_group")
    assert len(page.all("line", class_="plot-range")) == 7
    assert not page.all("span", **{"data-seat": ""})
    assert len(page.all("circle")) == 7


@pytest.mark.parametrize("path", ["/", "/briefing"])
@pytest.mark.parametrize("measure", ["reach_index", "affinity"])
@pytest.mark.parametrize("by", ["age_group", "gender", "occupation"])
def test_the_legend_of_dots_has_the_colours_in_use_and_no_others(
    client: TestClient[Litestar], path: str, measure: str, by: str
) -> None:
    text = client.get(
        path, params={**AUDIENCE, "lang": "en", "by": by, "measure": measure}
    ).text
    assert 'class="ramp' not in text
    shown = set(re.findall(r'class="swatch dot dot-(\w+)"', text))
    dots = set(re.findall(r'class="plot-dot plot-(\w+)"', text))
    assert shown >= dots  # a dot beyond the drawing's end is not drawn
    assert shown
    fills = set(re.findall(r'<circle class="fill-([\w-]+)', text))
    steps = {"more": "over-5", "less": "under-5", "none": "unsure"}
    assert fills == {steps[name] for name in shown}


def test_a_map_keeps_the_whole_scale(client: TestClient[Litestar]) -> None:
    page = page_of(client, "/", **AUDIENCE)
    assert len(page.all("ol", class_="ramp")) == 1
    assert not page.all("p", class_="legend dots")


def test_three_dimensions_are_a_table_alone(
    client: TestClient[Litestar],
) -> None:
    page = page_of(
        client, "/", **AUDIENCE, by=["gender", "age_group", "region"]
    )
    assert not page.all("circle")
    assert not page.all("table", class_="plot")
    assert page.all("table", class_="table stacked")
