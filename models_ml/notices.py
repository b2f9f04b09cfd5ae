"""What a part of the product has to tell: a code, and the values in it.

JSON and batch files say it in English; the page in its reader's language, by
the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

#: The English sentence of each code; names in braces are those of `values`.
ENGLISH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "film.no_year": "no year was given",
        "film.no_genre": "no genre was given",
        "film.genre_unknown": "genre '{genre}' is unknown and was not used",
        "film.genre_unseen": "no film that was learnt from is '{genre}'",
        "film.year_outside": (
            "year {year} lies outside the films that were learnt from, "
            "{first} to {last}"
        ),
        "profile.zip_code_unknown": (
            "it is no ZIP code in use, nor clearly of another country"
        ),
        "profile.zip_code_decides": (
            "the ZIP code says {region}, and it decides: the data hold ZIP "
            "codes and no nationalities"
        ),
        "profile.nationality_abroad": (
            "used only as 'outside the US': the data tell no other countries "
            "apart"
        ),
        "profile.nationality_unseen": "nobody of the data is of that country",
        "profile.place_unseen": (
            "of nobody do the data tell that they are from there"
        ),
        "profile.zip_code_unused": (
            "the data tell nationalities, and models learned from these"
        ),
        "profile.few_people": (
            "few people of the data are '{level}' ({n_users}), so the answer "
            "leans on everyone's ratings"
        ),
        "filters.no_such_film": "there is no such film",
    }
)


@dataclass(frozen=True)
class Notice:
    """One thing to tell; the codes are those of ENGLISH."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Equal notices have equal hashes: questions that hold them do."""
        return hash((self.code, tuple(sorted(self.values.items()))))

    def text(self) -> str:
        """The sentence in English.

        Raises KeyError for a code that ENGLISH lacks, or a missing value.
        """
        return ENGLISH[self.code].format(**self.values)
