"""A list of films as CSV, sent from the page."""

import csv
import io
import tempfile

from litestar import Litestar
from litestar.testing import TestClient

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


def test_a_wrong_row_is_named_and_nothing_is_answered(
    client: TestClient[Litestar],
) -> None:
    for language, told in (("en", "Row 3"), ("pt", "Linha 3")):
        wrong = FILMS.replace("b,Old Letters,,Drama", "b,Old Letters,x,Drama")
        response = client.post(
            f"/film-list.csv?lang={language}",
            files={"films": ("films.csv", wrong.encode())},
        )
        assert response.status_code == 400
        assert response.headers["content-type"].startswith("text/html")
        assert told in response.text


def test_a_file_that_is_no_list_is_refused(
    client: TestClient[Litestar],
) -> None:
    for content in (b"", b"title\nA\n", b"\xff\xfe"):
        response = client.post(
            "/film-list.csv?lang=en", files={"films": ("films.csv", content)}
        )
        assert response.status_code == 400
        assert "cannot be used" in response.text
        assert tempfile.gettempdir() not in response.text
