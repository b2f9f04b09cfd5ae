"""Which language to answer in: asked for, or by Accept-Language."""

import re
from typing import Final

LANGUAGES: Final = ("en", "pt")
DEFAULT_LANGUAGE: Final = "en"

#: What `<html lang>` and Content-Language say of each language.
TAGS: Final = {"en": "en", "pt": "pt-BR"}

_RANGE: Final = re.compile(
    r"\s*(?P<tag>\*|[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)\s*"
    r"(;\s*q\s*=\s*(?P<q>[01](\.[0-9]{0,3})?)\s*)?"
)


def choose_language(asked: str | None, accept: str) -> str:
    """`asked` if it is one of LANGUAGES, else the best of `accept`.

    `accept` is an Accept-Language header (RFC 9110, 12.5.4); what cannot be
    read in it is passed over, as the RFC allows.
    """
    if asked in LANGUAGES:
        return asked
    best, best_weight = DEFAULT_LANGUAGE, 0.0
    for part in accept.split(",")[:50]:
        match = _RANGE.fullmatch(part)
        if not match:
            continue
        language = match["tag"].split("-")[0].lower()
        weight = float(match["q"] or 1)
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best
