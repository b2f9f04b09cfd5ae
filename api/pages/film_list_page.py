"""A list of films as CSV: the batch command's answer, on the page."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from api import schemas
from api.pages import heat
from api.pages.downloads import CsvFormat, table_text
from api.pages.form_errors import error_messages
from api.pages.translator import Translator
from api.service import LoadedRelease
from models_ml.batch.audience_file import predict_audiences
from models_ml.batch.files import (
    BadRow,
    FileError,
    MissingColumnsError,
    NotUtf8Error,
    RepeatedColumnError,
    RowLengthError,
    UnknownColumnError,
)
from models_ml.errors import InvalidField, InvalidFields
from models_ml.film.predictor import Film

#: What is asked of the page's file.
NAME: Final = "films.csv"
#: What the table can be in the order of; by numbers, the highest first.
SORTS: Final = ("film", "reach", "reach_index", "liking", "affinity")
#: Rows that the page shows; the file has all.
MOST_ROWS: Final = 500


class UnusableList(Exception):  # noqa: N818 - what the page tells of a file
    """The file means nothing; its text is a sentence for the reader."""


@dataclass(frozen=True)
class SentList:
    """What the form sent."""

    content: bytes
    by: tuple[str, ...]
    sort: str = SORTS[0]


@dataclass(frozen=True)
class ListColumn:
    """A column that the table can be in the order of."""

    key: str
    name: str
    is_sorted: bool


@dataclass(frozen=True)
class ListRow:
    """A film and a group."""

    film: str
    who: str
    cells: tuple[str, ...]
    is_target: bool


@dataclass(frozen=True)
class ListTable:
    """The answer as a table, and the question, to be sent again."""

    text: str
    """The file that was sent."""
    by: tuple[str, ...]
    sort: str
    columns: tuple[ListColumn, ...]
    rows: tuple[ListRow, ...]
    status: str
    """How many films and rows, and which are shown."""


def list_csv(
    release: LoadedRelease,
    sent: SentList,
    form: CsvFormat,
    translator: Translator,
) -> str:
    """The audience of each film by segment, as `audience` writes it.

    All rows are answered, or none: raises UnusableList with the first row
    that is not understood, in the reader's language.
    """
    table, _ = _answered(release, sent, translator)
    columns = [column.to_pylist() for column in table.columns]
    return table_text(form, table.column_names, zip(*columns, strict=True))


def list_table(
    release: LoadedRelease, sent: SentList, translator: Translator
) -> ListTable:
    """The same as a table of the page; raises UnusableList."""
    answered, films = _answered(release, sent, translator)
    by = answered.column_names[1 : answered.column_names.index("reach")]
    rows = answered.to_pylist()
    n_segments = len(rows) // (len(films) or 1)
    for place, row in enumerate(rows):
        row["title"] = _title(films[place // n_segments])
        row["liking"] = row["p_liked"] + row["p_loved"]
    sort = sent.sort if sent.sort in SORTS else SORTS[0]
    if sort != SORTS[0]:
        rows.sort(key=lambda row: -row[sort])
    return ListTable(
        text=sent.content.decode("utf-8-sig"),
        by=tuple(by),
        sort=sort,
        columns=tuple(
            ListColumn(key, translator(_COLUMN_TEXTS[key]), key == sort)
            for key in SORTS
        ),
        rows=tuple(_row(translator, by, row) for row in rows[:MOST_ROWS]),
        status=translator(
            "list.status" if len(rows) <= MOST_ROWS else "list.status.part",
            films=translator.number(len(films)),
            rows=translator.number(len(rows)),
            shown=translator.number(MOST_ROWS),
        ),
    )


_COLUMN_TEXTS: Final = {
    "film": "list.column.film",
    "reach": "column.reach",
    "reach_index": "column.reach_index",
    "liking": "column.liking",
    "affinity": "column.affinity",
}


def _title(film: Film) -> str:
    return f"{film.title} ({film.year})" if film.year else film.title


def _row(
    translator: Translator, by: Sequence[str], row: Mapping[str, Any]
) -> ListRow:
    def with_interval(measure: str) -> str:
        estimate = schemas.Estimate(
            *(row[f"{measure}{end}"] for end in ("", "_low", "_high"))
        )
        return heat.value_and_interval(translator, measure, estimate)

    return ListRow(
        film=row["title"],
        who=translator.people({name: row[name] for name in by}),
        cells=(
            translator.percent(row["reach"]),
            with_interval("reach_index"),
            translator.percent(row["liking"]),
            with_interval("affinity"),
        ),
        is_target=row["is_target"],
    )


def _answered(
    release: LoadedRelease, sent: SentList, translator: Translator
) -> tuple[pa.Table, list[Film]]:
    """What `audience` answers, and the films of the file in its order.

    Raises UnusableList.
    """
    films: list[Film] = []
    with tempfile.TemporaryDirectory() as folder:
        asked, output = Path(folder) / NAME, Path(folder) / "answer.parquet"
        asked.write_bytes(sent.content)
        try:
            predict_audiences(
                release.film,
                asked,
                sent.by,
                output,
                movie_id_of=release.catalogue.movie_id_of,
                on_film=films.append,
            )
        except (FileError, InvalidFields) as error:
            raise UnusableList(told(translator, error)) from error
        return pq.read_table(output), films


def told(translator: Translator, error: FileError | InvalidFields) -> str:
    """What is wrong with a list, as a sentence in the reader's language."""
    if isinstance(error, InvalidFields):
        # `by[1]` is told as `by`, of which the form has one text.
        wrong = InvalidFields(
            [
                InvalidField(e.field.partition("[")[0], e.value, e.allowed)
                for e in error.errors
            ]
        )
        return " ".join(error_messages(translator, wrong).values())
    tell = _TOLD.get(type(error))
    return tell(translator, error) if tell else translator("list.unusable")


#: Fields whose texts say what a column may hold, where the names differ.
_FIELDS: Final = {
    "genres": "film_genres",
    "comparables": "comparables_column",
}


def _row_text(translator: Translator, error: BadRow) -> str:
    field = _FIELDS.get(error.column, error.column)
    wrong = InvalidField(field, error.value, error.allowed)
    told = error_messages(translator, InvalidFields([wrong]))[field]
    return translator("list.row", row=error.row, column=error.column, why=told)


def _row_length_text(translator: Translator, error: RowLengthError) -> str:
    return translator.count(
        "list.row_length",
        error.n_fields,
        row=translator.number(error.row),
        expected=translator.number(error.n_columns),
    )


def _missing_text(translator: Translator, error: MissingColumnsError) -> str:
    return translator.count(
        "list.missing",
        len(error.missing),
        columns=translator.listed(list(error.missing)),
    )


def _unknown_text(translator: Translator, error: UnknownColumnError) -> str:
    return translator(
        "list.unknown",
        column=error.column,
        allowed=translator.listed(list(error.allowed)),
    )


def _repeated_text(translator: Translator, error: RepeatedColumnError) -> str:
    names = error.columns
    twice = next(name for name in names if names.count(name) > 1)
    return translator("list.twice", column=twice)


#: What tells each error of a file.
_TOLD: Final[dict[type[FileError], Callable[[Translator, Any], str]]] = {
    BadRow: _row_text,
    RowLengthError: _row_length_text,
    MissingColumnsError: _missing_text,
    UnknownColumnError: _unknown_text,
    RepeatedColumnError: _repeated_text,
    NotUtf8Error: lambda translator, _: translator("list.not_utf8"),
}
