"""What the columns of a user's own tables mean.

`users`: user_id and any of gender, age (years) or age_group, occupation,
nationality, zip_code. `movies`: movie_id, title, and any of year, genres.
`ratings`: user_id, movie_id, stars or score, and rated_at where known.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from models_ml.source.formats import TablesUnusable

#: Columns that are understood, by the kind of a table.
COLUMNS: Final = {
    "users": (
        "user_id",
        "gender",
        "age",
        "age_group",
        "occupation",
        "nationality",
        "zip_code",
    ),
    "movies": ("movie_id", "title", "year", "genres"),
    "ratings": ("user_id", "movie_id", "stars", "score", "rated_at"),
}
_NEEDED: Final = {
    "users": (("user_id",),),
    "movies": (("movie_id",), ("title",)),
    "ratings": (("user_id",), ("movie_id",), ("score", "stars")),
}
#: Columns that a sentence names, and characters of each.
_MAX_NAMES: Final = 20
_MAX_NAME: Final = 100
#: Of two columns that say the same, the first is read.
_INSTEAD: Final = {"age_group": "age", "stars": "score"}
#: Which country a nationality means, where it means one.
_COUNTRY: Final = ("country_code", "country_name", "country_name_pt")


def schema_of(kind: str) -> pa.Schema:
    """Columns of a landed row: each value as text, null where not told."""
    names = COLUMNS[kind] + (_COUNTRY if kind == "users" else ())
    return pa.schema(
        [
            pa.field("file", pa.string(), nullable=False),
            pa.field("line_number", pa.int64(), nullable=False),
            pa.field("fault", pa.string()),
            pa.field("text", pa.string()),
            *(pa.field(name, pa.string()) for name in names),
        ]
    )


@dataclass(frozen=True)
class Header:
    """The columns of a file, and what they were taken for."""

    names: tuple[str, ...]
    understood: dict[str, int]
    """Number of each column that is read, from 0."""
    left_out: tuple[str, ...]
    """Names of those that are not read."""


def named_columns(names: Sequence[str]) -> str:
    """Names in quotes, as far as a sentence bears them."""
    shown = [repr(name[:_MAX_NAME]) for name in names[:_MAX_NAMES]]
    n_more = len(names) - len(shown)
    more = [f"and {n_more:,} more"] if n_more else []
    return ", ".join([*shown, *more]) or "none"


def understand(
    kind: str, names: Sequence[str], named: str, also: Collection[str] = ()
) -> Header:
    """Take the columns `names` of the file `named` for what they are.

    Case and spaces around a name make no difference. Columns in `also` are
    read too, by their own names. Raises TablesUnusable where a column stands
    twice or one that is needed is missing.
    """
    understood: dict[str, int] = {}
    for number, name in enumerate(names):
        key = name if name in also else name.strip().casefold()
        if key not in COLUMNS[kind] and key not in also:
            continue
        if key in understood:
            raise TablesUnusable(f"{named} has the column {key} twice")
        understood[key] = number
    for needed in _NEEDED[kind]:
        if not understood.keys() & set(needed):
            raise TablesUnusable(
                f"{named} has no column {' or '.join(needed)}, but "
                f"{named_columns(names)}"
            )
    for column, instead in _INSTEAD.items():
        if instead in understood:
            understood.pop(column, None)
    read = set(understood.values())
    left_out = [name for i, name in enumerate(names) if i not in read]
    return Header(tuple(names), understood, tuple(left_out))
