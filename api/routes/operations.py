"""What those who run the service ask."""

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from api.middleware.limits import UNLIMITED
from api.middleware.metrics import CONTENT_TYPE, Metrics
from api.routes.checks import check_query
from api.runtime.query_service import QueryService
from api.schemas import Health, Readiness, Refused


class OperationsController(Controller):
    """Liveness and readiness."""

    tags = ["operations"]  # noqa: RUF012 - Litestar's way
    before_request = staticmethod(check_query)
    opt = {UNLIMITED: True}  # noqa: RUF012

    @get("/healthz", operation_id="checkHealth")
    async def check_health(self) -> Health:
        """The process answers."""
        return Health()

    @get("/readyz", operation_id="checkReadiness")
    async def check_readiness(
        self, query_service: NamedDependency[QueryService]
    ) -> Response[Readiness]:
        """Whether a release serves, and which was refused."""
        releases = query_service.releases
        release = releases.current
        refusal = releases.refusal
        polled = releases.last_poll
        content = Readiness(
            ready=release is not None,
            release=release.version if release else None,
            refused=Refused(refusal.version, refusal.code, refusal.reason)
            if refusal
            else None,
            last_look=polled.isoformat("T", "seconds") if polled else None,
        )
        return Response(content, status_code=200 if release else 503)


class MetricsController(Controller):
    """What Prometheus asks; not everyone need be answered."""

    tags = ["operations"]  # noqa: RUF012
    before_request = staticmethod(check_query)
    opt = {UNLIMITED: True}  # noqa: RUF012

    @get("/metrics", operation_id="getMetrics", media_type="text/plain")
    async def get_metrics(
        self, metrics: NamedDependency[Metrics]
    ) -> Response[bytes]:
        """Prometheus metrics."""
        return Response(metrics.exposition(), media_type=CONTENT_TYPE)
