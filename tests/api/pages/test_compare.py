"""Two films' audiences beside each other, and one on a sheet of paper."""

import re
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.pages.compare_page import MAX_ROWS
from tests.api.translators import WORDS

ONE = {"title": "Cosmos", "year": "1990", "film_genres": "Drama"}
OTHER = {"b_title": "Comet", "b_year": "1999", "b_film_genres": "Sci-Fi"}
EN = WORDS["en"]


def difference(
    client: TestClient[Litestar], measure: str
) -> list[dict[str, Any]]:
    answer = client.post(
        "/audiences/difference",
        json={
            "movie": {"title": "Cosmos", "year": 1990, "genres": ["Drama"]},
            "other": {"title": "Comet", "year": 1999, "genres": ["Sci-Fi"]},
            "rank_by": measure,
            "limit": 14,
        },
    )
    segments: list[dict[str, Any]] = answer.json()["segments"]
    return segments


@pytest.mark.parametrize("measure", ["reach_index", "affinity"])
def test_the_page_shows_the_differences_of_the_api(
    client: TestClient[Litestar], measure: str
) -> None:
    query = {**ONE, **OTHER, "measure": measure}
    html = client.get("/compare", params=query).text
    segments = [s for s in difference(client, measure) if s["n_users"]]
    assert segments
    for segment in segments:
        value = segment[measure]["value"]
        shown = (
            EN.signed(value)
            if measure == "reach_index"
            else EN.signed(100 * value, 1)
        )
        who = re.escape(EN.people(segment["segment"]))
        assert re.search(rf">{who}</th>\s*<td[^>]*>{re.escape(shown)}<", html)
    unsure = [s for s in segments if s[f"{MEASURED[measure]}"] == "none"]
    assert html.count('<tr class="plot-unsure"') == len(unsure)


MEASURED = {
    "reach_index": "reach_supported",
    "affinity": "affinity_supported",
}


def test_what_is_wrong_with_either_film_is_said_at_its_field(
    client: TestClient[Litestar],
) -> None:
    query = {**ONE, **OTHER, "year": "1", "b_year": "x"}
    response = client.get("/compare", params=query)
    assert response.status_code == 400
    assert 'id="f-year-error"' in response.text
    assert 'id="f-b_year-error"' in response.text
    assert 'class="plot"' not in response.text


def test_a_first_visit_sees_two_examples_in_its_language(
    client: TestClient[Litestar],
) -> None:
    page = client.get("/compare", params={"lang": "pt"}).text
    assert "O Último Cometa" in page
    many = client.get(
        "/compare", params={**ONE, **OTHER, "by": ["occupation", "region"]}
    )
    assert many.text.count('role="rowheader"') == MAX_ROWS


def test_a_briefing_holds_verdict_evidence_and_limits(
    client: TestClient[Litestar],
) -> None:
    html = client.get("/briefing", params=ONE).text
    side = client.get("/", params={"side": "audience", **ONE}).text
    verdicts = re.findall(r"<dd>(.*?)</dd>", side, re.S)[:2]
    assert len(verdicts) == 2
    for verdict in verdicts:
        assert verdict.split("<ul")[0].strip() in html
    assert EN("quality.limit.chosen") in html
    assert 'class="bullets"' in html
    assert "<circle" in html
    assert client.get("/briefing?title=A&year=1").status_code == 400
