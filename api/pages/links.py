"""Links that pages share."""

from dataclasses import dataclass


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
