"""Errors that a person can fix: told in a sentence.

`InvalidField` says what has no meaning in a request, an address or a file's
row; `FieldErrors` gathers several, so that all are told at once.
"""

from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class PlateiaError(Exception):
    """Something asked for cannot be done; the message says why."""


class InvalidFields(ValueError):  # noqa: N818 - as InvalidField
    """Fields that have no meaning: one or more."""

    def __init__(self, errors: Sequence["InvalidField"]) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self._errors = tuple(errors)

    @property
    def errors(self) -> tuple["InvalidField", ...]:
        """Each field that is wrong."""
        return self._errors

    def inside(self, prefix: str) -> "InvalidFields":
        """The same, of fields whose names begin with `prefix`."""
        return InvalidFields([error.inside(prefix) for error in self.errors])


class InvalidField(InvalidFields):
    """A field of a request, or of a file's row, has no meaning we know.

    `allowed` says in words what would have been understood. Any of the fields
    `instead` could have been given in its place.
    """

    def __init__(
        self,
        field: str,
        value: object,
        allowed: str,
        instead: Sequence[str] = (),
    ) -> None:
        ValueError.__init__(
            self, f"{field} is {value!r}: allowed is {allowed}"
        )
        self.field = field
        self.value = value
        self.allowed = allowed
        self.instead = tuple(instead)

    @property
    def errors(self) -> tuple["InvalidField", ...]:
        """The field itself."""
        return (self,)

    def inside(self, prefix: str) -> "InvalidField":
        """The same, of a field whose name begins with `prefix`."""
        return InvalidField(
            prefix + self.field,
            self.value,
            self.allowed,
            [prefix + field for field in self.instead],
        )


class FieldErrors:
    """Gathers what is wrong with fields, to raise all of it at once."""

    def __init__(self) -> None:
        self._errors: list[InvalidField] = []

    def add(self, field: str, value: object, allowed: str) -> None:
        """Keep an error."""
        self._errors.append(InvalidField(field, value, allowed))

    def attempt(
        self, parse: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """What `parse` returns; None, and its errors kept, if it raises."""
        return self.inside("", parse, *args, **kwargs)

    def inside(
        self,
        prefix: str,
        parse: Callable[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T | None:
        """As `attempt`, for fields whose names begin with `prefix`."""
        try:
            return parse(*args, **kwargs)
        except InvalidFields as error:
            self._errors += error.inside(prefix).errors
            return None

    @property
    def fields(self) -> set[str]:
        """Names of the fields that are wrong."""
        return {error.field for error in self._errors}

    def check(self) -> None:
        """Raise what was kept: InvalidField, or InvalidFields for several."""
        if len(self._errors) == 1:
            raise self._errors[0]
        if self._errors:
            raise InvalidFields(self._errors)
