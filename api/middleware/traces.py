"""A span for each request, over OpenTelemetry; needs the extra `otel`.

Litestar's own middleware is not used: it stands behind the response cache,
names spans by paths, which have no bound, and tells the query, where pages
have what a person said of themselves.
"""

from __future__ import annotations

import asyncio
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import (
    OTLPSpanExporter,
)
from opentelemetry.sdk.resources import (
    SERVICE_NAME,
    OTELResourceDetector,
    Resource,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import (
    TraceContextTextMapPropagator,
)

from api.middleware.metrics import METHODS
from api.middleware.observability import REQUEST_ID

#: Of the callers' headers: a trace that they began goes on here.
_CONTEXT: Final = (b"traceparent", b"tracestate")
_PROPAGATOR: Final = TraceContextTextMapPropagator()


class Traces:
    """Makes spans, and sends them."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("plateia")

    @classmethod
    def over_otlp(cls) -> Traces:
        """To a collector, over HTTP, by OpenTelemetry's own `OTEL_*`.

        A thread sends them in batches; what it cannot send in time it drops,
        so that a collector that is gone costs no request anything.
        """
        named = Resource.create({SERVICE_NAME: "plateia"})
        # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, which go before.
        told = OTELResourceDetector().detect()
        provider = TracerProvider(resource=named.merge(told))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return cls(provider)

    def around(self, app: ASGIApp) -> ASGIApp:
        """The application, each of whose requests is a span."""

        async def traced(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP:
                await app(scope, receive, send)
                return
            status = 500

            async def send_traced(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            with self._tracer.start_as_current_span(
                _method(scope), _context(scope), SpanKind.SERVER
            ) as span:
                try:
                    await app(scope, receive, send_traced)
                finally:
                    _describe(span, scope, status)

        return traced

    async def close(self) -> None:
        """Send what is left."""
        await asyncio.to_thread(self._provider.shutdown)


def _context(scope: Scope) -> Context:
    carrier = {
        name.decode("ascii"): value.decode("latin-1")
        for name, value in scope["headers"]
        if name in _CONTEXT
    }
    return _PROPAGATOR.extract(carrier)


def _method(scope: Scope) -> str:
    method = str(scope.get("method"))
    return method if method in METHODS else "_OTHER"


def _describe(span: Span, scope: Scope, status: int) -> None:
    """Name and attributes by the semantic conventions of HTTP servers.

    Neither the query nor the path: a route is enough, and has a bound.
    """
    method, route = _method(scope), scope.get("path_template")
    if route:
        span.update_name(f"{method} {route}")
        span.set_attribute("http.route", route)
    span.set_attribute("http.request.method", method)
    span.set_attribute("http.response.status_code", status)
    span.set_attribute("plateia.request_id", scope["state"][REQUEST_ID])
    if status >= 500:
        span.set_attribute("error.type", str(status))
        span.set_status(StatusCode.ERROR)
