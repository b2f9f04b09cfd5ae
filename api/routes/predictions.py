"""Both questions: films for a person, an audience for a film."""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from litestar import Controller, HttpMethod, MediaType, Response, post
from litestar.di import NamedDependency
from litestar.params import RawBody

from api import service
from api.decoding import BodyDecoder, InvalidBody
from api.routes.checks import AnyRequest, check_media_type, check_query
from api.runtime.query_service import Encoded, QueryService
from api.runtime.response_cache import RELEASE_HEADER
from api.schemas import (
    AudienceRequest,
    ChanceRequest,
    DifferenceRequest,
    RecommendationRequest,
)

T = TypeVar("T")

_RECOMMENDATION: Final = BodyDecoder(RecommendationRequest)
_AUDIENCE: Final = BodyDecoder(AudienceRequest)
_DIFFERENCE: Final = BodyDecoder(DifferenceRequest)
_CHANCE: Final = BodyDecoder(ChanceRequest)


async def check_request(request: AnyRequest) -> None:
    """Refuse what is no question, or more than can be answered, early.

    OPTIONS asks no question: it has no body to refuse.
    """
    if request.method == HttpMethod.OPTIONS:
        return
    check_media_type(request)
    await check_query(request)
    query_service: QueryService = request.app.state.query_service
    query_service.check_room()


class QuestionController(Controller):
    """Questions about people and films that the data does not hold."""

    tags = ["questions"]  # noqa: RUF012 - Litestar's way
    before_request = staticmethod(check_request)

    @post("/recommendations", operation_id="recommendFilms", status_code=200)
    async def recommend_films(
        self, body: RawBody, query_service: NamedDependency[QueryService]
    ) -> Response[bytes]:
        """Which films for this person?"""
        request = _decoded(
            _RECOMMENDATION,
            body,
            query_service,
            service.understand_recommendation,
        )
        answer = await query_service.recommendations(request)
        query_service.keep("/recommendations", body, answer)
        return json_response(answer)

    @post("/audiences", operation_id="findAudience", status_code=200)
    async def find_audience(
        self, body: RawBody, query_service: NamedDependency[QueryService]
    ) -> Response[bytes]:
        """Which audience for this film?"""
        request = _decoded(
            _AUDIENCE, body, query_service, service.understand_audience
        )
        answer = await query_service.audiences(request)
        query_service.keep("/audiences", body, answer)
        return json_response(answer)

    @post(
        "/audiences/difference",
        operation_id="compareAudiences",
        status_code=200,
    )
    async def compare_audiences(
        self, body: RawBody, query_service: NamedDependency[QueryService]
    ) -> Response[bytes]:
        """What changes from one film to another, or by a changed genre?"""
        request = _decoded(
            _DIFFERENCE, body, query_service, service.understand_difference
        )
        return json_response(await query_service.difference(request))

    @post("/audiences/chance", operation_id="compareSegments", status_code=200)
    async def compare_segments(
        self, body: RawBody, query_service: NamedDependency[QueryService]
    ) -> Response[bytes]:
        """How likely is it that one segment is ahead of another?"""
        request = _decoded(
            _CHANCE, body, query_service, service.understand_chance
        )
        return json_response(await query_service.chance(request))


def _decoded(
    decoder: BodyDecoder[T],
    body: bytes,
    query_service: QueryService,
    understand: Callable[[service.LoadedRelease, T], object],
) -> T:
    """The body's request; raises InvalidBody with all that is wrong."""
    try:
        return decoder.decode(body)
    except InvalidBody as error:
        error.add_what_is_wrong(
            partial(understand, query_service.loaded_release())
        )
        raise


def json_response(answer: Encoded) -> Response[bytes]:
    """The answer, naming the release that gave it."""
    return Response(
        answer.body,
        media_type=MediaType.JSON,
        headers={RELEASE_HEADER: answer.release},
    )
