from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from models_ml.settings import Settings
from tests.api.conftest import settings_of


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/healthz"),
        ("GET", "/nothing"),
        ("DELETE", "/movies"),
        ("POST", "/recommendations"),
        ("GET", "/schema"),
    ],
)
def test_every_answer_has_security_headers(
    client: TestClient[Litestar], method: str, path: str
) -> None:
    headers = client.request(method, path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-request-id"]


def test_metrics_label_routes_by_template(
    client: TestClient[Litestar],
) -> None:
    for path in ("/movies/3", "/movies/6", "/movies/123456", "/no/such/path"):
        client.get(path)
    response = client.get("/metrics")
    # A scraper may refuse a type with a parameter that stands twice.
    assert response.headers["content-type"].count("charset") == 1
    text = response.text
    assert 'route="/movies/{movie_id}",status="200"' in text
    assert 'route="/movies/{movie_id}",status="404"' in text
    assert 'route="unmatched",status="404"' in text
    assert "/movies/3" not in text
    assert "no/such" not in text


def test_metrics_count_looks_in_the_cache(
    client: TestClient[Litestar],
) -> None:
    def count(outcome: str) -> float:
        name = f'plateia_cache_lookups_total{{outcome="{outcome}"}}'
        for line in client.get("/metrics").text.splitlines():
            if line.startswith(name):
                return float(line.split()[-1])
        return 0.0

    body = {"profile": {"gender": "M", "occupation": "farmer"}, "limit": 13}
    before = count("hit"), count("miss")
    for _ in range(3):
        client.post("/recommendations", json=body)
    assert count("miss") == before[1] + 1
    assert count("hit") == before[0] + 2


def test_other_origins_are_not_let_in_unless_set(
    client: TestClient[Litestar], settings: Settings
) -> None:
    origin = {"origin": "https://example.org"}
    response = client.get("/healthz", headers=origin)
    assert "access-control-allow-origin" not in response.headers
    opened = settings_of(
        settings.home,
        Path(settings.store),
        cors_origins=("https://example.org",),
    )
    with TestClient(create_app(opened)) as allowed:
        response = allowed.get("/healthz", headers=origin)
        assert response.headers["access-control-allow-origin"] == (
            "https://example.org"
        )
        other = {"origin": "https://example.com"}
        response = allowed.get("/healthz", headers=other)
        assert "access-control-allow-origin" not in response.headers
