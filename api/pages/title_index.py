"""Known films by title, as people write it."""

from typing import Final
from weakref import WeakKeyDictionary

from api.service.catalogue import Catalogue
from api.service.titles import display_title

#: Of every catalogue that still serves; an old one's index goes with it.
_INDEX: Final[WeakKeyDictionary[Catalogue, dict[str, list[int]]]] = (
    WeakKeyDictionary()
)


def rows_of_title(catalogue: Catalogue, title: str) -> list[int]:
    """Row numbers of the films of a title, with its article anywhere."""
    index = _INDEX.get(catalogue)
    if index is None:
        index = _INDEX[catalogue] = _index(catalogue)
    return index.get(title.casefold(), [])


def _index(catalogue: Catalogue) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for row, title in enumerate(catalogue.titles):
        for name in {title.casefold(), display_title(title).casefold()}:
            index.setdefault(name, []).append(row)
    return index
