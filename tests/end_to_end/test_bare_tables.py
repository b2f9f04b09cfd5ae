"""Own tables that hold ids, titles and stars alone: all else is unknown."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from models_ml.vocabulary import UNKNOWN_LEVEL
from tests.api.every_route import every_answer
from tests.conftest import environment_of, run_plateia
from tests.end_to_end.in_process import ask, connected, page_text


@pytest.fixture(scope="module")
def client(bare_home: Path) -> Iterator[TestClient[Litestar]]:
    with connected(bare_home) as client:
        yield client


def test_every_level_is_unknown(client: TestClient[Litestar]) -> None:
    """No word of MovieLens' stands in for what the data do not tell."""
    words = client.get("/segments").json()
    for each in words["dimensions"]:
        levels = [level["level"] for level in each["levels"]]
        assert levels == [UNKNOWN_LEVEL], each["dimension"]
    assert words["genres"] == [UNKNOWN_LEVEL]


def test_every_route_answers(client: TestClient[Litestar]) -> None:
    for address, text in every_answer(client).items():
        assert "MovieLens" not in text, address
        assert "New England" not in text, address


def test_a_film_has_one_group_that_differs_from_nobody(
    client: TestClient[Litestar],
) -> None:
    answer = ask(client, "/audiences", {"movie": {"title": "Um filme"}})
    (segment,) = answer["segments"]
    assert segment["reach"]["value"] == 1
    assert segment["reach_supported"] == "none"
    assert segment["affinity_supported"] == "none"


@pytest.mark.parametrize("dimension", [None, "gender", "occupation"])
def test_one_group_has_no_tastes(
    client: TestClient[Litestar], dimension: str | None
) -> None:
    asked = {} if dimension is None else {"dimension": dimension}
    answer = client.get("/tastes", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.json()["genres"] == []


@pytest.mark.parametrize(
    "place",
    [{"nationality": "BR"}, {"nationality": "US"}, {"zip_code": "02139"}],
)
def test_a_place_is_said_to_be_ignored(
    client: TestClient[Litestar], place: dict[str, str]
) -> None:
    answer = ask(client, "/recommendations", {"profile": place})
    (ignored,) = answer["ignored"]
    assert ignored["code"] == "profile.place_unseen"
    assert answer["profile"]["country"] is None
    assert answer["notices"] == []
    (field, value), *_ = place.items()
    text = page_text(client, f"/?side=films&{field}={value}", "pt")
    assert "de ninguém os dados dizem que é de lá" in text


def test_what_the_documentation_shows_can_be_asked(
    client: TestClient[Litestar],
) -> None:
    for path, item in (
        client.get("/schema/openapi.json").json()["paths"].items()
    ):
        body = item.get("post", {}).get("requestBody")
        for example in (
            body["content"]["application/json"]["examples"].values()
            if body
            else ()
        ):
            answer = client.post(path, json=example["value"])
            assert answer.status_code == 200, (path, answer.text)


def test_limits_say_that_no_place_is_known(
    client: TestClient[Litestar],
) -> None:
    card = client.get("/model").json()["card"]
    told = " ".join(card["not_good_for"])
    assert "neither nationalities nor ZIP codes" in told
    assert "regions of the US" not in told


def test_the_report_is_written(bare_home: Path, tmp_path: Path) -> None:
    """Of a copy, since it adds runs: what cannot be measured is left out."""
    home = tmp_path / "home"
    shutil.copytree(bare_home, home)
    done = run_plateia(environment_of(home, "sample"), "evaluate")
    assert done.returncode == 0, done.stderr
    assert (home / "evaluation/evaluation.md").is_file()
