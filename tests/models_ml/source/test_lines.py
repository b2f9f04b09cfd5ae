"""Lines are those of the bytes, however these are cut into chunks."""

import random
import re

import pyarrow as pa
import pytest

from models_ml.source import lines
from models_ml.source.lines import LineTooLong, decode, line_batches

#: A byte order mark, both line ends, a blank line, a NUL, UTF-8, latin-1, a
#: byte of neither, a backslash, quotes and no last line end.
MIXED = (
    b"\xef\xbb\xbf1::Alien (1979)::Horror\r\n"
    b"2::Caf\xc3\xa9 (1990)::Drama\n"
    b"\n"
    b"3::Caf\xe9, Le (1990)::Drama\r\n"
    b"4::It\x27s \x5cx41 \x22Q\x22\t(2000)::War\n"
    b"5::Bad\x92 \x5c (1990)::Drama\n"
    b"6::Nul\x00 (1990)::Drama\n"
    b"7::Return\r (1990)::Drama\n"
    b"8::Last (1990)::Drama"
)
READ = [
    (1, "1::Alien (1979)::Horror", True),
    (2, "2::Café (1990)::Drama", True),
    (3, "", True),
    (4, "3::Café, Le (1990)::Drama", True),
    (5, '4::It\'s \\x41 "Q"\t(2000)::War', True),
    (6, "5::Bad\\x92 \\x5C (1990)::Drama", False),
    (7, "6::Nul\\x00 (1990)::Drama", False),
    (8, "7::Return\\x0D (1990)::Drama", False),
    (9, "8::Last (1990)::Drama", True),
]


def _read(data: bytes, size: int) -> list[tuple[int, str, bool]]:
    chunks = (data[at : at + size] for at in range(0, len(data), size))
    table = pa.concat_tables(line_batches(chunks, "a.dat"))
    assert set(table["file"].to_pylist()) == {"a.dat"}
    return list(
        zip(
            table["line_number"].to_pylist(),
            table["text"].to_pylist(),
            table["is_readable"].to_pylist(),
            strict=True,
        )
    )


@pytest.mark.parametrize("size", [1, 2, 3, 7, 40, 1_000])
def test_every_kind_of_line_is_read(size: int) -> None:
    assert _read(MIXED, size) == READ


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"a\n", ["a"]),
        (b"a\r", ["a"]),
        (b"a\n\n", ["a", ""]),
        (b"\n", [""]),
        (b"\r\n\r\n", ["", ""]),
        (b"a\n\xef\xbb\xbfb", ["a", "\ufeffb"]),
    ],
)
def test_ends_of_lines_and_files(data: bytes, texts: list[str]) -> None:
    assert [text for _, text, _ in _read(data, 2)] == texts


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf"])
def test_a_file_without_a_line_has_none(data: bytes) -> None:
    assert list(line_batches([data], "a.dat")) == []


def test_any_bytes_are_read_as_line_by_line() -> None:
    """2,000 files of likely troublemakers, seed 5, against a plain reader."""
    rng = random.Random(5)
    pieces = [b"\n", b"\r", b"\r\n", b"::", b"a", b"7", b"\xe9", b"\xc3\xa9"]
    pieces += [b"\x92", b"\x00", b"\x7f", b"\t", b"\\", b"\xef\xbb\xbf"]
    for _ in range(2_000):
        data = b"".join(rng.choices(pieces, k=rng.randint(1, 30)))
        split = re.split(b"\n", data.removeprefix(b"\xef\xbb\xbf"))
        split = split[:-1] if split[-1] == b"" else split
        expected = [
            (number, *decode(line.removesuffix(b"\r")))
            for number, line in enumerate(split, 1)
        ]
        if expected:
            assert _read(data, rng.randint(1, 12)) == expected, data


def test_a_line_too_long_for_memory_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 10)
    assert len(_read(b"a\nb\n" + b"c" * 10 + b"\nd\n", 5)) == 4
    for size in (5, 100):
        for end in (b"", b"\n", b"\nd\n"):
            with pytest.raises(LineTooLong, match="line 3 is longer than 10"):
                _read(b"a\nb\n" + b"c" * 11 + end, size)
