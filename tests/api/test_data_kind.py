"""Every text names the data that the release was built from, and no other."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from models_ml.data_kind import DataKind
from tests.api.conftest import publish_tiny, settings_of
from tests.api.every_route import every_answer, pages_of

ClientOf = Callable[[DataKind], TestClient[Litestar]]
MOVIELENS = {
    DataKind.ML_1M: "MovieLens 1M",
    DataKind.ML_100K: "MovieLens 100K",
}


@pytest.fixture(scope="module")
def client_of(
    tmp_path_factory: pytest.TempPathFactory, trained: Path
) -> Iterator[ClientOf]:
    """A client of the tiny release, said to be of a kind of data."""
    clients: dict[DataKind, TestClient[Litestar]] = {}
    with ExitStack() as stack:

        def connected(kind: DataKind) -> TestClient[Litestar]:
            if kind not in clients:
                home = tmp_path_factory.mktemp(kind)
                settings = settings_of(home, home / "store")
                publish_tiny(settings, of_kind(trained, home / "kind", kind))
                app = create_app(settings)
                clients[kind] = stack.enter_context(TestClient(app))
                while clients[kind].get("/readyz").status_code != 200:
                    time.sleep(0.01)
            return clients[kind]

        yield connected


def of_kind(trained: Path, copy: Path, kind: DataKind) -> Path:
    """A copy of what `train` left, of another kind of data."""
    shutil.copytree(trained, copy)
    record = json.loads((copy / "training.json").read_text())
    record["data_kind"] = kind
    record["data_generated"] = kind is DataKind.GENERATED
    (copy / "training.json").write_text(json.dumps(record))
    return copy


@pytest.mark.parametrize(
    "kind", [kind for kind in DataKind if not kind.is_grouplens]
)
def test_nothing_names_movielens_where_the_data_are_others(
    client_of: ClientOf, kind: DataKind
) -> None:
    for address, text in every_answer(client_of(kind)).items():
        assert "MovieLens" not in text, address
        assert "GroupLens" not in text, address


@pytest.mark.parametrize(("kind", "name"), MOVIELENS.items())
def test_pages_and_descriptions_name_the_data_set(
    client_of: ClientOf, kind: DataKind, name: str
) -> None:
    client = client_of(kind)
    pages = pages_of(client)
    for address, text in pages.items():
        assert f"{name} (GroupLens" in text, address
        licence = {"en": "research only", "pt": "só para pesquisa"}
        assert licence[address[-2:]] in " ".join(text.split()), address
    for address in ("/schema", "/schema/openapi.json"):
        assert f"learnt from {name} (GroupLens" in client.get(address).text
    (other,) = set(MOVIELENS.values()) - {name}
    assert not any(other in text for text in every_answer(client).values())


@pytest.mark.parametrize("kind", DataKind)
def test_the_model_card_says_what_the_data_are(
    client_of: ClientOf, kind: DataKind
) -> None:
    model = client_of(kind).get("/model").json()
    assert model["data_kind"] == kind
    assert model["data_generated"] == (kind is DataKind.GENERATED)
    learnt_from = model["card"]["learnt_from"]
    assert learnt_from.startswith(f"Learnt from {kind.in_words}: ")
    is_limited = "GroupLens lets its data be used for research" in " ".join(
        model["card"]["not_good_for"]
    )
    assert is_limited == kind.is_grouplens
