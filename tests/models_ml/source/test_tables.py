"""Own tables and MovieLens 100K land as rows, whatever is wrong with them."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from moto import mock_aws

from models_ml.settings import Settings, load_settings
from models_ml.source import landing, tables
from models_ml.source.formats import DataUnavailable, TablesUnusable
from models_ml.source.movielens import fetch
from models_ml.source.record import read_source
from tests.own_tables import (
    ml_100k_files,
    own_tables,
    write_csv,
    write_ml_100k,
    write_parquet,
)

SMALL: dict[str, dict[str, list[Any]]] = {
    "users": {"user_id": ["ana", "bob"], "gender": ["F", "M"]},
    "movies": {"movie_id": [1, 2], "title": ["Été", 'He said "no", twice']},
    "ratings": {"user_id": ["ana"], "movie_id": [1], "score": [7]},
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(
        load_settings({}),
        home=tmp_path / "home",
        movielens_source=str(tmp_path / "source"),
    )


def _source(settings: Settings) -> Path:
    return Path(settings.movielens_source)


def _rows(settings: Settings, kind: str) -> list[dict[str, Any]]:
    rows = pq.read_table(settings.data / "tables" / kind).to_pylist()
    return [
        {name: value for name, value in row.items() if value is not None}
        for row in rows
    ]


def _write(settings: Settings, **texts: str | bytes) -> None:
    """SMALL, with other contents of the files of some kinds."""
    write_csv(_source(settings), SMALL)
    for kind, text in texts.items():
        content = text if isinstance(text, bytes) else text.encode()
        (_source(settings) / f"{kind}.csv").write_bytes(content)


def test_values_land_as_text(settings: Settings) -> None:
    _write(settings)
    fetch(settings, progress=False)
    assert _rows(settings, "users") == [
        {"file": "users.csv", "line_number": 2, "user_id": "ana",
         "gender": "F"},
        {"file": "users.csv", "line_number": 3, "user_id": "bob",
         "gender": "M"},
    ]  # fmt: skip
    assert [row["title"] for row in _rows(settings, "movies")] == [
        "Été",
        'He said "no", twice',
    ]
    assert _rows(settings, "ratings")[0]["score"] == "7"
    # No line of MovieLens 1M's form lands beside them.
    assert pq.read_table(settings.data / "users").num_rows == 0


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_tells_what_parts_values(
    settings: Settings, delimiter: str
) -> None:
    write_csv(_source(settings), SMALL, delimiter)
    fetch(settings, progress=False)
    assert [row["gender"] for row in _rows(settings, "users")] == ["F", "M"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_either_encoding_reads_the_same(
    settings: Settings, encoding: str
) -> None:
    text = "Movie_ID , TITLE\n1,Été\n2,Plain\n"
    _write(settings, movies=text.encode(encoding))
    fetch(settings, progress=False)
    titles = [row["title"] for row in _rows(settings, "movies")]
    assert titles == ["Été", "Plain"]


def test_parquet_lands_as_csv_does(settings: Settings, tmp_path: Path) -> None:
    made = own_tables(40, 60, 400)
    write_parquet(_source(settings), made)
    fetch(settings, progress=False)
    other = replace(
        settings,
        home=tmp_path / "other",
        movielens_source=str(tmp_path / "csv"),
    )
    write_csv(_source(other), made)
    fetch(other, progress=False)
    for kind in made:
        ours, theirs = _rows(settings, kind), _rows(other, kind)
        for one, two in zip(ours, theirs, strict=True):
            assert one.pop("line_number") + 1 == two.pop("line_number")
            assert one.pop("file").removesuffix("parquet") + "csv" == (
                two.pop("file")
            )
            blank = {name for name in two if two[name] == ""}
            assert {k: v for k, v in one.items() if v} == {
                k: v for k, v in two.items() if k not in blank
            }


def test_numbers_and_times_of_parquet_become_plain_text(
    settings: Settings,
) -> None:
    _write(settings)
    (_source(settings) / "ratings.csv").unlink()
    table = pa.table(
        {
            "user_id": pa.array(["ana", "bob"]).dictionary_encode(),
            "movie_id": pa.array([1.0, 12_345_678_901.0]),
            "stars": pa.array([4.5, 3.0]),
            "rated_at": pa.array([datetime(2020, 1, 2, tzinfo=UTC), None]),
        }
    )
    pq.write_table(table, _source(settings) / "ratings.parquet")
    fetch(settings, progress=False)
    first, second = _rows(settings, "ratings")
    assert first["movie_id"] == "1"
    assert second["movie_id"] == "12345678901"
    assert (first["stars"], second["stars"]) == ("4.5", "3")
    assert first["rated_at"].startswith("2020-01-02 00:00:00")


def test_what_is_missing_in_parquet_is_blank(settings: Settings) -> None:
    """NaN, as pandas writes it, and a genre among others."""
    _write(settings)
    for kind in ("users", "movies"):
        (_source(settings) / f"{kind}.csv").unlink()
    tables_of = {
        "users": {"user_id": ["a", "b"], "age": [float("nan"), 30.0]},
        "movies": {
            "movie_id": ["1", "2", "3", "4"],
            "title": ["A", "B", "C", "D"],
            "genres": [["Drama", None, "War"], None, [], [None]],
        },
    }
    for kind, table in tables_of.items():
        pq.write_table(pa.table(table), _source(settings) / f"{kind}.parquet")
    fetch(settings, progress=False)
    ages = [row.get("age") for row in _rows(settings, "users")]
    assert ages == [None, "30"]
    genres = [row.get("genres") for row in _rows(settings, "movies")]
    assert genres == ["Drama|War", None, "", ""]


def test_rows_of_another_length_are_told_with_their_number(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every block that the file is read in."""
    monkeypatch.setattr(tables, "_BLOCK", 64)
    lines = [f"{row},Film {row}" for row in range(2, 102)]
    for number in (2, 3, 40, 100):
        lines[number - 2] += ",more"
    lines[58] = '60,"over\nlines"'
    _write(settings, movies="movie_id,title\n" + "\n".join(lines))
    fetch(settings, progress=False)
    rows = _rows(settings, "movies")
    assert sorted(row["line_number"] for row in rows) == list(range(2, 102))
    faulty = {row["line_number"]: row for row in rows if "fault" in row}
    assert sorted(faulty) == [2, 3, 40, 100]
    assert faulty[40]["fault"] == "wrong field count"
    assert faulty[40]["text"] == "40,Film 40,more"
    for row in rows:
        if "fault" not in row:
            assert row["movie_id"] == str(row["line_number"])


def test_bytes_of_no_encoding_are_a_fault(settings: Settings) -> None:
    _write(settings, movies=b"movie_id,title\n1,a\x92b\n2,a\x00b\n3,ok\n")
    fetch(settings, progress=False)
    faults = [row.get("fault") for row in _rows(settings, "movies")]
    assert faults == ["undecodable", "undecodable", None]


def test_further_columns_are_on_record(settings: Settings) -> None:
    _write(settings, users="user_id,shoe size,Gender\nana,38,F\n")
    fetch(settings, progress=False)
    source = read_source(settings)
    assert source is not None
    (users,) = (file for file in source.files if file.kind == "users")
    assert users.columns == ["user_id", "gender"]
    assert users.left_out == ["shoe size"]


def test_of_two_columns_that_say_the_same_one_is_read(
    settings: Settings,
) -> None:
    _write(
        settings,
        users="user_id,age_group,age\nana,young,30\n",
        ratings="user_id,movie_id,stars,score\nana,1,5,2\n",
    )
    fetch(settings, progress=False)
    (user,) = _rows(settings, "users")
    assert "age_group" not in user
    (rating,) = _rows(settings, "ratings")
    assert "stars" not in rating


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("users", "name\nana\n", "no column user_id, but 'name'"),
        ("users", "user_id,gender,GENDER\na,F,F\n", "gender twice"),
        ("movies", "movie_id\n1\n", "no column title"),
        ("movies", "title\nAlien\n", "no column movie_id"),
        ("ratings", "user_id,movie_id\na,1\n", "no column score or stars"),
        ("ratings", "movie_id,score\n1,7\n", "no column user_id"),
        ("ratings", "user_id,movie_id,score\n", "holds no rows"),
        ("ratings", "", "ratings.csv is empty"),
        ("ratings", "\n\n", "no column user_id, but none"),
    ],
)
def test_wrong_columns_get_one_sentence(
    settings: Settings, kind: str, text: str, reason: str
) -> None:
    _write(settings, **{kind: text})
    with pytest.raises(DataUnavailable, match=reason) as refusal:
        fetch(settings, progress=False)
    assert str(refusal.value).count("\n") == 0
    assert not settings.data.exists()


def test_utf16_is_told(settings: Settings) -> None:
    _write(settings, users="user_id,gender\nana,F\n".encode("utf-16"))
    with pytest.raises(TablesUnusable, match=r"users\.csv is UTF-16"):
        fetch(settings, progress=False)


def test_a_wrong_header_of_any_length_is_one_short_sentence(
    settings: Settings,
) -> None:
    """As where a file's lines end as old Macs wrote them."""
    _write(settings, users="name," + ",".join(map(str, range(9_000))))
    with pytest.raises(TablesUnusable, match="and 8,981 more") as refusal:
        fetch(settings, progress=False)
    assert len(str(refusal.value)) < 1_000


@pytest.mark.parametrize("kind", ["users", "ratings"])
def test_what_is_wrong_with_own_tables_is_not_said_of_movielens(
    settings: Settings, kind: str
) -> None:
    _write(settings, **{kind: ""})
    with pytest.raises(TablesUnusable, match="is empty"):
        fetch(settings, progress=False)
    nowhere = replace(settings, movielens_source=str(settings.home / "no"))
    with pytest.raises(DataUnavailable) as refusal:
        fetch(nowhere, progress=False)
    assert "MovieLens 1M is not available" not in str(refusal.value)


def test_columns_of_no_text_are_refused(settings: Settings) -> None:
    _write(settings)
    (_source(settings) / "users.csv").unlink()
    pq.write_table(
        pa.table({"user_id": [{"a": 1}]}), _source(settings) / "users.parquet"
    )
    with pytest.raises(TablesUnusable, match=r"column user_id of .* struct"):
        fetch(settings, progress=False)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["users.csv", "users.parquet"], "holds the users twice"),
        (["users.csv", "movies.csv"], "holds no ratings: neither"),
        (["users.csv", "ratings.dat"], "files of two formats"),
    ],
)
def test_files_that_are_not_clear_are_refused(
    settings: Settings, names: list[str], reason: str
) -> None:
    _source(settings).mkdir()
    for name in names:
        (_source(settings) / name).write_text("user_id\n1\n")
    with pytest.raises(TablesUnusable, match=reason):
        fetch(settings, progress=False)


@pytest.mark.parametrize(
    "name", ["ratings_2023.csv", "ratings.csv.gz", "Movies (1).CSV"]
)
def test_a_table_that_would_not_be_read_is_refused(
    settings: Settings, name: str
) -> None:
    _write(settings)
    (_source(settings) / name).write_text("user_id\n1\n")
    with pytest.raises(TablesUnusable, match=r"holds .* would not be read"):
        fetch(settings, progress=False)


def test_files_that_are_no_tables_are_passed_over(settings: Settings) -> None:
    _write(settings)
    for name in ("README.txt", "ratings.md", "posters.csv", ".users.csv"):
        (_source(settings) / name).write_text("hello")
    fetch(settings, progress=False)


def test_no_parquet_is_told(settings: Settings) -> None:
    _write(settings)
    (_source(settings) / "users.csv").rename(
        _source(settings) / "users.parquet"
    )
    with pytest.raises(TablesUnusable, match="cannot be read as parquet"):
        fetch(settings, progress=False)


def test_damaged_parquet_is_told(settings: Settings) -> None:
    _write(settings)
    (_source(settings) / "users.csv").unlink()
    path = _source(settings) / "users.parquet"
    pq.write_table(pa.table({"user_id": ["1"]}), path)
    whole = path.read_bytes()
    n_footer = int.from_bytes(whole[-8:-4], "little")
    footer = slice(len(whole) - 8 - n_footer, len(whole) - 8)
    path.write_bytes(whole[: footer.start] + b"\xff" * n_footer + whole[-8:])
    with pytest.raises(TablesUnusable, match=r"users\.parquet cannot be read"):
        fetch(settings, progress=False)


def _users_with(settings: Settings, word: bytes, other: bytes) -> None:
    """Parquet whose bytes `word`, of a name or a value, are `other`."""
    _write(settings)
    (_source(settings) / "users.csv").unlink()
    path = _source(settings) / "users.parquet"
    table = pa.table(
        {
            "user_id": ["1", "2", "3"],
            "nationality": ["Alemanha", None, "Brasil"],
        }
    )
    pq.write_table(
        table,
        path,
        compression="none",
        use_dictionary=False,
        write_statistics=False,
    )
    whole = path.read_bytes()
    assert word in whole
    path.write_bytes(whole.replace(word, other))


@pytest.mark.parametrize(
    ("other", "landed", "fault"),
    [
        (b"Alem\xe3nia", "Alemãnia", None),
        (b"Alem\x9fnia", "Alem\\x9Fnia", "undecodable"),
    ],
)
def test_a_value_of_parquet_that_is_no_utf8_is_read_as_a_line_is(
    settings: Settings, other: bytes, landed: str, fault: str | None
) -> None:
    _users_with(settings, b"Alemanha", other)
    fetch(settings, progress=False)
    first, second, third = _rows(settings, "users")
    assert (first["nationality"], first.get("fault")) == (landed, fault)
    assert not {"nationality", "fault"} & second.keys()
    assert (third["country_code"], third.get("fault")) == ("BR", None)


def test_a_name_of_parquet_that_is_no_utf8_is_told(settings: Settings) -> None:
    _users_with(settings, b"nationality", b"nationalit\xec")
    with pytest.raises(TablesUnusable, match=r"users\.parquet cannot be read"):
        fetch(settings, progress=False)


def test_a_zip_and_parts_land_too(settings: Settings, tmp_path: Path) -> None:
    _write(settings)
    parts = _source(settings) / "ratings"
    parts.mkdir()
    (parts / "later.csv").write_text("user_id,movie_id,stars\nbob,2,3.5\n")
    fetch(settings, progress=False)
    assert [row["file"] for row in _rows(settings, "ratings")] == [
        "ratings.csv",
        "ratings/later.csv",
    ]
    archive = tmp_path / "tables.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for kind in SMALL:
            zipped.write(_source(settings) / f"{kind}.csv", f"my/{kind}.csv")
    fetch(replace(settings, movielens_source=str(archive)), progress=False)
    assert len(_rows(settings, "ratings")) == 1


def test_parts_in_a_zip_land_too(settings: Settings, tmp_path: Path) -> None:
    """Whatever the folders around are called, and what macOS adds."""
    _write(settings)
    archive = tmp_path / "tables.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for kind in ("users", "movies"):
            zipped.write(
                _source(settings) / f"{kind}.csv", f"ratings/{kind}.csv"
            )
        for part in ("2023", "2024"):
            zipped.writestr(
                f"ratings/ratings/{part}.csv",
                f"user_id,movie_id,stars,rated_at\nana,2,3.5,{part}-01-01\n",
            )
        zipped.writestr("__MACOSX/ratings/._2023.csv", b"\0\5")
    fetch(replace(settings, movielens_source=str(archive)), progress=False)
    assert [row["file"] for row in _rows(settings, "ratings")] == [
        "ratings/2023.csv",
        "ratings/2024.csv",
    ]
    assert len(_rows(settings, "users")) == 2


def test_a_long_table_lands_in_several_parts(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_BLOCK", 1 << 12)
    monkeypatch.setattr(landing, "MAX_LINES", 300)
    write_csv(_source(settings), own_tables(40, 60, 1_600))
    fetch(settings, progress=False)
    assert len(list((settings.data / "tables/ratings").iterdir())) > 2
    numbers = [row["line_number"] for row in _rows(settings, "ratings")]
    assert numbers == list(range(2, 1_602))


def test_countries_are_known_by_their_words(settings: Settings) -> None:
    words = ["BR", "bra", "Brasil", "Brazil", "Germany", "Alemanha", "Narnia"]
    rows = "".join(f"{number},{word}\n" for number, word in enumerate(words))
    _write(settings, users=f"user_id,nationality\n{rows}9,\n")
    fetch(settings, progress=False)
    countries = [
        (row.get("country_code"), row.get("country_name_pt"))
        for row in _rows(settings, "users")
    ]
    assert countries == [
        *[("BR", "Brasil")] * 4,
        *[("DE", "Alemanha")] * 2,
        *[(None, None)] * 2,
    ]


# --- MovieLens 100K ---------------------------------------------------------


@pytest.mark.parametrize("is_zip", [True, False])
def test_movielens_100k_lands_as_it_comes(
    settings: Settings, tmp_path: Path, is_zip: bool
) -> None:
    if is_zip:
        settings = replace(
            settings, movielens_source=str(tmp_path / "ml-100k.zip")
        )
        write_ml_100k(_source(settings))
    else:
        _source(settings).mkdir()
        for name, content in ml_100k_files().items():
            (_source(settings) / name).write_bytes(content)
    fetch(settings, progress=False)
    movies = _rows(settings, "movies")
    assert [row["title"] for row in movies] == [
        "Toy Story (1995)",
        "Usual Suspects, The (1995)",
        "Délicatessen (1991)",
        "unknown",
        'Land Before Time III: "Lost" (V)',
    ]
    assert [row["genres"] for row in movies] == [
        "Comedy",
        "Action|Film-Noir",
        "Comedy|Drama",
        "unknown",
        "Drama",
    ]
    assert [row.get("year") for row in movies] == [
        *[None] * 4,
        "1995",
    ]
    user = _rows(settings, "users")[0]
    assert user["line_number"] == 1
    assert user.keys() >= {"age", "gender", "occupation", "zip_code"}
    assert len(_rows(settings, "ratings")) == 160


def test_movielens_100k_without_its_genres_is_told(
    settings: Settings,
) -> None:
    _source(settings).mkdir()
    for name, content in ml_100k_files().items():
        if name != "u.genre":
            (_source(settings) / name).write_bytes(content)
    with pytest.raises(DataUnavailable, match="No such file"):
        fetch(settings, progress=False)


# --- S3 ---------------------------------------------------------------------


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="bucket")
        yield client


def test_what_lies_in_s3_lands_too(settings: Settings, bucket: Any) -> None:
    _write(settings)
    for path in _source(settings).iterdir():
        bucket.upload_file(str(path), "bucket", f"lake/v1/{path.name}")
    bucket.put_object(Bucket="bucket", Key="lake/v10/users.csv", Body=b"x")
    remote = replace(settings, movielens_source="s3://bucket/lake/v1/")
    fetch(remote, progress=False)
    assert len(_rows(remote, "users")) == 2
    source = read_source(remote)
    assert source is not None
    assert source.source == "s3://bucket/lake/v1/"
    before = (remote.data / "source.json").stat().st_mtime_ns
    fetch(remote, progress=False)
    assert (remote.data / "source.json").stat().st_mtime_ns == before


def test_a_bucket_that_is_not_there_is_told(
    settings: Settings, bucket: Any
) -> None:
    del bucket
    remote = replace(settings, movielens_source="s3://other/lake")
    with pytest.raises(TablesUnusable, match="s3://other/lake cannot be read"):
        fetch(remote, progress=False)
