"""What the data that a release was built from cannot say.

The model card and the pages tell the same limits, each in its own words.
"""

from typing import Final

from models_ml.vocabulary import Vocabulary

#: That people chose what to rate, that only ratings are known, that there is
#: no nationality, that times change, and that a group is no person.
LIMITS: Final = ("chosen", "rated", "country", "time", "groups")


def limits_of(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The names of LIMITS that hold for data with these levels."""
    has_countries = bool(vocabulary.nationalities)
    return tuple(
        name for name in LIMITS if not (has_countries and name == "country")
    )
