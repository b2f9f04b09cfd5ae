"""Links that pages share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from api.pages.translator import Translator

#: Names the language of the Excel that a CSV file is for; left out, the file
#: is for programs.
EXCEL_FIELD: Final = "excel"


@dataclass(frozen=True)
class Choice:
    """One of a few ways to see an answer, with its address."""

    key: str
    name: str
    hint: str
    href: str
    is_chosen: bool


def choices(
    translator: Translator,
    names: Iterable[str],
    chosen: str,
    *,
    text: Callable[[str], str],
    href: Callable[[str], str],
    hints: bool = True,
) -> tuple[Choice, ...]:
    """A choice for each name.

    `text` and `href` give its key among the texts, and its address. With
    `hints` each has a text `key.hint` too.
    """
    return tuple(
        Choice(
            key=name,
            name=translator(text(name)),
            hint=translator(f"{text(name)}.hint") if hints else "",
            href=href(name),
            is_chosen=name == chosen,
        )
        for name in names
    )


@dataclass(frozen=True)
class Download:
    """An answer as a file."""

    name: str
    href: str


def downloads(path: str, query: str, language: str) -> tuple[Download, ...]:
    """An answer for Excel in a language, and as the API answers it."""
    joint = "&" if query else "?"
    return (
        Download("CSV", f"{path}.csv{query}{joint}{EXCEL_FIELD}={language}"),
        Download("JSON", f"{path}.json{query}"),
    )
