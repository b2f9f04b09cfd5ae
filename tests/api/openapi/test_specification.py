import re
import warnings
from typing import Any

import pytest
from litestar import Litestar
from litestar.exceptions import LitestarDeprecationWarning
from litestar.testing import TestClient

from api.app import create_app
from api.openapi import answers, docs
from api.openapi.specification import OPERATIONS, completed
from api.pages.page import options
from api.pages.translator import translator_of
from models_ml.settings import PROJECT, Settings
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.vocabulary import Vocabulary

EXAMPLES = PROJECT / "docs/examples"


@pytest.fixture(scope="module")
def document(client: TestClient[Litestar]) -> dict[str, Any]:
    return client.get("/schema/openapi.json").json()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for item in document["paths"].values()
        for operation in item.values()
    }


def test_describes_every_operation(document: dict[str, Any]) -> None:
    assert set(operations(document)) == {*OPERATIONS, "getMetrics"}, (
        "left: the routes; right: OPERATIONS of api/openapi/specification.py"
    )
    for operation in operations(document).values():
        assert operation["description"]


def test_query_parameters_are_described_and_read(
    client: TestClient[Litestar], document: dict[str, Any]
) -> None:
    """One that `opt["query"]` has not is refused, whatever its value."""
    read = {
        handler.operation_id: set(handler.opt.get("query", {}))
        for route in client.app.routes
        for handler in getattr(route, "route_handlers", ())
        if getattr(handler, "operation_id", None)
    }
    for name, operation in operations(document).items():
        described = {
            parameter["name"]
            for parameter in operation.get("parameters", ())
            if parameter["in"] == "query"
        }
        assert described == read[name], f"""opt["query"] of {name}"""


def test_unknown_fields_are_documented_as_refused(
    document: dict[str, Any],
) -> None:
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        if name.endswith("Request"):
            assert schema["additionalProperties"] is False, name


def test_films_are_documented_as_named_by_either_id(
    document: dict[str, Any],
) -> None:
    schemas = document["components"]["schemas"]
    rating = schemas["RatingRequest"]
    assert not rating["required"]
    for name, other in (
        ("movie_id", "source_id"),
        ("source_id", "movie_id"),
    ):
        told = rating["properties"][name]["description"]
        assert f"give this or `{other}`" in told
    excluded = schemas["FilterRequest"]["properties"]["exclude"]["items"]
    assert {each["type"] for each in excluded["anyOf"]} == {
        "integer",
        "string",
    }


def test_errors_are_documented_as_problems(document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        for status, response in operation["responses"].items():
            if int(status) >= 400 and operation["operationId"] != (
                "checkReadiness"
            ):
                assert list(response["content"]) == [
                    "application/problem+json"
                ]


def test_examples_are_answered(
    client: TestClient[Litestar], document: dict[str, Any]
) -> None:
    """But for ratings: films that the examples name are MovieLens' own."""
    asked = set()
    for path, item in document["paths"].items():
        for operation in item.values():
            described = OPERATIONS.get(operation["operationId"])
            if described is None or described.request is None:
                continue
            for example in (described.examples or {}).values():
                body = dict(example["value"])
                body.pop("ratings", None)
                response = client.post(path, json=body)
                assert response.status_code == 200, (path, response.text)
                asked.add(path)
            assert path in asked, f"{path} has no example"
    assert len(asked) >= 4


def test_examples_are_in_the_words_of_other_data(
    document: dict[str, Any],
) -> None:
    words = other_words()
    made = completed(
        *(document, words, "ratings", [7, 8], ["tt7", "tt8"]),
        with_answers=False,
    )
    asked = {
        name: operation["requestBody"]["content"]["application/json"]
        for name, operation in operations(made).items()
        if "requestBody" in operation
    }
    for word in ("Action", "farmer"):
        assert f"'{word}'" not in str(asked), "its field is not in adapted.py"
    ratings = asked["recommendFilms"]["examples"]["ratings"]["value"]
    assert {rating["movie_id"] for rating in ratings["ratings"]} == {7, 8}
    assert ratings["ratings"][0]["stars"] == 4
    assert ratings["filters"] == {
        "genres": ["Sci-Fi", "Thriller"],
        "year_from": 1980,
        "exclude": [7],
    }
    own = asked["recommendFilms"]["examples"]["own_ids"]["value"]["ratings"]
    assert [rating["source_id"] for rating in own] == ["tt7", "tt8"]
    film = asked["findAudience"]["examples"]["film"]["value"]["movie"]
    assert "Action" not in film["genres"]
    assert set(film["genres"]) <= set(words.genres)
    for operation in operations(made).values():
        answer = operation["responses"]["200"]["content"]
        if operation["operationId"] != "checkHealth":
            assert "example" not in answer.get("application/json", {})


def test_the_page_asks_nothing_of_outside_hosts(
    client: TestClient[Litestar],
) -> None:
    response = client.get("/schema")
    assert response.headers["content-type"].startswith("text/html")
    hosts = set(re.findall(r"https?://([^/\"'\s]+)", response.text))
    assert hosts == {"testserver.local"}
    scripts = re.findall(r"<script[^>]*>", response.text)
    assert len(scripts) == 1
    assert "/schema/try.js" in scripts[0]
    script = client.get("/schema/try.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "style=" not in response.text
    sheet = client.get("/schema/docs.css")
    assert sheet.headers["content-type"].startswith("text/css")
    for name in OPERATIONS:
        assert f'id="{name}"' in response.text


def test_nothing_deprecated_is_used(settings: Settings) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", LitestarDeprecationWarning)
        warnings.simplefilter("error", DeprecationWarning)
        create_app(settings)


def other_words() -> Vocabulary:
    """MovieLens' words, but for a genre, an occupation and the 5 stars."""
    rows = MOVIELENS_1M.to_rows()
    for row in rows:
        if row["name"] in ("Action", "farmer"):
            row["name"] = f"new {row['name']}"
    return Vocabulary.from_rows(
        [
            row
            for row in rows
            if (row["dimension"], row["name"]) != ("star", "5")
        ]
    )


def test_descriptions_tell_the_words_of_the_release(
    document: dict[str, Any],
) -> None:
    assert "{words of" not in str(document["components"])
    plain = str(completed(document, MOVIELENS_1M, "ratings")["components"])
    other = str(completed(document, other_words(), "ratings")["components"])
    for name in ("Action", "farmer"):
        assert f"new {name}" not in plain
        assert f"new {name}" in other


def test_options_of_forms_are_the_words_of_the_release() -> None:
    told = options(translator_of("en", other_words()))
    names = [name for name, _ in (*told.genres, *told.occupations)]
    assert {"new Action", "new farmer"} <= set(names)
    assert not {"Action", "farmer"} & set(names)


def test_every_operation_has_a_tag_and_a_summary(
    document: dict[str, Any],
) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    assert all(tag["description"] for tag in document["tags"])
    for name, operation in operations(document).items():
        assert set(operation["tags"]) <= tags
        assert operation["summary"]
        assert operation["summary"] != name
        assert operation["description"].startswith(operation["summary"])


def test_answers_that_are_shown_are_of_the_documented_form(
    document: dict[str, Any],
) -> None:
    shown = set()
    for name, operation in operations(document).items():
        if name not in OPERATIONS:
            continue
        content = operation["responses"]["200"]["content"]["application/json"]
        if "example" in content:
            known = set(OPERATIONS[name].answer.__struct_fields__)
            assert set(content["example"]) <= known
            shown.add(name)
    recorded = {path.name for path in EXAMPLES.glob("*.json")}
    assert set(answers.FILES.values()) == recorded, "docs/examples"
    assert shown == {*answers.FILES, "checkHealth"}


def test_markdown_is_rendered_and_nothing_else() -> None:
    rendered = docs.markdown("See `errors` and **all**.\n\n<b>Not this</b>")
    assert rendered == (
        "<p>See <code>errors</code> and <strong>all</strong>.</p>"
        "<p>&lt;b&gt;Not this&lt;/b&gt;</p>"
    )


def test_every_operation_can_be_tried(
    client: TestClient[Litestar], document: dict[str, Any]
) -> None:
    page = client.get("/schema").text
    assert page.count("<form hidden data-try=") == len(operations(document))
