"""Reading a pickle of plain data without running the pickle machine.

`pickle.loads` runs a program: it calls what the bytes name, and builds what
they ask for before anyone can look. This reader knows the few opcodes that
numbers, text, bytes, lists, tuples and dictionaries need, and checks each one
before it builds a value. There is no memo, so nothing can be shared or grow
beyond what its own bytes say.
"""

import io
import pickle
import struct
from collections.abc import Callable
from typing import Any, Final

from models_ml.errors import PlateiaError

#: Bytes of a whole pickle.
MAX_BYTES: Final = 512 << 20
#: Each builds at most one value; a release of MovieLens 1M has 6,000.
MAX_OPCODES: Final = 200_000
#: Containers within containers.
MAX_DEPTH: Final = 32
#: Integers are of 64 bits, as numpy's are.
INTEGERS: Final = range(-(1 << 63), 1 << 63)

_PROTOCOL: Final = 5
#: Opcode: the struct format of the value that follows it.
_NUMBERS: Final = {b"K": "<B", b"M": "<H", b"J": "<i", b"G": ">d"}
#: Opcode: the struct format of the length of the bytes that follow it.
_LENGTHS: Final = {
    **{b"\x8a": "<B"},  # LONG1
    **{b"C": "<B", b"B": "<I"},  # SHORT_BINBYTES, BINBYTES
    **{b"\x8c": "<B", b"X": "<I"},  # SHORT_BINUNICODE, BINUNICODE
}
_CONSTANTS: Final = {b"N": None, b"\x88": True, b"\x89": False}
_TEXT: Final = (b"\x8c", b"X")


class PickleRefused(PlateiaError):  # noqa: N818 - a finding
    """Bytes are no pickle of plain data, or not in the one form of it."""


def write_plain(value: Any) -> bytes:
    """The pickle of plain data; equal values give equal bytes."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=_PROTOCOL)
    # Without the memo, bytes do not depend on which objects are shared.
    pickler.fast = True
    pickler.dump(value)
    return buffer.getvalue()


def read_plain(data: bytes) -> Any:
    """The value of a pickle that `write_plain` wrote.

    Raises PickleRefused, naming the byte, for another opcode than those of
    plain data, for more bytes, opcodes or depth than the bounds above, for a
    key given twice, for bytes after the end, and for any other way to write
    the same value.
    """
    if len(data) > MAX_BYTES:
        raise PickleRefused(f"it has {len(data)} bytes, more than {MAX_BYTES}")
    value = _Reader(data).read()
    if write_plain(value) != data:
        raise PickleRefused("it is not in the form that training writes")
    return value


class _Reader:
    """A stack machine for the opcodes of plain data; see `pickletools`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._stack: list[Any] = []
        #: Of each value on the stack: how deep its containers nest.
        self._depths: list[int] = []
        #: Sizes of the stack at the marks not yet taken off.
        self._marks: list[int] = []
        self._actions: dict[bytes, Callable[[], None]] = {
            b"]": lambda: self._push([]),
            b"}": lambda: self._push({}),
            b"(": lambda: self._marks.append(len(self._stack)),
            b"t": self._tuple,
            b"a": lambda: self._extend_list(len(self._stack) - 1),
            b"e": lambda: self._extend_list(self._pop_mark()),
            b"s": lambda: self._extend_dictionary(len(self._stack) - 2),
            b"u": lambda: self._extend_dictionary(self._pop_mark()),
            b"\x95": lambda: self._skip(8),  # FRAME: a hint for streams
        }

    def read(self) -> Any:
        """The one value that the bytes hold."""
        if self._take(2) != bytes((0x80, _PROTOCOL)):
            raise self._refused(f"it is no pickle of protocol {_PROTOCOL}")
        for _ in range(MAX_OPCODES):
            opcode = self._take(1)
            if opcode == b".":
                return self._end()
            self._step(opcode)
        raise self._refused(f"it has more than {MAX_OPCODES} opcodes")

    def _step(self, opcode: bytes) -> None:
        if opcode in _CONSTANTS:
            self._push(_CONSTANTS[opcode])
        elif opcode in _NUMBERS:
            self._push(self._number(_NUMBERS[opcode]))
        elif opcode in _LENGTHS:
            self._push(self._sized(opcode))
        elif opcode in self._actions:
            self._actions[opcode]()
        else:
            raise self._refused(
                f"it has the opcode {opcode!r}, which is not allowed"
            )

    def _end(self) -> Any:
        if len(self._stack) != 1 or self._marks:
            raise self._refused("it ends before its value is complete")
        if self._at != len(self._data):
            raise self._refused("there are bytes after its end")
        return self._stack[0]

    def _take(self, size: int) -> bytes:
        # Compared first: a length in the file is only a claim.
        if size > len(self._data) - self._at:
            raise self._refused("it breaks off")
        self._at += size
        return self._data[self._at - size : self._at]

    def _skip(self, size: int) -> None:
        self._take(size)

    def _number(self, form: str) -> Any:
        return struct.unpack(form, self._take(struct.calcsize(form)))[0]

    def _sized(self, opcode: bytes) -> Any:
        content = self._take(self._number(_LENGTHS[opcode]))
        if opcode in _TEXT:
            try:
                return content.decode("utf-8")
            except UnicodeDecodeError as error:
                raise self._refused("it has text that is not UTF-8") from error
        if opcode == b"\x8a":
            # Longer ones could be made to share a hash, and a dictionary of
            # them takes the square of its size.
            if len(content) > 8:
                raise self._refused("it has an integer of more than 64 bits")
            return int.from_bytes(content, "little", signed=True)
        return content

    def _push(self, value: Any, depth: int = 0) -> None:
        if depth > MAX_DEPTH:
            raise self._refused(f"it nests deeper than {MAX_DEPTH}")
        self._stack.append(value)
        self._depths.append(depth)

    def _pop_mark(self) -> int:
        if not self._marks:
            raise self._refused("it closes what was not opened")
        return self._marks.pop()

    def _tuple(self) -> None:
        start = self._pop_mark()
        items, depth = self._cut(start)
        self._push(tuple(items), depth)

    def _extend_list(self, start: int) -> None:
        target = self._target(start, list)
        items, depth = self._cut(start)
        target.extend(items)
        self._deepen(depth)

    def _extend_dictionary(self, start: int) -> None:
        target = self._target(start, dict)
        items, depth = self._cut(start)
        if len(items) % 2:
            raise self._refused("it has a key without a value")
        for key, value in zip(items[::2], items[1::2], strict=True):
            if type(key) not in (str, int):
                raise self._refused(
                    f"it has a key of type {type(key).__name__}"
                )
            if key in target:
                raise self._refused(f"it has the key {key!r:.80} twice")
            target[key] = value
        self._deepen(depth)

    def _target(self, start: int, kind: type) -> Any:
        """The container below `start`, unless a mark lies between."""
        floor = self._marks[-1] if self._marks else 0
        if start <= floor or type(self._stack[start - 1]) is not kind:
            raise self._refused(f"it adds to what is no {kind.__name__}")
        return self._stack[start - 1]

    def _cut(self, start: int) -> tuple[list[Any], int]:
        """What lies on the stack from `start`, and the depth around it."""
        items, depths = self._stack[start:], self._depths[start:]
        del self._stack[start:], self._depths[start:]
        return items, 1 + max(depths, default=0)

    def _deepen(self, depth: int) -> None:
        container = self._stack.pop()
        self._push(container, max(depth, self._depths.pop()))

    def _refused(self, what: str) -> PickleRefused:
        return PickleRefused(f"{what} (byte {self._at})")
