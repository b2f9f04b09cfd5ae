"""What the page says that the last answer changed."""

from dataclasses import replace

import numpy as np
import pytest

from api import service
from api.pages.forms import recommendation_question
from api.pages.query import Query
from api.pages.taps import changes
from api.service.release import LoadedRelease
from models_ml.source.movielens_levels import MOVIELENS_1M
from models_ml.words import words_of
from tests.api.translators import WORDS


@pytest.mark.parametrize(
    ("before", "text", "step"),
    [
        (13, "+12 places", "up"),
        (2, "+1 place", "up"),
        (1, None, None),
        (0, "new", "up"),
    ],
)
def test_a_film_says_where_it_comes_from(
    loaded: LoadedRelease,
    monkeypatch: pytest.MonkeyPatch,
    before: int,
    text: str | None,
    step: str | None,
) -> None:
    query = Query.parse([("rated", "3:4")], words_of(MOVIELENS_1M))
    question = recommendation_question(loaded, query)
    answer = service.answer_recommendation(loaded, replace(question, limit=1))
    ranks = np.full(len(loaded.catalogue.movie_ids), before)
    monkeypatch.setattr(service, "ranks", lambda *_: ranks)
    change_set = changes(loaded, query, WORDS["en"], question, answer)
    movie_id = answer.items[0].movie_id
    assert movie_id is not None
    change = (change_set.of_film or {}).get(movie_id)
    assert (change.text if change else None) == text
    assert (change.step if change else None) == step
    told = "1 film is new" if before != 1 else "the same films"
    assert told in change_set.sentence


def test_films_that_fall_say_so(
    loaded: LoadedRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Query.parse([("rated", "3:4")], words_of(MOVIELENS_1M))
    question = recommendation_question(loaded, query)
    answer = service.answer_recommendation(loaded, question)
    ranks = np.ones(len(loaded.catalogue.movie_ids), dtype=int)
    monkeypatch.setattr(service, "ranks", lambda *_: ranks)
    change_set = changes(loaded, query, WORDS["pt"], question, answer)
    movie_id = answer.items[2].movie_id
    assert movie_id is not None
    third = (change_set.of_film or {})[movie_id]
    assert (third.text, third.step) == ("−2 lugares", "down")
