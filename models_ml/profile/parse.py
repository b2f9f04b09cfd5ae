"""Profiles: what is known of a person, understood and turned into codes."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from models_ml.errors import FieldErrors, InvalidField
from models_ml.notices import Notice
from models_ml.profile.nationality import country_of, is_us
from models_ml.vocabulary import (
    SOMEWHERE_IN_THE_US,
    UNKNOWN,
    UNKNOWN_LEVEL,
    Vocabulary,
)
from models_ml.words import words_of

Given: TypeAlias = str | int | float | None
"""A field as a caller gives it; None and blank text mean "not given"."""

ZipPrefixes: TypeAlias = Mapping[str, str]
"""Region of the first three digits of a US ZIP code."""

US: Final = "US"
OUTSIDE_THE_US: Final = "outside the US"
MAX_AGE: Final = 120

_US_ZIP: Final = re.compile("[0-9]{5}(-?[0-9]{4})?")
_POSTAL_CODE: Final = re.compile("[A-Za-z0-9][A-Za-z0-9 -]{1,9}")
_FOREIGN_DIGITS: Final = re.compile(
    "[0-9]{5}-[0-9]{3}|[0-9]{4}-[0-9]{3}|[0-9]{3}-[0-9]{3,4}"
)


@dataclass(frozen=True)
class Ignored:
    """Something that was given and could not be used, or only in part."""

    field: str
    value: str
    notice: Notice
    """Why."""


@dataclass(frozen=True)
class Profile:
    """What is known of a person; None is "not given" throughout."""

    gender: str | None = None
    """A level of the vocabulary, as those below."""
    age_group: str | None = None
    occupation: str | None = None
    region: str | None = None
    country: str | None = None
    """`US` or `outside the US`: as much as ZIP codes tell."""
    nationality: str | None = None
    """Where the data have nationalities; then regions are not used."""
    ignored: tuple[Ignored, ...] = ()

    def codes(self, vocabulary: Vocabulary) -> tuple[int, int, int, int]:
        """Indices of the levels of the vocabulary's four dimensions.

        UNKNOWN (-1) is "not given"; a region of SOMEWHERE_IN_THE_US (-2) is
        a person of the United States whose ZIP code is not known.
        """
        gender, age_group, occupation, place = (
            _index(levels, getattr(self, name))
            for name, levels in vocabulary.dimensions.items()
        )
        is_region = "region" in vocabulary.dimensions
        if is_region and place == UNKNOWN and self.country == US:
            place = SOMEWHERE_IN_THE_US
        return gender, age_group, occupation, place

    def understood(self) -> dict[str, str | None]:
        """What predictions use, by field; None for what is not known."""
        return {
            "gender": self.gender,
            "age_group": self.age_group,
            "occupation": self.occupation,
            "country": self.country,
            "region": self.region,
            "nationality": self.nationality,
        }


def parse_profile(
    *,
    gender: Given = None,
    age: Given = None,
    age_group: Given = None,
    occupation: Given = None,
    nationality: Given = None,
    zip_code: Given = None,
    vocabulary: Vocabulary,
    zip_prefixes: ZipPrefixes,
) -> Profile:
    """The profile that a caller's fields describe.

    Raises InvalidField for a value that is not understood, and for an age
    and an age group that contradict one another; InvalidFields if several
    are wrong. A ZIP code that names no place, and a nationality that
    contradicts the ZIP code, are listed in `Profile.ignored`: people move,
    and post codes have many forms.
    """
    errors = FieldErrors()
    parsed_gender = errors.attempt(parse_gender, vocabulary, gender)
    parsed_age = errors.attempt(parse_age_group, vocabulary, age, age_group)
    parsed_occupation = errors.attempt(
        parse_occupation, vocabulary, occupation
    )
    place = errors.attempt(
        parse_place, vocabulary, nationality, zip_code, zip_prefixes
    )
    errors.check()
    return replace(
        place or Profile(),
        gender=parsed_gender,
        age_group=parsed_age,
        occupation=parsed_occupation,
    )


def region_of_zip(zip_code: str, zip_prefixes: ZipPrefixes) -> str:
    """Region of a ZIP code, by the rule of the warehouse's SQL.

    Five digits, or nine (ZIP+4), whose first three are in use in the United
    States give a region; codes that only other countries write (letters, or
    digits in groups that are no ZIP code) are `outside the US`; all else is
    `unknown`. The rule stands in dbt_project/macros/buckets.sql as well.
    """
    text = zip_code.strip()
    if _US_ZIP.fullmatch(text) and text[:3] in zip_prefixes:
        return zip_prefixes[text[:3]]
    is_foreign = _POSTAL_CODE.fullmatch(text) and (
        _FOREIGN_DIGITS.fullmatch(text)
        or (re.search("[0-9]", text) and re.search("[A-Za-z]", text))
    )
    return OUTSIDE_THE_US if is_foreign else UNKNOWN_LEVEL


def parse_gender(vocabulary: Vocabulary, value: Given) -> str | None:
    """A level of gender; None: not given. Raises InvalidField."""
    return _named(vocabulary, "gender", value)


def parse_age_group(
    vocabulary: Vocabulary, age: Given, group: Given = None
) -> str | None:
    """An age group, from years or its name; None: not given.

    Raises InvalidField for what is not understood, and for an age and a
    group that contradict one another; InvalidFields if neither is.
    """
    errors = FieldErrors()
    of_age = errors.attempt(_group_of_age, vocabulary, age)
    named = errors.attempt(_named, vocabulary, "age_group", group)
    errors.check()
    if of_age is not None and named is not None and of_age != named:
        raise InvalidField(
            "age_group", group, f"{of_age!r}, since age is {age}"
        )
    return of_age or named


def _named(vocabulary: Vocabulary, dimension: str, value: Given) -> str | None:
    """The level that a word stands for; None: not given."""
    text = _text(value)
    if text is None:
        return None
    words = words_of(vocabulary).levels[dimension]
    name = words.find(text)
    if name is None:
        raise InvalidField(dimension, value, words.allowed)
    return name


def _group_of_age(vocabulary: Vocabulary, age: Given) -> str | None:
    if _text(age) is None:
        return None
    years = _number(age)
    if years is None or not 0 <= years <= MAX_AGE:
        raise InvalidField(
            "age", age, f"a number of years from 0 to {MAX_AGE}"
        )
    if not vocabulary.lowest_ages:
        raise InvalidField("age", age, "blank: the data tell no ages")
    # Of the youngest group the lowest age is that of its name, not a bound.
    index = sum(years >= lowest for lowest in vocabulary.lowest_ages[1:])
    return vocabulary.age_groups[index]


def parse_occupation(vocabulary: Vocabulary, value: Given) -> str | None:
    """A level of occupation, from its name or code; None: not given.

    Raises InvalidField.
    """
    text = _text(value)
    if text is None:
        return None
    words = words_of(vocabulary).levels["occupation"]
    named = words.find(text)
    number, codes = _number(value), vocabulary.occupation_codes
    if named is None and number is not None and number == int(number):
        named = codes.get(str(int(number)))
    if named is None:
        known = list(codes)
        code = f"its code, {known[0]} to {known[-1]}, or " if known else ""
        raise InvalidField("occupation", value, code + words.allowed)
    return named


def parse_place(
    vocabulary: Vocabulary,
    nationality: Given,
    zip_code: Given,
    zip_prefixes: ZipPrefixes,
) -> Profile:
    """What nationality and ZIP code tell, with what was ignored.

    Where the data have nationalities, that is what counts. Where they have
    not, models learned regions from ZIP codes: the ZIP code decides where
    both are given. Raises InvalidField.
    """
    if "nationality" in vocabulary.dimensions:
        return _of_nationality(vocabulary, nationality, zip_code)
    of_nationality = _country(nationality)
    region, country, ignored = _place_of_zip(
        vocabulary, zip_code, zip_prefixes
    )
    if of_nationality is None:
        return Profile(region=region, country=country, ignored=ignored)
    if not _has_country(vocabulary, of_nationality):
        notice = Notice("profile.place_unseen")
        unused = Ignored("nationality", str(nationality), notice)
        ignored = (*ignored, unused)
        return Profile(region=region, country=country, ignored=ignored)
    if country is not None and country != of_nationality:
        assert region is not None  # noqa: S101 - where there is a country
        notice = Notice("profile.zip_code_decides", {"region": region})
    elif of_nationality == OUTSIDE_THE_US:
        region = country = OUTSIDE_THE_US
        notice = Notice("profile.nationality_abroad")
    else:
        return Profile(region=region, country=of_nationality, ignored=ignored)
    unused = Ignored("nationality", str(nationality), notice)
    return Profile(region=region, country=country, ignored=(*ignored, unused))


def _of_nationality(
    vocabulary: Vocabulary, nationality: Given, zip_code: Given
) -> Profile:
    ignored = []
    if (text := _text(zip_code)) is not None:
        notice = Notice("profile.zip_code_unused")
        ignored.append(Ignored("zip_code", text, notice))
    level = None
    if (text := _text(nationality)) is not None:
        level = words_of(vocabulary).levels["nationality"].find(text)
        if level is None:
            code = _country_code(text)
            level = vocabulary.nationality_of_code.get(code)
        if level is None:
            notice = Notice("profile.nationality_unseen")
            ignored.append(Ignored("nationality", text, notice))
    return Profile(nationality=level, ignored=tuple(ignored))


def _has_country(vocabulary: Vocabulary, country: str) -> bool:
    """Whether a level lies in the United States, or outside of them."""
    if country == US:
        return vocabulary.has_us_regions
    return OUTSIDE_THE_US in vocabulary.regions


def _country(nationality: Given) -> str | None:
    text = _text(nationality)
    if text is None:
        return None
    return US if is_us(_country_code(text)) else OUTSIDE_THE_US


def _country_code(text: str) -> str:
    code = country_of(text)
    if code is None:
        raise InvalidField(
            "nationality",
            text,
            "an ISO 3166 code (BR, BRA), the name of a country (Brazil,"
            " Brasil) or of its people (Brazilian, brasileira)",
        )
    return code


def _place_of_zip(
    vocabulary: Vocabulary, zip_code: Given, zip_prefixes: ZipPrefixes
) -> tuple[str | None, str | None, tuple[Ignored, ...]]:
    text = _text(zip_code)
    if text is None:
        return None, None, ()
    region = region_of_zip(text, zip_prefixes)
    if region == UNKNOWN_LEVEL:
        unread = Ignored("zip_code", text, Notice("profile.zip_code_unknown"))
        return None, None, (unread,)
    if region not in vocabulary.regions:
        unseen = Ignored("zip_code", text, Notice("profile.place_unseen"))
        return None, None, (unseen,)
    return region, OUTSIDE_THE_US if region == OUTSIDE_THE_US else US, ()


def _text(value: Given) -> str | None:
    """Stripped text of a field; None if it is not given."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return str(value).strip() or None


def _number(value: Given) -> float | None:
    """The number that a field holds, or None: `25`, `"25"` and `"25.0"`."""
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(
        r"-?[0-9]+(\.[0-9]*)?", text, re.ASCII
    ):
        return None
    return float(text)


def _index(names: tuple[str, ...], name: str | None) -> int:
    return UNKNOWN if name is None else names.index(name)
