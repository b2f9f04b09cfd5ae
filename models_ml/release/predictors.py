"""From a payload to the predictors that it is the state of."""

from dataclasses import dataclass
from typing import Any

from models_ml.film.predictor import AudiencePredictor
from models_ml.new_films.model import NewFilmModel
from models_ml.new_films.predictor import NewFilmPredictor
from models_ml.person.predictor import PersonPredictor
from models_ml.profile.parse import ZipPrefixes
from models_ml.release.payload import PayloadError
from models_ml.vocabulary import Vocabulary


@dataclass(frozen=True)
class Predictors:
    """What a payload answers with."""

    person: PersonPredictor
    film: AudiencePredictor
    new_films: NewFilmPredictor
    zip_prefixes: ZipPrefixes

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the data that all of them were fitted on."""
        return self.film.vocabulary


def predictors_of(payload: dict[str, Any]) -> Predictors:
    """The predictors of a payload.

    Raises PayloadError for a state of other code, or of other data than the
    rest.
    """
    try:
        person = PersonPredictor.from_state(payload["person"])
        film = AudiencePredictor.from_state(payload["film"])
        model = NewFilmModel.from_state(payload["new_films"])
        new_films = NewFilmPredictor(model, person, film)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise PayloadError(
            f"model.pkl does not fit this code, train again: {error!r}"
        ) from error
    predictors = Predictors(person, film, new_films, payload["zip_prefixes"])
    _check_words(predictors)
    return predictors


def _check_words(predictors: Predictors) -> None:
    """Raises PayloadError unless all parts use the words of one vocabulary."""
    if predictors.person.vocabulary != predictors.film.vocabulary:
        raise PayloadError(
            "model.pkl has predictors of different data: their levels differ"
        )
    regions = predictors.vocabulary.regions
    if not predictors.vocabulary.has_us_regions:
        return  # nobody's ZIP code is of the United States
    for prefix, region in predictors.zip_prefixes.items():
        if region not in regions:
            raise PayloadError(
                f"model.pkl has {region!r} for the ZIP prefix {prefix!r}:"
                f" allowed is one of {', '.join(regions)}"
            )
