"""Tables of README.md, told in Portuguese."""

import re

import pytest

from models_ml.report.portuguese import (
    PHRASES,
    NoPhraseError,
    in_portuguese,
)
from models_ml.settings import PROJECT


def block_of(page: str, name: str) -> str:
    text = (PROJECT / page).read_text("utf-8")
    (block,) = re.findall(rf"<!-- {name} -->\n(.*?)\n<!--", text, re.DOTALL)
    return str(block)


@pytest.mark.parametrize("name", ["evaluation", "benchmarks"])
def test_the_portuguese_readme_has_the_same_numbers(name: str) -> None:
    english = block_of("README.md", name)
    assert len(english) > 100
    portuguese = block_of("README.pt-BR.md", name)
    assert portuguese == in_portuguese(english)
    digits = [re.sub(r"\D", "", text) for text in (english, portuguese)]
    assert digits[0] == digits[1]
    for words in PHRASES:
        assert len(words) < 8 or words not in portuguese


def test_numbers_have_portuguese_separators() -> None:
    block = "| what | value |\n| --- | ---: |\n| value | 31,082 |"
    assert in_portuguese(block).split("\n") == [
        "| o quê | valor |",
        "| --- | ---: |",
        "| valor | 31.082 |",
    ]
    assert in_portuguese("| value | 0.77, 0.78 |") == "| valor | 0,77 e 0,78 |"
    told = in_portuguese("Start to ready: 0.8 s. Measured by `make bench`.")
    assert told == (
        "Da partida à primeira resposta: 0,8 s. Medido por `make bench`."
    )


def test_words_without_a_phrase_are_named() -> None:
    with pytest.raises(NoPhraseError, match="something new"):
        in_portuguese("| something new | 1.0 |")
