"""Bodies into structs, with errors that name field, value and what is allowed.

Strictly: Litestar would read text/plain as JSON and "10" as a number.
"""

import re
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import inspect

T = TypeVar("T")

_PLACE: Final = re.compile(
    r"^(?P<reason>.*?)(?: - at `\$(?P<path>.*)`)?$", re.S
)
_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_UNKNOWN_FIELD: Final = re.compile(r"^Object contains unknown field `(.*)`$")
_MISSING_FIELD: Final = re.compile(r"^Object missing required field `(.*)`$")


class InvalidBody(ValueError):  # noqa: N818 - as InvalidField
    """A body that is no JSON (`field` is None) or has a field amiss."""

    def __init__(
        self,
        reason: str,
        field: str | None = None,
        value: Any = None,
        allowed: Any = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.value = value
        self.allowed = allowed


class BodyDecoder(Generic[T]):
    """Decodes JSON into one type of struct."""

    def __init__(self, type_: type[T]) -> None:
        self._type = type_
        self._decoder = msgspec.json.Decoder(type_)

    def decode(self, body: bytes) -> T:
        """The struct; raises InvalidBody."""
        try:
            return self._decoder.decode(body)
        except msgspec.ValidationError as error:
            raise self._explained(body, str(error)) from error
        except msgspec.DecodeError as error:
            raise InvalidBody(f"the body is no valid JSON: {error}") from error
        except UnicodeDecodeError as error:
            raise InvalidBody(f"the body is not UTF-8: {error}") from error
        except RecursionError as error:
            raise InvalidBody("the body is nested too deeply") from error

    def _explained(self, body: bytes, message: str) -> InvalidBody:
        """Turn msgspec's message into field, value and what is allowed."""
        found = _PLACE.match(message)
        assert found is not None  # noqa: S101 - the pattern takes any text
        reason, path = found["reason"], found["path"] or ""
        steps = [name or int(at) for name, at in _STEP.findall(path)]
        value = _value_at(body, steps)
        expected = _type_at(inspect.type_info(self._type), steps)
        field = path.removeprefix(".")
        for pattern in (_UNKNOWN_FIELD, _MISSING_FIELD):
            named = pattern.match(reason)
            if named:
                value = (
                    value.get(named[1]) if isinstance(value, dict) else None
                )
                field = f"{field}.{named[1]}".removeprefix(".")
        return InvalidBody(reason, field, value, _described(expected))


def _value_at(body: bytes, steps: list[str | int]) -> Any:
    """What stands at a place of the body; None if it cannot be found."""
    try:
        value = msgspec.json.decode(body)
        for step in steps:
            value = value[step]
    except (LookupError, TypeError, ValueError, RecursionError):
        return None
    return value


def _type_at(
    type_: inspect.Type, steps: list[str | int]
) -> inspect.Type | None:
    """The type that is expected at a place."""
    for step in steps:
        type_ = _not_null(type_)
        if isinstance(type_, inspect.StructType):
            fields = {f.encode_name: f.type for f in type_.fields}
            if step not in fields:
                return None
            type_ = fields[str(step)]
        elif isinstance(type_, inspect.VarTupleType):
            type_ = type_.item_type
        else:
            return None
    return type_


def _not_null(type_: inspect.Type) -> inspect.Type:
    if isinstance(type_, inspect.Metadata):
        return _not_null(type_.type)
    if isinstance(type_, inspect.UnionType):
        kinds = [t for t in type_.types if not isinstance(t, inspect.NoneType)]
        return _not_null(kinds[0]) if len(kinds) == 1 else type_
    return type_


def _described(type_: inspect.Type | None) -> Any:
    """What is allowed, in words or as a list; None if nothing is known."""
    type_ = _not_null(type_) if type_ else None
    allowed: Any = None
    match type_:
        case inspect.StructType():
            allowed = [field.encode_name for field in type_.fields]
        case inspect.LiteralType():
            allowed = list(type_.values)
        case inspect.IntType(ge=None) | inspect.IntType(le=None):
            allowed = "a whole number"
        case inspect.IntType():
            allowed = f"a whole number from {type_.ge} to {type_.le}"
        case inspect.StrType(max_length=None):
            allowed = "text"
        case inspect.StrType(min_length=least, max_length=most):
            allowed = f"text of {least or 0} to {most} characters"
        case inspect.VarTupleType(min_length=least, max_length=most):
            allowed = f"a list of {least or 0} to {most}"
        case inspect.UnionType():
            kinds = [_described(kind) for kind in type_.types]
            allowed = " or ".join(kind for kind in kinds if kind)
    return allowed
