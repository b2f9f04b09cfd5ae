import json
import time
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from models_ml.settings import Settings
from tests.api.conftest import settings_of

JSON = {"content-type": "application/json"}
PROBLEM = "application/problem+json"


def problem(response: Response, status: int) -> Any:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    details = response.json()
    assert details["status"] == status
    assert details["title"]
    assert details["detail"]
    assert details["request_id"] == response.headers["x-request-id"]
    return details


def post(
    client: TestClient[Litestar],
    body: bytes | str,
    path: str = "/recommendations",
) -> Response:
    return client.post(path, content=body, headers=JSON)


@pytest.mark.parametrize(
    ("body", "field", "value", "allowed"),
    [
        ({"limit": 0}, "limit", 0, "1 to 100"),
        ({"limit": "10"}, "limit", "10", "1 to 100"),
        ({"limit": True}, "limit", True, "1 to 100"),
        ({"limit": None}, "limit", None, "1 to 100"),
        ({"limt": 1}, "limt", 1, "limit"),
        ({"profile": {"sex": "F"}}, "profile.sex", "F", "gender"),
        ({"profile": {"gender": "X"}}, "profile.gender", "X", "'F', 'M'"),
        ({"profile": {"age": 200}}, "profile.age", 200, "0 to 120"),
        ({"profile": {"age_group": "25"}}, "profile.age_group", "25", "25-34"),
        (
            {"profile": {"age": 30, "age_group": "56+"}},
            *("profile.age_group", "56+", "25-34"),
        ),
        ({"profile": {"occupation": 21}}, "profile.occupation", 21, "0 to 20"),
        (
            {"profile": {"occupation": "spy"}},
            *("profile.occupation", "spy", "writer"),
        ),
        (
            {"profile": {"nationality": "Narnia"}},
            *("profile.nationality", "Narnia", "ISO 3166"),
        ),
        ({"rank_by": "best"}, "rank_by", "best", "for_you"),
        (
            {"filters": {"genres": ["Drama", "Polka"]}},
            *("filters.genres[1]", "Polka", "Film-Noir"),
        ),
        (
            {"filters": {"year_from": 1990, "year_to": 1980}},
            *("filters.year_to", 1980, "1990"),
        ),
        (
            {"ratings": [{"movie_id": k, "stars": 5} for k in (3, 4)]},
            *("ratings[1].movie_id", 4, "GET /movies"),
        ),
        (
            {"ratings": [{"movie_id": 3, "stars": 6}]},
            *("ratings[0].stars", 6, "0 to 5"),
        ),
        (
            {"ratings": [{"movie_id": 3, "stars": 3.5}]},
            *("ratings[0].stars", 3.5, "1, 2, 3, 4, 5"),
        ),
        (
            {"ratings": [{"movie_id": 3, "score": 7}]},
            *("ratings[0].score", 7, "2, 4, 6, 8, 10"),
        ),
        (
            {"ratings": [{"movie_id": 3, "stars": 5, "score": 10}]},
            *("ratings[0].stars", 5, "only one"),
        ),
        ({"ratings": [{"movie_id": 3}]}, "ratings[0].stars", None, "either"),
        (
            {"ratings": [{"movie_id": 3, "stars": 5, "rating_class": 4}]},
            *("ratings[0].stars", 5, "only one"),
        ),
        (
            {"ratings": [{"movie_id": 3, "stars": 5}] * 2},
            *("ratings[1].movie_id", 3, "once"),
        ),
        (
            {"ratings": [{"source_id": "film/4", "stars": 5}]},
            *("ratings[0].source_id", "film/4", "the source_id of a film"),
        ),
        (
            {"ratings": [{"source_id": 3, "stars": 5}]},
            *("ratings[0].source_id", 3, "text of 1 to 200 characters"),
        ),
        (
            {"ratings": [{"movie_id": "film/3", "stars": 5}]},
            *("ratings[0].movie_id", "film/3", "a whole number from 1"),
        ),
        (
            {"ratings": [{"movie_id": 3, "source_id": "film/3", "stars": 5}]},
            *("ratings[0].movie_id", 3, "either movie_id or source_id"),
        ),
        (
            {"ratings": [{"stars": 5}]},
            *("ratings[0].movie_id", None, "either movie_id or source_id"),
        ),
        (
            {
                "ratings": [
                    {"movie_id": 3, "stars": 5},
                    {"source_id": "film/3", "stars": 5},
                ]
            },
            *("ratings[1].source_id", "film/3", "once"),
        ),
        (
            {"ratings": [{"movie_id": 3, "score": "ten"}]},
            *("ratings[0].score", "ten", "0 to 10"),
        ),
        (
            {"filters": {"exclude": [3, ""]}},
            *("filters.exclude[1]", "", "1 to 200 characters"),
        ),
        ([], "", [], "profile"),
    ],
)
def test_names_field_value_and_what_is_allowed(
    client: TestClient[Litestar],
    body: Any,
    field: str,
    value: Any,
    allowed: str,
) -> None:
    details = problem(post(client, json.dumps(body)), 400)
    (error,) = details["errors"]
    assert error["field"] == field
    assert error.get("value") == value
    assert allowed in str(error["allowed"])
    assert field in details["detail"]


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        (
            "/recommendations",
            {
                "limit": 0,
                "profile": {"gender": "X", "age": "old", "sex": 1},
                "filters": {"genres": ["Drama", "Polka", 3], "year_to": 1},
                "ratings": [{"movie_id": 4}, {"stars": 9}, "x"],
                "rank_by": "best",
            },
            {
                "limit",
                *("profile.gender", "profile.age", "profile.sex"),
                *("filters.genres[1]", "filters.genres[2]", "filters.year_to"),
                *("ratings[0].movie_id", "ratings[0].stars"),
                *("ratings[1].stars", "ratings[1].movie_id", "ratings[2]"),
                "rank_by",
            },
        ),
        (
            "/audiences",
            {
                "movie": {"titel": "A", "year": 1, "genres": "Drama"},
                "by": ["gender", "income"],
                "limit": None,
            },
            {
                *("movie.titel", "movie.title", "movie.year", "movie.genres"),
                *("by[1]", "limit"),
            },
        ),
        (
            "/audiences",
            {"movie": {"title": " ", "genres": ["Polka"]}, "rank_by": "best"},
            {"movie.title", "movie.genres[0]", "rank_by"},
        ),
        ("/audiences", {"limit": 0, "by": []}, {"limit", "by", "movie"}),
    ],
)
def test_all_that_is_wrong_is_told_at_once(
    client: TestClient[Litestar],
    path: str,
    body: dict[str, Any],
    fields: set[str],
) -> None:
    answer = problem(post(client, json.dumps(body), path), 400)
    named = [error["field"] for error in answer["errors"]]
    assert len(named) == len(set(named))
    assert set(named) == fields
    for field in fields:
        assert field in answer["detail"]


def test_query_parameters_that_are_wrong_are_told_at_once(
    client: TestClient[Litestar],
) -> None:
    answer = problem(client.get("/movies?limit=0&query=x&sort=y"), 400)
    assert [e["field"] for e in answer["errors"]] == ["query", "sort", "limit"]


def test_a_body_with_many_errors_is_told_a_bounded_number(
    client: TestClient[Litestar],
) -> None:
    body = json.dumps({"ratings": ["x"] * 150})
    answer = problem(post(client, body), 400)
    assert len(answer["errors"]) == 20


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"profile": {"gender": "\xff"}}',
        b'{"profile": {"gender": "\\ud800"}}',
        b"[" * 50_000,
        b'{"profile":' * 5_000,
        b"NaN",
        b'{"limit": 1e999}',
        b'{"limit": 10} {"limit": 10}',
    ],
)
def test_what_is_no_json_is_refused(
    client: TestClient[Litestar], body: bytes
) -> None:
    problem(post(client, body), 400)


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "a; b; c"],
)
def test_only_json_is_read(
    client: TestClient[Litestar], content_type: str | None
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    for path in ("/recommendations", "/audiences"):
        response = client.post(path, content=b"{}", headers=headers)
        problem(response, 415)


def test_json_may_name_its_charset(client: TestClient[Litestar]) -> None:
    headers = {"content-type": 'application/json; charset="UTF-8"'}
    response = client.post("/recommendations", content=b"{}", headers=headers)
    assert response.status_code == 200


def test_large_bodies_are_refused(client: TestClient[Litestar]) -> None:
    problem(post(client, b" " * 70_000), 413)


def test_large_values_are_cut_in_the_answer(
    client: TestClient[Litestar],
) -> None:
    response = post(client, json.dumps({"nonsense": "x" * 60_000}))
    problem(response, 400)
    assert len(response.content) < 2000


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/movies?limit=0", "limit"),
        ("/movies?limit=many", "limit"),
        ("/movies?limit=2&limit=3", "limit"),
        ("/movies?search=a&search=b", "search"),
        ("/movies?query=x", "query"),
        ("/movies/3?by=income", "by"),
        ("/movies/3?by=gender&by=gender", "by"),
        ("/movies/3?limit=3", "limit"),
        ("/segments?by=gender", "by"),
        ("/healthz?x=", "x"),
    ],
)
def test_query_parameters_are_checked(
    client: TestClient[Litestar], path: str, field: str
) -> None:
    details = problem(client.get(path), 400)
    assert details["errors"][0]["field"] == field
    assert details["instance"] == path.partition("?")[0]


@pytest.mark.parametrize(
    "path", ["/nothing", "/movies/4", "/movies/x", "/movies/99999999999999999"]
)
def test_what_is_not_there(client: TestClient[Litestar], path: str) -> None:
    problem(client.get(path), 404)


def test_wrong_methods_are_told_the_right_ones(
    client: TestClient[Litestar],
) -> None:
    for path, methods in (
        ("/recommendations", "OPTIONS, POST"),
        ("/movies", "GET, HEAD, OPTIONS"),
    ):
        response = client.delete(path)
        told = problem(response, 405)
        assert response.headers["allow"] == methods
        assert told["detail"] == f"DELETE is not allowed here, but {methods}"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)
nearly_right = st.fixed_dictionaries(
    {},
    optional={
        "profile": st.dictionaries(
            st.sampled_from(
                ["gender", "age", "occupation", "zip_code", "nationality"]
            ),
            st.sampled_from(["F", "", " ", "94110", 30, -1, None, 1.5, "é"])
            | json_values,
        ),
        "movie": st.fixed_dictionaries(
            {"title": st.text()},
            optional={
                "year": st.integers() | json_values,
                "genres": st.lists(st.text()) | json_values,
            },
        ),
        "ratings": st.lists(
            st.fixed_dictionaries(
                {"movie_id": st.none() | st.integers(-1, 10)},
                optional={
                    "source_id": st.sampled_from([None, "film/3", "film/4"]),
                    "stars": st.integers(0, 6),
                },
            ),
            max_size=4,
        ),
        "limit": st.integers(-1, 200) | json_values,
        "by": st.lists(st.sampled_from(["gender", "region", "x"])),
        "filters": json_values
        | st.fixed_dictionaries(
            {},
            optional={
                "year_from": st.integers(),
                "genres": st.lists(st.sampled_from(["Drama", "War", "x"])),
                "exclude": st.lists(st.integers() | st.text()),
            },
        ),
        "rank_by": st.sampled_from(["for_you", "reach", "x"]) | json_values,
    },
)


@pytest.mark.parametrize("path", ["/recommendations", "/audiences"])
def test_no_json_makes_an_error_of_ours(
    client: TestClient[Litestar], path: str
) -> None:
    statuses = set()

    @hypothesis_settings(
        max_examples=300,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(json_values | nearly_right)
    def check(body: Any) -> None:
        response = post(client, json.dumps(body), path)
        statuses.add(response.status_code)
        assert response.status_code in (200, 400), response.text
        if response.status_code == 400:
            problem(response, 400)

    check()
    assert statuses == {200, 400}


@hypothesis_settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_no_bytes_make_an_error_of_ours(body: bytes) -> None:
    from api.decoding import BodyDecoder, InvalidBody  # noqa: PLC0415
    from api.schemas import RecommendationRequest  # noqa: PLC0415

    with pytest.raises(InvalidBody):
        BodyDecoder(RecommendationRequest).decode(body + b"!")


@pytest.mark.parametrize("whole", ["30", "30.0", "300e-1", "3e1"])
def test_a_whole_number_may_be_written_as_json_schema_knows_it(
    client: TestClient[Any], whole: str
) -> None:
    """RFC 8259 has one kind of number; 30.0 is an `integer` of the schema."""
    body = f'{{"profile":{{"age":{whole}}}}}'
    headers = {"content-type": "application/json"}
    answer = client.post("/recommendations", content=body, headers=headers)
    plain = client.post("/recommendations", json={"profile": {"age": 30}})
    assert answer.status_code == 200
    assert answer.content == plain.content


@pytest.mark.parametrize("number", ["30.5", "1e300", '"30"', "1e400"])
def test_what_is_no_whole_number_is_refused(
    client: TestClient[Any], number: str
) -> None:
    body = f'{{"profile":{{"age":{number}}}}}'
    headers = {"content-type": "application/json"}
    answer = client.post("/recommendations", content=body, headers=headers)
    assert answer.status_code == 400


def test_limits_the_rate(tmp_path: Path, trained: Path) -> None:
    from api.app import create_app  # noqa: PLC0415
    from api.pages.assets import asset_address  # noqa: PLC0415
    from tests.api.conftest import publish_tiny  # noqa: PLC0415

    limited: Settings = settings_of(tmp_path, tmp_path / "store", rate_limit=3)
    publish_tiny(limited, trained)
    with TestClient(create_app(limited)) as client:
        while client.get("/readyz").status_code != 200:
            time.sleep(0.01)
        for _ in range(3):
            assert client.get("/segments").status_code == 200
        response = client.get("/segments")
        problem(response, 429)
        assert int(response.headers["retry-after"]) > 0
        # Those who run it must see it however busy it is.
        assert client.get("/healthz").status_code == 200
        assert client.get("/metrics").status_code == 200
        # Nor does a page of ours lose its style.
        style = asset_address("plateia.css")
        assert client.get(style).status_code == 200
