"""The formats of a source, known by the names of its files.

MovieLens 1M has `users.dat`, MovieLens 100K `u.user`, a user's own tables
`users.csv` or `users.parquet`; parts of a kind lie in a folder of its name.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from models_ml.errors import PlateiaError

KINDS: Final = ("users", "movies", "ratings")
ML_1M: Final = "ml-1m"
ML_100K: Final = "ml-100k"
CSV: Final = "csv"
PARQUET: Final = "parquet"
_FORMATS: Final = (ML_1M, ML_100K, CSV, PARQUET)
_ML_100K_NAMES: Final = {
    "users": "u.user",
    "movies": "u.item",
    "ratings": "u.data",
}
#: Where MovieLens 100K names its genres, in the order of u.item's flags.
ML_100K_GENRES: Final = "u.genre"
#: Ends of the names of other formats' files.
_ENDS: Final = {ML_1M: "dat", CSV: "csv", PARQUET: "parquet"}
#: `ratings_2023.csv`, `ratings.csv.gz`: beside the files that are read.
_LIKE_A_TABLE: Final = re.compile(
    rf"({'|'.join(KINDS)})[^/]*\.(?:csv|parquet|tsv)(?:\.[^/]*)?"
)


class DataUnavailable(PlateiaError):  # noqa: N818 - the interface's name
    """The data set could not be had; the message says what to do."""

    _SENTENCE = (
        "MovieLens 1M is not available: {reason}; download ml-1m.zip from "
        "https://grouplens.org/datasets/movielens/1m/ and set "
        "MOVIELENS_SOURCE to its path (or to `sample`, for generated data)."
    )

    def __init__(self, reason: str) -> None:
        super().__init__(self._SENTENCE.format(reason=reason))
        self.reason = reason


class SourceMissing(DataUnavailable):
    """A source is not there, or holds nothing that is understood."""

    _SENTENCE = (
        "there are no data: {reason}; download ml-1m.zip from "
        "https://grouplens.org/datasets/movielens/1m/ and set "
        "MOVIELENS_SOURCE to its path, to `sample` (generated data), or "
        "to own tables (docs/your-data.md)"
    )


class TablesUnusable(DataUnavailable):
    """A user's own tables cannot be read; the message says why."""

    _SENTENCE = (
        "the tables cannot be used: {reason}; docs/your-data.md says what "
        "they hold"
    )


@dataclass(frozen=True)
class Member:
    """A file of a source, by its name below the source."""

    kind: str
    """One of KINDS."""
    name: str
    format: str


def members(names: Collection[str], named: str) -> list[Member]:
    """The files of a source that holds `names`, `/` between folders.

    In order of their kinds, the whole file before its parts. A kind of
    MovieLens' own formats that is missing is listed all the same: whoever
    opens it says so. Raises TablesUnusable where a kind of other tables is
    missing, or where it is not clear which files are meant, as with a part of
    another name.
    """
    files = [each for kind in KINDS for each in _of_kind(kind, names, named)]
    formats = {each.format for each in files}
    if not formats:
        raise SourceMissing(
            f"{named} holds neither MovieLens' files (users.dat) nor own "
            "tables (users.csv, users.parquet, or a folder users/ of such)"
        )
    if formats in ({ML_1M}, {ML_100K}):
        form = ML_100K if ML_100K in formats else ML_1M
        missing = set(KINDS) - {each.kind for each in files}
        files += [Member(kind, _whole(kind, form), form) for kind in missing]
        return sorted(files, key=lambda each: KINDS.index(each.kind))
    if formats & {ML_1M, ML_100K}:
        listed = ", ".join(each.name for each in files)
        raise TablesUnusable(f"{named} holds files of two formats: {listed}")
    for kind in KINDS:
        if kind not in {each.kind for each in files}:
            raise TablesUnusable(
                f"{named} holds no {kind}: neither {kind}.csv nor "
                f"{kind}.parquet, nor a folder {kind}/ of such files"
            )
    _refuse_others(names, {each.name for each in files}, named)
    return files


def _refuse_others(
    names: Collection[str], read: Collection[str], named: str
) -> None:
    """Raise TablesUnusable where a table's file would be left out unread."""
    for name in sorted(set(names) - set(read)):
        like = _LIKE_A_TABLE.fullmatch(name.lower())
        if like:
            kind = like[1]
            raise TablesUnusable(
                f"{named} holds {name}, which would not be read: the {kind} "
                f"are in {kind}.csv or {kind}.parquet, or in such files in a "
                f"folder {kind}/"
            )


def _of_kind(kind: str, names: Collection[str], named: str) -> list[Member]:
    wholes = [
        Member(kind, _whole(kind, form), form)
        for form in _FORMATS
        if _whole(kind, form) in names
    ]
    if len(wholes) > 1:
        raise TablesUnusable(
            f"{named} holds the {kind} twice: "
            f"{' and '.join(each.name for each in wholes)}"
        )
    parts = [
        _part(kind, name, named)
        for name in sorted(names)
        if name.startswith(f"{kind}/") and not _is_hidden(name)
    ]
    return [*wholes, *parts]


def _is_hidden(name: str) -> bool:
    """Left by a program, such as Spark's `ratings/_SUCCESS`; or a folder."""
    below = name.partition("/")[2]
    return not below or below.startswith((".", "_"))


def _part(kind: str, name: str, named: str) -> Member:
    """Raises TablesUnusable for what would be left out unread."""
    for form, end in _ENDS.items():
        if name.rpartition("/")[0] == kind and name.endswith(f".{end}"):
            return Member(kind, name, form)
    raise TablesUnusable(
        f"{named} holds {name}, which is no part of the {kind}: parts are "
        f"files in {kind}/ itself, called .dat, .csv or .parquet"
    )


def name_below(path: str) -> str:
    """What `members` is to know a file of a zip by; "" if it is hidden.

    The folders around the three tables make no difference.
    """
    *folders, base = path.split("/")
    if base.startswith(".") or "__MACOSX" in folders:
        return ""
    wholes = {_whole(kind, form) for kind in KINDS for form in _FORMATS}
    is_part = bool(folders) and folders[-1] in KINDS and base not in wholes
    return f"{folders[-1]}/{base}" if is_part else base


def _whole(kind: str, form: str) -> str:
    if form == ML_100K:
        return _ML_100K_NAMES[kind]
    return f"{kind}.{_ENDS[form]}"
