"""What is checked of a request before its route reads it.

Called from `before_request`: Litestar copies the route for every guard it
asks, which costs more than all else that is done for a kept answer.
"""

from typing import Any

from litestar import Request
from litestar.exceptions import HTTPException

from models_ml.profile.parse import InvalidField

AnyRequest = Request[Any, Any, Any]


def check_media_type(request: AnyRequest) -> None:
    """Refuse a body that is not declared to be JSON."""
    given = request.headers.get("content-type", "")
    if given == "application/json":
        return
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


async def check_query(request: AnyRequest) -> None:
    """Refuse query parameters that the route (`opt["query"]`) has not."""
    if not request.scope["query_string"]:
        return
    allowed = request.route_handler.opt.get("query", ())
    for name, value in request.query_params.multi_items():
        if name not in allowed:
            raise InvalidField(
                name,
                value,
                f"no query parameter but {', '.join(allowed) or 'none'}",
            )
