"""A release that is ready to answer, as the functions of `service` get it."""

from dataclasses import dataclass

from api.candidates import Catalogue
from models_ml.film.predictor import AudiencePredictor
from models_ml.person.predictor import PersonPredictor, PersonScores
from models_ml.profile import ZipPrefixes
from models_ml.release.manifest import Manifest


@dataclass(frozen=True)
class Serving:
    """A release, ready to answer; nothing in it changes."""

    version: str
    manifest: Manifest
    person: PersonPredictor
    film: AudiencePredictor
    zip_prefixes: ZipPrefixes
    catalogue: Catalogue
    everyone: PersonScores
    """Scores for a person nothing is known of."""

    @property
    def data_generated(self) -> bool:
        """Whether the release was built from generated data."""
        return self.manifest.data_generated
