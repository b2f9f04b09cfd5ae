"""Questions to answers: the cached one, or one from a scoring thread."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

import msgspec
from litestar.exceptions import ServiceUnavailableException

from api import schemas, service
from api.middleware.metrics import Metrics
from api.runtime.cache import ResponseCache
from api.runtime.releases import Releases
from api.runtime.scoring import Overloaded, Scorer
from api.service.release import LoadedRelease
from models_ml.vocabulary import Vocabulary

Q = TypeVar("Q")
T = TypeVar("T")
#: Bytes; the answers to longer bodies are not cached by their body.
MAX_CACHED_BODY: Final = 1000
_encode = msgspec.json.Encoder().encode


class NotReady(ServiceUnavailableException):
    """No release serves yet."""


@dataclass(frozen=True)
class Encoded:
    """An answer as JSON, and the release that gave it."""

    release: str
    body: bytes


class QueryService:
    """Answers from the release that serves at the moment of asking."""

    def __init__(
        self,
        releases: Releases,
        scorer: Scorer,
        cache: ResponseCache,
        metrics: Metrics,
    ) -> None:
        self.releases = releases
        self._scorer = scorer
        self._cache = cache
        self._metrics = metrics
        self._hits = metrics.cache.labels("hit")
        self._misses = metrics.cache.labels("miss")
        self._coalesced = metrics.cache.labels("coalesced")
        self._in_flight: dict[Any, asyncio.Future[tuple[bytes, float]]] = {}

    def loaded_release(self) -> LoadedRelease:
        """The release that serves; raises NotReady."""
        release = self.releases.current
        if release is None:
            refusal = self.releases.refusal
            raise NotReady(
                refusal.reason if refusal else "the release is being loaded",
                headers={"Retry-After": "1"},
            )
        return release

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the release that serves; none before there is one."""
        release = self.releases.current
        return release.vocabulary if release else Vocabulary(())

    def cached(self, path: str, body: bytes) -> Encoded | None:
        """The answer to this very body, if the response cache holds it.

        Bodies that differ may ask the same; `recommendations` and
        `audiences` find out. This is for those that do not differ at all.
        """
        release = self.releases.current
        if release is None:
            return None
        answer = self._cache.get((release.version, path, body))
        if answer is None:
            return None
        self._hits.inc()
        return Encoded(release.version, answer)

    def check_room(self) -> None:
        """Raise Overloaded if a new question could not even wait.

        Before it is decoded and understood: what is refused must be cheap,
        or refusing takes the time that answering needs.
        """
        if self._scorer.is_full:
            self._metrics.overloads.inc()
            raise Overloaded

    def keep(self, path: str, body: bytes, answer: Encoded) -> None:
        """Cache the answer to a body, for `cached`."""
        if len(body) <= MAX_CACHED_BODY:
            self._cache.put((answer.release, path, body), answer.body)

    async def recommendations(
        self, request: schemas.RecommendationRequest
    ) -> Encoded:
        """Recommendations; raises InvalidField, NotReady, Overloaded."""
        return await self._understood(
            "recommendations",
            service.understand_recommendation,
            service.answer_recommendation,
            request,
        )

    async def audiences(self, request: schemas.AudienceRequest) -> Encoded:
        """Audiences; raises InvalidField, NotReady, Overloaded."""
        return await self._understood(
            "audiences",
            service.understand_audience,
            service.answer_audience,
            request,
        )

    async def difference(self, request: schemas.DifferenceRequest) -> Encoded:
        """Differences; raises InvalidFields, NotReady, Overloaded."""
        return await self._understood(
            "difference",
            service.understand_difference,
            service.answer_difference,
            request,
        )

    async def chance(self, request: schemas.ChanceRequest) -> Encoded:
        """A chance; raises InvalidFields, NotReady, Overloaded."""
        return await self._understood(
            "chance",
            service.understand_chance,
            service.answer_chance,
            request,
        )

    async def other(
        self,
        name: str,
        function: Callable[..., schemas.Answer],
        *arguments: Any,
    ) -> Encoded:
        """The value of one of `service`'s functions of a release.

        `name` is what metrics call it.
        """
        # The function is part of the question: the cache would give another
        # function's answer where two routes use one name.
        return await self._answer(
            name,
            lambda release, question: function(release, *question[1:]),
            self.loaded_release(),
            (function, *arguments),
        )

    async def uncached(
        self, function: Callable[[LoadedRelease], schemas.Answer]
    ) -> Encoded:
        """`function(release)`, for what is not settled by a release alone."""
        answer = await self.compute(function)
        return Encoded(answer.release, _encode(answer))

    async def compute(self, function: Callable[..., T], *arguments: Any) -> T:
        """`function(release, *arguments)` on a scoring thread, as it is.

        For pages. Raises what the function raises, NotReady, Overloaded.
        """
        return await self._submitted(
            function, self.loaded_release(), *arguments
        )

    async def _understood(
        self,
        name: str,
        understand: Callable[[LoadedRelease, Q], T],
        answer: Callable[[LoadedRelease, T], schemas.Answer],
        request: Q,
    ) -> Encoded:
        """Requests that ask the same share an answer: see `_answer`."""
        release = self.loaded_release()
        question = understand(release, request)
        return await self._answer(name, answer, release, question)

    async def _answer(
        self,
        name: str,
        function: Callable[[LoadedRelease, Any], schemas.Answer],
        release: LoadedRelease,
        question: Any,
    ) -> Encoded:
        key = (release.version, name, question)
        cached = self._cache.get(key)
        if cached is not None:
            self._hits.inc()
            return Encoded(release.version, cached)
        in_flight = self._in_flight.get(key)
        if in_flight is None:
            self._misses.inc()
            in_flight = self._submitted(_timed, function, release, question)
            self._in_flight[key] = in_flight
            in_flight.add_done_callback(partial(self._completed, key))
        else:
            self._coalesced.inc()
        # Shielded: another caller may wait for the same answer.
        body, _ = await asyncio.shield(in_flight)
        return Encoded(release.version, body)

    def _submitted(
        self, function: Callable[..., T], *arguments: Any
    ) -> asyncio.Future[T]:
        try:
            return self._scorer.submit(function, *arguments)
        except Overloaded:
            self._metrics.overloads.inc()
            raise

    def _completed(
        self, key: Any, future: asyncio.Future[tuple[bytes, float]]
    ) -> None:
        del self._in_flight[key]
        if future.exception() is None:
            body, seconds = future.result()
            self._metrics.scoring.labels(key[1]).observe(seconds)
            self._cache.put(key, body)


def _timed(
    function: Callable[[LoadedRelease, Any], schemas.Answer],
    release: LoadedRelease,
    question: Any,
) -> tuple[bytes, float]:
    started = time.perf_counter()
    body = _encode(function(release, question))
    return body, time.perf_counter() - started
