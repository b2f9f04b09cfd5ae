"""A release that is ready to answer, as the functions of `service` get it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.service.catalogue import Catalogue
from models_ml.data_kind import DataKind
from models_ml.film.predictor import AudiencePredictor
from models_ml.new_films.predictor import NewFilmPredictor
from models_ml.person.predictor import PersonPredictor
from models_ml.profile.parse import ZipPrefixes
from models_ml.release.manifest import Manifest
from models_ml.vocabulary import Vocabulary
from models_ml.words import DataWords, words_of


@dataclass(frozen=True, eq=False)
class LoadedRelease:
    """A release, ready to answer; nothing in it changes."""

    version: str
    manifest: Manifest
    person: PersonPredictor
    film: AudiencePredictor
    new_films: NewFilmPredictor
    zip_prefixes: ZipPrefixes
    catalogue: Catalogue
    baseline_values: Mapping[str, NDArray[np.floating]]
    """What everyone's list is sorted by, for each way to rank."""
    fetched: tuple[Manifest, ...] = ()
    """Of the releases that this server holds, this one among them, the
    newest first."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The levels, genres and scale of the data that it was built from."""
        return self.film.vocabulary

    @property
    def words(self) -> DataWords:
        """The words by which callers may name those of the vocabulary."""
        return words_of(self.vocabulary)

    @property
    def data_kind(self) -> DataKind:
        """What kind of data the release was built from."""
        return self.manifest.data_kind

    @property
    def data_generated(self) -> bool:
        """Whether the release was built from generated data."""
        return self.manifest.data_generated
