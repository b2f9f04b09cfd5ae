"""What every route asks of a request before it reads it."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from models_ml.profile import InvalidField

Connection = ASGIConnection[Any, Any, Any, Any]


def json_only(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse bodies that are not declared to be JSON."""
    del handler
    given = connection.headers.get("content-type", "")
    media_type, _, parameters = given.partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if media_type.strip().lower() != "application/json" or charset not in (
        "",
        "charset=utf-8",
    ):
        raise HTTPException(
            status_code=415,
            detail=f"content-type is {given[:100]!r}: it must be "
            "application/json",
        )


def known_query_only(
    connection: Connection, handler: BaseRouteHandler
) -> None:
    """Refuse query parameters that the route (`opt["query"]`) has not."""
    allowed = handler.opt.get("query", ())
    for name, value in connection.query_params.multi_items():
        if name not in allowed:
            raise InvalidField(
                name,
                value,
                f"no query parameter but {', '.join(allowed) or 'none'}",
            )
