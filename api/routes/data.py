"""What the data holds: films, segments, and the model that serves."""

from typing import Annotated

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from api import service
from api.routes.checks import check_by, check_query, one_number, one_text
from api.routes.predictions import json_response
from api.runtime.query_service import QueryService
from api.schemas import MAX_DIMENSIONS, MAX_SOURCE_ID
from models_ml.vocabulary import DEFAULT_BY


class DataController(Controller):
    """Films with their actual audiences, segments, and the model."""

    tags = ["data"]  # noqa: RUF012 - Litestar's way
    before_request = staticmethod(check_query)

    @get(
        "/movies",
        operation_id="searchMovies",
        opt={
            "query": {
                "search": one_text(200),
                "source_id": one_text(MAX_SOURCE_ID),
                "limit": one_number(1, 100),
            }
        },
    )
    async def search_movies(
        self,
        query_service: NamedDependency[QueryService],
        search: Annotated[str, QueryParameter(max_length=200)] = "",
        source_id: Annotated[
            str | None,
            QueryParameter(
                max_length=MAX_SOURCE_ID,
                description="The film that the data have by this id.",
            ),
        ] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
    ) -> Response[bytes]:
        """Films whose title has every word of `search`, best known first."""
        return json_response(
            await query_service.other(
                "movies", service.search_movies, search, limit, source_id
            )
        )

    @get(
        "/movies/{movie_id:int}",
        operation_id="getMovie",
        opt={"query": {"by": check_by}},
    )
    async def get_movie(
        self,
        query_service: NamedDependency[QueryService],
        movie_id: FromPath[int],
        by: Annotated[
            list[str] | None,
            QueryParameter(
                max_items=MAX_DIMENSIONS,
                description="The dimensions of a segment: each at most once "
                "of those in `GET /segments`.",
            ),
        ] = None,
    ) -> Response[bytes]:
        """A film's audience, actual and predicted without its own ratings."""
        return json_response(
            await query_service.other(
                "movie",
                service.movie,
                movie_id,
                tuple(by or DEFAULT_BY),
            )
        )

    @get(
        "/movies/{movie_id:int}/similar-movies",
        operation_id="listSimilarMovies",
        opt={"query": {"limit": one_number(1, 100)}},
    )
    async def list_similar_movies(
        self,
        query_service: NamedDependency[QueryService],
        movie_id: FromPath[int],
        limit: Annotated[
            int, QueryParameter(ge=1, le=100)
        ] = service.N_SIMILAR,
    ) -> Response[bytes]:
        """The known films most like a film.

        By the words of their titles, years and genres, not by who rated them.
        """
        return json_response(
            await query_service.other(
                "similar", service.movies_like, movie_id, limit
            )
        )

    @get(
        "/movies/{movie_id:int}/overlapping-movies",
        operation_id="listOverlappingMovies",
        opt={"query": {"limit": one_number(1, 100)}},
    )
    async def list_overlapping_movies(
        self,
        query_service: NamedDependency[QueryService],
        movie_id: FromPath[int],
        limit: Annotated[
            int, QueryParameter(ge=1, le=100)
        ] = service.N_OVERLAPS,
    ) -> Response[bytes]:
        """The films whose audience overlaps most with a film's.

        Predicted: how likely someone who rated the film rates each of these,
        beside anyone at all.
        """
        return json_response(
            await query_service.other(
                "overlapping", service.overlapping_movies, movie_id, limit
            )
        )

    @get(
        "/tastes",
        operation_id="listTastes",
        opt={
            "query": {
                "dimension": one_text(100),
                "level": one_text(100),
                "other": one_text(100),
                "genre": one_text(100),
                "limit": one_number(0, 100),
            }
        },
    )
    async def list_tastes(
        self,
        query_service: NamedDependency[QueryService],
        *,
        dimension: FromQuery[str | None] = None,
        level: FromQuery[str | None] = None,
        other: FromQuery[str | None] = None,
        genre: FromQuery[str | None] = None,
        limit: FromQuery[int] = 20,
    ) -> Response[bytes]:
        """How much more or less each group likes and watches each genre.

        Without a `dimension` it is the first that tells people apart.
        `level` picks a group, which then also has films; `other` a second
        group that it is compared with; `genre` one genre.
        """
        question = service.TasteQuestion(dimension, level, other, genre, limit)
        return json_response(
            await query_service.other("tastes", service.tastes, question)
        )

    @get("/segments", operation_id="listSegments")
    async def list_segments(
        self, query_service: NamedDependency[QueryService]
    ) -> Response[bytes]:
        """The words that a question may use, with how many people each has."""
        return json_response(
            await query_service.other("segments", service.segments)
        )

    @get("/model", operation_id="getModel")
    async def get_model(
        self, query_service: NamedDependency[QueryService]
    ) -> Response[bytes]:
        """What serves: version, data, metrics."""
        return json_response(
            await query_service.other("model", service.model_info)
        )

    @get("/releases", operation_id="listReleases")
    async def list_releases(
        self, query_service: NamedDependency[QueryService]
    ) -> Response[bytes]:
        """The verified releases that this server holds, and how good each is.

        Those that it fetched and serves or served; the store may have others.
        """
        return json_response(await query_service.uncached(service.releases))
