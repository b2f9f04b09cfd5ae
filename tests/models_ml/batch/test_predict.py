"""`predict`: every row of a file, scored as one person would be."""

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from models_ml.batch import files
from models_ml.batch.files import BadRow, FileError
from models_ml.batch.predict_file import SCORE_COLUMNS, predict_pairs
from models_ml.batch.summary import Summary
from models_ml.person.predictor import KnownRatings, PersonPredictor
from models_ml.profile.parse import parse_profile
from models_ml.release.predictors import Predictors
from models_ml.source.movielens_levels import MOVIELENS_1M
from tests.models_ml.tiny_trained import ZIP_PREFIXES

HEADER = "profile_id,gender,age,occupation,nationality,zip_code,movie_id"
GENDERS = ("", "F", "m", "Female", "masculino")
AGES = ("", "1", "25", "31.0", "56", "90")
OCCUPATIONS = ("", "0", "12", "Lawyer", "college/grad student")
NATIONALITIES = ("", "US", "Brasil")
ZIP_CODES = ("", "94110", "02139-1234", "M5V 2T6", "000")


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    return tmp_path / "pairs.csv"


@pytest.fixture
def ratings(tmp_path: Path) -> Path:
    return tmp_path / "ratings.csv"


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


def some_rows(n_rows: int, seed: int = 3) -> list[str]:
    """Random profiles, each with some of the films 3, 6, …, 360."""
    rng = random.Random(seed)
    people = [
        ",".join(
            [
                f"p{k}",
                *map(
                    rng.choice,
                    (GENDERS, AGES, OCCUPATIONS, NATIONALITIES, ZIP_CODES),
                ),
            ]
        )
        for k in range(40)
    ]
    return [
        f"{rng.choice(people)},{3 * rng.randint(1, 120)}"
        for _ in range(n_rows)
    ]


def read(path: Path) -> pa.Table:
    return pyarrow.parquet.read_table(path)


def scores_of(
    person: PersonPredictor, row: str, known: KnownRatings | None = None
) -> list[float]:
    """A row's answer, asked for alone."""
    _, gender, age, occupation, nationality, zip_code, movie = row.split(",")
    profile = parse_profile(
        vocabulary=MOVIELENS_1M,
        gender=gender,
        age=age,
        occupation=occupation,
        nationality=nationality,
        zip_code=zip_code,
        zip_prefixes=ZIP_PREFIXES,
    )
    k = int(movie) // 3 - 1
    scores = person.score(profile.codes(MOVIELENS_1M), known)
    return [
        *scores.probabilities[k],
        scores.expected_stars[k],
        2 * scores.expected_stars[k],
        scores.interest[k],
    ]


def test_ids_that_the_data_have_are_a_last_column(
    predictors: Predictors, pairs: Path, output: Path
) -> None:
    write(pairs, *some_rows(20))
    own = [f"film/{k}" for k in range(len(predictors.person.movie_ids))]
    predict_pairs(
        predictors,
        ZIP_PREFIXES,
        pairs,
        output,
        source_ids=own,
        with_source_ids=True,
    )
    table = read(output)
    assert table.column_names == [
        *HEADER.split(","), *SCORE_COLUMNS, "source_id",
    ]  # fmt: skip
    assert table["source_id"].to_pylist() == [
        f"film/{movie_id // 3 - 1}"
        for movie_id in table["movie_id"].to_pylist()
    ]


#: By the columns of pairs and of ratings.
OWN_HEADER = HEADER.replace("movie_id", "source_id")


def own_ids(predictors: Predictors) -> list[str]:
    """As the data might have them, in another order than `movie_id`."""
    return [f"film {999 - id_}" for id_ in predictors.person.movie_ids]


def by_own_id(row: str) -> str:
    """The same row, with the film's own id in the place of its movie_id."""
    rest, _, movie_id = row.rpartition(",")
    return f"{rest},film {999 - int(movie_id)}"


@pytest.mark.parametrize("block_size", [200, 2 << 20])
@pytest.mark.parametrize("with_source_ids", [True, False])
def test_the_ids_of_the_data_ask_for_the_same(  # noqa: PLR0917 - fixtures
    block_size: int,
    with_source_ids: bool,
    predictors: Predictors,
    pairs: Path,
    ratings: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Blocks of longer lines are cut elsewhere, and sums then round so too."""
    monkeypatch.setattr(files, "BLOCK_SIZE", block_size)
    rows = some_rows(60)
    person = rows[0].split(",")[0]
    rated = [f"{person},{score},{film}" for score, film in ((5, 6), (1, 9))]
    answers = []
    for header, written in ((HEADER, str), (OWN_HEADER, by_own_id)):
        film_id = header.rpartition(",")[2]
        write(pairs, *map(written, rows), header=header)
        write(
            ratings,
            *map(written, rated),
            header=f"profile_id,stars,{film_id}",
        )
        predict_pairs(
            *(predictors, ZIP_PREFIXES, pairs, output, ratings),
            source_ids=own_ids(predictors),
            with_source_ids=with_source_ids,
        )
        answers.append(read(output))
    by_number, by_own = (answer.to_pydict() for answer in answers)
    for name, values in by_number.items():
        assert by_own[name] == (
            pytest.approx(values, abs=1e-12)
            if name in SCORE_COLUMNS
            else values
        ), name
    assert answers[1].column_names == [
        *HEADER.split(","),
        *SCORE_COLUMNS,
        *(["source_id"] if with_source_ids else []),
    ]


@pytest.mark.parametrize("value", ["film 4", "996", "FILM 996", ""])
def test_an_unknown_id_of_the_data_is_named(
    value: str, predictors: Predictors, pairs: Path, output: Path
) -> None:
    write(pairs, by_own_id(GOOD), f"b,,,,,,{value}", header=OWN_HEADER)
    with pytest.raises(BadRow) as caught:
        predict_pairs(
            *(predictors, ZIP_PREFIXES, pairs, output),
            source_ids=own_ids(predictors),
        )
    assert str(caught.value) == (
        f"{pairs}, row 3: source_id is {value!r}: allowed is the id that the"
        " data have of one of the release's 120 films"
    )


def test_a_film_that_a_person_rated_twice_is_told_by_its_own_id(
    predictors: Predictors, pairs: Path, ratings: Path, output: Path
) -> None:
    write(pairs, GOOD)
    header = "profile_id,stars,source_id"
    write(ratings, "a,5,film 996", "a,4,film 996", header=header)
    with pytest.raises(BadRow, match="source_id is 'film 996'") as caught:
        predict_pairs(
            *(predictors, ZIP_PREFIXES, pairs, output, ratings),
            source_ids=own_ids(predictors),
        )
    assert caught.value.row == 3


@pytest.mark.parametrize("block_size", [200, 2 << 20])
def test_rows_are_answered_in_order_as_each_alone(
    block_size: int,
    predictors: Predictors,
    pairs: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "BLOCK_SIZE", block_size)
    rows = some_rows(200)
    write(pairs, *rows)
    predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    table = read(output)
    assert table.column_names == [*HEADER.split(","), *SCORE_COLUMNS]
    for column, values in zip(
        HEADER.split(","),
        zip(*[row.split(",") for row in rows], strict=True),
        strict=True,
    ):
        assert [str(v) for v in table[column].to_pylist()] == list(values)
    scores = np.column_stack([table[name] for name in SCORE_COLUMNS])
    expected = [scores_of(predictors.person, row) for row in rows]
    np.testing.assert_allclose(scores, expected, atol=1e-9)
    assert np.abs(scores[:, :4].sum(axis=1) - 1).max() < 1e-9


#: What may stand under `stars`.
STARS = "one of 1, 2, 3, 4, 5, or blank: not seen"


def test_films_not_seen_and_answers_to_questions_count(
    predictors: Predictors, pairs: Path, ratings: Path, output: Path
) -> None:
    rows = some_rows(20)
    write(pairs, *rows)
    told = rows[0].split(",")[0]
    write(
        ratings,
        *(f"{told},6,5,yes", f"{told},9,,", f"{told},12,4,no"),
        header="profile_id,movie_id,stars,asked",
    )
    known = KnownRatings(
        np.array([1, 3]), np.array([5, 4]), np.array([2]), np.array([1])
    )
    predict_pairs(predictors, ZIP_PREFIXES, pairs, output, ratings)
    scores = [read(output)[name][0].as_py() for name in SCORE_COLUMNS]
    np.testing.assert_allclose(
        scores, scores_of(predictors.person, rows[0], known), atol=1e-9
    )


@pytest.mark.parametrize("block_size", [100, 2 << 20])
def test_known_ratings_count_for_their_person_only(  # noqa: PLR0917 - fixtures
    block_size: int,
    predictors: Predictors,
    pairs: Path,
    ratings: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "BLOCK_SIZE", block_size)
    rows = some_rows(300)
    write(pairs, *rows)
    write(
        ratings,
        *("p3,6,5", "p7,9,1", "p3,12,4.0", "p7,300,2", "p8,3,3"),
        header="profile_id,movie_id,stars",
    )
    known = {
        "p3": KnownRatings(np.array([1, 3]), np.array([5, 4])),
        "p7": KnownRatings(np.array([2, 99]), np.array([1, 2])),
        "p8": KnownRatings(np.array([0]), np.array([3])),
    }
    assert all(any(row.startswith(f"{p},") for row in rows) for p in known)
    predict_pairs(predictors, ZIP_PREFIXES, pairs, output, ratings)
    table = read(output)
    scores = np.column_stack([table[name] for name in SCORE_COLUMNS])
    expected = [
        scores_of(predictors.person, row, known.get(row.split(",")[0]))
        for row in rows
    ]
    np.testing.assert_allclose(scores, expected, atol=1e-9)
    plain = [scores_of(predictors.person, row) for row in rows]
    assert np.abs(scores - plain).max() > 1e-3


def test_columns_may_come_in_another_order(
    predictors: Predictors, pairs: Path, output: Path
) -> None:
    names = HEADER.split(",")[::-1]
    row = some_rows(1)[0]
    write(pairs, ",".join(row.split(",")[::-1]), header=",".join(names))
    predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    table = read(output)
    assert table.column_names == [*names, *SCORE_COLUMNS]
    scores = [table[name][0].as_py() for name in SCORE_COLUMNS]
    np.testing.assert_allclose(
        scores, scores_of(predictors.person, row), atol=1e-9
    )


def test_csv_out_holds_what_parquet_holds(
    predictors: Predictors, pairs: Path, output: Path
) -> None:
    write(pairs, *some_rows(50))
    predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    as_csv = output.with_suffix(".csv")
    predict_pairs(predictors, ZIP_PREFIXES, pairs, as_csv)
    table = pyarrow.csv.read_csv(
        as_csv,
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=read(output).schema
        ),
    )
    assert table.equals(read(output))


def test_a_file_without_rows_has_an_answer_without_rows(
    predictors: Predictors, pairs: Path, output: Path
) -> None:
    write(pairs)
    summary = predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    assert summary.n_read == 0
    assert read(output).column_names == [*HEADER.split(","), *SCORE_COLUMNS]


def test_excel_files_and_empty_lines_are_read(
    predictors: Predictors, pairs: Path, output: Path
) -> None:
    text = f'{HEADER}\r\n"a","F","25","","","",3\r\n\r\nb,,,,,, 6 \r\n\r\n'
    pairs.write_bytes(b"\xef\xbb\xbf" + text.encode())
    predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    table = read(output)
    assert table["profile_id"].to_pylist() == ["a", "b"]
    assert table["movie_id"].to_pylist() == [3, 6]


def test_what_could_not_be_used_is_counted(
    predictors: Predictors, pairs: Path, output: Path
) -> None:
    write(
        pairs,
        *("a,,,,Brazil,,3", "b,,,,Brasil,,3", "a,,,,Brazil,,6"),
        *("c,,,,,000,3", "d,F,25,12,US,94110,3"),
    )
    summary = predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    notices = {
        notice.split(":")[0]: n for notice, n in summary.notices.items()
    }
    assert notices == {"nationality": 3, "zip_code": 1}
    assert summary.lines()[0] == "rows: 5 read, 5 written"
    assert "(rows: 3)" in summary.lines()[1]


GOOD = "a,F,25,12,US,94110,3"


@pytest.mark.parametrize(
    ("row", "column", "value", "allowed"),
    [
        ("b,X,,,,,3", "gender", "X", "'F', 'M'"),
        ("b,,-3,,,,3", "age", "-3", "0 to 120"),
        ("b,,,clown,,,3", "occupation", "clown", "'lawyer'"),
        ("b,,,,Narnia,,3", "nationality", "Narnia", "ISO 3166"),
        ("b,,,,,,4", "movie_id", "4", "120 films (3 to 360)"),
        ("b,,,,,,", "movie_id", "", "120 films"),
        ("b,,,,,,three", "movie_id", "three", "120 films"),
        (f"b,,,,,,{9**99}", "movie_id", str(9**99), "120 films"),
    ],
)
@pytest.mark.parametrize("block_size", [120, 2 << 20])
def test_a_bad_row_is_named_and_nothing_is_written(  # noqa: PLR0917 - fixtures
    row: str,
    column: str,
    value: str,
    allowed: str,
    block_size: int,
    predictors: Predictors,
    pairs: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "BLOCK_SIZE", block_size)
    output.write_text("from before")
    write(pairs, *[GOOD] * 30, row, GOOD, row)
    with pytest.raises(BadRow) as caught:
        predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    error = caught.value
    assert (error.row, error.column, error.value) == (32, column, value)
    assert allowed in error.allowed
    assert f"{pairs}, row 32: {column} is {value!r}" in str(error)
    assert output.read_text() == "from before"
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "lacks the column profile_id, gender"),
        (HEADER.replace("occupation,", ""), "lacks the column occupation:"),
        (HEADER.replace(",movie_id", ""), "column movie_id or source_id: its"),
        (
            HEADER + ",source_id",
            "has the columns movie_id and source_id: allowed is one of them",
        ),
        (HEADER + ",job", "the column 'job', which would be ignored"),
        (HEADER + ",age", "names a column twice"),
        (
            f"{HEADER}\n{GOOD}\na,F,25\n",
            "row 3: 3 fields, where the header has 7",
        ),
        (
            f"{HEADER}\n{GOOD},more\n",
            "row 2: 8 fields, where the header has 7",
        ),
    ],
)
def test_a_file_of_another_shape_is_refused(
    content: str, told: str, predictors: Predictors, pairs: Path, output: Path
) -> None:
    pairs.write_text(content)
    with pytest.raises(FileError, match=told) as caught:
        predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    assert str(pairs) in str(caught.value)
    assert not list(output.parent.iterdir())


@pytest.mark.parametrize("text", [f"{HEADER}\ncafé,,,,,,3\n", "é" + HEADER])
def test_text_that_is_not_utf_8_is_refused(
    text: str, predictors: Predictors, pairs: Path, output: Path
) -> None:
    pairs.write_text(text, "latin-1")
    with pytest.raises(FileError, match="cannot be read"):
        predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    assert not list(output.parent.iterdir())


def test_a_file_that_is_not_there_is_named(
    predictors: Predictors, pairs: Path, output: Path
) -> None:
    with pytest.raises(FileError, match="No such file"):
        predict_pairs(predictors, ZIP_PREFIXES, pairs, output)


@pytest.mark.parametrize("name", ["out.xlsx", "out", "no/folder/out.csv"])
def test_an_output_that_cannot_be_is_refused_before_any_work(
    name: str, predictors: Predictors, pairs: Path, tmp_path: Path
) -> None:
    write(pairs, GOOD)
    with pytest.raises(FileError, match=r"must end in|there is no folder"):
        predict_pairs(predictors, ZIP_PREFIXES, pairs, tmp_path / name)


def test_the_input_is_never_overwritten(
    predictors: Predictors, pairs: Path
) -> None:
    write(pairs, GOOD)
    with pytest.raises(FileError, match="is an input file as well"):
        predict_pairs(predictors, ZIP_PREFIXES, pairs, pairs)
    assert pairs.read_text().startswith(HEADER)


@pytest.mark.parametrize("block_size", [70, 2 << 20])
def test_one_profile_id_is_one_person(
    block_size: int,
    predictors: Predictors,
    pairs: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "BLOCK_SIZE", block_size)
    write(
        pairs,
        *("x,F,25,,,,3", "y,,,,,,3", "x,female,34,,,,6"),
        *("y,,,,,,6", "x,M,35,,,,9"),
    )
    with pytest.raises(FileError) as caught:
        predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    assert (
        "profile_id 'x' is one person in row 2 and another in row 6:"
        " they differ in gender and age"
    ) in str(caught.value)
    assert not list(output.parent.iterdir())


def test_rows_without_an_id_are_nobody_in_particular(
    predictors: Predictors, pairs: Path, output: Path
) -> None:
    write(pairs, ",F,25,,,,3", ",M,56,,,,3")
    summary = predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    assert summary.n_written == 2


@pytest.mark.parametrize(
    ("rows", "row", "column", "allowed"),
    [
        (["a,3,5", "a,4,5"], 3, "movie_id", "120 films"),
        (["a,3,6"], 2, "stars", STARS),
        (["a,3,0"], 2, "stars", STARS),
        (["a,3,4.5"], 2, "stars", STARS),
        (["a,3,good"], 2, "stars", STARS),
        ([",3,5"], 2, "profile_id", "any text"),
        (["a,3,5", "a,6,1", "a,3,5"], 4, "movie_id", "'a' has it twice"),
        (["a,3,5", "z,3,5"], 3, "profile_id", "a profile_id of"),
    ],
)
def test_a_bad_rating_is_named_and_nothing_is_written(  # noqa: PLR0917 - fixtures
    rows: list[str],
    row: int,
    column: str,
    allowed: str,
    predictors: Predictors,
    pairs: Path,
    ratings: Path,
    output: Path,
) -> None:
    write(pairs, GOOD)
    write(ratings, *rows, header="profile_id,movie_id,stars")
    with pytest.raises(BadRow) as caught:
        predict_pairs(predictors, ZIP_PREFIXES, pairs, output, ratings)
    error = caught.value
    assert (error.path, error.row, error.column) == (ratings, row, column)
    assert allowed in error.allowed
    assert not list(output.parent.iterdir())


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("profile_id,movie_id", "lacks the column stars or score: its header"),
        ("profile_id,stars", "must have profile_id, movie_id or source_id, s"),
        ("profile_id,movie_id,source_id,stars", "has the columns movie_id a"),
        ("profile_id,movie_id,stars,score", "has the columns stars and score"),
    ],
)
def test_ratings_of_another_shape_are_refused(  # noqa: PLR0917 - fixtures
    header: str,
    told: str,
    predictors: Predictors,
    pairs: Path,
    ratings: Path,
    output: Path,
) -> None:
    write(pairs, GOOD)
    write(ratings, header=header)
    with pytest.raises(FileError, match=told) as caught:
        predict_pairs(predictors, ZIP_PREFIXES, pairs, output, ratings)
    assert str(ratings) in str(caught.value)


def test_two_people_may_rate_the_same_film(
    predictors: Predictors, pairs: Path, ratings: Path, output: Path
) -> None:
    write(pairs, GOOD, "b,,,,,,3")
    write(ratings, "a,3,5", "b,3,1", header="profile_id,movie_id,stars")
    predict_pairs(predictors, ZIP_PREFIXES, pairs, output, ratings)
    stars = read(output)["expected_stars"].to_pylist()
    assert stars[0] > stars[1]


def test_a_summary_of_many_notices_is_short() -> None:
    summary = Summary(30, 30, Counter({f"n{k}": 1 for k in range(30)}))
    assert len(summary.lines()) == 22
    assert summary.lines()[-1] == "and 10 other notices"
