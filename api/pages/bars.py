"""Class probabilities as a stacked bar: what the template draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.pages.translator import Translator
from models_ml.vocabulary import RATING_CLASSES

#: Narrower parts carry no number: it would not fit.
LABELLED: Final = 0.1


@dataclass(frozen=True)
class Part:
    """One rating class of a bar; widths are per cent of the bar."""

    name: str
    left: str
    width: str
    middle: str
    text: str
    """Blank where the number has no room."""


@dataclass(frozen=True)
class Bar:
    """A stacked bar, and the same said in words."""

    parts: tuple[Part, ...]
    words: str


def stacked_bar(translator: Translator, shares: Sequence[float]) -> Bar:
    """The bar of the four classes' shares, worst class first."""
    total = sum(shares) or 1.0
    left, parts = 0.0, []
    for name, share in zip(RATING_CLASSES, shares, strict=True):
        width = share / total
        parts.append(
            Part(
                name=name,
                left=f"{100 * left:.2f}%",
                width=f"{100 * width:.2f}%",
                middle=f"{100 * (left + width / 2):.2f}%",
                text=translator.percent(width) if width >= LABELLED else "",
            )
        )
        left += width
    said = ", ".join(
        f"{translator(f'class.{name}')} {translator.percent(share / total)}"
        for name, share in zip(RATING_CLASSES, shares, strict=True)
    )
    return Bar(tuple(parts), said)
