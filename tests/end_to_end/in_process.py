"""A build's release, served inside the test's process."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from tests.api.conftest import settings_of
from tests.conftest import SIGNING_KEY

READY_SECONDS: Final = 30


@contextmanager
def connected(home: Path) -> Iterator[TestClient[Litestar]]:
    """A client of the release that the build in `home` published."""
    settings = settings_of(home, home / "store", signing_key=SIGNING_KEY)
    with TestClient(create_app(settings)) as client:
        deadline = time.monotonic() + READY_SECONDS
        while (answer := client.get("/readyz")).status_code != 200:
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.05)
        yield client


def ask(client: TestClient[Litestar], path: str, body: Any) -> Any:
    """The answer to a question, as JSON."""
    answer = client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def page_text(
    client: TestClient[Litestar], address: str, language: str
) -> str:
    """A page that answers and tells of nothing wrong."""
    join = "&" if "?" in address else "?"
    answer = client.get(f"{address}{join}lang={language}")
    assert answer.status_code == 200
    assert 'role="alert"' not in answer.text
    return answer.text
