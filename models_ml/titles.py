"""Titles as people write them: `Matrix, The` reads "The Matrix"."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from models_ml.words import plain

#: Characters; longer ones are refused wherever a title comes in. A test keeps
#: dbt's `max_title_length` equal.
MAX_TITLE: Final = 300
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
    match = _ARTICLE_LAST.match(title)
    if not match:
        return title
    space = "" if match["article"].endswith("'") else " "
    return f"{match['article']}{space}{match['rest']}"


class TitleIndex:
    """Films by title as people write it: `The Matrix`, `matrix, the (1999)`.

    Case, accents and punctuation make no difference.
    """

    def __init__(self, titles: Sequence[str], years: Sequence[int]) -> None:
        """`years`: 0 is not known."""
        self._rows: dict[str, list[int]] = {}
        for row, (title, year) in enumerate(zip(titles, years, strict=True)):
            names = {plain(title), plain(display_title(title))}
            if year:
                names |= {f"{name} {year}" for name in names}
            for name in names:
                self._rows.setdefault(name, []).append(row)

    def rows(self, title: str) -> list[int]:
        """Row numbers of the films of a title, ascending."""
        return self._rows.get(plain(title), [])
