"""The page that tells how good a release is, and the card of `GET /model`."""

import re
from dataclasses import replace

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api import service
from api.pages.page import PageRequest, quality_page
from api.pages.quality_page import quality_view
from api.pages.query import Query
from api.service.card import model_card
from api.service.limits import LIMITS, limits_of
from api.service.release import LoadedRelease
from models_ml.experiments.runs import load_runs
from models_ml.release.quality import QUALITY, Quality
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.training.quality import RECORDED_RUNS, quality_of
from models_ml.vocabulary import Level, Vocabulary
from models_ml.words import words_of
from tests.api.translators import WORDS

EN = WORDS["en"]


@pytest.fixture(scope="module")
def quality() -> Quality:
    return quality_of(load_runs(RECORDED_RUNS), {})


@pytest.fixture(scope="module")
def measured(loaded: LoadedRelease, quality: Quality) -> LoadedRelease:
    """The tiny release, with the numbers of the recorded evaluation."""
    metrics = {QUALITY: msgspec.to_builtins(quality)}
    return replace(
        loaded,
        manifest=msgspec.structs.replace(loaded.manifest, metrics=metrics),
    )


def numbers_of(text: str) -> set[str]:
    return set(re.findall(r"\d+\.\d{2,4}", text))


@pytest.mark.parametrize("language", ["en", "pt"])
def test_the_page_shows_the_numbers_of_the_record(
    measured: LoadedRelease, quality: Quality, language: str
) -> None:
    words = WORDS[language]
    page_request = PageRequest.of(
        "/quality",
        Query.parse([("lang", language)], words_of(MOVIELENS_1M)),
        "",
        MOVIELENS_1M,
    )
    page = quality_page(measured, page_request)
    assert page.status == 200
    assert quality.new_person
    assert quality.new_film
    for task in (quality.new_person, quality.new_film):
        losses = [r.log_loss for r in task.references]
        for loss in (*losses, task.log_loss, task.placebo_log_loss or 0.0):
            assert words.number(loss, 4) in page.html
    for row in quality.new_person.reliability:
        assert words.number(row.n_ratings) in page.html
    for held in quality.new_film.coverage:
        assert f"<td>{words.percent(held.share)}</td>" in page.html
    for group in quality.new_person.groups:
        assert words.number(group.log_loss, 3) in page.html
    for name in limits_of(measured.vocabulary):
        assert words(f"quality.limit.{name}") in page.html


def test_the_card_tells_each_limit_once(loaded: LoadedRelease) -> None:
    limits = limits_of(loaded.vocabulary)
    assert set(LIMITS) - set(limits) == {"nowhere"}
    card = model_card(loaded)
    assert len(set(card.not_good_for)) == len(limits)
    assert any(text.startswith("Nationality:") for text in card.not_good_for)


def test_data_with_nationalities_are_not_said_to_lack_them() -> None:
    brazil = Level("nationality", "Brazil", "Brasil", "BR", None)
    vocabulary = Vocabulary((*MOVIELENS_1M.levels, brazil))
    assert set(LIMITS) - set(limits_of(vocabulary)) == {"country", "nowhere"}


def test_the_best_model_has_the_longest_bar_and_serves(
    measured: LoadedRelease,
) -> None:
    view = quality_view(measured, EN)
    for task in view.tasks:
        assert [row.is_chosen for row in task.rows].count(True) == 1
        assert task.rows[-1].is_chosen
        assert task.rows[-1].share == 100
        shares = [row.share for row in task.rows]
        assert shares == sorted(shares)
        assert sum(row.is_placebo for row in task.rows) == 1


def test_what_came_true_as_predicted_is_on_the_diagonal(
    measured: LoadedRelease, quality: Quality
) -> None:
    drawn = quality_view(measured, EN).reliability
    assert drawn
    assert quality.new_person
    for dot, row in zip(
        drawn.dots, quality.new_person.reliability, strict=True
    ):
        across = (dot.x - drawn.left) / (drawn.right - drawn.left)
        up = (drawn.bottom - dot.y) / (drawn.bottom - drawn.top)
        assert across == pytest.approx(row.predicted, abs=0.001)
        assert up == pytest.approx(row.actual, abs=0.001)


def test_every_number_of_the_card_is_of_the_record(
    measured: LoadedRelease, quality: Quality
) -> None:
    card = service.model_info(measured).card
    told = " ".join(card.how_well)
    person, film = quality.new_person, quality.new_film
    assert person
    assert film
    known: set[str] = set()
    for task in (person, film):
        losses = [r.log_loss for r in task.references]
        assert task.placebo_log_loss
        worth = task.placebo_log_loss - task.log_loss
        for loss in (*losses, task.log_loss, task.placebo_log_loss, worth):
            known.add(f"{loss:.4f}")
            assert f"{loss:.4f}" in told
    known |= {f"{group.log_loss:.4f}" for group in person.groups}
    known.add(f"{person.mae:.2f}")
    assert numbers_of(told) <= known
    n_ratings = f"{measured.manifest.n_ratings:,} ratings"
    assert n_ratings in card.learnt_from
    assert "generated data" in card.learnt_from


def test_a_release_without_measures_says_so(
    client: TestClient[Litestar],
) -> None:
    card = client.get("/model").json()["card"]
    assert card["how_well"] == ["Nothing was measured of this release."]
    page = client.get("/quality")
    assert page.status_code == 200
    assert "Nothing was measured of this release" in page.text
    assert 'aria-current="page"' in page.text


def rows_of(html: str) -> list[str]:
    (table,) = re.findall(
        r'<table [^>]*aria-labelledby="quality-releases">'
        r".*?<tbody[^>]*>(.*?)</tbody>",
        html,
        re.S,
    )
    return re.findall(r"<tr.*?</tr>", table, re.S)


def test_releases_are_those_that_this_server_holds(
    measured: LoadedRelease, quality: Quality
) -> None:
    older = msgspec.structs.replace(
        measured.manifest,
        version="0" * 20,
        created="2026-01-02T03:04:05+00:00",
        n_ratings=1234,
        metrics={},
    )
    release = replace(measured, fetched=(measured.manifest, older))
    page_request = PageRequest.of(
        "/quality",
        Query.parse([("lang", "en")], words_of(MOVIELENS_1M)),
        "",
        MOVIELENS_1M,
    )
    first, second = rows_of(quality_page(release, page_request).html)
    assert measured.version[:12] in first
    assert measured.manifest.created[:10] in first
    assert quality.new_person
    assert quality.new_film
    for task in (quality.new_person, quality.new_film):
        assert f">{task.log_loss:.4f}</td>" in first
    assert EN("quality.releases.serves") in first
    assert "000000000000" in second
    assert "2026-01-02" in second
    assert "1,234" in second
    assert second.count(">–</td>") == 2
    assert EN("quality.releases.serves") not in second
    told = service.releases(release).items
    assert [each.is_serving for each in told] == [True, False]
    assert told[0].new_person_log_loss == quality.new_person.log_loss
    assert told[0].new_film_log_loss == quality.new_film.log_loss
    assert told[1].new_person_log_loss is None
    assert told[1].n_ratings == 1234


def test_releases_are_told_as_they_are_held_now(
    client: TestClient[Litestar], measured: LoadedRelease
) -> None:
    """After a rollback one version serves again, and more are held."""
    releases = client.app.state.query_service.releases
    serving = releases.current
    older = msgspec.structs.replace(measured.manifest, version="0" * 20)
    before = client.get("/releases").json()
    assert [each["version"] for each in before["items"]] == [serving.version]
    try:
        releases.current = replace(serving, fetched=(serving.manifest, older))
        after = client.get("/releases").json()
    finally:
        releases.current = serving
    assert after["release"] == before["release"]
    assert [each["version"] for each in after["items"]] == [
        serving.version,
        "0" * 20,
    ]


def test_the_served_page_lists_the_release_that_answers(
    client: TestClient[Litestar],
) -> None:
    version = client.get("/model").json()["release"]
    rows = rows_of(client.get("/quality?lang=en").text)
    (serving,) = [row for row in rows if version[:12] in row]
    assert EN("quality.releases.serves") in serving


@pytest.mark.parametrize("language", ["en", "pt"])
def test_the_text_names_the_shapes_that_are_drawn(
    measured: LoadedRelease, language: str
) -> None:
    page_request = PageRequest.of(
        "/quality",
        Query.parse([("lang", language)], words_of(MOVIELENS_1M)),
        "",
        MOVIELENS_1M,
    )
    html = quality_page(measured, page_request).html
    assert {"en": "Dots:", "pt": "Pontos:"}[language] in html
    assert 'class="plot-dot' in html
