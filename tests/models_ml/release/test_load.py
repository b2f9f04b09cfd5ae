"""Nothing serves that is not, byte for byte, what was signed."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import numpy as np
import pytest

from models_ml.release import load
from models_ml.release.folder import FolderStore
from models_ml.release.golden import GoldenMismatch
from models_ml.release.keys import SigningKey, VerifyKeys
from models_ml.release.load import (
    load_current,
    load_last_good,
    load_release,
)
from models_ml.release.manifest import (
    FORMAT,
    FileRecord,
    Manifest,
    ReleaseRefused,
    canonical,
    file_record,
    sign,
)
from models_ml.release.payload import dump_payload, load_payload
from models_ml.release.pointer import move_pointer, read_pointer
from models_ml.release.publish import publish
from models_ml.release.store import NotInStore, Store
from tests.models_ml.release.conftest import KEY, KEYS, shown

OTHER_KEY = SigningKey.generate()


@pytest.fixture
def version(trained: Path, folder_store: FolderStore) -> str:
    """A release in `folder_store`."""
    return publish(trained, folder_store, KEY).version


@pytest.fixture
def files(folder_store: FolderStore, version: str) -> Path:
    """The release's folder in the store, for tampering."""
    return folder_store.folder / "releases" / version


def refusal(store: Store, cache: Path, keys: VerifyKeys = KEYS) -> str:
    with pytest.raises(ReleaseRefused) as caught:
        load_current(store, cache, keys)
    return caught.value.reason


def resign(
    store: FolderStore, files: Path, key: SigningKey = KEY, **changes: Any
) -> None:
    """Sign a changed manifest as one who holds the key would."""
    manifest = msgspec.json.decode(
        (files / "manifest.json").read_bytes(), type=Manifest
    )
    records = {
        name: file_record(files / name)
        for name in ("model.pkl", "serving.duckdb")
    }
    changed = msgspec.structs.replace(manifest, files=records)
    changed = sign(msgspec.structs.replace(changed, **changes), key)
    (files / "manifest.json").write_bytes(canonical(changed))
    if changed.version != files.name:
        files.rename(files.with_name(changed.version))
    point_to(store, changed.version, key)


def point_to(store: Store, version: str, key: SigningKey = KEY) -> None:
    """Move the pointer as one who holds the key would."""
    assert move_pointer(store, read_pointer(store, KEYS), version, key, 30)


def test_an_empty_store_says_what_to_do(store: Store, cache: Path) -> None:
    with pytest.raises(NotInStore, match=r"no release yet: .* publish"):
        load_current(store, cache, KEYS)


def test_a_loaded_release_answers_as_the_trained_models(
    trained: Path, folder_store: FolderStore, version: str, cache: Path
) -> None:
    release = load_current(folder_store, cache, KEYS)
    payload = load_payload((trained / "model.pkl").read_bytes())
    person = type(release.person).from_state(payload["person"])
    codes = (0, 2, 12, -2)
    assert np.array_equal(
        release.person.score(codes).probabilities,
        person.score(codes).probabilities,
    )
    assert release.version == version


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def remove(path: Path) -> None:
    path.unlink()


def bomb(path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return os.system, (f"touch {path.parent.parent.parent}/was-here",)

    path.write_bytes(pickle.dumps(Bomb()))


@pytest.mark.parametrize("damage", [truncate, grow, empty, flip, remove, bomb])
@pytest.mark.parametrize(
    "name", ["model.pkl", "serving.duckdb", "manifest.json"]
)
def test_every_damage_in_the_store_is_refused(
    name: str,
    damage: Callable[[Path], None],
    files: Path,
    folder_store: FolderStore,
    cache: Path,
) -> None:
    damage(files / name)
    assert refusal(folder_store, cache)
    assert not shown(cache)
    assert not (folder_store.folder / "was-here").exists()


def test_every_flipped_byte_of_a_manifest_is_refused(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    path = files / "manifest.json"
    content = path.read_bytes()
    for place in range(0, len(content), len(content) // 200):
        damaged = bytearray(content)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        assert refusal(folder_store, cache)


def test_a_bomb_that_was_signed_is_not_set_off(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    bomb(files / "model.pkl")
    resign(folder_store, files)
    assert "model.pkl cannot be read" in refusal(folder_store, cache)
    assert not (folder_store.folder / "was-here").exists()


def test_another_key_is_told_from_tampering(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    del files
    assert "another key" in refusal(
        folder_store, cache, VerifyKeys.of(OTHER_KEY)
    )


def test_a_forger_without_the_key_is_refused(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    resign(folder_store, files, OTHER_KEY, metrics={"log_loss": 0.1})
    assert "another key" in refusal(folder_store, cache)


def test_an_unsigned_manifest_is_refused(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    edit(files, signature="")
    assert refusal(folder_store, cache) == "the manifest is not signed"


def edit(folder: Path, /, **changes: Any) -> None:
    """Change the manifest and keep its signature."""
    path = folder / "manifest.json"
    manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    path.write_bytes(canonical(msgspec.structs.replace(manifest, **changes)))


@pytest.mark.parametrize(
    "change",
    [
        {"metrics": {"person": {"log_loss": 0.1}}},
        {"data_generated": False},
        {"created": "2020-01-01T00:00:00+00:00"},
        {"golden_person": []},
        {"files": {"model.pkl": FileRecord(sha256="00" * 32, size=1)}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edited_manifest_is_refused(
    change: dict[str, Any],
    files: Path,
    folder_store: FolderStore,
    cache: Path,
) -> None:
    edit(files, **change)
    assert "signature does not match" in refusal(folder_store, cache)


def test_a_manifest_in_other_words_is_refused(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    path = files / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes())))
    assert "not in canonical form" in refusal(folder_store, cache)


def test_another_format_is_refused(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    path = files / "manifest.json"
    path.write_text('{"format": 1, "something": "new"}')
    assert f"format 1, and this code reads format {FORMAT}" in refusal(
        folder_store, cache
    )


def test_one_release_under_the_name_of_another_is_refused(
    files: Path,
    other_trained: Path,
    folder_store: FolderStore,
    cache: Path,
) -> None:
    other = publish(other_trained, folder_store, KEY).version
    shutil.rmtree(files.with_name(other))
    shutil.copytree(files, files.with_name(other))
    assert "is of release" in refusal(folder_store, cache)


@pytest.mark.parametrize(
    "pointer",
    [
        b"",
        b"{}",
        b"not json",
        b'{"version": "../../etc"}',
        b'{"version": "0123456789abcdef0123", "more": 1}',
        b"{" + b" " * 10_000 + b"}",
    ],
)
def test_a_bad_pointer_is_refused(
    pointer: bytes, files: Path, folder_store: FolderStore, cache: Path
) -> None:
    del files
    (folder_store.folder / "current.json").write_bytes(pointer)
    assert "current.json" in refusal(folder_store, cache)


def test_a_pointer_to_what_is_not_there_is_refused(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    shutil.rmtree(files)
    assert "manifest.json" in refusal(folder_store, cache)


def test_a_model_that_answers_otherwise_than_when_published_is_refused(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    manifest = msgspec.json.decode(
        (files / "manifest.json").read_bytes(), type=Manifest
    )
    golden = manifest.golden_person[0]
    shifted = [p + 1e-4 for p in golden.interest]
    changed = msgspec.structs.replace(golden, interest=shifted)
    resign(
        folder_store,
        files,
        golden_person=[changed, *manifest.golden_person[1:]],
    )
    assert "differs by 0.0001" in refusal(folder_store, cache)


def test_an_audience_that_differs_is_refused(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    manifest = msgspec.json.decode(
        (files / "manifest.json").read_bytes(), type=Manifest
    )
    golden = manifest.golden_film[1]
    changed = msgspec.structs.replace(golden, reach=golden.reach[:-1])
    resign(folder_store, files, golden_film=[changed])
    assert "numbers, expected" in refusal(folder_store, cache)


def test_a_model_that_does_not_fit_the_code_is_refused(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    model = files / "model.pkl"
    payload = load_payload(model.read_bytes())
    model.write_bytes(dump_payload({"old": 1}, payload["film"], {}, {}))
    resign(folder_store, files)
    assert "does not fit this code" in refusal(folder_store, cache)


def test_tables_that_lack_a_film_of_the_model_are_refused(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    with duckdb.connect(files / "serving.duckdb") as connection:
        connection.execute("delete from movies where movie_id = 3")
    resign(folder_store, files)
    assert "other rows" in refusal(folder_store, cache)
    (
        files.parent
        / json.loads((folder_store.folder / "current.json").read_text())[
            "version"
        ]
    ).rename(files)
    manifest = msgspec.json.decode(
        (files / "manifest.json").read_bytes(), type=Manifest
    )
    rows = manifest.rows | {"movies": manifest.rows["movies"] - 1}
    resign(folder_store, files, rows=rows)
    assert "different films" in refusal(folder_store, cache)


def test_tables_that_are_no_database_are_refused(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    (files / "serving.duckdb").write_bytes(b"no database")
    resign(folder_store, files)
    assert "serving.duckdb cannot be read" in refusal(folder_store, cache)


def test_what_a_file_holds_beyond_its_size_is_not_fetched(
    files: Path, folder_store: FolderStore, cache: Path
) -> None:
    with (files / "model.pkl").open("ab") as file:
        file.truncate(1 << 40)  # a sparse terabyte
    assert "more than" in refusal(folder_store, cache)


def test_a_damaged_cache_is_fetched_again(
    folder_store: FolderStore, version: str, cache: Path
) -> None:
    load_current(folder_store, cache, KEYS)
    for name in ("model.pkl", "serving.duckdb", "manifest.json"):
        truncate(cache / version / name)
        assert load_current(folder_store, cache, KEYS).version == version
    assert shown(cache) == sorted([version, "trusted.json"])


def test_a_release_in_the_cache_is_not_fetched_again(
    files: Path, folder_store: FolderStore, version: str, cache: Path
) -> None:
    load_current(folder_store, cache, KEYS)
    shutil.rmtree(files)
    assert load_current(folder_store, cache, KEYS).version == version


def test_the_last_good_release_outlives_a_bad_one(
    files: Path,
    other_trained: Path,
    folder_store: FolderStore,
    version: str,
    cache: Path,
) -> None:
    assert load_last_good(folder_store, cache, KEYS) is None
    load_current(folder_store, cache, KEYS)
    bad = publish(other_trained, folder_store, KEY).version
    flip(files.with_name(bad) / "model.pkl")
    assert "model.pkl is damaged" in refusal(folder_store, cache)
    last_good = load_last_good(folder_store, cache, KEYS)
    assert last_good is not None
    assert last_good.version == version


def test_a_last_good_release_is_verified_as_well(
    folder_store: FolderStore, version: str, cache: Path
) -> None:
    load_current(folder_store, cache, KEYS)
    flip(cache / version / "model.pkl")
    with pytest.raises(ReleaseRefused, match=r"model\.pkl is damaged"):
        load_last_good(folder_store, cache, KEYS)


def test_workers_that_start_together_share_one_copy(
    folder_store: FolderStore, version: str, cache: Path
) -> None:
    with ThreadPoolExecutor(6) as pool:
        loaded = pool.map(
            lambda _: load_release(folder_store, version, cache, KEYS),
            range(6),
        )
        assert {release.version for release in loaded} == {version}
    assert shown(cache) == [version]


def test_what_a_killed_reader_left_is_removed(
    folder_store: FolderStore, version: str, cache: Path
) -> None:
    for name in (".arriving", ".discarded"):
        (cache / name).mkdir(parents=True)
        (cache / name / "model.pkl").write_bytes(b"half")
    (cache / version).mkdir()
    assert load_current(folder_store, cache, KEYS).version == version
    assert shown(cache) == sorted([version, "trusted.json"])


def test_a_release_that_is_whole_and_refused_is_not_fetched_again(
    folder_store: FolderStore,
    version: str,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load_current(folder_store, cache, KEYS)

    def refuse(*arguments: object) -> None:
        raise GoldenMismatch("another library")

    monkeypatch.setattr(load, "check_person", refuse)
    monkeypatch.setattr(FolderStore, "fetch", None)
    with pytest.raises(ReleaseRefused, match="another library"):
        load_release(folder_store, version, cache, KEYS)


def test_loading_needs_no_library_of_training(
    folder_store: FolderStore, version: str, cache: Path
) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from models_ml.release.load import load_current\n"
        "from models_ml.release.open_store import open_store\n"
        "from models_ml.release.keys import VerifyKeys\n"
        "load_current(open_store(sys.argv[1]), Path(sys.argv[2]),"
        " VerifyKeys.from_texts([sys.argv[3]]))\n"
        "heavy = 'pandas sklearn lightgbm scipy boto3 dbt'.split()\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [
            *(sys.executable, "-c", code),
            *(folder_store.location, cache, KEY.public),
        ],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.strip() == "[]"
    assert (cache / version).is_dir()
