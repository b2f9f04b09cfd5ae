"""Both languages say everything; nothing is said that no page shows."""

import re
import string
from pathlib import Path

import pytest

from api.pages import forms, query
from api.pages.texts import TEXTS, read_catalogue
from models_ml.experiments.film_candidates import FILM_CANDIDATES
from models_ml.experiments.person_candidates import PERSON_CANDIDATES
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.vocabulary import PROFILE_DIMENSIONS, UNKNOWN_LEVEL
from tests.api.translators import WORDS

PAGES = Path(forms.__file__).parent
#: Texts that are the same in both languages.
SAME = {
    "site",
    "ignored",
}


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def forms_of(language: str, key: str) -> list[str]:
    """The text, or its form for each kind of number."""
    texts = TEXTS[language]
    if key not in texts.plurals:
        return [texts[key]]
    return [texts.for_number(key, n) for n in (1, 2)]


def test_languages_have_the_same_keys() -> None:
    assert list(TEXTS["en"]) == list(TEXTS["pt"])
    assert TEXTS["en"].plurals == TEXTS["pt"].plurals


@pytest.mark.parametrize("language", TEXTS)
def test_a_catalogue_has_no_fault_that_babel_finds(language: str) -> None:
    catalogue = read_catalogue(language)
    faults = [
        (message.id, [str(error) for error in errors])
        for message, errors in catalogue.check()
    ]
    assert not faults
    assert not [message.id for message in catalogue if message.fuzzy]
    assert not catalogue.obsolete


def test_the_form_for_a_number_is_the_languages_own() -> None:
    assert WORDS["en"].count("films.candidates", 0).endswith("0 films.")
    assert WORDS["pt"].count("films.candidates", 0).endswith("0 filme.")
    with pytest.raises(KeyError):
        WORDS["en"].count("films.heading", 1)


@pytest.mark.parametrize("key", TEXTS["en"])
def test_a_text_is_translated_with_the_same_values(key: str) -> None:
    both = zip(forms_of("en", key), forms_of("pt", key), strict=True)
    for english, portuguese in both:
        assert english.strip()
        assert portuguese.strip()
        assert fields_of(english) == fields_of(portuguese)
        assert (english == portuguese) == (key in SAME)


def test_no_text_names_a_level_of_the_data() -> None:
    """They come with the release, in both languages.

    Genders have phrases (a woman, women), which no word of the data gives.
    """
    phrases = ("gender", "one", "a_person", "people")
    levels = {
        level.name
        for level in MOVIELENS_1M.levels
        if level.dimension != "star"
    } - {UNKNOWN_LEVEL, "outside the US"}
    named = {
        key
        for key in TEXTS["en"]
        for stem, _, level in [key.partition(".")]
        if level in levels and stem not in phrases
    }
    assert not named


@pytest.mark.parametrize("language", TEXTS)
def test_levels_are_called_by_the_words_of_the_data(language: str) -> None:
    """Ages by their numbers."""
    words = WORDS[language]
    is_pt = language == "pt"
    for level in MOVIELENS_1M.levels:
        if level.dimension in ("gender", "star"):
            continue
        told = words.level(level.dimension, level.name)
        if level.dimension == "age_group" or is_pt:
            assert told == level.name_pt
        elif level.name != UNKNOWN_LEVEL:
            assert told == level.name


@pytest.mark.parametrize("language", TEXTS)
def test_what_is_not_known_is_said_of_each_dimension(language: str) -> None:
    said = {
        WORDS[language].level(name, UNKNOWN_LEVEL)
        for name in PROFILE_DIMENSIONS
    }
    assert len(said) == len(PROFILE_DIMENSIONS)
    assert UNKNOWN_LEVEL not in said


@pytest.mark.parametrize("language", TEXTS)
def test_every_field_has_a_name_and_says_what_it_allows(language: str) -> None:
    answered = {"lang", "side", "search", "compare", "year"}
    for name in query.NAMES:
        plain = name.removeprefix(query.OTHER)
        if plain in answered:
            continue
        assert f"field.{plain}" in TEXTS[language]
        assert f"allowed.{plain}" in TEXTS[language]


def test_every_candidate_has_a_name() -> None:
    """For the page of the release's quality."""
    named = {
        key.partition(".")[2]
        for key in TEXTS["en"]
        if key.startswith("candidate.")
    }
    assert named == {*PERSON_CANDIDATES, *FILM_CANDIDATES}, (
        "left: candidate.NAME in api/pages/locale; right: the candidates"
    )


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
    stems |= {"gender.", "country.", "dimension."}
    unused = [
        key
        for key in TEXTS["en"]
        if not any(key.startswith(stem) for stem in stems)
        and f'"{key}"' not in sources
        and f"'{key}'" not in sources
    ]
    assert not unused
