"""A film nobody has rated, for a person. Scoring only: numpy."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from models_ml.film.predictor import AudiencePredictor
from models_ml.film.protocol import Film
from models_ml.new_films.content import columns_of
from models_ml.new_films.interest import baseline_of, effects_of
from models_ml.new_films.model import NewFilmModel
from models_ml.notices import Notice
from models_ml.person.films import NewFilms
from models_ml.person.predictor import PersonPredictor

__all__ = ["N_ALIKE", "NewFilmPredictor", "NewFilms"]

#: Known films whose interest a new one follows when ratings are known.
N_ALIKE: Final = 50


class NewFilmPredictor:
    """Describes films to a person predictor as it knows its own.

    Never changes, so that threads may share it.
    """

    def __init__(
        self,
        model: NewFilmModel,
        person: PersonPredictor,
        film: AudiencePredictor,
    ) -> None:
        self._model = model
        self._person = person
        self._film = film

    def notices(self, film: Film) -> list[Notice]:
        """What about the film cannot be used, or was never seen."""
        return self._film.notices(film)

    def describe(self, films: Sequence[Film]) -> NewFilms:
        """What `PersonPredictor.score_new` takes, for one film or more."""
        model, person = self._model, self._person
        outlooks = [self._film.outlook(film) for film in films]
        similar = [self._film.similar(film, N_ALIKE) for film in films]
        ids = np.array([[movie_id for movie_id, _ in row] for row in similar])
        weights = np.array([[alike for _, alike in row] for row in similar])
        return NewFilms(
            tables=model.tables(
                person,
                columns_of(
                    films, self._film.vocabulary.genres, model.last_year
                ),
                outlooks,
            ),
            baseline=baseline_of(outlooks, model.n_users),
            effects=effects_of(outlooks, person.encoder, model.n_users),
            alike=np.searchsorted(person.movie_ids, ids),
            alike_weights=weights / weights.sum(axis=1, keepdims=True),
        )
