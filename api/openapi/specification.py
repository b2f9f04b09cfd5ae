"""The OpenAPI document, true to what is decoded and answered.

Litestar describes routes and parameters. Bodies are described here from the
very structs that msgspec decodes and encodes, since Litestar's own rendering
forgets that unknown fields are refused and that errors are problem details.

Litestar's `ResponseSpec` (`responses=` of a route) would describe each problem
with its media type, but has no headers: `X-Request-Id` and `Retry-After` would
be lost. And components are made here anyway, for words of the release.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Tag

from api import schemas
from api.openapi import examples
from api.openapi.adapted import adapted_examples, allowed_values
from api.openapi.answers import example_of
from api.openapi.docs import HtmlRenderPlugin
from api.problems import MEDIA_TYPE
from api.runtime.query_service import QueryService
from models_ml.data_kind import DataKind
from models_ml.scale import told
from models_ml.vocabulary import Vocabulary

#: `completed` fills in the data.
DESCRIPTION: Final = (
    "Which films for this person, and which audience for this film? Answered "
    "from a release of models that learnt from {data}. Errors are problem "
    "details (RFC 9457). A request may carry `X-Request-Id`; every answer "
    "carries one."
)
TAGS: Final = (
    Tag(
        "questions",
        "Which films for this person, and which audience for this film: "
        "answers about people and films that the data do not hold.",
    ),
    Tag(
        "data",
        "Films with their actual audiences, how groups and genres hang "
        "together, the words that questions use, and the model.",
    ),
    Tag("operations", "For those who run the service."),
)
_REASONS: Final = {
    400: "Something in the request has no meaning; `errors` names all of it.",
    404: "There is no such film.",
    413: "The body is too large.",
    415: "The body is not declared to be `application/json`.",
    429: "Too many requests from this address.",
    503: "No release serves yet, or too many questions wait: see Retry-After.",
}
_GET: Final = (400, 429, 503)
_POST: Final = (400, 413, 415, 429, 503)


@dataclass(frozen=True)
class Operation:
    """What goes into and comes out of an operation."""

    answer: type[msgspec.Struct]
    problems: tuple[int, ...]
    request: type[msgspec.Struct] | None = None
    examples: dict[str, dict[str, Any]] | None = None


#: By operation id; others are left as Litestar describes them.
OPERATIONS: Final = {
    "recommendFilms": Operation(
        schemas.Recommendations,
        _POST,
        schemas.RecommendationRequest,
        examples.RECOMMENDATIONS,
    ),
    "findAudience": Operation(
        schemas.Audiences, _POST, schemas.AudienceRequest, examples.AUDIENCES
    ),
    "compareAudiences": Operation(
        schemas.AudienceDifferences,
        _POST,
        schemas.DifferenceRequest,
        examples.DIFFERENCES,
    ),
    "compareSegments": Operation(
        schemas.SegmentChance, _POST, schemas.ChanceRequest, examples.CHANCES
    ),
    "searchMovies": Operation(schemas.Movies, _GET),
    "getMovie": Operation(schemas.MovieAudience, (400, 404, 429, 503)),
    "listSimilarMovies": Operation(
        schemas.SimilarMovies, (400, 404, 429, 503)
    ),
    "listOverlappingMovies": Operation(
        schemas.OverlappingMovies, (400, 404, 429, 503)
    ),
    "listReleases": Operation(schemas.Releases, _GET),
    "listSegments": Operation(schemas.Segments, _GET),
    "listTastes": Operation(schemas.Tastes, _GET),
    "getModel": Operation(schemas.ModelInfo, _GET),
    "checkHealth": Operation(schemas.Health, (400,)),
    "checkReadiness": Operation(schemas.Readiness, (400,)),
}


def openapi_config() -> OpenAPIConfig:
    """Title, version, and how the document is rendered: from here alone."""
    return OpenAPIConfig(
        title="Plateia",
        version="1.0.0",
        description=DESCRIPTION,
        tags=list(TAGS),
        use_handler_docstrings=True,
        render_plugins=[_Html(path="/"), _Json()],
    )


class _Json(JsonRenderPlugin):
    def render(
        self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]
    ) -> bytes:
        return super().render(request, _of_release(request, openapi_schema))


class _Html(HtmlRenderPlugin):
    def render(
        self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]
    ) -> bytes:
        return super().render(request, _of_release(request, openapi_schema))


def completed(
    document: dict[str, Any],
    vocabulary: Vocabulary,
    data: str,
    movie_ids: Sequence[int] = (),
    source_ids: Sequence[str] = (),
    *,
    with_answers: bool = True,
) -> dict[str, Any]:
    """Litestar's document, with bodies and problems as they really are.

    Descriptions tell the words of the `vocabulary`, and name the `data`;
    examples are asked in those words, of the films `movie_ids`, which are
    the data's `source_ids`. Answers are in MovieLens' words, and shown
    `with_answers` alone.
    """
    structs: list[type[msgspec.Struct]] = [schemas.Problem]
    for described in OPERATIONS.values():
        structs.append(described.answer)
        if described.request:
            structs.append(described.request)
    _, components = msgspec.json.schema_components(
        structs, ref_template="#/components/schemas/{name}"
    )
    components = _with_words(components, vocabulary)
    components["Problem"]["examples"] = [examples.PROBLEM]
    allowed = allowed_values(vocabulary, movie_ids, source_ids)
    paths = {
        path: {
            method: _completed_operation(
                operation, allowed, with_answers=with_answers
            )
            for method, operation in item.items()
        }
        for path, item in document["paths"].items()
    }
    info = {**document["info"], "description": DESCRIPTION.format(data=data)}
    return {
        **document,
        "info": info,
        "paths": paths,
        "components": {"schemas": components},
    }


def _of_release(
    request: Request[Any, Any, Any], document: dict[str, Any]
) -> dict[str, Any]:
    """The document in the words of the release that serves now."""
    query_service: QueryService = request.app.state.query_service
    release = query_service.releases.current
    if release is None:
        return completed(document, Vocabulary(()), "ratings of films")
    catalogue = release.catalogue
    films = catalogue.search("", 20)
    return completed(
        document,
        release.vocabulary,
        release.data_kind.in_words,
        catalogue.movie_ids[films].tolist(),
        [catalogue.source_ids[row] for row in films],
        with_answers=release.data_kind is not DataKind.OWN_TABLES,
    )


def _with_words(part: Any, vocabulary: Vocabulary) -> Any:
    """Descriptions with the words that `schemas.levels_of` leaves open."""
    if isinstance(part, list):
        return [_with_words(each, vocabulary) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _told(value, vocabulary)
        if key == "description" and isinstance(value, str)
        else _with_words(value, vocabulary)
        for key, value in part.items()
    }


def _told(text: str, vocabulary: Vocabulary) -> str:
    words = {
        **vocabulary.dimensions,
        "genre": vocabulary.genres,
        "dimension": tuple(vocabulary.dimensions),
    }
    for name, names in words.items():
        text = text.replace(schemas.levels_of(name), schemas.one_of(names))
    scale = vocabulary.scale
    for name, steps in (("star", scale.values), ("score", scale.scores)):
        text = text.replace(schemas.levels_of(name), f"One of: {told(steps)}.")
    return text


def _completed_operation(
    operation: dict[str, Any],
    allowed: Mapping[str, Sequence[Any]],
    *,
    with_answers: bool,
) -> dict[str, Any]:
    name = operation.get("operationId", "")
    described = OPERATIONS.get(name)
    if described is None:
        return _without_json_errors(operation)
    answer = _content("application/json", described.answer)
    responses: dict[str, Any] = {
        "200": {
            "description": "The answer.",
            "headers": _HEADERS,
            "content": answer,
        },
        **{str(status): _problem(status) for status in described.problems},
    }
    if described.answer is schemas.Readiness:
        responses["503"] = {
            "description": "No release serves yet.",
            "headers": _HEADERS,
            "content": answer,
        }
    example = example_of(name, described.answer, recorded=with_answers)
    if example is not None:
        answer["application/json"]["example"] = example
    completed_operation = {
        **operation,
        "summary": _summary(operation),
        "responses": responses,
    }
    if described.request:
        content = _content("application/json", described.request)
        content["application/json"]["examples"] = adapted_examples(
            described.examples or {}, allowed
        )
        completed_operation["requestBody"] = {
            "required": True,
            "content": content,
        }
    return completed_operation


def _without_json_errors(operation: dict[str, Any]) -> dict[str, Any]:
    """As Litestar has it, but for the form of errors."""
    responses = {
        status: _problem(int(status)) if status == "400" else response
        for status, response in operation["responses"].items()
    }
    return {
        **operation,
        "summary": _summary(operation),
        "responses": {**responses, "400": _problem(400)},
    }


def _summary(operation: dict[str, Any]) -> str:
    """The first line of an operation's description, without a full stop."""
    return str(operation["description"]).split("\n", 1)[0].rstrip(".")


def _content(media_type: str, struct: type[msgspec.Struct]) -> dict[str, Any]:
    reference = f"#/components/schemas/{struct.__name__}"
    return {media_type: {"schema": {"$ref": reference}}}


def _problem(status: int) -> dict[str, Any]:
    headers: dict[str, Any] = dict(_HEADERS)
    if status in (429, 503):
        headers["Retry-After"] = {
            "description": "Seconds to wait.",
            "schema": {"type": "string"},
        }
    return {
        "description": _REASONS[status],
        "headers": headers,
        "content": _content(MEDIA_TYPE, schemas.Problem),
    }


_HEADERS: Final = {
    "X-Request-Id": {
        "description": "The request's id, as in the logs.",
        "schema": {"type": "string"},
    }
}
