"""The OpenAPI document as a page: plain HTML, nothing from outside hosts."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec
from litestar import Request, Response, Router, get
from litestar.openapi.plugins import OpenAPIRenderPlugin

_HERE: Final = Path(__file__).parent


class HtmlRenderPlugin(OpenAPIRenderPlugin):
    """Renders operations, parameters, examples and schemas as HTML."""

    def render(
        self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]
    ) -> bytes:
        """The page for a document."""
        page = _template().render(
            document=openapi_schema, base=str(request.base_url).rstrip("/")
        )
        return page.encode()

    def receive_router(self, router: Router) -> None:
        """Serve the page's style sheet beside it."""

        @get("/docs.css", sync_to_thread=False, include_in_schema=False)
        def style_sheet() -> Response[bytes]:
            content = (_HERE / "docs.css").read_bytes()
            return Response(content, media_type="text/css")

        router.register(style_sheet)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["pretty"] = _pretty
    environment.filters["kind"] = _kind
    return environment.get_template("page.html")


def _pretty(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " | ".join(map(_kind, schema[choice]))
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    least = schema.get("minimum", schema.get("minLength"))
    most = schema.get("maximum", schema.get("maxLength"))
    if least is None and most is None:
        return kind
    return f"{kind} {least if least is not None else ''}–{most}"
