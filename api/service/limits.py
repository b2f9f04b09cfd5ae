"""What the data that a release was built from cannot say.

The model card and the pages tell the same limits, each in its own words.
"""

from typing import Final

from models_ml.vocabulary import Vocabulary

#: That people chose what to rate, that only ratings are known, that there is
#: no nationality, or no place at all, that times change, and that a group is
#: no person.
LIMITS: Final = ("chosen", "rated", "country", "nowhere", "time", "groups")


def limits_of(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The names of LIMITS that hold for data with these levels."""
    left_out = {"country", "nowhere"}
    if not vocabulary.nationalities:
        has_places = len(vocabulary.regions) > 1
        left_out = {"nowhere" if has_places else "country"}
    return tuple(name for name in LIMITS if name not in left_out)
