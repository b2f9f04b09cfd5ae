"""Titles as people write them: `Matrix, The` reads "The Matrix"."""

import re
from functools import lru_cache
from typing import Final

_ARTICLES: Final = (
    "A|An|The|Le|La|Les|L'|Un|Une|El|Los|Las|Il|Lo|I|Gli|Der|Die|Das|Ein|"
    "O|Os|As|Den|Det|De|Het"
)
_ARTICLE_LAST: Final = re.compile(rf"^(?P<rest>.+), (?P<article>{_ARTICLES})$")
_ALSO_CALLED: Final = re.compile(r"^(?P<first>[^()]+) \((?P<other>[^()]+)\)$")


@lru_cache(maxsize=10_000)
def display_title(title: str) -> str:
    """The title with its article in front, and in its other name's too."""
    named_twice = _ALSO_CALLED.match(title)
    if named_twice:
        first = _article_first(named_twice["first"])
        return f"{first} ({_article_first(named_twice['other'])})"
    return _article_first(title)


def _article_first(title: str) -> str:
    found = _ARTICLE_LAST.match(title)
    if not found:
        return title
    space = "" if found["article"].endswith("'") else " "
    return f"{found['article']}{space}{found['rest']}"
