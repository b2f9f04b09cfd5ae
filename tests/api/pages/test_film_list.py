"""A list of films as CSV, sent from the page."""

import csv
import html
import io
import re
import tempfile

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.pages.film_list_page import with_commas
from tests.api.translators import WORDS

EN = WORDS["en"]

HEADER = "film_id,title,year,genres\n"
FILMS = HEADER + "a,Space Dust,1999,Action|Sci-Fi\nb,Old Letters,,Drama\n"


def test_every_row_is_answered(client: TestClient[Litestar]) -> None:
    response = client.post(
        "/film-list.csv?lang=en",
        files={"films": ("films.csv", FILMS.encode())},
        data={"by": "gender"},
    )
    assert response.status_code == 200, response.text
    table = response.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(r["film_id"], r["gender"]) for r in rows] == [
        ("a", "F"),
        ("a", "M"),
        ("b", "F"),
        ("b", "M"),
    ]
    answer = client.post(
        "/audiences",
        json={
            "movie": {"title": "Old Letters", "genres": ["Drama"]},
            "by": ["gender"],
        },
    ).json()
    shares = {
        s["segment"]["gender"]: s["reach"]["value"] for s in answer["segments"]
    }
    for row in rows[2:]:
        assert abs(float(row["reach"]) - shares[row["gender"]]) < 1e-4


def rows_of(text: str) -> list[list[str]]:
    """Cells of the table's rows, without markup."""
    body = text.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    return [
        [re.sub("<[^>]*>", "", cell).strip() for cell in cells]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
        if (cells := re.findall(r"<t[hd].*?</t[hd]>", row, re.S))
    ]


def shown(client: TestClient[Litestar], **data: str) -> str:
    response = client.post(
        "/film-list.html?lang=en",
        files={"films": ("films.csv", FILMS.encode())},
        data={"by": "gender", **data},
    )
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/html")
    return str(response.text)


def test_the_page_shows_the_rows_of_the_file(
    client: TestClient[Litestar],
) -> None:
    rows = rows_of(shown(client))
    assert [row[:2] for row in rows] == [
        ["Space Dust (1999)", "women"],
        ["Space Dust (1999)", "men"],
        ["Old Letters", "women"],
        ["Old Letters", "men"],
    ]
    response = client.post(
        "/film-list.csv?lang=en",
        files={"films": ("films.csv", FILMS.encode())},
        data={"by": "gender"},
    )
    table = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    for row, written in zip(rows, table, strict=True):
        assert row[2] == EN.percent(float(written["reach"]))
        assert row[3].startswith(EN.number(float(written["reach_index"])))
        liked = float(written["p_liked"]) + float(written["p_loved"])
        assert row[4] == EN.percent(liked)


@pytest.mark.parametrize(
    ("sort", "column"), [("reach", 2), ("reach_index", 3), ("liking", 4)]
)
def test_the_table_is_sorted_without_javascript(
    client: TestClient[Litestar], sort: str, column: int
) -> None:
    text = shown(client)
    # the file that was sent is in the form, and sent again by its buttons
    (again,) = re.findall(r"<textarea.*?>\n(.*?)</textarea>", text, re.S)
    assert f'name="sort" value="{sort}"' in text
    response = client.post(
        "/film-list.html?lang=en",
        files={"text": (None, html.unescape(again).encode())},
        data={"by": "gender", "sort": sort},
    )
    values = [
        float(row[column].split("%")[0].split(" ")[0].replace(",", ""))
        for row in rows_of(response.text)
    ]
    assert len(values) == 4
    assert values == sorted(values, reverse=True)
    assert 'aria-sort="descending"' in response.text


def test_a_long_table_says_what_it_leaves_out(
    client: TestClient[Litestar], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.film_list_page.MOST_ROWS", 3)
    text = shown(client, sort="nonsense")
    assert len(rows_of(text)) == 3
    told = EN("list.status.part", films="2", rows="4", shown="3")
    assert html.escape(told) in text


def test_a_title_of_the_file_stays_text(client: TestClient[Litestar]) -> None:
    evil = HEADER + "a,</textarea><script>alert(1)</script>,1999,Drama\n"
    response = client.post(
        "/film-list.html?lang=en",
        files={"films": ("films.csv", evil.encode())},
    )
    assert response.status_code == 200
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("path", ["/film-list.html", "/film-list.csv"])
def test_a_wrong_row_is_named_and_nothing_is_answered(
    client: TestClient[Litestar], path: str
) -> None:
    for language, told in (("en", "Row 3"), ("pt", "Linha 3")):
        wrong = FILMS.replace("b,Old Letters,,Drama", "b,Old Letters,x,Drama")
        response = client.post(
            f"{path}?lang={language}",
            files={"films": ("films.csv", wrong.encode())},
        )
        assert response.status_code == 400
        assert response.headers["content-type"].startswith("text/html")
        assert told in response.text
        assert 'href="/film-list?lang=pt"' in response.text


def test_a_file_that_is_no_list_is_refused(
    client: TestClient[Litestar],
) -> None:
    for content in (b"\xff\xfe", b"film_id,title,year,genres,budget\n"):
        response = client.post(
            "/film-list.csv?lang=en", files={"films": ("films.csv", content)}
        )
        assert response.status_code == 400
        assert "cannot be used" in response.text
        assert tempfile.gettempdir() not in response.text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("film_id,title,genres\n", "Falta na primeira linha a coluna year."),
        ("title,year\nA,1\n", "as colunas film_id e genres."),
        ("", "as colunas film_id, title, year e genres."),
    ],
)
def test_columns_that_lack_are_named_in_the_readers_language(
    client: TestClient[Litestar], content: str, told: str
) -> None:
    response = client.post(
        "/film-list.html?lang=pt",
        files={"films": ("films.csv", content.encode())},
    )
    assert response.status_code == 400
    assert told in response.text


def test_a_list_as_a_portuguese_excel_writes_it_is_read(
    client: TestClient[Litestar],
) -> None:
    quoted = 'film_id,title,year,genres\n1,"Dust, and Sand; 2",1999,Drama\n'
    parted = 'film_id;title;year;genres\r\n1;"Dust, and Sand; 2";1999;Drama'
    answers = [
        client.post(
            "/film-list.csv?lang=en",
            files={"films": ("films.csv", content)},
        )
        for content in (quoted.encode(), b"\xef\xbb\xbf" + parted.encode())
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    page = client.post(
        "/film-list.html?lang=pt", files={"films": ("films.csv", parted)}
    )
    assert "Dust, and Sand; 2" in page.text


@pytest.mark.parametrize("content", [b"", b"a,b;c\n1,2;3\n", b"a;b\n\xff;1\n"])
def test_a_list_of_another_kind_stays_as_it_is(content: bytes) -> None:
    assert with_commas(content) == content
