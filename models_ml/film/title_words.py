"""What a title says by itself: its words, and the series it belongs to."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from models_ml.arrays import IntArray

#: Articles that MovieLens moves behind a comma.
_COMMA_ARTICLE: Final = re.compile(
    r"^(.*), (the|an?|la|les?|l'|el|il|los?|las|der|die|das|une?|det|den|de"
    r"|i|o|en)$"
)
_ARTICLE: Final = re.compile(r"(the|an?)")
_SMALL_WORD: Final = re.compile(
    r"the|an?|of|and|in|to|on|for|at|by|with|from|la|les?|el|il|une?"
)
_PART: Final = re.compile(
    r"\d+|i[ivx]|vi{0,3}|iii|x|part|returns?|strikes|again|chapter|episode"
)
_IN_BRACKETS: Final = re.compile(r"\([^)]*\)")
_SUBTITLE: Final = re.compile(r":| - ")
_WORD: Final = re.compile(r"[\w']+")
#: MovieLens 1M's longest series, Star Trek, has 9 films.
MOST_OF_A_SERIES: Final = 30
#: A fit asks for the words of each title some twenty times.
_KEPT_TITLES: Final = 1 << 14


@lru_cache(maxsize=_KEPT_TITLES)
def words(title: str) -> tuple[str, ...]:
    """The title's words that carry meaning, in lower case, no accents.

    Translations in brackets and a comma-article (``Matrix, The``) are left
    out, and so are the commonest small words.
    """
    every = _WORD.findall(_plain(title))
    kept = tuple(word for word in every if not _SMALL_WORD.fullmatch(word))
    return kept or tuple(every)


@lru_cache(maxsize=_KEPT_TITLES)
def series(title: str) -> str:
    """The name that a film shares with its sequels; empty for no title.

    The subtitle is dropped, then numbers, ``Part`` and the like at the end:
    ``Star Trek: First Contact`` and ``Star Trek III`` are both ``star trek``.
    """
    head = _SUBTITLE.split(_plain(title), maxsplit=1)[0]
    names = _WORD.findall(head)
    while len(names) > 1 and _PART.fullmatch(names[-1]):
        names.pop()
    if len(names) > 1 and _ARTICLE.fullmatch(names[0]):
        names = names[1:]
    return " ".join(names)


def series_numbers(titles: Sequence[str]) -> IntArray:
    """A number for each film, shape (n,): films of one series share theirs.

    `titles` are in the order of the films. A film without a title is a series
    of its own, and so is each of more than MOST_OF_A_SERIES that share a name:
    where every film is "Film 7", the name tells nothing.
    """
    names = [series(title) for title in titles]
    n_films = Counter(names)
    of_its_own = [
        not name or n_films[name] > MOST_OF_A_SERIES for name in names
    ]
    told = [
        f"film {k}" if own else f"series {name}"
        for k, (name, own) in enumerate(zip(names, of_its_own, strict=True))
    ]
    return np.unique(told, return_inverse=True)[1]


def _plain(title: str) -> str:
    decomposed = unicodedata.normalize("NFKD", title)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    text = _IN_BRACKETS.sub(" ", letters).strip().lower()
    article = _COMMA_ARTICLE.match(text)
    return article.group(1) if article else text
