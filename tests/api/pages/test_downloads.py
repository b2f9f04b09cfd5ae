"""Files of answers: what spreadsheets make of them."""

import csv
import io

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.pages import downloads


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_taken_for_a_formula(start: str) -> None:
    text = downloads.table_text(
        downloads.PLAIN, ["title"], [(f"{start}cmd|' /C calc'!A0",)]
    )
    assert text.splitlines()[1].lstrip('"').startswith("'")


def test_numbers_stay_numbers() -> None:
    text = downloads.table_text(
        downloads.PLAIN, ["affinity", "title"], [(-0.5, "Alien")]
    )
    assert text == "affinity,title\r\n-0.5,Alien\r\n"


@pytest.mark.parametrize(
    ("language", "row"),
    [
        ("en", "\ufeffaffinity,n,title\r\n-0.1235,1250,Alien\r\n"),
        ("pt", "\ufeffaffinity;n;title\r\n-0,1235;1250;Alien\r\n"),
    ],
)
def test_excel_reads_the_numbers_of_its_language(
    language: str, row: str
) -> None:
    text = downloads.table_text(
        downloads.EXCEL[language],
        ["affinity", "n", "title"],
        [(-0.123456, 1250, "Alien")],
    )
    assert text == row


@pytest.mark.parametrize(
    "path",
    [
        "/recommendations.csv?gender=F",
        "/audience.csv?title=Cosmos&film_genres=Drama",
        "/films/3/audience.csv?by=gender",
        "/tastes.csv?dimension=age_group",
    ],
)
def test_a_file_for_excel_holds_the_same_as_that_for_programs(
    client: TestClient[Litestar], path: str
) -> None:
    plain = list(csv.reader(io.StringIO(client.get(path).text)))
    response = client.get(f"{path}&excel=pt")
    assert response.content.startswith(b"\xef\xbb\xbf")
    table = response.content.decode("utf-8-sig")
    local = list(csv.reader(io.StringIO(table), delimiter=";"))
    assert local[0] == plain[0]
    assert len(local) == len(plain) > 1
    for mine, theirs in zip(local[1:], plain[1:], strict=True):
        for cell, other in zip(mine, theirs, strict=True):
            if "." in other and other.replace(".", "").lstrip("-").isdigit():
                assert float(cell.replace(",", ".")) == pytest.approx(
                    float(other), abs=5e-5
                )
            else:
                assert cell.replace(",", ".") == other.replace(",", ".")


def test_a_page_links_to_files_for_excel_in_its_language(
    client: TestClient[Litestar],
) -> None:
    for language in ("en", "pt"):
        html = client.get("/", params={"lang": language, "gender": "F"}).text
        assert html.count(f"excel={language}") >= 2


def test_excel_is_of_a_language_of_the_page(
    client: TestClient[Litestar],
) -> None:
    response = client.get("/recommendations.csv?excel=fr")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "excel"
    assert client.get("/recommendations.json?excel=pt").status_code == 400
