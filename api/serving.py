"""A release that is ready to answer, as the functions of `service` get it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.candidates import Catalogue
from models_ml.film.predictor import AudiencePredictor
from models_ml.person.predictor import PersonPredictor, PersonScores


@dataclass(frozen=True)
class Serving:
    """A release, ready to answer; nothing in it changes."""

    version: str
    manifest: Mapping[str, Any]
    person: PersonPredictor
    film: AudiencePredictor
    zip_prefixes: Mapping[str, str]
    catalogue: Catalogue
    everyone: PersonScores
    """Scores for a person nothing is known of."""

    @property
    def data_generated(self) -> bool:
        """Whether the release was built from generated data."""
        return bool(self.manifest.get("data_generated"))
