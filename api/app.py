"""The application factory."""

import contextlib
from collections.abc import AsyncIterator

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import NotFoundException

from api.middleware.bodies import WholeBodies
from api.middleware.extras import traces_type
from api.middleware.heads import Heads
from api.middleware.hosts import ValidHosts
from api.middleware.limits import RateLimit
from api.middleware.logs import AccessLog, configure_logging
from api.middleware.metrics import Metrics
from api.middleware.observability import Observed
from api.middleware.proxies import ForwardedFrom
from api.openapi.specification import openapi_config
from api.pages import pages_plugins, pages_router, unknown_address
from api.problems import EXCEPTION_HANDLERS, host_refusal
from api.routes.data import DataController
from api.routes.operations import MetricsController, OperationsController
from api.routes.predictions import QuestionController
from api.runtime.cache import ResponseCache
from api.runtime.query_service import QueryService
from api.runtime.releases import Releases
from api.runtime.response_cache import ResponseCacheMiddleware
from api.runtime.scoring import Scorer
from models_ml.settings import Settings, load_settings


def create_app(settings: Settings | None = None) -> Litestar:
    """The API over the release store of `settings` (default: environment).

    Raises SettingError for settings that cannot be used.
    """
    settings = settings or load_settings()
    configure_logging(settings.log_level)
    metrics = Metrics()
    releases = Releases.from_settings(settings, metrics)
    scorer = Scorer(settings.scoring_threads, settings.queue)
    cache = ResponseCache(settings.cache_mib << 20)
    query_service = QueryService(releases, scorer, cache, metrics)
    limit = RateLimit(settings.rate_limit) if settings.rate_limit else None
    traced = traces_type(settings)
    traces = traced.over_otlp() if traced else None

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        del app
        try:
            async with releases.watched():
                yield
        finally:
            scorer.close()
            if traces:
                await traces.close()

    def provide_query_service() -> QueryService:
        return query_service

    def provide_metrics() -> Metrics:
        return metrics

    app = Litestar(
        route_handlers=[
            QuestionController,
            DataController,
            OperationsController,
            *([MetricsController] if settings.has_metrics else []),
            pages_router,
        ],
        plugins=list(pages_plugins),
        dependencies={
            "query_service": Provide(
                provide_query_service, sync_to_thread=False
            ),
            "metrics": Provide(provide_metrics, sync_to_thread=False),
        },
        state=State({"query_service": query_service, "limit": limit}),
        lifespan=[lifespan],
        exception_handlers={
            **EXCEPTION_HANDLERS,
            NotFoundException: unknown_address,
        },
        openapi_config=openapi_config() if settings.has_schema else None,
        request_max_body_size=settings.max_body_bytes,
        guards=[limit] if limit else [],
        cors_config=_cors(settings),
        logging_config=None,
    )
    # Around all of it: Litestar's own middleware sees no unmatched paths.
    observed = Observed(
        Heads(
            ValidHosts(
                WholeBodies(
                    ResponseCacheMiddleware(
                        app.asgi_handler, query_service, limit
                    ),
                    settings.body_seconds,
                ),
                host_refusal(limit),
            )
        ),
        metrics,
        AccessLog(settings.log_level),
    )
    handler = traces.around(observed) if traces else observed
    app.asgi_handler = (
        ForwardedFrom(handler, settings.proxies)
        if settings.proxies
        else handler
    )
    return app


def _cors(settings: Settings) -> CORSConfig | None:
    if not settings.cors_origins:
        return None
    return CORSConfig(
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "X-Request-Id"],
        expose_headers=["X-Plateia-Release", "X-Request-Id", "Retry-After"],
    )
