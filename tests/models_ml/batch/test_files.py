"""What parts the columns of a file, and what is no file of rows."""

from pathlib import Path

import pytest

from models_ml.batch import files
from models_ml.batch.files import (
    FileError,
    NotUtf8Error,
    RowLengthError,
    delimiter_of,
    read_header,
    read_pieces,
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ","),
        (b"a\n1;2\n", ","),
        (b"a,b\n1;2,3\n", ","),
        (b"a,b;c\n1,2;3\n", ","),
        (b"a;b\n1,2;3\n", ";"),
        (b"\xef\xbb\xbfa;b\r\n1;2\r\n", ";"),
        (b"a;b\n\xff;1\n", ";"),
    ],
)
def test_semicolons_part_columns_where_the_first_line_has_no_comma(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert delimiter_of(path) == expected


@pytest.mark.parametrize(
    "content",
    [
        'a,b\n"Dust, and; Sand",1\n2,\n',
        'a;b\r\n"Dust, and; Sand";1\r\n2;',
        "\ufeffa;b\nDust, and\n;1",
    ],
    ids=["commas", "semicolons", "short row"],
)
def test_a_file_is_read_by_what_parts_its_columns(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode())
    columns = read_header(path, ["a", "b"])
    assert columns == ["a", "b"]
    if content.endswith("\n;1"):
        with pytest.raises(RowLengthError, match="row 2: 1 field"):
            list(read_pieces(path, columns))
        return
    (piece,) = read_pieces(path, columns)
    assert piece.batch.to_pylist() == [
        {"a": "Dust, and; Sand", "b": "1"},
        {"a": "2", "b": ""},
    ]


def test_a_row_of_another_length_is_named_far_down_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BLOCK_SIZE", 60)
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "1,2\n" * 100 + "3,4,5\n")
    with pytest.raises(RowLengthError) as caught:
        list(read_pieces(path, ["a", "b"]))
    error = caught.value
    assert (error.row, error.n_fields, error.n_columns) == (102, 3, 2)


@pytest.mark.parametrize("content", [b"\xff,b\n", b"a,b\n1,\xe7\n"])
def test_text_of_another_encoding_is_said_to_be_that(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(NotUtf8Error, match=r"table\.csv .* no UTF-8"):
        list(read_pieces(path, read_header(path, ["a", "b"])))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"nowhere\.csv cannot be read"):
        read_header(tmp_path / "nowhere.csv", ["a"])
