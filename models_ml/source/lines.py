"""The lines of a file of any size, as Arrow batches of bounded size.

Work is done on whole blocks of bytes: a file of plain ASCII takes no Python
per line. Lines with other bytes are decoded one by one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

#: A line that is longer is no row of a table; it would need its own memory.
MAX_LINE_BYTES: Final = 1 << 20
#: Columns of a landed line.
SCHEMA: Final = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("line_number", pa.int64(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("is_readable", pa.bool_(), nullable=False),
    ]
)

_LINE_FEED: Final = 0x0A
_RETURN: Final = 0x0D
_MARK: Final = b"\xef\xbb\xbf"
#: Bytes that stand for themselves: printable ASCII, and the tab.
_PLAIN: Final = np.isin(np.arange(256), [0x09, *range(0x20, 0x7F)])
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_NOT_LATIN_1: Final = re.compile(rb"[\x80-\x9f]")
_ESCAPED: Final = re.compile(rb"[^\x20-\x5b\x5d-\x7e]")


class LineTooLong(ValueError):  # noqa: N818 - says what is wrong
    """A line is longer than MAX_LINE_BYTES."""

    def __init__(self, line_number: int) -> None:
        super().__init__(
            f"line {line_number} is longer than {MAX_LINE_BYTES:,} bytes"
        )


def line_batches(chunks: Iterable[bytes], file: str) -> Iterator[pa.Table]:
    """The lines of `chunks`, a table of SCHEMA for about each chunk.

    Lines end with a line feed, or a carriage return and a line feed; what
    follows the last end is a line if it holds any byte. A byte order mark at
    the start is no part of the first line. Raises LineTooLong.
    """
    number = 1
    for block in _whole_lines(chunks):
        texts, is_readable = _split(block, number)
        numbers = np.arange(number, number + len(texts), dtype=np.int64)
        number += len(texts)
        yield pa.table(
            [
                pa.repeat(file, len(texts)),
                pa.array(numbers),
                texts,
                is_readable,
            ],
            schema=SCHEMA,
        )


def _whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut behind line feeds; the last may have none."""
    rest, n_lines = b"", 0
    is_first = True
    for chunk in chunks:
        block = rest + chunk
        if is_first and len(block) < len(_MARK):
            rest = block
            continue
        if is_first:
            block, is_first = block.removeprefix(_MARK), False
        end = block.rfind(b"\n") + 1
        rest = block[end:]
        if end:
            yield block[:end]
            n_lines += block.count(b"\n")
        if len(rest) > MAX_LINE_BYTES:
            raise LineTooLong(n_lines + 1)
    if rest and not (is_first and rest == _MARK):
        yield rest


def _split(block: bytes, first: int) -> tuple[pa.Array, pa.Array]:
    """Texts of the lines of `block`, and which are readable.

    `first` is the number of its first line. Raises LineTooLong.
    """
    data = np.frombuffer(block, np.uint8)
    is_end = data == _LINE_FEED
    ends = np.flatnonzero(is_end)
    if not is_end[-1]:
        ends = np.append(ends, len(data))
    is_long = np.diff(ends, prepend=-1) - 1 > MAX_LINE_BYTES
    if is_long.any():
        raise LineTooLong(first + int(np.argmax(is_long)))
    is_text = ~is_end
    returns = ends[ends > 0] - 1
    returns = returns[data[returns] == _RETURN]
    is_text[returns] = False
    kept = data[is_text]
    n_dropped = ends - np.arange(len(ends))
    if len(returns):
        n_dropped = n_dropped - np.searchsorted(returns, ends)
    offsets = np.concatenate([[0], n_dropped]).astype(np.int32)
    lines = pa.Array.from_buffers(
        pa.binary(),
        len(ends),
        [None, pa.py_buffer(offsets), pa.py_buffer(kept)],
    )
    is_odd = ~_PLAIN[kept]
    if not is_odd.any():
        return lines.cast(pa.string()), pa.repeat(True, len(lines))
    odd = np.unique(
        np.searchsorted(offsets, np.flatnonzero(is_odd), side="right") - 1
    )
    return _decoded(lines, odd)


def _decoded(
    lines: pa.Array, odd: NDArray[np.intp]
) -> tuple[pa.Array, pa.Array]:
    """`lines` as text, those of the numbers `odd` decoded one by one."""
    decoded = [decode(line) for line in lines.take(pa.array(odd)).to_pylist()]
    is_odd = np.zeros(len(lines), np.bool_)
    is_odd[odd] = True
    is_readable = np.ones(len(lines), np.bool_)
    is_readable[odd] = [readable for _, readable in decoded]
    replaced = pc.replace_with_mask(
        lines,
        pa.array(is_odd),
        pa.array([text.encode() for text, _ in decoded], pa.binary()),
    )
    return replaced.cast(pa.string()), pa.array(is_readable)


def decode(line: bytes) -> tuple[str, bool]:
    r"""The text of a line, and whether it is readable.

    UTF-8 where the bytes are valid UTF-8, else latin-1, which MovieLens uses.
    Bytes of neither, and control characters, make a line unreadable: then
    each byte that is not printable ASCII, and each backslash, stands as
    `\xHH`.
    """
    if not _CONTROL.search(line):
        try:
            return line.decode("utf-8"), True
        except UnicodeDecodeError:
            if not _NOT_LATIN_1.search(line):
                return line.decode("latin-1"), True
    return (
        _ESCAPED.sub(lambda byte: b"\\x%02X" % byte[0][0], line).decode(),
        False,
    )
