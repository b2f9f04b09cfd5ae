"""Every route answers OPTIONS, and HEAD where it answers GET."""

import pytest
from litestar import Litestar
from litestar.testing import TestClient

VALUES = {
    "{movie_id}": "3",
    "{digest}": "0",
    "{name}": "plateia.css",
    "{path}": "docs.css",
}


def addresses(client: TestClient[Litestar]) -> dict[str, set[str]]:
    """Each route with an address of it, and its methods."""
    paths = {}
    for route in client.app.routes:
        path = route.path_format
        for name, value in VALUES.items():
            path = path.replace(name, value)
        assert "{" not in path, f"VALUES has none for {path}"
        paths[path] = set(getattr(route, "methods", ()))
    return paths


def test_head_is_get_without_its_body(client: TestClient[Litestar]) -> None:
    asked = 0
    for path, methods in addresses(client).items():
        if "GET" not in methods or path == "/metrics":
            continue
        query = "?title=A" if path.startswith("/audience.") else ""
        got = client.get(path + query)
        head = client.head(path + query)
        assert head.status_code == got.status_code, path
        assert head.content == b""
        assert head.headers["content-type"] == got.headers["content-type"]
        assert head.headers.get("content-length") == got.headers.get(
            "content-length"
        )
        asked += 1
    assert asked > 15


def test_every_route_tells_its_methods(client: TestClient[Litestar]) -> None:
    for path, methods in addresses(client).items():
        response = client.options(path)
        assert response.status_code == 204, path
        allowed = {m.strip() for m in response.headers["allow"].split(",")}
        expected = methods | {"OPTIONS"}
        assert allowed == expected | ({"HEAD"} if "GET" in methods else set())


@pytest.mark.parametrize("path", ["/recommendations", "/audiences"])
def test_a_question_has_no_head(
    client: TestClient[Litestar], path: str
) -> None:
    response = client.head(path)
    assert response.status_code == 405
    assert response.content == b""
    assert "POST" in response.headers["allow"]
