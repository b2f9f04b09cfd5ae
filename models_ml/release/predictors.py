"""From a payload to the predictors that it is the state of."""

from dataclasses import dataclass
from typing import Any

from models_ml.film.predictor import AudiencePredictor
from models_ml.new_films.model import NewFilmModel
from models_ml.new_films.predictor import NewFilmPredictor
from models_ml.person.predictor import PersonPredictor
from models_ml.release.payload import PayloadError


@dataclass(frozen=True)
class Predictors:
    """What a payload answers with."""

    person: PersonPredictor
    film: AudiencePredictor
    new_films: NewFilmPredictor


def predictors_of(payload: dict[str, Any]) -> Predictors:
    """The predictors; raises PayloadError if a state is of other code."""
    try:
        person = PersonPredictor.from_state(payload["person"])
        film = AudiencePredictor.from_state(payload["film"])
        model = NewFilmModel.from_state(payload["new_films"])
        return Predictors(person, film, NewFilmPredictor(model, person, film))
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise PayloadError(
            f"model.pkl does not fit this code, train again: {error!r}"
        ) from error
