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
                self._regions(piece),
            ],
            axis=1,
        )

    def _gender(self, value: str) -> int:
        return Profile(gender=parse_gender(value)).codes[0]

    def _age(self, value: str) -> int:
        return Profile(age_group=parse_age_group(value)).codes[1]

    def _occupation(self, value: str) -> int:
        return Profile(occupation=parse_occupation(value)).codes[2]

    def _parse_place(
        self, nationality: str, zip_code: str
    ) -> tuple[int, tuple[Ignored, ...]]:
        region, country, ignored = parse_place(
            nationality, zip_code, self.zip_prefixes
        )
        return Profile(region=region, country=country).codes[3], ignored

    def _regions(self, piece: Piece) -> NDArray[np.int32]:
        """A region follows from two columns: their distinct pairs."""
        nationality = piece.column("nationality")
        zip_code = piece.column("zip_code")
        width = len(zip_code.values)
        pairs, first, inverse, rows = np.unique(
            nationality.index.astype(np.int64) * width + zip_code.index,
            return_index=True,
            return_inverse=True,
            return_counts=True,
        )
        regions = np.empty(len(pairs), dtype=np.int32)
        for k, pair in enumerate(pairs):
            where, code = divmod(int(pair), width)
            try:
                regions[k], ignored = self._place(
                    nationality.values[where], zip_code.values[code]
                )
            except InvalidField as error:
                raise piece.bad(int(first[k]), error) from error
            for each in ignored:
                told = f"{each.field}: {each.notice.text()}"
                self.notices[told] += int(rows[k])
        return regions[inverse]
