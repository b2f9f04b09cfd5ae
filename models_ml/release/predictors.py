"""From a payload to the predictors that it is the state of."""

from typing import Any

from models_ml.film.predictor import AudiencePredictor
from models_ml.person.predictor import PersonPredictor
from models_ml.release.payload import PayloadError


def predictors_of(
    payload: dict[str, Any],
) -> tuple[PersonPredictor, AudiencePredictor]:
    """Both predictors; raises PayloadError if their state is of other code."""
    try:
        return (
            PersonPredictor.from_state(payload["person"]),
            AudiencePredictor.from_state(payload["film"]),
        )
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise PayloadError(
            f"model.pkl does not fit this code, train again: {error!r}"
        ) from error
