"""A small real release, and applications that serve it."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from api.runtime.releases import open_release
from api.service.release import LoadedRelease
from models_ml.film.fit import fit_audience_predictor
from models_ml.new_films.fit import join, outlooks_of
from models_ml.person.fit import fit_person_predictor
from models_ml.release.load import load_current
from models_ml.release.open_store import open_store
from models_ml.release.payload import dump_payload
from models_ml.release.publish import publish
from models_ml.release.signing import signing_key, verify_keys
from models_ml.settings import Settings
from models_ml.warehouse.dataset import Dataset
from tests.api.tiny import tiny_dataset, write_serving

KEY = "a key for tests only"
ZIP_PREFIXES = {"021": "New England", "941": "Pacific", "606": "Mountain"}


def write_trained(dataset: Dataset, folder: Path) -> Path:
    """What `train` would leave for a dataset."""
    folder.mkdir(parents=True, exist_ok=True)
    write_serving(dataset, folder / "serving.duckdb")
    # Few rounds of few factors: these tests ask whether answers equal the
    # predictor's, not how good it is.
    person = fit_person_predictor(dataset, {"rank": 4, "iterations": 4})
    film = fit_audience_predictor(dataset)
    person, new_films = join(dataset, person, outlooks_of(dataset, film))
    (folder / "model.pkl").write_bytes(
        dump_payload(
            person.to_state(),
            film.to_state(),
            new_films.to_state(),
            ZIP_PREFIXES,
        )
    )
    training = {
        "data_digest": dataset.digest,
        "data_kind": "generated",
        "data_generated": True,
        "metrics": {"person": {"log_loss": 1.0}},
        "libraries": {"numpy": "2"},
        "feature_names": [],
    }
    (folder / "training.json").write_text(json.dumps(training))
    return folder


def settings_of(home: Path, store: Path, **changes: object) -> Settings:
    """Settings of a test: nothing is read from the environment."""
    values = {
        "movielens_source": "sample",
        "home": home,
        "store": str(store),
        "signing_key": KEY,
        "host": "127.0.0.1",
        "port": 0,
        "poll_seconds": 0.05,
        "log_level": "WARNING",
        **changes,
    }
    return Settings(**values)  # type: ignore[arg-type]


def publish_tiny(settings: Settings, trained: Path) -> str:
    """Publish a folder to the store of `settings`; its version."""
    store = open_store(settings.store)
    key = signing_key(settings)
    return publish(trained, store, key, force_smaller=True).version


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models and serving.duckdb, from a tiny dataset."""
    folder = tmp_path_factory.mktemp("trained")
    return write_trained(tiny_dataset(), folder)


@pytest.fixture(scope="session")
def other_trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, from another dataset."""
    folder = tmp_path_factory.mktemp("other-trained")
    return write_trained(tiny_dataset(n_movies=90, seed=8), folder)


@pytest.fixture(scope="session")
def settings(
    tmp_path_factory: pytest.TempPathFactory, trained: Path
) -> Settings:
    """Settings of a store that holds the tiny release."""
    home = tmp_path_factory.mktemp("home")
    made = settings_of(home, home / "store")
    publish_tiny(made, trained)
    return made


@pytest.fixture(scope="session")
def loaded(settings: Settings) -> LoadedRelease:
    """The tiny release, opened without an application."""
    release = load_current(
        open_store(settings.store), settings.cache, verify_keys(settings)
    )
    return open_release(release)


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient[Litestar]]:
    """A client of an application that serves the tiny release."""
    with TestClient(create_app(settings)) as connected:
        while connected.get("/readyz").status_code != 200:
            time.sleep(0.01)
        yield connected
