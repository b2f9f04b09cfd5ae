"""Links that pages share."""

from dataclasses import dataclass
from typing import Final

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
