"""Errors as problem details (RFC 9457), made in one place."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ASGIApp, Receive, Scope, Send

from api.decoding import InvalidBody
from api.middleware.heads import allowed_methods
from api.middleware.limits import RateLimit
from api.middleware.logs import ERRORS
from api.middleware.observability import REQUEST_ID
from api.runtime.scoring import Overloaded
from api.schemas import FieldError, Problem
from api.service.movies import NotFound
from models_ml.errors import InvalidField, InvalidFields

MEDIA_TYPE: Final = "application/problem+json"
#: Seconds after which a refused caller may try again.
RETRY_AFTER: Final = 1
_MAX_SHOWN: Final = 200
#: Statuses of requests that met no route, so no guard of a route.
_UNROUTED: Final = (404, 405)


def problem_response(
    request: Request[Any, Any, Any],
    status: int,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: dict[str, str] | None = None,
) -> Response[bytes]:
    """A problem as a response."""
    phrase = HTTPStatus(status).phrase
    content = Problem(
        type=f"urn:plateia:problem:{phrase.lower().replace(' ', '-')}",
        title=phrase,
        status=status,
        detail=detail,
        instance=request.scope["path"],  # its URL may not be valid
        errors=tuple(errors),
        request_id=request.scope["state"].get(REQUEST_ID),
    )
    return Response(
        msgspec.json.encode(content),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def _invalid_fields(
    request: Request[Any, Any, Any], error: InvalidFields
) -> Response[bytes]:
    return problem_response(
        request, 400, str(error), _field_errors(error.errors)
    )


def _invalid_body(
    request: Request[Any, Any, Any], error: InvalidBody
) -> Response[bytes]:
    """What is wrong with types, then with what the values mean."""
    wrong = [
        FieldError(
            field=part.field,
            reason=part.reason,
            value=_shown(part.value),
            allowed=part.allowed,
        )
        for part in error.errors
    ]
    detail = "; ".join([error.args[0], *map(str, error.others)])
    return problem_response(
        request, 400, detail, [*wrong, *_field_errors(error.others)]
    )


def _field_errors(errors: Sequence[InvalidField]) -> list[FieldError]:
    return [
        FieldError(
            field=error.field,
            reason="this value is not allowed",
            value=_shown(error.value),
            allowed=error.allowed,
        )
        for error in errors
    ]


def _not_found(
    request: Request[Any, Any, Any], error: NotFound
) -> Response[bytes]:
    return problem_response(request, 404, str(error))


def _overloaded(
    request: Request[Any, Any, Any], error: Overloaded
) -> Response[bytes]:
    del error
    return problem_response(
        request,
        503,
        "too many questions are waiting: ask again later",
        headers={"Retry-After": str(RETRY_AFTER)},
    )


def _validation(
    request: Request[Any, Any, Any], error: ValidationException
) -> Response[bytes]:
    """Path and query parameters that Litestar could not read."""
    parts = [
        FieldError(
            field=str(part.get("key", "")),
            reason=str(part.get("message", "")),
            value=_shown(request.query_params.get(str(part.get("key", "")))),
        )
        for part in error.extra or []
        if isinstance(part, dict)
    ]
    detail = "; ".join(f"{part.field}: {part.reason}" for part in parts)
    return problem_response(request, 400, detail or error.detail, parts)


def _http(
    request: Request[Any, Any, Any], error: HTTPException
) -> Response[bytes]:
    error = _or_limited(request, error)
    detail = error.detail
    if error.status_code == HTTPStatus.NOT_FOUND:
        detail = f"there is nothing at {request.scope['path']}"
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # Litestar writes the header's name in small letters.
        allowed = allowed_methods((error.headers or {}).get("allow", ""))
        detail = f"{request.method} is not allowed here, but {allowed}"
    return problem_response(
        request, error.status_code, detail, headers=error.headers
    )


def _or_limited(
    request: Request[Any, Any, Any], error: HTTPException
) -> HTTPException:
    """What no route answers counts for the rate limit as well."""
    if error.status_code not in _UNROUTED:
        return error
    return _limited(request, request.app.state.limit) or error


def _limited(
    request: Request[Any, Any, Any], limit: RateLimit | None
) -> HTTPException | None:
    """The refusal of an address that has asked too much, if it has."""
    try:
        if limit is not None:
            limit.check(request)
    except HTTPException as limited:
        return limited
    return None


def _unexpected(
    request: Request[Any, Any, Any], error: Exception
) -> Response[bytes]:
    ERRORS.error(
        "unexpected error",
        exc_info=error,
        extra={"data": {"request_id": request.scope["state"].get(REQUEST_ID)}},
    )
    return problem_response(
        request, 500, "an error of ours; the request id finds it in the log"
    )


def host_refusal(limit: RateLimit | None) -> ASGIApp:
    """What answers a request whose `Host` is not allowed, before any route.

    It counts for the rate limit as what a route answers does.
    """

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        request: Request[Any, Any, Any] = Request(scope)
        error = _limited(request, limit) or HTTPException(
            status_code=400,
            detail="the header Host must be given once: a name or an"
            " address, and after a colon a port of 0 to 65535, if any",
        )
        response = problem_response(
            request, error.status_code, error.detail, headers=error.headers
        )
        await response.to_asgi_response(None, request)(scope, receive, send)

    return refuse


def _shown(value: Any) -> Any:
    """The value, cut if it is long: an answer must not grow with it."""
    try:
        encoded = msgspec.json.encode(value)
    except RecursionError:
        return "…"
    if len(encoded) <= _MAX_SHOWN:
        return value
    return encoded[:_MAX_SHOWN].decode(errors="ignore") + "…"


EXCEPTION_HANDLERS: Final[dict[int | type[Exception], Any]] = {
    InvalidFields: _invalid_fields,
    InvalidBody: _invalid_body,
    NotFound: _not_found,
    Overloaded: _overloaded,
    ValidationException: _validation,
    HTTPException: _http,
    Exception: _unexpected,
}
