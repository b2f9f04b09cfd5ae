"""Profiles: what is known of a person, understood and turned into codes."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

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

_GENDER_WORDS: Final = {
    "F": ("f", "female", "woman", "feminino", "feminina", "mulher"),
    "M": ("m", "male", "man", "masculino", "masculina", "homem"),
}
_GENDER_OF_WORD: Final = {
    word: gender for gender, words in _GENDER_WORDS.items() for word in words
}


class InvalidField(ValueError):  # noqa: N818 - the interface's name
    """A field of a profile (or of a file's row) has no meaning we know.

    `allowed` says in words what would have been understood.
    """

    def __init__(self, field: str, value: object, allowed: str) -> None:
        super().__init__(f"{field} is {value!r}: allowed is {allowed}")
        self.field = field
        self.value = value
        self.allowed = allowed


@dataclass(frozen=True)
class Ignored:
    """Something that was given and could not be used, or only in part."""

    field: str
    value: str
    reason: str


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
    and an age group that contradict one another. A ZIP code that names no
    place, and a nationality that contradicts the ZIP code, are listed in
    `Profile.ignored`: people move, and post codes have many forms.
    """
    region, country, ignored = _place(nationality, zip_code, zip_prefixes)
    return Profile(
        gender=_gender(gender),
        age_group=_age_group(age, age_group),
        occupation=_occupation(occupation),
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


def _gender(given: Given) -> str | None:
    text = _text(given)
    if text is None:
        return None
    if text.casefold() not in _GENDER_OF_WORD:
        raise InvalidField(
            "gender", given, "F or M (female, male, feminino, masculino)"
        )
    return _GENDER_OF_WORD[text.casefold()]


def _age_group(age: Given, group: Given) -> str | None:
    of_age = _group_of_age(age)
    named = _one_of(AGE_GROUPS, group)
    if named is None and _text(group) is not None:
        raise InvalidField("age_group", group, _listed(AGE_GROUPS))
    if of_age is not None and named is not None and of_age != named:
        raise InvalidField(
            "age_group", group, f"{of_age!r}, since age is {age}"
        )
    return of_age or named


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


def _occupation(given: Given) -> str | None:
    if _text(given) is None:
        return None
    code = _number(given)
    if code is not None and code in range(len(OCCUPATIONS)):
        return OCCUPATIONS[int(code)]
    named = _one_of(OCCUPATIONS, given) if code is None else None
    if named is None:
        raise InvalidField(
            "occupation",
            given,
            f"MovieLens' code 0 to {len(OCCUPATIONS) - 1},"
            f" or one of {_listed(OCCUPATIONS)}",
        )
    return named


def _place(
    nationality: Given, zip_code: Given, zip_prefixes: ZipPrefixes
) -> tuple[str | None, str | None, tuple[Ignored, ...]]:
    """Region, country and what was ignored.

    The ZIP code decides where both are given: models learned regions from
    ZIP codes, and nobody's nationality is in the data.
    """
    of_nationality = _country(nationality)
    region, country, ignored = _place_of_zip(zip_code, zip_prefixes)
    if of_nationality is None:
        return region, country, ignored
    if country is not None and country != of_nationality:
        reason = (
            f"the ZIP code says {region}, and it decides: the data hold ZIP"
            " codes and no nationalities"
        )
    elif of_nationality == OUTSIDE_THE_US:
        region = country = OUTSIDE_THE_US
        reason = (
            f"used only as {OUTSIDE_THE_US!r}: the data tell no other"
            " countries apart"
        )
    else:
        return region, of_nationality, ignored
    unused = Ignored("nationality", str(nationality), reason)
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
        unread = Ignored(
            "zip_code",
            text,
            "it is no ZIP code in use, nor clearly of another country",
        )
        return None, None, (unread,)
    in_us = REGIONS.index(region) < N_US_REGIONS
    return region, US if in_us else OUTSIDE_THE_US, ()


def _text(given: Given) -> str | None:
    """Stripped text of a field; None if it is not given."""
    if given is None or (isinstance(given, float) and math.isnan(given)):
        return None
    return str(given).strip() or None


def _number(given: Given) -> float | None:
    """The number that a field holds, or None: `25`, `"25"` and `"25.0"`."""
    text = str(given).strip()
    if isinstance(given, bool) or not re.fullmatch(
        r"-?[0-9]+(\.[0-9]*)?", text, re.ASCII
    ):
        return None
    return float(text)


def _one_of(names: tuple[str, ...], given: Given) -> str | None:
    """The name that is given, whatever its case, spaces and dashes."""
    wanted = _plain(_text(given) or "")
    return next((name for name in names if _plain(name) == wanted), None)


def _plain(text: str) -> str:
    return " ".join(text.replace("–", "-").casefold().split())


def _index(names: tuple[str, ...], name: str | None) -> int:
    return UNKNOWN if name is None else names.index(name)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names))
