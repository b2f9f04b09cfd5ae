"""Own tables and MovieLens 100K, checked and built."""

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models_ml.__main__ import main
from models_ml.experiments.runner import ExperimentRunner
from models_ml.settings import PROJECT, Settings, load_settings
from models_ml.source.movielens import fetch
from models_ml.source.record import LandedFile
from models_ml.warehouse.build import build
from models_ml.warehouse.check import Checked, Rejections, check
from models_ml.warehouse.read import read_dataset, read_table
from tests.own_tables import GENRES, own_tables, write_csv, write_ml_100k

#: One worker builds for all.
pytestmark = pytest.mark.xdist_group("dbt")

#: Each column wrong in each way: what is put into a row, and the reason.
WRONG: dict[str, list[tuple[dict[str, Any], str]]] = {
    "users": [
        ({"user_id": ""}, "no user id"),
        ({"user_id": "person-0"}, "duplicate user id"),
        ({"age": "old"}, "non-numeric age"),
        ({"age": -1}, "age below 0"),
        ({"occupation": "x" * 101}, "occupation too long"),
        ({"age": 121}, "age above 120"),
    ],
    "movies": [
        ({"movie_id": " "}, "no movie id"),
        ({"movie_id": "film/0"}, "duplicate movie id"),
        ({"movie_id": "x" * 201}, "movie id too long"),
        ({"title": ""}, "no title"),
        ({"title": "A title of a megabyte " * 50_000}, "title too long"),
        ({"year": "soon"}, "non-numeric year"),
        ({"year": 99}, "year outside 1800 to 2200"),
        ({"year": 99_999}, "year outside 1800 to 2200"),
        ({"year": 1987.5}, "year that is no whole number"),
        ({"genres": "Opera|" + "x" * 101}, "genre too long"),
    ],
    "ratings": [
        ({"user_id": ""}, "no user id"),
        ({"user_id": "nobody"}, "unknown user"),
        ({"movie_id": ""}, "no movie id"),
        ({"movie_id": "nothing"}, "unknown movie"),
        ({"score": ""}, "no rating"),
        ({"score": "good"}, "non-numeric rating"),
        ({"score": 10.5}, "rating above the scale"),
        ({"score": -1}, "rating below the scale"),
        ({"score": 7.2}, "rating between half points"),
        ({"rated_at": "noon"}, "unreadable time"),
    ],
}


def _settings(source: Path, home: Path) -> Settings:
    return replace(load_settings({}), movielens_source=str(source), home=home)


def _with_wrong_rows() -> dict[str, dict[str, list[Any]]]:
    """Few enough of each table's rows for the build to pass."""
    made = own_tables(n_users=800, n_movies=600, n_ratings=16_000)
    for number in range(500):  # films that nobody rated
        row = {name: column[0] for name, column in made["movies"].items()}
        row["movie_id"] = f"unrated/{number}"
        for name, column in made["movies"].items():
            column.append(row[name])
    for kind, wrong in WRONG.items():
        table = made[kind]
        for number, (values, _) in enumerate(wrong):
            row = {name: column[number] for name, column in table.items()}
            identity = {"users": "user_id", "movies": "movie_id"}.get(kind)
            if identity:
                row[identity] = f"wrong-{number}"
            for name, column in table.items():
                column.append((row | values)[name])
    return made


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse of own tables, with a row for everything in WRONG."""
    folder = tmp_path_factory.mktemp("own")
    write_csv(folder / "source", _with_wrong_rows())
    settings = _settings(folder / "source", folder / "home")
    fetch(settings, progress=False)
    assert build(settings)
    return settings


def _rows(settings: Settings, relation: str) -> list[dict[str, Any]]:
    return read_table(settings.warehouse, relation).to_pylist()


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_a_counted_reject(own: Settings, kind: str) -> None:
    rejected = [
        row
        for row in _rows(own, "marts.rejected_lines")
        if row["file"] == f"{kind}.csv"
    ]
    assert Counter(row["reason"] for row in rejected) == Counter(
        reason for _, reason in WRONG[kind]
    )


def test_nobody_is_lost(own: Settings) -> None:
    users = _rows(own, "marts.dim_users")
    assert len(users) == 800
    assert {user["source_id"] for user in users} == {
        f"person-{row}" for row in range(800)
    }
    assert sorted(user["user_id"] for user in users)[0] >= 1
    assert {user["gender"] for user in users} == {"F", "M", "unknown"}


def test_scores_are_those_of_the_table(own: Settings) -> None:
    names = {
        user["user_id"]: user["source_id"]
        for user in _rows(own, "marts.dim_users")
    }
    films = {
        film["movie_id"]: film["source_id"]
        for film in _rows(own, "marts.dim_movies")
    }
    ratings = _rows(own, "marts.fct_ratings")
    table = own_tables(n_users=800, n_movies=600, n_ratings=16_000)["ratings"]
    assert {
        (names[each["user_id"]], films[each["movie_id"]], each["score"])
        for each in ratings
    } == {
        (user, film, Decimal(score))
        for user, film, score in zip(
            table["user_id"], table["movie_id"], table["score"], strict=True
        )
    }


def test_the_words_are_those_of_the_data(own: Settings) -> None:
    vocabulary = read_dataset(own.warehouse).vocabulary
    assert set(vocabulary.genres) == set(GENRES)
    assert set(vocabulary.occupations) == {"usher", "cashier", "projectionist"}
    assert set(vocabulary.nationalities) == {
        "Brazil", "Argentina", "Portugal", "Germany", "unknown",
    }  # fmt: skip
    assert vocabulary.nationalities[-1] == "unknown"
    assert vocabulary.name_pt("nationality", "Germany") == "Alemanha"
    assert vocabulary.scale.scores.tolist() == list(range(11))


def test_the_classes_of_scores_are_those_that_python_finds(
    own: Settings,
) -> None:
    dataset = read_dataset(own.warehouse)
    steps = dataset.scale.step_of
    for row in _rows(own, "marts.fct_ratings"):
        step = steps(float(row["stars"]))
        assert step == row["score"] + 1
        assert dataset.scale.classes[step - 1] + 1 == row["rating_class"]


def test_a_planted_effect_is_in_the_tastes(own: Settings) -> None:
    """Brazilians were made to like Kung fu; Argentines are as all others."""
    tastes = {
        row["level"]: row
        for row in _rows(own, "features.feat_genre_tastes")
        if (row["dimension"], row["genre"], row["measure"])
        == ("nationality", "Kung fu", "liking")
    }
    assert tastes["Brazil"]["is_supported"]
    assert tastes["Brazil"]["low"] > 0.05
    others = [
        row["level"]
        for row in _rows(own, "features.feat_genre_tastes")
        if row["dimension"] == "nationality"
        and row["genre"] != "Kung fu"
        and row["measure"] == "liking"
        and row["level"] == "Portugal"
        and row["is_supported"]
    ]
    assert others == []


def test_check_tells_what_a_build_would_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    made = own_tables(n_users=60, n_movies=60, n_ratings=600)
    made["users"]["shoe size"] = [40] * 60
    made["ratings"]["score"][:20] = ["good"] * 20
    write_csv(tmp_path / "source", made)
    monkeypatch.setenv("PLATEIA_HOME", str(tmp_path / "home"))
    assert main(["check", str(tmp_path / "source")]) == 1
    told = capsys.readouterr()
    assert "users.csv (csv): 60 rows" in told.out
    assert "left out: 'shoe size'" in told.out
    assert "rejected: 20 rows of ratings.csv: non-numeric rating" in told.out
    assert "  row 2: person-0,film/" in told.out
    assert re.search(r"people by nationality: .*Brazil \d+", told.out)
    assert told.err.splitlines()[-1] == (
        "plateia: it cannot be built: ratings.csv: 20 of 600 lines (3.33 %)"
        " were rejected, more than max_rejected_share = 0.01: 20 non-numeric"
        " rating"
    )
    assert not list((tmp_path / "home").glob("check-*"))


def test_check_reads_movielens_100k(tmp_path: Path) -> None:
    write_ml_100k(tmp_path / "ml-100k.zip")
    checked = check(_settings(tmp_path / "ml-100k.zip", tmp_path / "home"))
    assert checked.complaint is not None
    assert "every fold is trained or judged on" in checked.complaint
    assert checked.rejections == ()
    assert dict(checked.levels["occupation"])["technician"] == 13
    assert dict(checked.levels["genre"])["unknown"] == 1
    assert sum(n for _, n in checked.levels["age_group"]) == 40
    assert "nationality" not in checked.levels
    assert "people by nationality: the data tell none" in checked.report()


def test_check_tells_that_there_is_too_little(tmp_path: Path) -> None:
    """As `train` would: every fold has to have a person and a film."""
    write_csv(tmp_path / "source", own_tables(4, 60, 120))
    checked = check(_settings(tmp_path / "source", tmp_path / "home"))
    assert checked.complaint is not None
    assert re.fullmatch(
        r"no person of fold \d has a rating, and every fold is trained or"
        r" judged on: there are 120 ratings",
        checked.complaint,
    )


def test_a_report_stays_short_and_readable() -> None:
    """Whatever stands in the tables."""
    files = (
        LandedFile(
            "users", "users.csv", [], "", 1, 1, {}, "csv",
            ["user_id"], ["", "shoe size", " ", "x" * 1_000_000],
        ),
    )  # fmt: skip
    rejections = (Rejections("users.csv", "no user id", 1, ((2, "y" * 999),)),)
    checked = Checked(files, rejections, {"occupation": (("unknown", 1),)}, "")
    lines = checked.report().splitlines()
    assert lines[2] == (
        f"  left out: 'shoe size', '{'x' * 100}', 2 without a name"
    )
    assert lines[3] == "rejected: 1 row of users.csv: no user id"
    assert lines[4] == f"  row 2: {'y' * 200}… (999 characters)"
    assert "people by occupation: the data tell none" in lines


def test_the_example_of_the_docs_is_built(tmp_path: Path) -> None:
    text = (PROJECT / "docs/your-data.md").read_text("utf-8")
    for name, table in re.findall(r"`(\w+\.csv)`\n\n((?:    .*\n)+)", text):
        lines = [line.removeprefix("    ") for line in table.splitlines()]
        (tmp_path / "source").mkdir(exist_ok=True)
        (tmp_path / "source" / name).write_text("\n".join(lines) + "\n")
    settings = _settings(tmp_path / "source", tmp_path / "home")
    fetch(settings, progress=False)
    assert build(settings)
    assert _rows(settings, "marts.rejected_lines") == []
    vocabulary = read_dataset(settings.warehouse).vocabulary
    assert vocabulary.genders == ("F", "M")
    assert vocabulary.nationalities == ("Brazil", "Portugal", "unknown")
    assert vocabulary.scale.stars == (1, 2, 3, 4, 5)
    people = [row["source_id"] for row in _rows(settings, "marts.dim_users")]
    assert people == ["ana", "bob", "eva"]


def test_check_tells_that_a_scale_tells_nothing_apart(tmp_path: Path) -> None:
    tables = own_tables(60, 60, 600)
    scores = [min(score, 7) for score in tables["ratings"]["score"]]
    tables["ratings"]["score"] = scores
    write_csv(tmp_path / "source", tables)
    checked = check(_settings(tmp_path / "source", tmp_path / "home"))
    assert checked.complaint is not None
    assert "models can be trained only where" in checked.complaint


def test_training_takes_scores_from_0_to_10(own: Settings) -> None:
    assert ExperimentRunner.of(own).dataset.scale.n == 11
