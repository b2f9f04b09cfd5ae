"""Whoever writes to the store cannot choose what is served.

The attacks have the names of The Update Framework (specification, 1.5.2).
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from models_ml.release import pointer as pointers
from models_ml.release.folder import FolderStore
from models_ml.release.keys import SigningKey, VerifyKeys
from models_ml.release.load import load_current, load_last_good
from models_ml.release.manifest import ReleaseRefused
from models_ml.release.pointer import (
    Pointer,
    current_pointer,
    move_pointer,
    read_pointer,
)
from models_ml.release.publish import (
    PublishError,
    publish,
    refresh,
    rollback,
)
from models_ml.release.trust import Trusted
from tests.models_ml.release.conftest import KEY, KEYS

DAY = 86_400


@pytest.fixture
def file(folder_store: FolderStore) -> Path:
    return folder_store.folder / "current.json"


def refusal(store: FolderStore, cache: Path, keys: VerifyKeys = KEYS) -> str:
    with pytest.raises(ReleaseRefused) as caught:
        load_current(store, cache, keys)
    return caught.value.reason


def point(
    store: FolderStore,
    version: str,
    key: SigningKey = KEY,
    expiry_days: int = 30,
) -> Pointer:
    """Move the pointer as one who holds the key."""
    before = read_pointer(store, VerifyKeys.of(KEY, key))
    made = move_pointer(store, before, version, key, expiry_days)
    assert made is not None
    return made


def test_a_rollback_attack_is_refused(
    trained: Path,
    other_trained: Path,
    folder_store: FolderStore,
    file: Path,
    cache: Path,
) -> None:
    """An old pointer, well signed, put back by who can write to the store."""
    publish(trained, folder_store, KEY)
    old = file.read_bytes()
    load_current(folder_store, cache, KEYS)
    new = publish(other_trained, folder_store, KEY).version
    load_current(folder_store, cache, KEYS)
    file.write_bytes(old)
    assert "it is an old one" in refusal(folder_store, cache)
    last_good = load_last_good(folder_store, cache, KEYS)
    assert last_good is not None
    assert last_good.version == new


def test_a_rollback_of_the_publisher_is_followed(
    trained: Path, other_trained: Path, folder_store: FolderStore, cache: Path
) -> None:
    first = publish(trained, folder_store, KEY).version
    second = publish(other_trained, folder_store, KEY).version
    load_current(folder_store, cache, KEYS)
    before = rollback(first, folder_store, KEY, cache=cache)
    assert before == second
    assert load_current(folder_store, cache, KEYS).version == first


def test_a_rollback_to_what_may_not_serve_leaves_the_pointer(
    trained: Path,
    other_trained: Path,
    folder_store: FolderStore,
    file: Path,
    cache: Path,
) -> None:
    first = publish(trained, folder_store, KEY).version
    publish(other_trained, folder_store, KEY)
    model = folder_store.folder / "releases" / first / "model.pkl"
    model.write_bytes(model.read_bytes()[:-1])
    before = file.read_bytes()
    with pytest.raises(ReleaseRefused, match="damaged"):
        rollback(first, folder_store, KEY, cache=cache)
    with pytest.raises(ReleaseRefused, match=r"has no releases/0{20}/"):
        rollback("0" * 20, folder_store, KEY, cache=cache)
    with pytest.raises(PublishError, match=r"'\.\./x' is no release"):
        rollback("../x", folder_store, KEY, cache=cache)
    assert file.read_bytes() == before


def test_a_freeze_attack_is_told(
    trained: Path,
    folder_store: FolderStore,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A store that shows the same pointer for ever."""
    publish(trained, folder_store, KEY, expiry_days=30)
    load_current(folder_store, cache, KEYS)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * DAY)
    assert "expired at" in refusal(folder_store, cache)
    refresh(folder_store, KEY, expiry_days=30)
    assert load_current(folder_store, cache, KEYS)


def test_publishing_again_signs_again_in_the_second_half_of_its_life(
    trained: Path,
    folder_store: FolderStore,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(trained, folder_store, KEY, expiry_days=30)
    first = file.read_bytes()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 14 * DAY)
    publish(trained, folder_store, KEY, expiry_days=30)
    assert file.read_bytes() == first
    monkeypatch.setattr(time, "time", lambda: now + 16 * DAY)
    publish(trained, folder_store, KEY, expiry_days=30)
    assert current_pointer(folder_store, KEYS, 0).number == int(now) + 16 * DAY


def test_a_mix_and_match_attack_is_refused(
    trained: Path,
    other_trained: Path,
    folder_store: FolderStore,
    cache: Path,
) -> None:
    """Files of one signed release under the manifest of another."""
    first = publish(trained, folder_store, KEY).version
    model = other_trained / "model.pkl"
    model.write_bytes((trained / "model.pkl").read_bytes())
    second = publish(other_trained, folder_store, KEY).version
    releases = folder_store.folder / "releases"
    manifest = (releases / first / "manifest.json").read_bytes()
    (releases / second / "manifest.json").write_bytes(manifest)
    assert f"is of release {first}" in refusal(folder_store, cache)


def test_a_fast_forward_attack_ends_with_the_key(
    trained: Path, other_trained: Path, folder_store: FolderStore, cache: Path
) -> None:
    """A stolen key signs a number that no honest pointer ever reaches."""
    stolen = SigningKey.generate()
    both = VerifyKeys.of(KEY, stolen)
    first = publish(trained, folder_store, KEY).version
    load_current(folder_store, cache, both)
    before = read_pointer(folder_store, both)
    assert before.pointer is not None
    far = msgspec.structs.replace(before.pointer, number=1 << 62)
    before = pointers.PointerState(far, before.tag)
    assert move_pointer(folder_store, before, first, stolen, 30)
    load_current(folder_store, cache, both)
    # The key is taken off the list, here and where is published.
    second = publish(other_trained, folder_store, KEY).version
    assert "an old one" in refusal(folder_store, cache, both)
    assert load_current(folder_store, cache, KEYS).version == second


def test_a_new_key_takes_over_while_the_old_one_still_verifies(
    trained: Path,
    other_trained: Path,
    folder_store: FolderStore,
    file: Path,
    cache: Path,
) -> None:
    new = SigningKey.generate()
    both = VerifyKeys.of(KEY, new)
    first = publish(trained, folder_store, KEY).version
    old = file.read_bytes()
    load_current(folder_store, cache, both)
    second = publish(other_trained, folder_store, new, keys=both).version
    assert load_current(folder_store, cache, both).version == second
    # The old key's last pointer is old, though the old key is trusted.
    taken_over = file.read_bytes()
    file.write_bytes(old)
    assert "an old one" in refusal(folder_store, cache, both)
    file.write_bytes(taken_over)
    # A release of the old key serves as long as the key verifies.
    rollback(first, folder_store, new, cache=cache, keys=both)
    assert load_current(folder_store, cache, both).version == first
    assert "another key" in refusal(folder_store, cache, VerifyKeys.of(new))


@pytest.mark.parametrize(
    "change",
    [
        {"version": "0" * 20},
        {"number": 1 << 40},
        {"expires": "2999-01-01T00:00:00+00:00"},
        {"signed": "2000-01-01T00:00:00+00:00"},
        {"signature": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edited_pointer_is_refused(
    change: dict[str, object],
    trained: Path,
    folder_store: FolderStore,
    file: Path,
    cache: Path,
) -> None:
    publish(trained, folder_store, KEY)
    pointer = msgspec.json.decode(file.read_bytes())
    file.write_bytes(msgspec.json.encode(pointer | change))
    assert "signature does not match" in refusal(folder_store, cache)


def test_every_flipped_byte_of_a_pointer_is_refused(
    trained: Path, folder_store: FolderStore, file: Path
) -> None:
    publish(trained, folder_store, KEY)
    content = file.read_bytes()
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1
        file.write_bytes(damaged)
        try:
            pointer = current_pointer(folder_store, KEYS, 0)
        except ReleaseRefused:
            continue
        # White space, and hexadecimal digits of either case, say the same.
        assert msgspec.json.decode(damaged.lower()) == (
            msgspec.json.decode(content)
        )
        assert pointer.signature.lower() in content.decode()


@pytest.mark.parametrize("number", [1, 1 << 40])
def test_a_pointer_of_a_stranger_is_refused(
    number: int, trained: Path, folder_store: FolderStore, cache: Path
) -> None:
    version = publish(trained, folder_store, KEY).version
    stranger = SigningKey.generate()
    tag = folder_store.read("current.json", 5000).tag
    before = pointers.PointerState(None, tag)
    assert move_pointer(folder_store, before, version, stranger, 30)
    assert "another key" in refusal(folder_store, cache)


def test_a_pointer_to_what_does_not_serve_locks_nobody_out(
    trained: Path,
    other_trained: Path,
    folder_store: FolderStore,
    file: Path,
    cache: Path,
) -> None:
    """The number is written after all checks, not before (CVE-2025-2888)."""
    good = publish(trained, folder_store, KEY).version
    sound = file.read_bytes()
    load_current(folder_store, cache, KEYS)
    time.sleep(1.1)  # so that the number is another second's
    bad = publish(other_trained, folder_store, KEY).version
    model = folder_store.folder / "releases" / bad / "model.pkl"
    model.write_bytes(b"damaged")
    refusal(folder_store, cache)
    file.write_bytes(sound)
    assert load_current(folder_store, cache, KEYS).version == good


KILLED = """
import os, signal, sys
from pathlib import Path
from models_ml.release import trust
from models_ml.release.folder import FolderStore
from models_ml.release.keys import VerifyKeys
from models_ml.release.load import load_current

store, cache, key, where = sys.argv[1:]

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

if where == "before":
    trust.Trusted.accept = die
else:
    Path.replace = die
keys = VerifyKeys.from_texts([key])
load_current(FolderStore(Path(store)), Path(cache), keys)
"""


@pytest.mark.parametrize("where", ["before", "within"])
def test_a_reader_killed_between_check_and_record_goes_on(
    where: str,
    trained: Path,
    other_trained: Path,
    folder_store: FolderStore,
    cache: Path,
) -> None:
    first = publish(trained, folder_store, KEY).version
    load_current(folder_store, cache, KEYS)
    accepted = (cache / "trusted.json").read_bytes()
    second = publish(other_trained, folder_store, KEY).version
    killed = subprocess.run(
        [
            *(sys.executable, "-c", KILLED, folder_store.folder, cache),
            *(KEY.public, where),
        ],
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert killed.returncode == -signal.SIGKILL
    assert (cache / "trusted.json").read_bytes() == accepted
    last_good = load_last_good(folder_store, cache, KEYS)
    assert last_good is not None
    assert last_good.version == first
    assert load_current(folder_store, cache, KEYS).version == second


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"{",
        b'{"stores": {"x": 1}}',
        b'{"stores": {"x": {"numbers": {"a": "b"}}}}',
    ],
)
def test_a_damaged_record_does_not_keep_from_a_sound_store(
    content: bytes, trained: Path, folder_store: FolderStore, cache: Path
) -> None:
    version = publish(trained, folder_store, KEY).version
    cache.mkdir()
    (cache / "trusted.json").write_bytes(content)
    assert load_last_good(folder_store, cache, KEYS) is None
    assert load_current(folder_store, cache, KEYS).version == version
    assert Trusted(folder_store, cache).last_good == version


def test_what_this_process_accepted_holds_without_a_disk(
    trained: Path, folder_store: FolderStore, tmp_path: Path
) -> None:
    publish(trained, folder_store, KEY)
    pointer = current_pointer(folder_store, KEYS, 0)
    (tmp_path / "file").touch()
    trusted = Trusted(folder_store, tmp_path / "file" / "cache")
    with pytest.raises(OSError, match="Not a directory"):
        trusted.accept(pointer)
    assert trusted.lowest(KEYS) == pointer.number


def test_the_highest_number_of_several_processes_is_kept(
    trained: Path, folder_store: FolderStore, cache: Path
) -> None:
    version = publish(trained, folder_store, KEY).version
    older = current_pointer(folder_store, KEYS, 0)
    newer = point(folder_store, version)
    one, other = Trusted(folder_store, cache), Trusted(folder_store, cache)
    one.accept(newer)
    other.accept(older)
    assert Trusted(folder_store, cache).lowest(KEYS) == newer.number


def test_each_store_has_its_own_numbers(
    trained: Path,
    other_trained: Path,
    folder_store: FolderStore,
    cache: Path,
    tmp_path: Path,
) -> None:
    """Another store, published to earlier, is no old state of this one."""
    earlier = FolderStore(tmp_path / "earlier")
    first = publish(trained, earlier, KEY).version
    publish(other_trained, folder_store, KEY)
    point(folder_store, publish(other_trained, folder_store, KEY).version)
    load_current(folder_store, cache, KEYS)
    assert load_last_good(earlier, cache, KEYS) is None
    assert load_current(earlier, cache, KEYS).version == first
    accepted = Trusted(folder_store, cache).last_good
    assert accepted == read_pointer(folder_store, KEYS).version


def test_a_record_that_names_no_release_is_not_followed(
    folder_store: FolderStore, cache: Path
) -> None:
    cache.mkdir()
    record = {"stores": {folder_store.location: {"version": "../.."}}}
    (cache / "trusted.json").write_bytes(msgspec.json.encode(record))
    assert load_last_good(folder_store, cache, KEYS) is None


def test_the_number_rises_after_the_pointer_was_lost(
    trained: Path, folder_store: FolderStore, file: Path, cache: Path
) -> None:
    publish(trained, folder_store, KEY)
    load_current(folder_store, cache, KEYS)
    for damage in (b"\xff", None):
        file.write_bytes(damage) if damage else file.unlink()
        publish(trained, folder_store, KEY)
        assert load_current(folder_store, cache, KEYS)


def test_refreshing_needs_a_pointer(folder_store: FolderStore) -> None:
    with pytest.raises(PublishError, match="no pointer that a trusted key"):
        refresh(folder_store, KEY)
