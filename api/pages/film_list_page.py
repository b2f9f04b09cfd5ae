"""A list of films as CSV: the batch command's answer, on the page."""

import tempfile
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from api.pages.downloads import CsvFormat, table_text
from api.pages.form_errors import error_messages
from api.pages.translator import Translator
from api.service import LoadedRelease
from models_ml.batch.audience_file import predict_audiences
from models_ml.batch.files import BadRow, FileError
from models_ml.errors import InvalidField, InvalidFields

#: What is asked of the page's file.
NAME: Final = "films.csv"


class UnusableList(Exception):  # noqa: N818 - what the page tells of a file
    """The file means nothing; its text is a sentence for the reader."""


def answer_list(
    release: LoadedRelease,
    content: bytes,
    by: tuple[str, ...],
    form: CsvFormat,
    translator: Translator,
) -> str:
    """The audience of each film by segment, as `audience` writes it.

    All rows are answered, or none: raises UnusableList with the first row
    that is not understood, in the reader's language.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked, output = Path(folder) / NAME, Path(folder) / "answer.parquet"
        asked.write_bytes(content)
        try:
            predict_audiences(release.film, asked, by, output)
        except BadRow as error:
            raise UnusableList(_row_text(translator, error)) from error
        except (FileError, InvalidFields) as error:
            text = str(error).replace(f"{folder}/", "")
            raise UnusableList(
                translator("list.unusable", why=text)
            ) from error
        table = pq.read_table(output)
    columns = [column.to_pylist() for column in table.columns]
    return table_text(form, table.column_names, zip(*columns, strict=True))


def _row_text(translator: Translator, error: BadRow) -> str:
    field = "film_genres" if error.column == "genres" else error.column
    wrong = InvalidField(field, error.value, error.allowed)
    told = error_messages(translator, InvalidFields([wrong]))[field]
    return translator("list.row", row=error.row, column=error.column, why=told)
