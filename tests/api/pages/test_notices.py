"""What parts of the product tell is told in the page's language, by code."""

import string

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.pages.form_errors import error_messages, what_is_allowed
from api.pages.texts import TEXTS
from models_ml.errors import InvalidField
from models_ml.notices import ENGLISH, Notice
from tests.api.translators import WORDS

PT, EN = WORDS["pt"], WORDS["en"]


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", ENGLISH)
def test_every_notice_has_words_in_both_languages(code: str) -> None:
    for texts in TEXTS.values():
        assert fields_of(texts[f"notice.{code}"]) == fields_of(ENGLISH[code])


def test_no_page_tells_a_notice_that_is_never_given() -> None:
    for texts in TEXTS.values():
        told = {key for key in texts if key.startswith("notice.")}
        assert told == {f"notice.{code}" for code in ENGLISH}


def test_names_inside_a_notice_are_translated() -> None:
    notice = Notice("profile.zip_code_decides", {"region": "New England"})
    assert "Nova Inglaterra" in PT.notice(notice.code, notice.values)
    assert "New England" in notice.text()
    notice = Notice("film.genre_unseen", {"genre": "War"})
    assert "Guerra" in PT.notice(notice.code, notice.values)


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("title=A&film_genres=Drama", {"film.no_year"}),
        ("title=A&year=2150", {"film.year_outside", "film.no_genre"}),
    ],
)
def test_a_film_is_told_of_in_the_pages_language(
    client: TestClient[Litestar], question: str, codes: set[str]
) -> None:
    answer = client.get(f"/audience.json?{question}").json()
    assert {notice["code"] for notice in answer["notices"]} == codes
    assert answer["warnings"] == [n["text"] for n in answer["notices"]]
    page = client.get(f"/?side=audience&lang=pt&{question}").text
    for notice in answer["notices"]:
        assert PT.notice(notice["code"], notice["values"]) in page
        assert notice["text"] not in page


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("nationality=Brazil", "profile.nationality_abroad"),
        ("nationality=Brazil&zip_code=02139", "profile.zip_code_decides"),
        ("zip_code=00000", "profile.zip_code_unknown"),
    ],
)
def test_what_is_ignored_is_told_in_the_pages_language(
    client: TestClient[Litestar], question: str, code: str
) -> None:
    (part,) = client.get(f"/recommendations.json?{question}").json()["ignored"]
    assert part["code"] == code
    assert part["reason"] == Notice(code, part["values"]).text()
    page = client.get(f"/?side=films&lang=pt&{question}").text
    assert PT.notice(code, part["values"]) in page
    assert part["reason"] not in page


def test_an_error_says_the_value_and_what_is_allowed() -> None:
    errors = error_messages(PT, InvalidField("b_age", "x", "y"))
    assert "“x”" in errors["b_age"]
    assert what_is_allowed(PT, "age") in errors["b_age"]
