"""Profiles: what is known of a person, understood and turned into codes."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from models_ml.errors import FieldErrors, InvalidField
from models_ml.notices import Notice
from models_ml.profile.nationality import country_of, is_us
from models_ml.vocabulary import (
    AGE_CODES,
    AGE_GROUPS,
    GENDERS,
    N_US_REGIONS,
    OCCUPATIONS,
    REGIONS,
    SOMEWHERE_IN_THE_US,
    UNKNOWN,
)
from models_ml.words import AGE_GROUP, GENDER, OCCUPATION

Given: TypeAlias = str | int | float | None
"""A field as a caller gives it; None and blank text mean "not given"."""

ZipPrefixes: TypeAlias = Mapping[str, str]
"""Region (of REGIONS) of the first three digits of a US ZIP code."""

US: Final = "US"
OUTSIDE_THE_US: Final = "outside the US"
_UNKNOWN_REGION: Final = "unknown"
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
    """One of GENDERS."""
    age_group: str | None = None
    """One of AGE_GROUPS."""
    occupation: str | None = None
    """One of OCCUPATIONS."""
    region: str | None = None
    """One of REGIONS."""
    country: str | None = None
    """`US` or `outside the US`: as much as ZIP codes tell."""
    ignored: tuple[Ignored, ...] = ()

    @property
    def codes(self) -> tuple[int, int, int, int]:
        """Indices of gender, age group, occupation and region.

        UNKNOWN (-1) is "not given"; a region of SOMEWHERE_IN_THE_US (-2) is
        a person of the United States whose ZIP code is not known.
        """
        region = _index(REGIONS, self.region)
        if region == UNKNOWN and self.country == US:
            region = SOMEWHERE_IN_THE_US
        return (
            _index(GENDERS, self.gender),
            _index(AGE_GROUPS, self.age_group),
            _index(OCCUPATIONS, self.occupation),
            region,
        )

    def understood(self) -> dict[str, str | None]:
        """What predictions use, by field; None for what is not known."""
        return {
            "gender": self.gender,
            "age_group": self.age_group,
            "occupation": self.occupation,
            "country": self.country,
            "region": self.region,
        }


def parse_profile(
    *,
    gender: Given = None,
    age: Given = None,
    age_group: Given = None,
    occupation: Given = None,
    nationality: Given = None,
    zip_code: Given = None,
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
    parsed_gender = errors.attempt(parse_gender, gender)
    parsed_age = errors.attempt(parse_age_group, age, age_group)
    parsed_occupation = errors.attempt(parse_occupation, occupation)
    place = errors.attempt(parse_place, nationality, zip_code, zip_prefixes)
    errors.check()
    region, country, ignored = place or (None, None, ())
    return Profile(
        gender=parsed_gender,
        age_group=parsed_age,
        occupation=parsed_occupation,
        region=region,
        country=country,
        ignored=ignored,
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
    return OUTSIDE_THE_US if is_foreign else _UNKNOWN_REGION


def parse_gender(value: Given) -> str | None:
    """One of GENDERS; None: not given. Raises InvalidField."""
    text = _text(value)
    if text is None:
        return None
    gender = GENDER.find(text)
    if gender is None:
        raise InvalidField(
            "gender",
            value,
            "F or M (female, male, woman, man, feminino, masculino, mulher,"
            " homem)",
        )
    return gender


def parse_age_group(age: Given, group: Given = None) -> str | None:
    """One of AGE_GROUPS, from years or the group's name; None: not given.

    Raises InvalidField for what is not understood, and for an age and a
    group that contradict one another; InvalidFields if neither is.
    """
    errors = FieldErrors()
    of_age = errors.attempt(_group_of_age, age)
    named = errors.attempt(_age_group, group)
    errors.check()
    if of_age is not None and named is not None and of_age != named:
        raise InvalidField(
            "age_group", group, f"{of_age!r}, since age is {age}"
        )
    return of_age or named


def _age_group(value: Given) -> str | None:
    text = _text(value)
    return None if text is None else AGE_GROUP.parse("age_group", text)


def _group_of_age(age: Given) -> str | None:
    if _text(age) is None:
        return None
    years = _number(age)
    if years is None or not 0 <= years <= MAX_AGE:
        raise InvalidField(
            "age", age, f"a number of years from 0 to {MAX_AGE}"
        )
    # MovieLens' codes are the lowest ages of the groups, 1 of "under 18".
    index = sum(years >= code for code in AGE_CODES[1:])
    return AGE_GROUPS[index]


def parse_occupation(value: Given) -> str | None:
    """One of OCCUPATIONS; None: not given. Raises InvalidField."""
    if _text(value) is None:
        return None
    code = _number(value)
    if code is not None and code in range(len(OCCUPATIONS)):
        return OCCUPATIONS[int(code)]
    named = OCCUPATION.find(_text(value)) if code is None else None
    if named is None:
        raise InvalidField(
            "occupation",
            value,
            f"MovieLens' code 0 to {len(OCCUPATIONS) - 1},"
            f" or {OCCUPATION.allowed}",
        )
    return named


def parse_place(
    nationality: Given, zip_code: Given, zip_prefixes: ZipPrefixes
) -> tuple[str | None, str | None, tuple[Ignored, ...]]:
    """Region, country and what was ignored.

    The ZIP code decides where both are given: models learned regions from
    ZIP codes, and nobody's nationality is in the data. Raises InvalidField.
    """
    of_nationality = _country(nationality)
    region, country, ignored = _place_of_zip(zip_code, zip_prefixes)
    if of_nationality is None:
        return region, country, ignored
    if country is not None and country != of_nationality:
        assert region is not None  # noqa: S101 - where there is a country
        notice = Notice("profile.zip_code_decides", {"region": region})
    elif of_nationality == OUTSIDE_THE_US:
        region = country = OUTSIDE_THE_US
        notice = Notice("profile.nationality_abroad")
    else:
        return region, of_nationality, ignored
    unused = Ignored("nationality", str(nationality), notice)
    return region, country, (*ignored, unused)


def _country(nationality: Given) -> str | None:
    text = _text(nationality)
    if text is None:
        return None
    code = country_of(text)
    if code is None:
        raise InvalidField(
            "nationality",
            nationality,
            "an ISO 3166 code (BR, BRA), the name of a country (Brazil,"
            " Brasil) or of its people (Brazilian, brasileira)",
        )
    return US if is_us(code) else OUTSIDE_THE_US


def _place_of_zip(
    zip_code: Given, zip_prefixes: ZipPrefixes
) -> tuple[str | None, str | None, tuple[Ignored, ...]]:
    text = _text(zip_code)
    if text is None:
        return None, None, ()
    region = region_of_zip(text, zip_prefixes)
    if region == _UNKNOWN_REGION:
        unread = Ignored("zip_code", text, Notice("profile.zip_code_unknown"))
        return None, None, (unread,)
    in_us = REGIONS.index(region) < N_US_REGIONS
    return region, US if in_us else OUTSIDE_THE_US, ()


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
