"""Hostile pickles: every opcode there is, and bombs of every known kind."""

import os
import pickle
import pickletools
import struct
from collections.abc import Iterator
from typing import Any, Final

from models_ml.release.payload import dump_payload
from models_ml.release.plain_pickle import (
    MAX_DEPTH,
    MAX_OPCODES,
    write_plain,
)

#: A sound payload, which hostile ones change.
SOUND: Final = dump_payload({"a": [1, 2.5, "x"]}, {}, {}, {"941": "Pacific"})
_EMPTY: Final[dict[str, Any]] = {
    "format": 2,
    "person": {},
    "film": {},
    "new_films": {},
    "zip_prefixes": {},
}
#: An argument for each way in which an opcode takes one.
_ARGUMENTS: Final = {
    **{"uint1": b"\1", "uint2": b"\1\0", "uint4": b"\1\0\0\0"},
    **{"uint8": b"\1" + b"\0" * 7, "int4": b"\1\0\0\0"},
    **{"long1": b"\1\1", "long4": b"\1\0\0\0\1", "float8": b"\0" * 8},
    **{"decimalnl_short": b"1\n", "decimalnl_long": b"1L\n"},
    **{"floatnl": b"1.5\n", "stringnl": b"'x'\n"},
    **{"stringnl_noescape": b"x\n", "stringnl_noescape_pair": b"os\nabort\n"},
    **{"string1": b"\1x", "string4": b"\1\0\0\0x"},
    **{"unicodestringnl": b"x\n", "unicodestring1": b"\1x"},
    **{"unicodestring4": b"\1\0\0\0x"},
    **{"unicodestring8": b"\1" + b"\0" * 7 + b"x"},
    **{"bytes1": b"\1x", "bytes4": b"\1\0\0\0x"},
    **{"bytes8": b"\1" + b"\0" * 7 + b"x"},
    **{"bytearray8": b"\1" + b"\0" * 7 + b"x"},
}


def hostile_pickles() -> Iterator[tuple[str, bytes]]:
    """Names and bytes; each must be refused, quickly and in little memory."""
    yield from _with_every_opcode()
    yield from _calls()
    yield from _claims()
    yield from _growth()
    yield from _other_forms()
    yield from _arrays()


def _with_every_opcode() -> Iterator[tuple[str, bytes]]:
    """Each opcode at the start of a sound payload, and at its end."""
    for opcode in pickletools.opcodes:
        code = opcode.code.encode("latin-1")
        if opcode.arg is not None:
            code += _ARGUMENTS[opcode.arg.name]
        yield f"{opcode.name} at the start", SOUND[:2] + code + SOUND[2:]
        yield f"{opcode.name} at the end", SOUND[:-1] + code + SOUND[-1:]


class _Call:
    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def _calls() -> Iterator[tuple[str, bytes]]:
    """Pickles that call what they name, in every protocol."""
    for function in (os.abort, eval, getattr, pickle.loads):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            call = _Call(function, "1", "2")
            name = f"call of {function.__name__}, protocol {protocol}"
            yield name, pickle.dumps(call, protocol)


def _claims() -> Iterator[tuple[str, bytes]]:
    """Short pickles that say they need a lot of memory."""
    start = b"\x80\x05"
    yield "memo of 2**31 entries", start + b"]r\xff\xff\xff\x7f."
    yield "2 GiB of bytes", start + b"B" + struct.pack("<I", 1 << 31) + b"."
    yield "8 EiB of bytes", start + b"\x8e" + struct.pack("<Q", 1 << 63) + b"."
    yield "2 GiB of text", start + b"X" + struct.pack("<I", 1 << 31) + b"."
    yield "frame of 8 EiB", start + b"\x95" + struct.pack("<Q", 1 << 63) + b"."
    yield "integer of 2 GiB", start + b"\x8b\xff\xff\xff\x7f."
    yield "integer of a million digits", start + b"I" + b"9" * 10**6 + b"\n."
    yield "integer of 255 bytes", start + b"\x8a\xff" + b"\x01" * 255 + b"."


def _growth() -> Iterator[tuple[str, bytes]]:
    """Pickles that share, nest or repeat."""
    shared: list[Any] = []
    for _ in range(40):
        shared = [shared, shared]
    laughs = _EMPTY | {"person": {"a": shared}}
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        name = f"lists shared 2**40 times, protocol {protocol}"
        yield name, pickle.dumps(laughs, protocol)
    start = b"\x80\x05"
    deep = MAX_DEPTH + 2
    yield "deep lists", start + b"]" * deep + b"a" * (deep - 1) + b"."
    deep = MAX_OPCODES // 2 - 10
    yield "deepest lists", start + b"]" * deep + b"a" * (deep - 1) + b"."
    yield "deep tuples", start + b"(" * 10**5 + b"t" * 10**5 + b"."
    yield "lists without end", start + b"](" + b"]" * (1 << 20) + b"e."
    yield "dictionaries", start + b"](" + b"}" * (MAX_OPCODES - 4) + b"e."
    yield "marks without end", start + b"(" * (1 << 20) + b"."
    # Multiples of 2**61 - 1 all have the hash 0.
    keys = b"".join(
        b"\x8a\x20" + (k * ((1 << 61) - 1)).to_bytes(32, "little") + b"N"
        for k in range(50_000)
    )
    yield "keys of one hash", start + b"}(" + keys + b"u."


def _other_forms() -> Iterator[tuple[str, bytes]]:
    """Other bytes for a sound value, and values that pass for others."""
    start = b"\x80\x05"
    pair = b"K\x01K\x02"
    yield "bytes after the end", SOUND + b"\0"
    yield "a second pickle after the end", SOUND + SOUND
    yield "duplicate key", start + b"}(" + pair + pair + b"u."
    yield "true and one as keys", start + b"}(" + b"\x88N" + b"K\x01Nu."
    yield "format of true", write_plain(_EMPTY | {"format": True})
    yield "format of a float", write_plain(_EMPTY | {"format": 1.0})
    yield "no format", write_plain({"person": {}, "film": {}})
    yield "a list", write_plain([1, 2])
    yield "a key of bytes", start + b"}C\1aNs."
    yield "a key of a list", start + b"}]Ns."
    yield "a long way to write 1", SOUND.replace(b"K\x01", b"M\x01\x00", 1)
    yield "text that is not UTF-8", start + b"\x8c\x01\xff."
    yield "a lone surrogate", start + b"\x8c\x03\xed\xa0\x80."
    yield "an append to a number", start + b"K\x01K\x02a."
    yield "an append to what lies below a mark", start + b"](Na."
    yield "items of a list", start + b"](NNu."
    yield "a key without a value", start + b"}(Nu."
    yield "nothing", b""
    yield "a stop alone", start + b"."
    yield "an older protocol", pickle.dumps(_EMPTY, 2)
    yield "memo as pickle.dumps makes it", pickle.dumps(_EMPTY, 5)


def _arrays() -> Iterator[tuple[str, bytes]]:
    """Arrays that numpy would take for something else, or fail on later."""
    eight = b"12345678"
    for name, array in {
        "negative shape": ("ndarray", "<f8", [-1], eight),
        "two negative sizes": ("ndarray", "<f8", [-1, -1], eight),
        "shape of another size": ("ndarray", "<f8", [9], eight),
        "shape of text": ("ndarray", "<f8", "1", eight),
        "shape of true": ("ndarray", "<f8", [True], eight),
        "shape beyond 64 bits": ("ndarray", "<f8", [1 << 62, 4, 0], b""),
        "100 dimensions": ("ndarray", "<f8", [1] * 100, eight),
        "text for bytes": ("ndarray", "<f8", [1], "12345678"),
        "a list for bytes": ("ndarray", "<f8", [1], [0] * 8),
        "objects": ("ndarray", "|O", [1], eight),
        "records": ("ndarray", "<f8,<f8", [1], eight * 2),
        "subarrays": ("ndarray", "(9999,9999)<f8", [0], b""),
        "characters that are none": ("ndarray", "<U1", [1], b"\xff" * 4),
        "items of no bytes": ("ndarray", "<U0", [1 << 30], b""),
        "a type unknown": ("ndarray", "<f3", [0], b""),
        "a type that is no name": ("ndarray", 8, [1], eight),
        "booleans of 2": ("ndarray", "|b1", [1], b"\2"),
        "three parts": ("ndarray", "<f8", [1]),
        "another tuple": ("tuple", 1),
    }.items():
        yield f"array: {name}", write_plain(_EMPTY | {"film": {"a": array}})
