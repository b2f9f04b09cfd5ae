"""Ids of a file, answered in the type they had.

A CSV file has no types: a column whose values are all whole numbers, as they
are usually written, is one of numbers to every tool that reads it, and any
other column (`007`, `a1`, a UUID) is text. The answer keeps to that, so that
it joins with the file it was asked in.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from models_ml.batch.files import read_pieces

#: A whole number without a leading zero.
_PLAIN_INTEGER: Final = r"^\s*(0|-?[1-9][0-9]*)\s*$"
_BLANK: Final = r"^\s*$"


def id_type(path: Path, columns: Sequence[str], name: str) -> pa.DataType:
    """int64 for a column of whole numbers and blanks, else string.

    Reads the whole column of the CSV file with header `columns`; a column
    without any value is text, and so is one with a number beyond 64 bits.
    Raises FileError as `read_pieces` does.
    """
    has_number = False
    for piece in read_pieces(path, columns, only=name):
        values = pc.unique(piece.batch.column(name))
        texts = values.filter(
            pc.invert(pc.match_substring_regex(values, _BLANK))
        )
        plain = pc.match_substring_regex(texts, _PLAIN_INTEGER)
        if not (pc.all(plain, min_count=0).as_py() and _fit(texts)):
            return pa.string()
        has_number = has_number or len(texts) > 0
    return pa.int64() if has_number else pa.string()


def _fit(numbers: Any) -> bool:
    try:
        typed_ids(numbers, pa.int64())
    except pa.ArrowInvalid:
        return False
    return True


def typed_ids(texts: Any, type_: pa.DataType) -> Any:
    """An array of ids as text in the type of their column; blanks are null.

    Text stays as it is, blanks and spaces included.
    """
    if pa.types.is_string(type_):
        return texts
    trimmed = pc.utf8_trim_whitespace(texts)
    texts = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    return pc.cast(texts, type_)
