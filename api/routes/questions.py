"""Both questions: films for a person, an audience for a film."""

from typing import Final

from litestar import Controller, MediaType, Response, post
from litestar.di import NamedDependency
from litestar.params import RawBody

from api.answers import Answers, Encoded
from api.decoding import BodyDecoder
from api.routes.requests import json_only, known_query_only
from api.schemas import AudienceRequest, RecommendationRequest

RELEASE_HEADER: Final = "X-Plateia-Release"
_RECOMMENDATION: Final = BodyDecoder(RecommendationRequest)
_AUDIENCE: Final = BodyDecoder(AudienceRequest)


class QuestionController(Controller):
    """Questions about people and films that the data does not hold."""

    tags = ["questions"]  # noqa: RUF012 - Litestar's way
    guards = [json_only, known_query_only]  # noqa: RUF012

    @post("/recommendations", operation_id="recommendFilms", status_code=200)
    async def recommend_films(
        self, body: RawBody, answers: NamedDependency[Answers]
    ) -> Response[bytes]:
        """Which films for this person?"""
        request = _RECOMMENDATION.decode(body)
        return json_response(await answers.recommendations(request))

    @post("/audiences", operation_id="findAudience", status_code=200)
    async def find_audience(
        self, body: RawBody, answers: NamedDependency[Answers]
    ) -> Response[bytes]:
        """Which audience for this film?"""
        return json_response(await answers.audiences(_AUDIENCE.decode(body)))


def json_response(answer: Encoded) -> Response[bytes]:
    """The answer, naming the release that gave it."""
    return Response(
        answer.body,
        media_type=MediaType.JSON,
        headers={RELEASE_HEADER: answer.release},
    )
