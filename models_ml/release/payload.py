"""The content of `model.pkl`: a pickle of plain data, and of nothing else.

A pickle can call any function it names, so ours names none: arrays are
stored as their bytes, and what is left are numbers, text, bytes, lists,
tuples and dictionaries. `plain_pickle` reads them and refuses all else.
"""

import math
import re
from typing import Any, Final

import numpy as np

from models_ml.errors import PlateiaError
from models_ml.release.plain_pickle import (
    INTEGERS,
    PickleRefused,
    read_plain,
    write_plain,
)

#: Format of the payload; a reader of another format refuses it.
FORMAT: Final = 2

_ARRAY: Final = "ndarray"
#: Booleans, integers and floats. Text belongs in a list: numpy's own kind
#: takes bytes that are no characters, and fails when they are read.
_ARRAY_KINDS: Final = "biuf"
#: numpy's names for them; others would be parsed, and could nest.
_DTYPE: Final = re.compile(rf"[<>|][{_ARRAY_KINDS}][1-9][0-9]?")
#: Dimensions of an array; numpy has a limit, which differs by version.
_MAX_DIMENSIONS: Final = 8
_PLAIN: Final = (str, int, float, bool, bytes, type(None))


class PayloadError(PlateiaError):
    """Bytes are no payload of ours, or a value cannot become part of one."""


def dump_payload(
    person: dict[str, Any],
    film: dict[str, Any],
    new_films: dict[str, Any],
    zip_prefixes: dict[str, str],
) -> bytes:
    """Bytes of `model.pkl`, from the states of the predictors and models.

    `zip_prefixes` maps the first three digits of US ZIP codes to regions.
    Equal states give equal bytes. Raises PayloadError naming the first value
    that is not plain data or a numpy array of numbers or booleans.
    """
    payload = {
        "format": FORMAT,
        "person": person,
        "film": film,
        "new_films": new_films,
        "zip_prefixes": zip_prefixes,
    }
    _check_shape(payload)
    return write_plain(_encode(payload, "payload"))


def load_payload(data: bytes) -> dict[str, Any]:
    """The payload, arrays restored (read-only views of its bytes).

    Raises PayloadError for anything that `dump_payload` does not write, and
    never calls a function that the bytes name.
    """
    try:
        plain = read_plain(data)
    except PickleRefused as error:
        raise PayloadError(f"model.pkl cannot be read: {error}") from error
    payload = _decode(plain, "payload")
    _check_shape(payload)
    result: dict[str, Any] = payload
    return result


def _check_shape(payload: Any) -> None:
    if not isinstance(payload, dict) or "format" not in payload:
        raise PayloadError("model.pkl holds no payload with a format")
    # True equals 1, and is no number of a format.
    if type(payload["format"]) is not int or payload["format"] != FORMAT:
        raise PayloadError(
            f"model.pkl has format {payload['format']!r}:"
            f" this code reads format {FORMAT}"
        )
    for part in ("person", "film", "new_films", "zip_prefixes"):
        if not isinstance(payload.get(part), dict):
            raise PayloadError(f"model.pkl lacks the part {part!r}")


def _encode(value: Any, path: str) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in _ARRAY_KINDS:
            raise PayloadError(f"{path} is an array of {value.dtype}")
        if value.ndim > _MAX_DIMENSIONS:
            raise PayloadError(f"{path} has {value.ndim} dimensions")
        return (_ARRAY, value.dtype.str, list(value.shape), value.tobytes())
    if type(value) is dict:
        for key in value:
            if not (type(key) is str or _is_integer(key)):
                raise PayloadError(f"{path} has the key {key!r}")
        return {k: _encode(v, f"{path}.{k}") for k, v in value.items()}
    if type(value) is list:
        return [_encode(v, f"{path}[{i}]") for i, v in enumerate(value)]
    if type(value) is int and not _is_integer(value):
        raise PayloadError(f"{path} is an integer of more than 64 bits")
    # Exact types: a numpy.float64 is a float, but pickles as a constructor.
    if type(value) in _PLAIN:
        return value
    raise PayloadError(
        f"{path} is a {type(value).__module__}.{type(value).__qualname__}:"
        " allowed are dict, list, str, int, float, bool, bytes, None and"
        " numpy arrays"
    )


def _is_integer(value: Any) -> bool:
    return type(value) is int and value in INTEGERS


def _decode(value: Any, path: str) -> Any:
    if isinstance(value, tuple):
        return _decode_array(value, path)
    if isinstance(value, dict):
        return {k: _decode(v, f"{path}.{k}") for k, v in value.items()}
    if isinstance(value, list):
        return [_decode(v, f"{path}[{i}]") for i, v in enumerate(value)]
    return value


def _is_shape(shape: Any) -> bool:
    return (
        type(shape) is list
        and len(shape) <= _MAX_DIMENSIONS
        and all(type(size) is int and 0 <= size < 1 << 31 for size in shape)
    )


def _decode_array(value: tuple[Any, ...], path: str) -> np.ndarray:
    if len(value) != 4 or value[0] != _ARRAY:
        raise PayloadError(f"{path} is no array")
    _, name, shape, data = value
    if type(name) is not str or not _DTYPE.fullmatch(name):
        raise PayloadError(f"{path} is an array of {name!r:.80}")
    if not _is_shape(shape):
        raise PayloadError(f"{path} has the shape {shape!r:.80}")
    if type(data) is not bytes:
        raise PayloadError(f"{path} is an array made from {type(data)}")
    try:
        dtype = np.dtype(name)
    except TypeError as error:
        raise PayloadError(f"{path} is an array of {name!r}") from error
    if math.prod(shape) * dtype.itemsize != len(data):
        raise PayloadError(
            f"{path} has {len(data)} bytes for an array of shape {shape}"
        )
    array = np.ndarray(shape, dtype, data)
    # Any other byte would be True, and not equal True.
    if dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
        raise PayloadError(f"{path} has a boolean that is neither 0 nor 1")
    return array
