"""Prometheus metrics.

With several workers, each writes to files in PROMETHEUS_MULTIPROC_DIR (which
`python -m api` sets), and whichever worker is asked adds them all up.
"""

import os
from functools import lru_cache

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

#: Without the charset, which Litestar adds to any text.
CONTENT_TYPE = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")
#: Of requests that are counted by their name; others are `OTHER`.
METHODS = frozenset(
    ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
)
_SECONDS = (
    *(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05),
    *(0.1, 0.25, 0.5, 1.0, 2.5),
)


class Metrics:
    """All metrics of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "plateia_request_seconds",
            "Time to answer a request, by route and status",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.scoring = Histogram(
            "plateia_scoring_seconds",
            "Time to work out and encode an answer, without waiting",
            ("question",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.cache = Counter(
            "plateia_cache_lookups",
            "Looks for a cached answer, by outcome",
            ("outcome",),
            registry=self.registry,
        )
        self.overloads = Counter(
            "plateia_overload_rejections",
            "Questions refused because too many waited",
            registry=self.registry,
        )
        self.refusals = Counter(
            "plateia_refused_releases",
            "Releases refused, and looks at the store that failed",
            ("cause",),
            registry=self.registry,
        )
        self._release = Gauge(
            "plateia_release_info",
            "Workers that serve each release",
            ("version",),
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self._requests_of = lru_cache(maxsize=1024)(self._requests.labels)
        self._version: str | None = None

    def observe_request(
        self, method: str, route: str, status: int, seconds: float
    ) -> None:
        """Count an answered request under its route's template.

        Anyone can invent methods, and every label is kept for good.
        """
        method = method if method in METHODS else "OTHER"
        self._requests_of(method, route, str(status)).observe(seconds)

    def release(self, version: str) -> None:
        """This worker now serves `version`."""
        if self._version is not None:
            self._release.labels(self._version).set(0)
        self._release.labels(version).set(1)
        self._version = version

    def exposition(self) -> bytes:
        """All metrics in Prometheus' text format."""
        registry = self.registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
