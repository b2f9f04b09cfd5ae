"""Data land whole or not at all, from a URL, a zip, a folder or the sample."""

import errno
import hashlib
import json
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from models_ml.settings import Settings, load_settings
from models_ml.source import disk, download, files, landing, lines, movielens
from models_ml.source.formats import DataUnavailable
from models_ml.source.lines import decode
from models_ml.source.movielens import fetch
from models_ml.source.record import read_source

CONTENT = {
    "users.dat": b"1::F::25::1::02139\n",
    "movies.dat": b"1::Caf\xe9 (1990)::Drama\n",
    # Not compressible, so that an archive of it is long enough to cut off.
    "ratings.dat": b"1::1::5::978300760\n" + os.urandom(300_000),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(load_settings({}), home=tmp_path / "home")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def _from(settings: Settings, source: object) -> Settings:
    return replace(settings, movielens_source=str(source))


def _zip(path: Path, content: dict[str, bytes] = CONTENT) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in content.items():
            zipped.writestr(name, data)
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    for name, data in CONTENT.items():
        (path / name).write_bytes(data)
    return path


def _landed(settings: Settings, kind: str) -> list[tuple[object, ...]]:
    """File, line number, text and readability of every landed line."""
    table = pq.read_table(settings.data / kind)
    return list(zip(*(table[name].to_pylist() for name in table.column_names),
                    strict=True))  # fmt: skip


def _expected(name: str, data: bytes) -> list[tuple[object, ...]]:
    split = data.removesuffix(b"\n").split(b"\n")
    return [
        (name, number, *decode(line.removesuffix(b"\r")))
        for number, line in enumerate(split, 1)
    ]


def _assert_landed(settings: Settings) -> None:
    assert {path.name for path in settings.data.iterdir()} == {
        "users",
        "movies",
        "ratings",
        "tables",
        "files",
        "source.json",
    }
    for name, data in CONTENT.items():
        kind = name.removesuffix(".dat")
        assert _landed(settings, kind) == _expected(name, data)
    _assert_no_remains(settings)


def _part(settings: Settings) -> Path:
    return settings.data / "ratings/00002-00000.parquet"


def _assert_no_remains(settings: Settings) -> None:
    left = {path.name for path in settings.home.iterdir()}
    assert left <= {"data", "fetch.lock", "download"}


# --- folders, zips and the sample -------------------------------------------


@pytest.mark.parametrize("make", [_folder, _zip])
def test_a_path_lands_with_its_record(
    settings: Settings, tmp_path: Path, make: type
) -> None:
    source = make(tmp_path / "source")
    settings = _from(settings, source)
    assert fetch(settings, progress=False) == settings.data
    _assert_landed(settings)
    record = json.loads((settings.data / "source.json").read_text())
    assert record["source"] == str(source)
    assert record["generated"] is False
    for file, (name, data) in zip(
        record["files"], CONTENT.items(), strict=True
    ):
        assert file["name"] == name
        assert file["sha256"] == hashlib.sha256(data).hexdigest()
        assert file["n_bytes"] == len(data)
        assert file["n_lines"] == len(_expected(name, data))
    landed = read_source(settings)
    assert landed is not None
    assert landed.digest == record["digest"]
    table = pq.read_table(settings.data / "files").to_pylist()
    assert [row["sha256"] for row in table] == [
        file["sha256"] for file in record["files"]
    ]
    assert {row["is_generated"] for row in table} == {False}


def test_the_sample_lands_and_is_said_to_be_generated(
    settings: Settings,
) -> None:
    settings = _from(settings, "sample")
    fetch(settings, progress=False)
    source = read_source(settings)
    assert source is not None
    assert source.generated
    first = _part(settings).stat().st_mtime_ns
    fetch(settings, progress=False)
    assert _part(settings).stat().st_mtime_ns == first


def test_members_are_found_below_folders(
    settings: Settings, tmp_path: Path
) -> None:
    nested = {f"ml-1m/{name}": data for name, data in CONTENT.items()}
    others = {"ml-1m/README": b"x", "__MACOSX/ml-1m/._users.dat": b"x"}
    archive = _zip(tmp_path / "a.zip", nested | others)
    fetch(_from(settings, archive), progress=False)
    _assert_landed(settings)


def test_nothing_escapes_from_an_archive(
    settings: Settings, tmp_path: Path
) -> None:
    evil = {f"../../{name}": data for name, data in CONTENT.items()}
    evil["/tmp/evil.dat"] = b"x"  # noqa: S108 - never written
    before = set(tmp_path.rglob("*"))
    archive = _zip(tmp_path / "evil.zip", evil)
    fetch(_from(settings, archive), progress=False)
    _assert_landed(settings)
    new = set(tmp_path.rglob("*")) - before - {archive}
    assert all(settings.home in {path, *path.parents} for path in new)


def test_nothing_is_redone_while_it_is_valid(
    settings: Settings, tmp_path: Path
) -> None:
    settings = _from(settings, _zip(tmp_path / "a.zip"))
    fetch(settings, progress=False)
    first = settings.data.stat().st_ino
    fetch(settings, progress=False)
    assert settings.data.stat().st_ino == first


def _spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: _spoil(data / "ratings/00002-00000.parquet"),
        lambda data: (data / "movies/00001-00000.parquet").unlink(),
        lambda data: (data / "source.json").write_text("{"),
    ],
)
def test_spoilt_data_are_landed_again(
    settings: Settings, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    settings = _from(settings, _zip(tmp_path / "a.zip"))
    fetch(settings, progress=False)
    spoil(settings.data)
    fetch(settings, progress=False)
    _assert_landed(settings)


def test_a_changed_source_is_landed_again(
    settings: Settings, tmp_path: Path
) -> None:
    archive = tmp_path / "a.zip"
    settings = _from(settings, _zip(archive, CONTENT | {"users.dat": b"old"}))
    fetch(settings, progress=False)
    _zip(archive)
    fetch(settings, progress=False)
    _assert_landed(settings)


def test_files_of_others_are_kept_aside(
    settings: Settings, tmp_path: Path
) -> None:
    settings.data.mkdir(parents=True)
    (settings.data / "users.dat").write_bytes(b"copied by hand")
    fetch(_from(settings, _zip(tmp_path / "a.zip")), progress=False)
    (kept,) = settings.home.glob("data.old-*")
    assert (kept / "users.dat").read_bytes() == b"copied by hand"


# --- folders of parts -------------------------------------------------------


def _with_parts(folder: Path) -> Path:
    _folder(folder)
    (folder / "ratings").mkdir()
    (folder / "ratings/2.dat").write_bytes(b"1::1::4::978300762")
    (folder / "ratings/1.dat").write_bytes(b"1::1::3::978300761\n")
    return folder


def test_parts_land_beside_the_whole_file(
    settings: Settings, tmp_path: Path
) -> None:
    fetch(_from(settings, _with_parts(tmp_path / "a")), progress=False)
    assert _landed(settings, "ratings")[-2:] == [
        ("ratings/1.dat", 1, "1::1::3::978300761", True),
        ("ratings/2.dat", 1, "1::1::4::978300762", True),
    ]
    source = read_source(settings)
    assert source is not None
    assert [file.name for file in source.files][2:] == [
        "ratings.dat",
        "ratings/1.dat",
        "ratings/2.dat",
    ]


def test_parts_alone_are_enough(settings: Settings, tmp_path: Path) -> None:
    folder = _with_parts(tmp_path / "a")
    (folder / "ratings.dat").unlink()
    fetch(_from(settings, folder), progress=False)
    assert len(_landed(settings, "ratings")) == 2


@pytest.mark.parametrize(
    "name", ["ratings/3.dat.gz", "ratings/3.txt", "ratings/2001/3.dat"]
)
def test_a_part_of_another_name_is_refused_and_not_left_out(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    folder = _with_parts(tmp_path / "a")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"1::1::5::978300763\n")
    with pytest.raises(
        DataUnavailable, match="which is no part of the ratings"
    ):
        fetch(_from(settings, folder), progress=False)
    _assert_no_remains(settings)


def test_what_programs_leave_beside_parts_is_no_part(
    settings: Settings, tmp_path: Path
) -> None:
    folder = _with_parts(tmp_path / "a")
    for name in ("_SUCCESS", ".1.dat.crc"):
        (folder / "ratings" / name).touch()
    fetch(_from(settings, folder), progress=False)
    assert len(_landed(settings, "ratings")) == len(
        _expected("ratings.dat", CONTENT["ratings.dat"])
    ) + 2  # fmt: skip


@pytest.mark.parametrize("touched", [False, True])
def test_only_what_is_new_is_landed(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    touched: bool,
) -> None:
    """Known by stamp, or else by digest; what is gone is taken out."""
    folder = _with_parts(tmp_path / "a")
    settings = _from(settings, folder)
    fetch(settings, progress=False)
    (folder / "ratings/0.dat").write_bytes(b"1::1::2::978300760\n")
    (folder / "ratings/2.dat").unlink()
    if touched:
        os.utime(folder / "ratings.dat", (0, 0))
        os.utime(folder / "ratings/1.dat", (0, 0))
    written: list[str] = []
    write_parts = landing._write_parts

    def noted(chunks: Any, file: Any, *rest: Any) -> Any:
        written.append(file.name)
        return write_parts(chunks, file, *rest)

    monkeypatch.setattr(landing, "_write_parts", noted)
    fetch(settings, progress=False)
    assert written == ["ratings/0.dat"]
    assert _landed(settings, "ratings") == [
        *_expected("ratings.dat", CONTENT["ratings.dat"]),
        ("ratings/0.dat", 1, "1::1::2::978300760", True),
        ("ratings/1.dat", 1, "1::1::3::978300761", True),
    ]
    source = read_source(settings)
    fetch(settings, progress=False)
    assert read_source(settings) == source
    assert written == ["ratings/0.dat"]


def test_what_lands_in_steps_is_what_lands_at_once(
    settings: Settings, tmp_path: Path
) -> None:
    """The warehouse is built from the landing alone, so it is equal too."""
    folder = _with_parts(tmp_path / "a")
    late = {
        name: (folder / name).read_bytes()
        for name in ("ratings/1.dat", "ratings/2.dat")
    }
    for name in late:
        (folder / name).unlink()
    settings = _from(settings, folder)
    fetch(settings, progress=False)
    for name, content in late.items():
        (folder / name).write_bytes(content)
        fetch(settings, progress=False)
    fresh = replace(settings, home=tmp_path / "fresh")
    fetch(fresh, progress=False)
    assert read_source(settings) == read_source(fresh)
    for kind in ("users", "movies", "ratings", "files"):
        assert pq.read_table(settings.data / kind) == pq.read_table(
            fresh.data / kind
        )


def test_a_part_of_another_length_or_content_is_landed_again(
    settings: Settings, tmp_path: Path
) -> None:
    folder = _with_parts(tmp_path / "a")
    settings = _from(settings, folder)
    fetch(settings, progress=False)
    (folder / "ratings/1.dat").write_bytes(b"1::1::5::978300761\n")
    fetch(settings, progress=False)
    texts = [text for _, _, text, _ in _landed(settings, "ratings")]
    assert texts[-2:] == ["1::1::5::978300761", "1::1::4::978300762"]


def test_a_long_file_lands_in_several_parts(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "MAX_LINES", 2)
    monkeypatch.setattr(files, "_CHUNK", 30)
    folder = _folder(tmp_path / "a")
    rating = b"1::1::3::978300761\n"
    (folder / "ratings.dat").write_bytes(rating * 7)
    fetch(_from(settings, folder), progress=False)
    assert len(list((settings.data / "ratings").iterdir())) > 2
    assert _landed(settings, "ratings") == _expected("ratings.dat", rating * 7)


def test_what_a_killed_fetch_left_is_removed(
    settings: Settings, tmp_path: Path
) -> None:
    (settings.home / "data.part-killed").mkdir(parents=True)
    fetch(_from(settings, _folder(tmp_path / "a")), progress=False)
    _assert_landed(settings)


# --- what cannot be used ----------------------------------------------------


def _refused(settings: Settings, reason: str) -> None:
    """Refused with one sentence of advice; what had landed stays."""
    before = sorted(settings.data.glob("*"))
    with pytest.raises(DataUnavailable, match=reason) as refusal:
        fetch(settings, progress=False)
    advice = str(refusal.value)
    assert "download ml-1m.zip from https://grouplens.org" in advice
    assert "set MOVIELENS_SOURCE" in advice
    assert "\n" not in advice
    assert sorted(settings.data.glob("*")) == before
    _assert_no_remains(settings)


def test_a_source_that_does_not_exist_is_named(
    settings: Settings, tmp_path: Path
) -> None:
    _refused(_from(settings, tmp_path / "nowhere.zip"), "nowhere.zip")
    _refused(_from(settings, "ftp://example.org/ml-1m.zip"), "neither a URL")


def test_a_folder_without_a_file_is_named(
    settings: Settings, tmp_path: Path
) -> None:
    folder = _folder(tmp_path / "source")
    (folder / "movies.dat").unlink()
    _refused(_from(settings, folder), r"movies\.dat cannot be read \(No such")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"users.dat": b"x", "movies.dat": b"x"}, r"ratings\.dat 0 times"),
        (CONTENT | {"copy/users.dat": b"x"}, r"users\.dat 2 times"),
        (CONTENT | {"movies.dat": b""}, r"movies\.dat .* is empty"),
        (CONTENT | {"movies.dat": b"0" * 10**6}, "grow more than 100 times"),
    ],
)
def test_archives_that_hold_something_else_are_refused(
    settings: Settings,
    tmp_path: Path,
    content: dict[str, bytes],
    reason: str,
) -> None:
    archive = _zip(tmp_path / "a.zip", content)
    _refused(_from(settings, archive), reason)


def test_a_line_without_an_end_is_refused(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 30)
    archive = _zip(tmp_path / "a.zip", CONTENT | {"movies.dat": b"x" * 50})
    _refused(
        _from(settings, archive),
        r"movies\.dat in .* is no list of movies \(line 1 is longer than 30",
    )


def test_a_file_without_a_line_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    mark = {"ratings.dat": b"\xef\xbb\xbf"}
    archive = _zip(tmp_path / "a.zip", CONTENT | mark)
    _refused(_from(settings, archive), r"ratings\.dat in .* holds no lines")


def test_what_does_not_fit_on_the_disk_is_refused(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is written: the disk's free bytes are the bound."""
    monkeypatch.setattr(disk, "RESERVE", 1 << 60)
    _refused(
        _from(settings, _folder(tmp_path / "source")),
        r"users\.dat could not be landed \(19 bytes are needed and 0 are free",
    )


def test_what_is_no_regular_file_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    folder = _folder(tmp_path / "source")
    (folder / "ratings.dat").unlink()
    os.mkfifo(folder / "ratings.dat")
    _refused(_from(settings, folder), r"ratings\.dat is no regular file")


def test_damaged_archives_are_refused(
    settings: Settings, tmp_path: Path
) -> None:
    archive = _zip(tmp_path / "a.zip")
    whole = archive.read_bytes()
    for damaged in (
        b"no zip at all",
        whole[: len(whole) // 2],
        whole[:200_000] + b"XXXXXXXX" + whole[200_008:],
    ):
        archive.write_bytes(damaged)
        _refused(_from(settings, archive), "no zip that can be read")


def test_a_full_disk_is_told(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    archive = _zip(tmp_path / "a.zip")
    _refused(_from(settings, archive), r"landed \(No space left on device")


def test_a_refusal_keeps_what_had_landed(
    settings: Settings, tmp_path: Path
) -> None:
    fetch(_from(settings, _zip(tmp_path / "a.zip")), progress=False)
    _refused(_from(settings, tmp_path / "nowhere.zip"), "nowhere.zip")
    _assert_landed(settings)


# --- URLs -------------------------------------------------------------------


@dataclass
class Shelf:
    """What the server gives out, and what it was asked."""

    body: bytes
    etag: str | None = '"one"'
    cut_after: list[int] = field(default_factory=list)
    """Bytes after which the next answers break off, one each."""
    status: int | None = None
    ranges: bool = True
    asked: list[str | None] = field(default_factory=list)
    """The Range of each request."""
    url: str = ""
    length: str = ""
    """What is said of it, in place of the truth."""


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        shelf = self.server.shelf
        asked = self.headers["Range"]
        shelf.asked.append(asked)
        if shelf.status:
            self.send_error(shelf.status)
            return
        start = self._start(asked) if shelf.ranges else 0
        self.send_response(206 if start else 200)
        if start:
            end = len(shelf.body) - 1
            self.send_header("Content-Range", f"bytes {start}-{end}/{end + 1}")
        length = shelf.length or str(len(shelf.body) - start)
        self.send_header("Content-Length", length)
        if shelf.etag:
            self.send_header("ETag", shelf.etag)
        self.end_headers()
        stop = shelf.cut_after.pop(0) if shelf.cut_after else None
        self.wfile.write(shelf.body[start:stop])

    def _start(self, asked: str | None) -> int:
        shelf = self.server.shelf
        if asked and self.headers["If-Range"] == shelf.etag:
            return int(asked.removeprefix("bytes=").rstrip("-"))
        return 0

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


class _Server(ThreadingHTTPServer):
    shelf: Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(_zip(tmp_path / "shelf.zip").read_bytes())
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.shelf = shelf
        shelf.url = f"http://127.0.0.1:{server.server_port}/ml-1m.zip"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield shelf
        server.shutdown()
        thread.join()


def test_a_url_lands(settings: Settings, shelf: Shelf) -> None:
    settings = _from(settings, shelf.url)
    fetch(settings, progress=False)
    fetch(settings, progress=False)
    _assert_landed(settings)
    assert shelf.asked == [None]
    assert not (settings.home / "download").exists()


@pytest.mark.parametrize("length", ["many", "-1", "1.5", "0x10", "9" * 5000])
def test_a_length_that_is_no_number_is_told(
    settings: Settings, shelf: Shelf, length: str
) -> None:
    shelf.length = length
    _refused(_from(settings, shelf.url), "Content-Length is")


def test_a_broken_download_goes_on_where_it_broke(
    settings: Settings, shelf: Shelf
) -> None:
    shelf.cut_after = [100_000, 200_000]
    fetch(_from(settings, shelf.url), progress=False)
    _assert_landed(settings)
    assert shelf.asked == [None, "bytes=100000-", "bytes=200000-"]


def test_another_process_goes_on_too(settings: Settings, shelf: Shelf) -> None:
    shelf.cut_after = [100_000]
    settings = _from(settings, shelf.url)
    real_attempt = download._Part.attempt

    def stopped(part: download._Part, progress: bool) -> bool:
        real_attempt(part, progress)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(download._Part, "attempt", stopped)
        with pytest.raises(KeyboardInterrupt):
            fetch(settings, progress=False)
    assert not settings.data.exists()
    fetch(settings, progress=False)
    _assert_landed(settings)
    assert shelf.asked == [None, "bytes=100000-"]


def test_a_file_that_changed_meanwhile_starts_again(
    settings: Settings, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.cut_after = [100_000]
    old, shelf.body = shelf.body, shelf.body[::-1]

    def change(_: float) -> None:
        shelf.body, shelf.etag = old, '"two"'

    monkeypatch.setattr("time.sleep", change)
    fetch(_from(settings, shelf.url), progress=False)
    _assert_landed(settings)
    assert shelf.asked == [None, "bytes=100000-"]


@pytest.mark.parametrize(
    ("etag", "ranges"), [(None, True), ('W/"weak"', True), ('"one"', False)]
)
def test_without_ranges_or_validator_it_starts_again(
    settings: Settings, shelf: Shelf, etag: str | None, ranges: bool
) -> None:
    shelf.etag, shelf.ranges, shelf.cut_after = etag, ranges, [100_000]
    fetch(_from(settings, shelf.url), progress=False)
    _assert_landed(settings)
    assert len(shelf.asked) == 2


def test_a_server_that_always_breaks_off_is_given_up(
    settings: Settings, shelf: Shelf
) -> None:
    shelf.cut_after = [100_000] * 50
    _refused(
        _from(settings, shelf.url), "broke off 4 times in a row, .* closed"
    )


@pytest.mark.parametrize("status", [403, 404, 503])
def test_a_server_that_refuses_is_told(
    settings: Settings, shelf: Shelf, status: int
) -> None:
    shelf.status = status
    _refused(_from(settings, shelf.url), f"answered {status}")
    assert len(shelf.asked) == 1


def test_a_host_that_is_not_there_is_told_at_once(
    settings: Settings, shelf: Shelf
) -> None:
    _refused(_from(settings, "http://127.0.0.1:9/ml-1m.zip"), "refused")


def test_a_page_in_place_of_the_archive_is_refused_and_forgotten(
    settings: Settings, shelf: Shelf
) -> None:
    good, shelf.body = shelf.body, b"<html>Sign in to the network</html>"
    settings = _from(settings, shelf.url)
    _refused(settings, "no zip that can be read")
    shelf.body = good
    fetch(settings, progress=False)
    _assert_landed(settings)


def test_the_published_digest_is_checked(
    settings: Settings, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(movielens, "MOVIELENS_URL", shelf.url)
    _refused(_from(settings, shelf.url), "the md5 is")
    right = hashlib.md5(shelf.body, usedforsecurity=False).hexdigest()
    monkeypatch.setattr(movielens, "MOVIELENS_MD5", right)
    fetch(_from(settings, shelf.url), progress=False)
    _assert_landed(settings)


def test_a_download_leaves_room_on_the_disk(
    settings: Settings, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "RESERVE", 1 << 60)
    _refused(_from(settings, shelf.url), "bytes are needed and 0 are free")


def test_a_password_in_the_url_is_neither_used_nor_repeated(
    settings: Settings, shelf: Shelf
) -> None:
    settings = _from(settings, shelf.url.replace("//", "//name:secret@"))
    with pytest.raises(DataUnavailable, match="a password") as refusal:
        fetch(settings, progress=False)
    assert "secret" not in str(refusal.value)
    assert not shelf.asked


def test_progress_is_shown(
    settings: Settings, shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(_from(settings, shelf.url), progress=True)
    assert "ml-1m.zip: 100%" in capsys.readouterr().err
