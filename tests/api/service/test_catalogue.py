import gc
import os
import threading
from pathlib import Path

import duckdb
import numpy as np
import pytest

from api.service import catalogue as candidates
from api.service.catalogue import Catalogue, CatalogueError, Filters
from models_ml.source.movielens_levels import MOVIELENS_1M
from tests.api.tiny import tiny_dataset, write_serving


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "serving.duckdb"
    write_serving(tiny_dataset(), path)
    return path


def open_files() -> set[str]:
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("open files cannot be listed here")
    files = set()
    for entry in folder.iterdir():
        try:
            files.add(os.readlink(entry))
        except OSError:
            continue
    return files


def test_files_close_with_the_last_reference(path: Path) -> None:
    catalogue = Catalogue(path, MOVIELENS_1M)
    go, asked = threading.Event(), threading.Event()

    def ask(of: list[Catalogue]) -> None:
        of.pop().search("film", 3)
        asked.set()
        go.wait()

    thread = threading.Thread(target=ask, args=([catalogue],))
    thread.start()
    asked.wait()
    assert str(path) in open_files()
    # By counting references, not by a collection at some later time, and
    # though a thread that asked goes on living.
    gc.disable()
    try:
        del catalogue
        assert str(path) not in open_files()
    finally:
        gc.enable()
        go.set()
        thread.join()


def test_threads_get_their_own_answers(path: Path) -> None:
    catalogue = Catalogue(path, MOVIELENS_1M)
    data = tiny_dataset()
    wrong = []

    def ask(movie: int) -> None:
        for _ in range(30):
            rows = data.ratings.movie == movie
            genders = data.users.gender[data.ratings.user[rows]]
            movie_id = int(data.movies.movie_id[movie])
            counts = catalogue.audience(movie_id, ("gender",))
            expected = {"F": (genders == 0).sum(), "M": (genders == 1).sum()}
            if any(counts[g,][0] != n for g, n in expected.items()):
                wrong.append(movie_id)

    threads = [threading.Thread(target=ask, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_kept_candidates_are_bounded_and_cannot_be_changed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MAX_CACHED", 4)
    catalogue = Catalogue(path, MOVIELENS_1M)
    for year in range(1950, 1970):
        rows = catalogue.candidates(Filters(year_from=year))
        assert rows is catalogue.candidates(Filters(year_from=year))
        years = np.array(catalogue.years)
        np.testing.assert_array_equal(rows, np.flatnonzero(years >= year))
    assert len(catalogue._cached) == 4
    with pytest.raises(ValueError, match="read-only"):
        rows[0] = 0


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("drop table movie_segments", "movie_segments"),
        ("update movie_segments set level = 'X'", "nobody knows"),
        ("update profiles set region = 'Atlantis'", "nobody knows"),
    ],
)
def test_a_file_that_lacks_what_answers_need_is_refused(
    path: Path, damage: str, message: str
) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(damage)
    with pytest.raises(CatalogueError, match=message):
        Catalogue(path, MOVIELENS_1M)


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "serving.duckdb"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(CatalogueError, match="serving"):
        Catalogue(path, MOVIELENS_1M)
