"""What the data holds: films, segments, and the model that serves."""

from typing import Annotated

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from api import service
from api.routes.checks import check_query
from api.routes.predictions import json_response
from api.runtime.query_service import QueryService
from api.schemas import Dimension


class DataController(Controller):
    """Films with their actual audiences, segments, and the model."""

    tags = ["data"]  # noqa: RUF012 - Litestar's way
    before_request = staticmethod(check_query)

    @get(
        "/movies",
        operation_id="searchMovies",
        opt={"query": ("search", "limit")},
    )
    async def search_movies(
        self,
        answers: NamedDependency[QueryService],
        search: Annotated[str, QueryParameter(max_length=200)] = "",
        limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
    ) -> Response[bytes]:
        """Films whose title has every word of `search`, best known first."""
        return json_response(
            await answers.other("movies", service.search_movies, search, limit)
        )

    @get(
        "/movies/{movie_id:int}",
        operation_id="getMovie",
        opt={"query": ("by",)},
    )
    async def get_movie(
        self,
        answers: NamedDependency[QueryService],
        movie_id: FromPath[int],
        by: Annotated[
            list[Dimension] | None, QueryParameter(min_items=1, max_items=4)
        ] = None,
    ) -> Response[bytes]:
        """A film with its actual audience, beside what is predicted."""
        return json_response(
            await answers.other(
                "movie",
                service.movie,
                movie_id,
                tuple(by or ("gender", "age_group")),
            )
        )

    @get("/segments", operation_id="listSegments")
    async def list_segments(
        self, answers: NamedDependency[QueryService]
    ) -> Response[bytes]:
        """The words that a question may use, with how many people each has."""
        return json_response(await answers.other("segments", service.segments))

    @get("/model", operation_id="getModel")
    async def get_model(
        self, answers: NamedDependency[QueryService]
    ) -> Response[bytes]:
        """What serves: version, data, metrics."""
        return json_response(await answers.other("model", service.model_info))
