"""The content of `model.pkl`: a pickle of plain data, and of nothing else.

A pickle can call any function it names, so ours names none: arrays are
stored as their bytes, and the unpickler refuses whatever needs a constructor.
What is left are numbers, text, bytes, lists, tuples and dictionaries.
"""

import io
import pickle
from typing import Any, Final, NoReturn

import numpy as np

from models_ml.errors import PlateiaError
from models_ml.vocabulary import REGIONS

#: Format of the payload; a reader of another format refuses it.
FORMAT: Final = 1

#: (module, name) of the constructors that a payload may call.
ALLOWED_GLOBALS: Final[frozenset[tuple[str, str]]] = frozenset()

_ARRAY: Final = "ndarray"
_ARRAY_KINDS: Final = "biufSU"
_PLAIN: Final = (str, int, float, bool, bytes, type(None))


class PayloadError(PlateiaError):
    """Bytes are no payload of ours, or a value cannot become part of one."""


def dump_payload(
    person: dict[str, Any], film: dict[str, Any], zip_prefixes: dict[str, str]
) -> bytes:
    """Bytes of `model.pkl`, from the predictors' states.

    `zip_prefixes` maps the first three digits of US ZIP codes to regions.
    Equal states give equal bytes. Raises PayloadError naming the first value
    that is not plain data or a numpy array of numbers, booleans or text.
    """
    payload = {
        "format": FORMAT,
        "person": person,
        "film": film,
        "zip_prefixes": zip_prefixes,
    }
    _check_shape(payload)
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=5)
    # Without the memo, bytes do not depend on which objects are shared.
    pickler.fast = True
    pickler.dump(_encode(payload, "payload"))
    return buffer.getvalue()


def load_payload(data: bytes) -> dict[str, Any]:
    """The payload, arrays restored (read-only views of its bytes).

    Raises PayloadError for anything that `dump_payload` does not write, and
    never calls a function that the bytes name.
    """
    try:
        plain = _PlainUnpickler(io.BytesIO(data)).load()
        payload = _decode(plain, "payload")
    except PayloadError:
        raise
    except Exception as error:  # damaged pickles raise all kinds
        raise PayloadError(f"model.pkl cannot be read: {error}") from error
    _check_shape(payload)
    return payload


def _check_shape(payload: Any) -> None:
    if not isinstance(payload, dict) or "format" not in payload:
        raise PayloadError("model.pkl holds no payload with a format")
    if payload["format"] != FORMAT:
        raise PayloadError(
            f"model.pkl has format {payload['format']!r}:"
            f" this code reads format {FORMAT}"
        )
    for part in ("person", "film", "zip_prefixes"):
        if not isinstance(payload.get(part), dict):
            raise PayloadError(f"model.pkl lacks the part {part!r}")
    for prefix, region in payload["zip_prefixes"].items():
        if region not in REGIONS:
            raise PayloadError(
                f"model.pkl has {region!r} for the ZIP prefix {prefix!r}:"
                f" allowed is one of {REGIONS}"
            )


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in ALLOWED_GLOBALS:
            return super().find_class(module, name)
        raise PayloadError(
            f"model.pkl asks for {module}.{name}, which is not allowed"
        )

    def persistent_load(self, pid: Any) -> NoReturn:
        raise PayloadError("model.pkl asks for an outside object")


def _encode(value: Any, path: str) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in _ARRAY_KINDS:
            raise PayloadError(f"{path} is an array of {value.dtype}")
        return (_ARRAY, value.dtype.str, list(value.shape), value.tobytes())
    if type(value) is dict:
        for key in value:
            if type(key) not in (str, int):
                raise PayloadError(f"{path} has the key {key!r}")
        return {k: _encode(v, f"{path}.{k}") for k, v in value.items()}
    if type(value) is list:
        return [_encode(v, f"{path}[{i}]") for i, v in enumerate(value)]
    # Exact types: a numpy.float64 is a float, but pickles as a constructor.
    if type(value) in _PLAIN:
        return value
    raise PayloadError(
        f"{path} is a {type(value).__module__}.{type(value).__qualname__}:"
        " allowed are dict, list, str, int, float, bool, bytes, None and"
        " numpy arrays"
    )


def _decode(value: Any, path: str) -> Any:
    if isinstance(value, tuple):
        return _decode_array(value, path)
    if isinstance(value, dict):
        return {k: _decode(v, f"{path}.{k}") for k, v in value.items()}
    if isinstance(value, list):
        return [_decode(v, f"{path}[{i}]") for i, v in enumerate(value)]
    return value


def _decode_array(value: tuple[Any, ...], path: str) -> np.ndarray:
    if len(value) != 4 or value[0] != _ARRAY:
        raise PayloadError(f"{path} is no array")
    _, name, shape, data = value
    dtype = np.dtype(name)
    if dtype.kind not in _ARRAY_KINDS:
        raise PayloadError(f"{path} is an array of {dtype}")
    return np.frombuffer(data, dtype=dtype).reshape(shape)
