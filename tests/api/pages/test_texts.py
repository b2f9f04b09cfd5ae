"""Both languages say everything; nothing is said that no page shows."""

import re
import string
from pathlib import Path

import pytest

from api.pages import forms, query
from api.pages.texts import TEXTS
from models_ml.vocabulary import DIMENSIONS, GENRES

PAGES = Path(forms.__file__).parent
#: Translator that are the same in both languages.
SAME = {
    "site",
    "nav.language",
    "ignored",
    "field.zip_code",
    "age_group.under 18",
    "age_group.18-24",
    "age_group.25-34",
    "age_group.35-44",
    "age_group.45-49",
    "age_group.50-55",
    "age_group.56+",
    "genre.Crime",
    "genre.Drama",
    "genre.Film-Noir",
    "genre.Musical",
    "genre.Romance",
}


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_languages_have_the_same_keys() -> None:
    assert set(TEXTS["en"]) == set(TEXTS["pt"])


@pytest.mark.parametrize("key", TEXTS["en"])
def test_a_text_is_translated_with_the_same_values(key: str) -> None:
    english, portuguese = TEXTS["en"][key], TEXTS["pt"][key]
    assert english.strip()
    assert portuguese.strip()
    assert fields_of(english) == fields_of(portuguese)
    if key in SAME - {"nav.language"}:
        assert english == portuguese
    else:
        assert english != portuguese


@pytest.mark.parametrize("language", TEXTS)
def test_every_level_and_genre_has_a_name(language: str) -> None:
    texts = TEXTS[language]
    for dimension, levels in DIMENSIONS.items():
        for level in levels:
            assert f"{dimension}.{level}" in texts
    for genre in GENRES:
        assert f"genre.{genre}" in texts


@pytest.mark.parametrize("language", TEXTS)
def test_every_field_has_a_name_and_says_what_it_allows(language: str) -> None:
    answered = {"lang", "side", "search", "compare", "year"}
    for name in query.NAMES:
        plain = name.removeprefix(query.OTHER)
        if plain in answered:
            continue
        assert f"field.{plain}" in TEXTS[language]
        assert f"allowed.{plain}" in TEXTS[language]


def test_every_text_is_used() -> None:
    sources = "\n".join(
        path.read_text("utf-8")
        for path in [*PAGES.rglob("*.html"), *PAGES.glob("*.py")]
    )
    # Names that are put together: `f"field.{name}"`, `'class.' ~ name`.
    stems = set(
        re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)*\.?)["'] ~""", sources)
    )
    stems |= set(re.findall(r'f"([a-z_]+(?:\.[a-z_]+)*\.)\{', sources))
    stems |= {f"{name}." for name in DIMENSIONS} | {"country.", "dimension."}
    unused = [
        key
        for key in TEXTS["en"]
        if not any(key.startswith(stem) for stem in stems)
        and f'"{key}"' not in sources
        and f"'{key}'" not in sources
        and f'"{re.sub("[.](one|other)$", "", key)}"' not in sources
    ]
    assert not unused
