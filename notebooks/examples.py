"""Examples of questions, in words that the data at hand have."""

from collections.abc import Mapping, Sequence
from typing import Any

from models_ml.settings import load_settings
from models_ml.vocabulary import Vocabulary
from models_ml.warehouse.read import read_vocabulary
from models_ml.words import words_of
from notebooks.portuguese import level_name


def known_profile(profile: Mapping[str, Any]) -> dict[str, Any]:
    """`profile` without the levels that the data have no word for.

    A field that is no dimension of the data stays: the API says what it makes
    of it.
    """
    vocabulary = _vocabulary()
    levels = words_of(vocabulary).levels
    return {
        field: value
        for field, value in profile.items()
        if field not in vocabulary.dimensions or levels[field].find(value)
    }


def known_genres(genres: Sequence[str], instead: int = 0) -> list[str]:
    """Those of `genres` that the data have; genre `instead`, if none."""
    vocabulary = _vocabulary()
    known = words_of(vocabulary).genre
    return [genre for genre in genres if known.find(genre)] or [
        vocabulary.genres[instead]
    ]


def person_told(profile: Mapping[str, Any]) -> str:
    """A profile in Portuguese: "mulheres, 29 anos, cientista"."""
    return ", ".join(
        f"{value} anos" if field == "age" else level_name(field, value)
        for field, value in profile.items()
    )


def _vocabulary() -> Vocabulary:
    return read_vocabulary(load_settings().warehouse)
