"""Ids come back in the type they had: an answer joins with its input."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from models_ml.batch import files
from models_ml.batch.audience_file import predict_audiences
from models_ml.batch.files import read_header
from models_ml.batch.ids import id_type
from models_ml.batch.predict_file import PAIR_COLUMNS, predict_pairs
from models_ml.film.predictor import AudiencePredictor
from models_ml.release.predictors import Predictors
from tests.models_ml.tiny_trained import ZIP_PREFIXES

HEADER = ",".join([*PAIR_COLUMNS, "movie_id"])
PLAIN = ["1", "20", "-3", "0"]
UUIDS = ["8c4f0b1e-0f43-4c8e-9f0a-3f1d2b6f1a77", "1b671a64-40d5-491e-99b0-a"]
ENDING: dict[str, Any] = {".parquet": pd.read_parquet, ".csv": pd.read_csv}


@pytest.mark.parametrize("block_size", [60, 2 << 20])
@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (PLAIN, pa.int64()),
        ([*PLAIN, ""], pa.int64()),
        ([*PLAIN, " 7 "], pa.int64()),
        ([str(2**63 - 1)], pa.int64()),
        (["", ""], pa.string()),
        ([], pa.string()),
        ([*PLAIN, "007"], pa.string()),
        ([*PLAIN, "-0"], pa.string()),
        ([*PLAIN, "1.0"], pa.string()),
        ([*PLAIN, "+1"], pa.string()),
        ([*PLAIN, str(2**63)], pa.string()),
        ([*PLAIN, "a"], pa.string()),
        (UUIDS, pa.string()),
    ],
)
def test_a_column_of_plain_integers_is_integer_and_any_other_text(
    ids: list[str],
    expected: pa.DataType,
    block_size: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "BLOCK_SIZE", block_size)
    path = tmp_path / "ids.csv"
    path.write_text("".join(f"{k},x\n" for k in ["film_id", *ids]))
    columns = read_header(path, ["film_id", "x"])
    assert id_type(path, columns, "film_id") == expected


@pytest.mark.parametrize("ending", ENDING)
@pytest.mark.parametrize("ids", [PLAIN, UUIDS, ["007", "7"]])
def test_predict_joins_with_its_pairs(
    ids: list[str], ending: str, predictors: Predictors, tmp_path: Path
) -> None:
    pairs, output = tmp_path / "pairs.csv", tmp_path / f"out{ending}"
    lines = [f"{name},,,,,,{3 * k + 3}" for k, name in enumerate(ids)]
    pairs.write_text("\n".join([HEADER, *lines, ""]))
    predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    kind = {"profile_id": str} if ids[0] == "007" else None
    read = {} if ending == ".parquet" else {"dtype": kind}
    joined = pd.read_csv(pairs, dtype=kind).merge(
        ENDING[ending](output, **read),
        on=["profile_id", "movie_id"],
        validate="one_to_one",
    )
    assert len(joined) == len(ids)
    assert joined["p_liked"].notna().all()


def test_a_person_without_an_id_has_none_in_the_answer(
    predictors: Predictors, tmp_path: Path
) -> None:
    pairs, output = tmp_path / "pairs.csv", tmp_path / "out.parquet"
    pairs.write_text(f"{HEADER}\n1,,,,,,3\n,,,,,,6\n")
    predict_pairs(predictors, ZIP_PREFIXES, pairs, output)
    ids = pyarrow.parquet.read_table(output)["profile_id"]
    assert ids.to_pylist() == [1, None]


@pytest.mark.parametrize("ending", ENDING)
@pytest.mark.parametrize("ids", [PLAIN, UUIDS])
def test_audience_joins_with_its_films(
    ids: list[str], ending: str, film: AudiencePredictor, tmp_path: Path
) -> None:
    movies, output = tmp_path / "movies.csv", tmp_path / f"out{ending}"
    rows = [f"{name},Film,1999,Drama" for name in ids]
    movies.write_text("\n".join(["film_id,title,year,genres", *rows, ""]))
    predict_audiences(film, movies, ("gender",), output)
    joined = pd.read_csv(movies).merge(ENDING[ending](output), on="film_id")
    assert len(joined) == 2 * len(ids)
