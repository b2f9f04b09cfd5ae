"""Files of answers: what spreadsheets make of them."""

import pytest

from api.pages import downloads


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_taken_for_a_formula(start: str) -> None:
    text = downloads._table(["title"], [(f"{start}cmd|' /C calc'!A0",)])
    assert text.splitlines()[1].lstrip('"').startswith("'")


def test_numbers_stay_numbers() -> None:
    text = downloads._table(["affinity", "title"], [(-0.5, "Alien")])
    assert text == "affinity,title\r\n-0.5,Alien\r\n"
