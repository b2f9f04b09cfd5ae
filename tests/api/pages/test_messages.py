"""Sentences of profiles and predictors are told in the page's language."""

import pytest

from api import schemas
from api.pages.messages import error_messages, ignored_message, translate
from api.pages.translator import WORDS
from api.service.release import LoadedRelease
from models_ml.errors import InvalidField
from models_ml.film.predictor import Film
from models_ml.profile.parse import parse_profile

PT, EN = WORDS["pt"], WORDS["en"]


@pytest.mark.parametrize(
    "film",
    [
        Film("A", None, ("Drama",)),
        Film("A", 1700, ("Drama", "Weepie")),
        Film("A", 2150, ()),
    ],
)
def test_every_warning_is_translated(serving: LoadedRelease, film: Film):
    sentences = [notice.text() for notice in serving.film.notices(film)]
    assert sentences
    for sentence in sentences:
        told = translate(PT, sentence)
        assert told.language is None, sentence
        assert told.text != sentence


@pytest.mark.parametrize(
    "given",
    [
        {"nationality": "Brazil"},
        {"nationality": "Brazil", "zip_code": "02139"},
        {"zip_code": "00000"},
    ],
)
def test_what_is_ignored_is_told_in_both_languages(given: dict[str, str]):
    profile = parse_profile(**given, zip_prefixes={"021": "New England"})
    assert profile.ignored
    for part in profile.ignored:
        ignored = schemas.Ignored(part.field, part.value, part.reason)
        told = ignored_message(PT, ignored)
        assert told.language is None, part.reason
        assert part.reason not in told.text
        assert str(part.value) in told.text


def test_a_new_sentence_is_shown_in_english_and_marked_so():
    assert translate(PT, "a new sentence").language == "en"
    assert translate(EN, "a new sentence").language is None


def test_a_regions_name_is_translated_inside_a_sentence():
    profile = parse_profile(
        nationality="Brazil",
        zip_code="02139",
        zip_prefixes={"021": "New England"},
    )
    part = profile.ignored[0]
    assert "Nova Inglaterra" in translate(PT, part.reason).text


def test_an_error_says_the_value_and_what_is_allowed():
    found = error_messages(PT, InvalidField("b_age", "x", "y"))
    assert "“x”" in found["b_age"]
    assert PT("allowed.age") in found["b_age"]
