"""The profile columns of a file, turned into codes."""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models_ml.batch.files import Piece
from models_ml.errors import InvalidField
from models_ml.profile.parse import (
    Ignored,
    Profile,
    ZipPrefixes,
    parse_age_group,
    parse_gender,
    parse_occupation,
    parse_place,
)
from models_ml.vocabulary import Vocabulary

PROFILE_COLUMNS: Final = (
    "gender",
    "age",
    "occupation",
    "nationality",
    "zip_code",
)
#: Distinct places (nationality and ZIP code) that are remembered.
_PLACES_KEPT: Final = 1 << 16


@dataclass
class ProfileReader:
    """Profile codes of rows; each distinct value is parsed once."""

    vocabulary: Vocabulary
    zip_prefixes: ZipPrefixes
    notices: Counter[str] = field(default_factory=Counter)
    """Rows of which something could not be used, or only in part."""

    def __post_init__(self) -> None:
        self._place = lru_cache(_PLACES_KEPT)(self._parse_place)

    def codes(self, piece: Piece) -> NDArray[np.int32]:
        """Shape (rows, 4), as `Profile.codes`; raises BadRow."""
        return np.stack(
            [
                piece.parsed("gender", self._gender),
                piece.parsed("age", self._age),
                piece.parsed("occupation", self._occupation),
                self._places(piece),
            ],
            axis=1,
        )

    def _gender(self, value: str) -> int:
        gender = parse_gender(self.vocabulary, value)
        return Profile(gender=gender).codes(self.vocabulary)[0]

    def _age(self, value: str) -> int:
        age_group = parse_age_group(self.vocabulary, value)
        return Profile(age_group=age_group).codes(self.vocabulary)[1]

    def _occupation(self, value: str) -> int:
        occupation = parse_occupation(self.vocabulary, value)
        return Profile(occupation=occupation).codes(self.vocabulary)[2]

    def _parse_place(
        self, nationality: str, zip_code: str
    ) -> tuple[int, tuple[Ignored, ...]]:
        place = parse_place(
            self.vocabulary, nationality, zip_code, self.zip_prefixes
        )
        return place.codes(self.vocabulary)[3], place.ignored

    def _places(self, piece: Piece) -> NDArray[np.int32]:
        """A place follows from two columns: their distinct pairs."""
        nationality = piece.column("nationality")
        zip_code = piece.column("zip_code")
        width = len(zip_code.values)
        pairs, first, inverse, rows = np.unique(
            nationality.index.astype(np.int64) * width + zip_code.index,
            return_index=True,
            return_inverse=True,
            return_counts=True,
        )
        places = np.empty(len(pairs), dtype=np.int32)
        for k, pair in enumerate(pairs):
            where, code = divmod(int(pair), width)
            try:
                places[k], ignored = self._place(
                    nationality.values[where], zip_code.values[code]
                )
            except InvalidField as error:
                raise piece.bad(int(first[k]), error) from error
            for each in ignored:
                told = f"{each.field}: {each.notice.text()}"
                self.notices[told] += int(rows[k])
        return places[inverse]
