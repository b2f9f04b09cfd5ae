"""Bodies into structs, with errors that name field, value and what is allowed.

Strictly: Litestar would read text/plain as JSON and "10" as a number. As in
JSON Schema, a number such as 2157.0 is a whole one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import inspect

from models_ml.errors import InvalidField, InvalidFields

T = TypeVar("T")
Step = str | int

#: Errors of one body that are told: each costs another decoding.
MAX_ERRORS: Final = 20

#: As msgspec says that an int, or something else, was expected.
_GOT_FLOAT: Final = "got `float`"
#: Up to here every whole number is a float of its own.
_MAX_EXACT: Final = 2**53
_PLACE: Final = re.compile(
    r"^(?P<reason>.*?)(?: - at `\$(?P<path>.*)`)?$", re.S
)
_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_UNKNOWN_FIELD: Final = re.compile(r"^Object contains unknown field `(.*)`$")
_MISSING_FIELD: Final = re.compile(r"^Object missing required field `(.*)`$")


@dataclass(frozen=True)
class WrongField:
    """A field of a body that is not of its type, or has no type."""

    reason: str
    field: str
    value: Any
    allowed: Any


class InvalidBody(ValueError):  # noqa: N818 - as InvalidField
    """A body that is no JSON (`errors` is empty) or has wrong fields.

    `rest` is the body with a valid value in the place of each wrong one, so
    that what else is wrong can be told too; None where that cannot be.
    """

    def __init__(
        self,
        reason: str,
        errors: Sequence[WrongField] = (),
        rest: Any = None,
    ) -> None:
        super().__init__(reason)
        self.errors = tuple(errors)
        self.rest = rest
        self.others: tuple[InvalidField, ...] = ()
        """Fields of `rest` that are of their type and have no meaning."""

    def add_what_is_wrong(self, understand: Callable[[Any], object]) -> None:
        """Note what `understand` finds wrong with the rest."""
        if self.rest is None:
            return
        try:
            understand(self.rest)
        except InvalidFields as error:
            self.others = tuple(
                other
                for other in error.errors
                if not any(map(self._is_known, (other.field, *other.instead)))
            )

    def _is_known(self, field: str) -> bool:
        """Whether a field, or one that it lies in, is known to be wrong."""
        return any(
            field == error.field
            or field.startswith((f"{error.field}.", f"{error.field}["))
            for error in self.errors
        )


class BodyDecoder(Generic[T]):
    """Decodes JSON into one type of struct."""

    def __init__(self, type_: type[T]) -> None:
        self._type = type_
        self._decoder = msgspec.json.Decoder(type_)

    def decode(self, body: bytes) -> T:
        """The struct; raises InvalidBody."""
        try:
            return self._decode(body)
        except msgspec.ValidationError as error:
            raise self._explained(body, error) from error
        except msgspec.DecodeError as error:
            raise InvalidBody(f"the body is no valid JSON: {error}") from error
        except UnicodeDecodeError as error:
            raise InvalidBody(f"the body is not UTF-8: {error}") from error
        except RecursionError as error:
            raise InvalidBody("the body is nested too deeply") from error

    def _decode(self, body: bytes) -> T:
        try:
            return self._decoder.decode(body)
        except msgspec.ValidationError as error:
            if _GOT_FLOAT not in str(error):
                raise
        data = _with_whole_numbers(msgspec.json.decode(body))
        return self._decoder.decode(msgspec.json.encode(data))

    def _explained(
        self, body: bytes, error: msgspec.ValidationError
    ) -> InvalidBody:
        """All that is wrong: each error put right in turn, and read again."""
        errors: list[WrongField] = []
        rest: Any = None
        try:
            data = _with_whole_numbers(msgspec.json.decode(body))
            while len(errors) < MAX_ERRORS:
                place = _Place.of(error, self._type)
                errors.append(place.wrong_field(data))
                if not place.put_right(data):
                    break
                try:
                    rest = self._decoder.decode(msgspec.json.encode(data))
                    break
                except msgspec.ValidationError as next_error:
                    error = next_error
        except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
            return InvalidBody(f"the body is no valid JSON: {unreadable}")
        except RecursionError:
            return InvalidBody("the body is nested too deeply")
        reason = "; ".join(
            f"{wrong.field or 'the body'}: {wrong.reason}" for wrong in errors
        )
        return InvalidBody(reason, errors, rest)


@dataclass(frozen=True)
class _Place:
    """Where msgspec found an error, and what it expected there."""

    reason: str
    steps: tuple[Step, ...]
    expected: inspect.Type | None
    unknown: str | None
    """The field that the object at `steps` has, and must not."""
    missing: str | None
    """The field that the object at `steps` has not, and must."""

    @classmethod
    def of(cls, error: msgspec.ValidationError, type_: type) -> "_Place":
        match = _PLACE.match(str(error))
        assert match is not None  # noqa: S101 - the pattern takes any text
        reason, path = match["reason"], match["path"] or ""
        steps = tuple(name or int(at) for name, at in _STEP.findall(path))
        unknown = _UNKNOWN_FIELD.match(reason)
        missing = _MISSING_FIELD.match(reason)
        return cls(
            reason,
            steps,
            _type_at(inspect.type_info(type_), steps),
            unknown and unknown[1],
            missing and missing[1],
        )

    def wrong_field(self, data: Any) -> WrongField:
        """The error as it is told."""
        value = _value_at(data, self.steps)
        name = self.unknown or self.missing
        field = "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}"
            for step in (*self.steps, *([name] if name else []))
        ).removeprefix(".")
        if name:
            value = value.get(name) if isinstance(value, dict) else None
        return WrongField(self.reason, field, value, _described(self.expected))

    def put_right(self, data: Any) -> bool:
        """Put a valid value in the place; False: the whole body is wrong."""
        if self.unknown:
            _value_at(data, self.steps).pop(self.unknown)
            return True
        steps = (*self.steps, self.missing) if self.missing else self.steps
        if not steps:
            return False
        type_ = self.expected
        if self.missing and type_:
            type_ = _type_at(type_, [self.missing])
        _value_at(data, steps[:-1])[steps[-1]] = _valid(type_)
        return True


def _with_whole_numbers(data: Any) -> Any:
    """The same with each float that is a whole number as an int."""
    match data:
        case float() if data.is_integer() and abs(data) <= _MAX_EXACT:
            return int(data)
        case list():
            return [_with_whole_numbers(part) for part in data]
        case dict():
            return {k: _with_whole_numbers(part) for k, part in data.items()}
    return data


def _value_at(data: Any, steps: Sequence[Step]) -> Any:
    """What stands at a place; None if there is nothing."""
    try:
        for step in steps:
            data = data[step]
    except (LookupError, TypeError):
        return None
    return data


def _valid(type_: inspect.Type | None) -> Any:
    """Some value of a type."""
    if isinstance(type_, inspect.Metadata):
        type_ = type_.type
    value: Any = None
    match type_:
        case inspect.StructType():
            value = {
                field.encode_name: _valid(field.type)
                for field in type_.fields
                if field.required
            }
        case inspect.LiteralType():
            value = type_.values[0]
        case inspect.IntType() | inspect.FloatType():
            # The largest: as an id it is nobody's, so that it agrees with
            # no other id of the body.
            value = next(v for v in (type_.le, type_.ge, 0) if v is not None)
        case inspect.StrType():
            value = "?" * (type_.min_length or 0)
        case inspect.VarTupleType():
            value = [_valid(type_.item_type)] * (type_.min_length or 0)
        case inspect.DictType():
            value = {
                _valid(type_.key_type): _valid(type_.value_type)
                for _ in range(type_.min_length or 0)
            }
        case inspect.UnionType() if not type_.includes_none:
            value = _valid(type_.types[0])
        case inspect.BoolType():
            value = False
    return value


def _type_at(
    type_: inspect.Type, steps: Sequence[Step]
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
        case inspect.FloatType(ge=float() | int(), le=float() | int()):
            allowed = f"a number from {type_.ge:g} to {type_.le:g}"
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
