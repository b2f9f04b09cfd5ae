"""A list of films as CSV, sent from the page."""

import csv
import html
import io
import re
import tempfile
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.pages.film_list_page import NAME
from api.pages.film_list_page import told as told_of
from models_ml.batch.files import (
    BadRow,
    FileError,
    MissingColumnsError,
    NotUtf8Error,
    RepeatedColumnError,
    RowLengthError,
    UnknownColumnError,
)
from models_ml.errors import InvalidField, InvalidFields
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
    body = re.split("<tbody[^>]*>", text)[1].split("</tbody>", maxsplit=1)[0]
    return [
        [re.sub("<[^>]*>", "", cell).strip() for cell in cells]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.S)
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


ROW = HEADER + "1,Dust,1999,Drama\n"
KNOWN = HEADER.strip() + ",n_raters,comparables\n1,Dust,1999,Drama,"
COLUMNS = "film_id, title, year, genres, n_raters e comparables"
#: By what is sent (and by `by`), the sentence of the Portuguese page.
REFUSED = {
    "film_id,title,genres\n": "Falta na primeira linha a coluna year.",
    "title,year\nA,1\n": "as colunas film_id e genres.",
    "": "as colunas film_id, title, year e genres.",
    HEADER.strip() + ",budget\n": (
        "A coluna “budget” não serve aqui e seria ignorada. "
        f"Permitidas: {COLUMNS}."
    ),
    HEADER.strip() + ",title\n": (
        "A coluna “title” aparece mais de uma vez na primeira linha."
    ),
    ROW + "2,Dust\n": "A linha 3 tem 2 campos, e a primeira tem 4.",
    ROW + "2\n": "A linha 3 tem 1 campo, e a primeira tem 4.",
    ROW + "2,Dust,1999,Drama,\n": "A linha 3 tem 5 campos",
    b"\xff\xfe\n": "O arquivo não está em UTF-8.",
    (ROW + "2,Ação,1999,Drama\n").encode("cp1252"): (
        "O arquivo não está em UTF-8. No Excel, salve-o como "
        "“CSV UTF-8 (delimitado por vírgulas)”."
    ),
    "film_id," * 40_000: "O arquivo é grande demais: o limite é de 64 KiB.",
    ROW + "1,Dust,1999,Drama\n": (
        "Linha 3, coluna film_id: “1” não é válido. Permitido: um texto, "
        "outro para cada filme."
    ),
    ROW + ",Dust,1999,Drama\n": (
        "Linha 3, coluna film_id: Informe um texto, outro para cada filme."
    ),
    HEADER + f"1,{'D' * 301},1999,Drama\n": (
        "coluna title: “" + "D" * 301 + "” não é válido. Permitido: um título"
    ),
    HEADER + "1,Dust,99,Drama\n": (
        "coluna year: “99” não é válido. Permitido: um ano de 1800 a 2200."
    ),
    HEADER + "1,Dust,1999,Dramma\n": (
        "coluna genres: “Dramma” não é válido. Permitido: gêneros da lista."
    ),
    KNOWN + "0,\n": (
        "coluna n_raters: “0” não é válido. Permitido: um número inteiro"
    ),
    KNOWN + ",Nothing\n": (
        "coluna comparables: “Nothing” não é válido. Permitido: até 10 filmes"
    ),
    KNOWN + f",{'a|' * 11}\n": "pelo id, com | entre eles.",
}


@pytest.mark.parametrize("path", ["/film-list.html", "/film-list.csv"])
@pytest.mark.parametrize(
    ("content", "told"), REFUSED.items(), ids=map(str, range(len(REFUSED)))
)
def test_all_that_is_wrong_is_told_in_the_readers_language(
    client: TestClient[Litestar], path: str, content: str | bytes, told: str
) -> None:
    sent = content if isinstance(content, bytes) else content.encode()
    answers = {
        language: client.post(
            f"{path}?lang={language}", files={"films": ("films.csv", sent)}
        )
        for language in ("pt", "en")
    }
    for answer in answers.values():
        assert answer.status_code == 400
        assert answer.headers["content-type"].startswith("text/html")
        assert tempfile.gettempdir() not in answer.text
    pt, en = (alert_of(answers[each].text) for each in ("pt", "en"))
    assert told in pt
    english = re.findall(
        r"\b(?:the|allowed|cannot|row|column|expected|has|is|of)\b",
        pt.replace("“title”", "").lower(),
    )
    assert not english
    assert pt != en
    assert not re.findall(r"\b(?:não|linha|coluna|arquivo)\b", en.lower())


def alert_of(page: str) -> str:
    """What a page says is wrong, without its markup."""
    (alert,) = re.findall(r'<p class="alert".*?</p>', page, re.S)
    return html.unescape(re.sub("<[^>]*>", "", alert))


def test_every_error_of_a_file_has_a_text_of_its_own() -> None:
    """But for what only the system can say: `list.unusable`."""
    path = Path(NAME)
    errors: list[FileError | InvalidFields] = [
        MissingColumnsError(path, ["a"], "a, b"),
        UnknownColumnError(path, "c", ["a", "b"]),
        RepeatedColumnError(path, ["a", "a"]),
        NotUtf8Error(path),
        RowLengthError(path, 2, 3, 4),
        BadRow(path, 2, InvalidField("year", "x", "a year")),
    ]
    assert {type(error) for error in errors} == {*FileError.__subclasses__()}
    errors.append(InvalidField("by", "x", "dimensions"))
    for words in WORDS.values():
        texts = [told_of(words, error) for error in errors]
        assert words("list.unusable") not in texts
        assert len(set(texts)) == len(errors)
        assert told_of(words, FileError("x")) == words("list.unusable")


@pytest.mark.parametrize(
    ("by", "told"),
    [
        (["colour"], "“colour” não é válido. Permitido: até três de gênero"),
        (["gender", "gender"], "Permitido: até três de gênero, "),
    ],
)
def test_groups_that_are_none_are_told_in_the_readers_language(
    client: TestClient[Litestar], by: list[str], told: str
) -> None:
    answer = client.post(
        "/film-list.html?lang=pt",
        files={"films": ("films.csv", ROW.encode())},
        data={"by": by},
    )
    assert answer.status_code == 400
    assert told in alert_of(answer.text)


def test_what_is_no_form_is_told_in_the_readers_language(
    client: TestClient[Litestar],
) -> None:
    answer = client.post(
        "/film-list.html?lang=pt",
        content=b"junk",
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 400
    assert WORDS["pt"]("list.unusable") in alert_of(answer.text)


@pytest.mark.parametrize("language", ["pt", "en"])
def test_the_example_of_the_page_is_answered(
    client: TestClient[Litestar], language: str
) -> None:
    text = client.get(f"/film-list?lang={language}").text
    (example,) = re.findall(r'<pre class="sql"[^>]*>(.*?)</pre>', text, re.S)
    answer = client.post(
        f"/film-list.html?lang={language}",
        files={"films": ("films.csv", html.unescape(example).encode())},
        data={"by": "gender"},
    )
    assert answer.status_code == 200, alert_of(answer.text)
    assert len(rows_of(answer.text)) == 4


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
