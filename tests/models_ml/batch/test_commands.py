"""The commands `predict` and `audience` answer from the current release."""

import argparse
from pathlib import Path

import pyarrow.parquet
import pytest

from models_ml.batch.commands import add_parsers
from models_ml.errors import PlateiaError
from models_ml.release.load import load_current
from models_ml.release.open_store import open_store
from models_ml.release.publish import publish
from models_ml.release.store import NotInStore
from models_ml.settings import Settings, load_settings
from tests.models_ml.release.conftest import KEY, KEY_TEXT, KEYS

PAIRS = """profile_id,gender,age,occupation,nationality,zip_code,movie_id
a,F,25,12,,94110,3
"""
MOVIES = "film_id,title,year,genres\nx,X,1999,Drama\n"


@pytest.fixture(scope="module")
def home(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PLATEIA_HOME with a published release."""
    base = tmp_path_factory.mktemp("commands")
    publish(tiny, open_store(str(base / "store")), KEY)
    return base


def settings_of(home: Path) -> Settings:
    return load_settings(
        {"PLATEIA_HOME": str(home), "PLATEIA_SIGNING_KEY": KEY_TEXT}
    )


def run(home: Path, *arguments: object) -> None:
    parser = argparse.ArgumentParser()
    add_parsers(parser.add_subparsers())
    options = parser.parse_args([str(each) for each in arguments])
    options.run(options, settings_of(home))


def test_predict_answers_as_the_release(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pairs.csv").write_text(PAIRS)
    output = tmp_path / "out.parquet"
    run(home, "predict", "--pairs", tmp_path / "pairs.csv", "--output", output)
    settings = settings_of(home)
    release = load_current(open_store(settings.store), settings.cache, KEYS)
    scores = release.person.score((0, 2, 12, 8))
    (row,) = pyarrow.parquet.read_table(output).to_pylist()
    assert row["p_loved"] == pytest.approx(scores.probabilities[0, 3])
    assert row["interest"] == pytest.approx(scores.interest[0])
    told = capsys.readouterr()
    assert f"release {release.version}" in told.err
    assert "GENERATED" in told.err
    assert "pairs.csv: 100%" in told.err
    assert told.out == ""


def test_predict_takes_ratings(home: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(PAIRS)
    (tmp_path / "ratings.csv").write_text(
        "profile_id,movie_id,stars\na,6,5\na,9,5\n"
    )
    ask = ["predict", "--pairs", tmp_path / "pairs.csv", "--output"]
    run(home, *ask, tmp_path / "plain.parquet")
    rated = ["--ratings", tmp_path / "ratings.csv"]
    run(home, *ask, tmp_path / "rated.parquet", *rated)
    plain, known = (
        pyarrow.parquet.read_table(tmp_path / name)["expected_stars"][0]
        for name in ("plain.parquet", "rated.parquet")
    )
    assert known.as_py() > plain.as_py()


def test_predict_takes_the_ids_of_the_data(home: Path, tmp_path: Path) -> None:
    """Output tells them of own tables alone; these are MovieLens'."""
    ask = ["predict", "--pairs", tmp_path / "pairs.csv"]
    ask += ["--ratings", tmp_path / "ratings.csv", "--output"]
    answers = []
    for name, ids in {
        "movie_id": ("3", "6"),
        "source_id": ("film/3", "film/6"),
    }.items():
        pairs = PAIRS.replace("movie_id", name).replace(",3\n", f",{ids[0]}\n")
        (tmp_path / "pairs.csv").write_text(pairs)
        (tmp_path / "ratings.csv").write_text(
            f"profile_id,{name},stars\na,{ids[1]},5\n"
        )
        run(home, *ask, tmp_path / "out.parquet")
        answers.append(pyarrow.parquet.read_table(tmp_path / "out.parquet"))
    assert answers[0].equals(answers[1])
    assert "source_id" not in answers[1].column_names


def test_audience_takes_comparables_by_the_ids_of_the_data(
    home: Path, tmp_path: Path
) -> None:
    ask = ["audience", "--movies", tmp_path / "movies.csv", "--output"]
    answers = []
    for film in ("3", "film/3", ""):
        (tmp_path / "movies.csv").write_text(
            f"film_id,title,year,genres,comparables\nx,X,1999,Drama,{film}\n"
        )
        run(home, *ask, tmp_path / "out.parquet")
        answers.append(pyarrow.parquet.read_table(tmp_path / "out.parquet"))
    assert answers[0].equals(answers[1])
    assert not answers[0].equals(answers[2])


def test_audience_answers_by_the_dimensions_asked_for(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "movies.csv").write_text(MOVIES)
    output = tmp_path / "out.parquet"
    ask = ["audience", "--movies", tmp_path / "movies.csv"]
    run(home, *ask, "--by", "occupation, gender", "--output", output)
    table = pyarrow.parquet.read_table(output)
    assert table.column_names[:3] == ["film_id", "occupation", "gender"]
    assert table.num_rows == 42
    run(home, *ask, "--output", output)
    table = pyarrow.parquet.read_table(output)
    assert table.column_names[:3] == ["film_id", "gender", "age_group"]


@pytest.mark.parametrize("by", ["", "gender,gender", "height"])
def test_other_dimensions_are_refused(
    by: str, home: Path, tmp_path: Path
) -> None:
    with pytest.raises(PlateiaError, match=r"--by: by.* allowed .*age_group"):
        run(
            home,
            *("audience", "--movies", tmp_path / "m.csv"),
            *("--by", by, "--output", tmp_path / "out.parquet"),
        )


def test_without_a_release_the_way_to_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(PAIRS)
    ask = ["predict", "--pairs", tmp_path / "pairs.csv"]
    with pytest.raises(NotInStore, match="no release yet"):
        run(tmp_path, *ask, "--output", tmp_path / "out.parquet")
