"""A notice can be said, whatever its code."""

import re

import pytest

from models_ml.notices import ENGLISH, Notice


@pytest.mark.parametrize("code", ENGLISH)
def test_every_notice_says_its_values(code: str) -> None:
    names = re.findall(r"\{(\w+)\}", ENGLISH[code])
    values = {name: f"<{name}>" for name in names}
    text = Notice(code, values).text()
    assert "{" not in text
    assert all(value in text for value in values.values())


def test_an_unknown_code_and_a_missing_value_are_errors() -> None:
    with pytest.raises(KeyError, match=r"film\.colour"):
        Notice("film.colour").text()
    with pytest.raises(KeyError, match="genre"):
        Notice("film.genre_unknown").text()
