"""What is checked of a request before its route reads it.

Called from `before_request`: Litestar copies the route for every guard it
asks, which costs more than all else that is done for a cached answer.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from litestar import Request
from litestar.exceptions import HTTPException

from api.runtime.query_service import QueryService
from models_ml.errors import FieldErrors, InvalidField
from models_ml.words import DataWords, parse_number, words_of

AnyRequest = Request[Any, Any, Any]
QueryParser: TypeAlias = Callable[[DataWords, str, list[str]], object]


def check_media_type(request: AnyRequest) -> None:
    """Refuse a body that is not declared to be JSON."""
    content_type = request.headers.get("content-type", "")
    if content_type == "application/json":
        return
    media_type, _, parameters = content_type.partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if media_type.strip().lower() != "application/json" or charset not in (
        "",
        "charset=utf-8",
    ):
        raise HTTPException(
            status_code=415,
            detail=f"content-type is {content_type[:100]!r}: it must be "
            "application/json",
        )


async def check_query(request: AnyRequest) -> None:
    """Refuse query parameters that the route has not, or that mean nothing.

    A route's `opt["query"]` says how to parse each of its parameters: a
    function of the release's words, its name and its values.
    """
    if not request.scope["query_string"]:
        return
    parsers: Mapping[str, QueryParser] = request.route_handler.opt.get(
        "query", {}
    )
    query_service: QueryService = request.app.state.query_service
    words = words_of(query_service.vocabulary)
    errors = FieldErrors()
    for name, value in request.query_params.items():
        if name not in parsers:
            errors.add(
                name,
                value,
                f"no query parameter but {', '.join(parsers) or 'none'}",
            )
    for name, parse in parsers.items():
        values = request.query_params.getall(name, [])
        if values:
            errors.attempt(parse, words, name, values)
    errors.check()


def one_number(first: int, last: int) -> QueryParser:
    """A parser of a whole number from `first` to `last`."""

    def parse(_: DataWords, name: str, values: list[str]) -> int:
        return parse_number(name, _single(name, values), first, last)

    return parse


def one_text(most: int) -> QueryParser:
    """A parser of a text of up to `most` characters."""

    def parse(_: DataWords, name: str, values: list[str]) -> str:
        value = _single(name, values)
        if len(value) > most:
            raise InvalidField(name, value, f"up to {most} characters")
        return value

    return parse


def _single(name: str, values: list[str]) -> str:
    """The value of a parameter that a query has once."""
    if len(values) > 1:
        raise InvalidField(name, values, "a single value")
    return values[0]


def check_by(
    words: DataWords, name: str, values: list[str]
) -> tuple[str, ...]:
    """The dimensions that a parameter names, which may be repeated."""
    errors = FieldErrors()
    for value in values:
        errors.attempt(words.dimension.parse, name, value)
    errors.check()
    return words.parse_by(name, values)
