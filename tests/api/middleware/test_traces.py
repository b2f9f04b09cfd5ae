"""Spans: of a small application, and of the server, which sends them."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from litestar.testing import TestClient
from litestar.types import Receive, Scope, Send
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import (
    InMemorySpanExporter,
)
from opentelemetry.trace import SpanKind, StatusCode

from api.app import create_app
from api.middleware.extras import traces_type
from api.middleware.traces import Traces
from models_ml.settings import SettingError, Settings, load_settings
from tests.api.conftest import settings_of
from tests.api.test_live import environment_of, live_server

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
PARENT_ID = "b7ad6b7169203331"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Where the spans of applications made in the test go."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(Traces, "over_otlp", lambda: Traces(provider))
    return exporter


def asked(
    settings: Settings,
    spans: InMemorySpanExporter,
    *requests: tuple[str, str],
    **headers: str,
) -> tuple[ReadableSpan, ...]:
    """The spans of requests to an application that traces."""
    with TestClient(create_app(settings)) as client:
        for method, path in requests:
            sent = [
                (k.encode(), v.encode("latin-1")) for k, v in headers.items()
            ]
            client.request(method, path, headers=sent)
    return spans.get_finished_spans()


@pytest.fixture
def traced(tmp_path: Path) -> Settings:
    return settings_of(tmp_path, tmp_path / "store", has_traces=True)


def test_a_span_has_the_route_and_no_more_of_the_address(
    traced: Settings, spans: InMemorySpanExporter
) -> None:
    requests = [("GET", "/healthz?age=forty"), ("GET", "/no/such?age=forty")]
    matched, unmatched = asked(
        traced, spans, *requests, **{"x-request-id": "asked-once"}
    )
    assert matched.name == "GET /healthz"
    assert matched.kind == SpanKind.SERVER
    assert dict(matched.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/healthz",
        "http.response.status_code": 400,  # of a query not known
        "plateia.request_id": "asked-once",
    }
    assert unmatched.name == "GET"
    assert "forty" not in matched.to_json() + unmatched.to_json()
    assert "such" not in unmatched.to_json()
    assert unmatched.status.status_code == StatusCode.UNSET


def test_invented_methods_have_one_name(
    traced: Settings, spans: InMemorySpanExporter
) -> None:
    (span,) = asked(traced, spans, ("INVENTED", "/healthz"))
    assert span.name.startswith("_OTHER")
    assert "INVENTED" not in span.to_json()


@pytest.mark.parametrize(
    ("header", "trace_id"),
    [
        (f"00-{TRACE_ID}-{PARENT_ID}-01", TRACE_ID),
        (f"00-{TRACE_ID}-{PARENT_ID}-é", None),
        ("", None),
    ],
)
def test_a_trace_goes_on_that_the_caller_began(
    traced: Settings,
    spans: InMemorySpanExporter,
    header: str,
    trace_id: str | None,
) -> None:
    (span,) = asked(traced, spans, ("GET", "/healthz"), traceparent=header)
    if trace_id is None:
        assert span.parent is None
    else:
        assert span.parent is not None
        assert f"{span.parent.span_id:016x}" == PARENT_ID
        assert f"{span.context.trace_id:032x}" == trace_id


def test_what_is_raised_is_an_error_of_the_span() -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))

    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("a fault")

    scope = {
        **{"type": "http", "method": "GET", "headers": []},
        "state": {"plateia_request_id": "1"},
    }
    with pytest.raises(RuntimeError, match="a fault"):
        asyncio.run(Traces(provider).around(fails)(scope, None, None))  # type: ignore[arg-type]
    (span,) = exporter.get_finished_spans()
    assert span.status.status_code == StatusCode.ERROR
    assert (span.attributes or {})["error.type"] == "500"


def test_nothing_is_traced_unless_asked_for(
    tmp_path: Path, spans: InMemorySpanExporter
) -> None:
    settings = settings_of(tmp_path, tmp_path / "store")
    assert not load_settings({}).has_traces
    assert asked(settings, spans, ("GET", "/healthz")) == ()


def test_without_the_extra_the_setting_is_refused_in_words(
    traced: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "api.middleware.traces")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingError, match=r"PLATEIA_TRACES .* extra otel"):
        traces_type(traced)


class Collector(BaseHTTPRequestHandler):
    """Notes what it is sent."""

    received: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.received.append((self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """Its address, and what it was sent."""
    received: list[tuple[str, bytes]] = []
    handler = type("Noting", (Collector,), {"received": received})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", received
        finally:
            server.shutdown()
            thread.join()


def test_the_server_sends_its_spans_to_the_collector(
    tmp_path: Path,
    settings: Settings,
    collector: tuple[str, list[tuple[str, bytes]]],
) -> None:
    address, received = collector
    question = {"profile": {"age": 40}}
    environment = environment_of(settings) | {
        "PLATEIA_TRACES": "on",
        "OTEL_EXPORTER_OTLP_ENDPOINT": address,
        "OTEL_SERVICE_NAME": "of-the-test",
    }
    with live_server(tmp_path, environment) as live:
        for _ in range(2):  # the second is from the cache
            told = httpx.post(f"{live.url}/recommendations", json=question)
            assert told.status_code == 200
    assert {path for path, _ in received} == {"/v1/traces"}
    names, services = [], set()
    for _, body in received:
        for resource in ExportTraceServiceRequest.FromString(
            body
        ).resource_spans:
            services |= {
                attribute.value.string_value
                for attribute in resource.resource.attributes
                if attribute.key == "service.name"
            }
            for scope in resource.scope_spans:
                names += [span.name for span in scope.spans]
    assert services == {"of-the-test"}
    assert names.count("POST /recommendations") == 2
