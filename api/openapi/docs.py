"""The OpenAPI document as a page: plain HTML, nothing from outside hosts."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec
from litestar import Request, Response, Router, get
from litestar.openapi.plugins import OpenAPIRenderPlugin
from markupsafe import Markup, escape

_HERE: Final = Path(__file__).parent


class HtmlRenderPlugin(OpenAPIRenderPlugin):
    """Renders operations, parameters, examples and schemas as HTML."""

    def render(
        self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]
    ) -> bytes:
        """The page for a document."""
        page = _template().render(
            document=openapi_schema,
            groups=_groups(openapi_schema),
            base=str(request.base_url).rstrip("/"),
        )
        return page.encode()

    def receive_router(self, router: Router) -> None:
        """Serve the page's style sheet and script beside it."""

        @get("/docs.css", sync_to_thread=False, include_in_schema=False)
        def style_sheet() -> Response[bytes]:
            content = (_HERE / "docs.css").read_bytes()
            return Response(content, media_type="text/css")

        @get("/try.js", sync_to_thread=False, include_in_schema=False)
        def script() -> Response[bytes]:
            content = (_HERE / "try.js").read_bytes()
            return Response(content, media_type="text/javascript")

        router.register(style_sheet)
        router.register(script)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["markdown"] = markdown
    environment.filters["inline"] = inline
    environment.filters["after_summary"] = _after_summary
    environment.filters["pretty"] = _pretty
    environment.filters["kind"] = _kind
    return environment.get_template("page.html")


def _groups(
    document: dict[str, Any],
) -> list[tuple[dict[str, Any], list[tuple[str, str, dict[str, Any]]]]]:
    """Each tag with its operations: method, path, and what they are."""
    operations = [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    return [
        (tag, [row for row in operations if tag["name"] in row[2]["tags"]])
        for tag in document["tags"]
    ]


def markdown(text: str) -> Markup:
    """Paragraphs, `code` and **strong** of Markdown; all else is escaped."""
    parts = re.split(r"\n\s*\n", text.strip())
    paragraphs = "".join(f"<p>{inline(part)}</p>" for part in parts if part)
    return Markup(paragraphs)  # noqa: S704 - each part is escaped


def inline(text: str) -> Markup:
    """`markdown`, without paragraphs."""
    html = str(escape(text))
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    html = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", html)
    return Markup(html)  # noqa: S704 - it was escaped


def _after_summary(description: str) -> str:
    """What a description says after its first line, the summary."""
    return description.partition("\n")[2]


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
    return kind + _bounds(least, most)


def _bounds(least: float | None, most: float | None) -> str:
    if least is None:
        return "" if most is None else f" up to {most:g}"
    return f" from {least:g}" if most is None else f" {least:g} to {most:g}"
