"""What the parts below the page say, in the page's language."""

import re
from dataclasses import dataclass
from typing import Final

from api import schemas
from api.pages.query import OTHER
from api.pages.translator import Translator
from models_ml.errors import InvalidFields

#: Sentences of profile and predictors, and the key of the same in TEXTS.
SENTENCES: Final = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (r"genre '(?P<genre>.*)' is unknown and was not used", "warn.genre"),
        (r"no year was given.*", "warn.no_year"),
        (r"no genre was given.*", "warn.no_genre"),
        (
            r"year (?P<year>-?\d+) lies outside the films that .+, "
            r"(?P<first>\d+) to (?P<last>\d+)",
            "warn.year",
        ),
        (r"no film that was learnt from is '(?P<genre>.*)'", "warn.unseen"),
        (r"it is no ZIP code in use, .*", "ignored.zip_code"),
        (
            r"the ZIP code says (?P<region>.+), and it decides: .*",
            "ignored.nationality_zip",
        ),
        (r"used only as 'outside the US': .*", "ignored.nationality_abroad"),
        (r"there is no such film", "ignored.exclude"),
    )
)


@dataclass(frozen=True)
class Message:
    """A sentence; `language` is set where it is not the page's."""

    text: str
    language: str | None = None


def translate(words: Translator, sentence: str) -> Message:
    """A sentence of ours in the page's language; else as it is, in English."""
    for pattern, key in SENTENCES:
        found = pattern.fullmatch(sentence)
        if found:
            values = found.groupdict()
            if "region" in values:
                values["region"] = words.level("region", values["region"])
            if "genre" in values:
                values["genre"] = words.genre(values["genre"])
            return Message(words(key, **values))
    return Message(sentence, None if words.language == "en" else "en")


def ignored_message(words: Translator, part: schemas.Ignored) -> Message:
    """What was given and not used, and why."""
    name = part.field.rpartition(".")[2]
    reason = translate(words, part.reason)
    text = words(
        "ignored",
        field=words(f"field.{name}"),
        value=part.value,
        reason=reason.text,
    )
    return Message(text, reason.language)


def error_messages(words: Translator, error: InvalidFields) -> dict[str, str]:
    """A sentence for each form field that is wrong."""
    found: dict[str, str] = {}
    for one in error.errors:
        name = one.field
        plain = name.removeprefix(OTHER)
        allowed = words(f"allowed.{plain}")
        found.setdefault(
            name,
            words("error.field", value=one.value, allowed=allowed)
            if one.value not in (None, "")
            else words("error.missing", allowed=allowed),
        )
    return found
