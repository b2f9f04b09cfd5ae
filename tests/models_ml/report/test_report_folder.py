"""Where the report of each kind of data goes."""

from pathlib import Path

import pytest

from models_ml.data_kind import DataKind
from models_ml.report.evaluate import report_folder
from models_ml.settings import PROJECT
from tests.api.conftest import settings_of


@pytest.mark.parametrize("kind", DataKind)
def test_only_movielens_1m_is_told_of_in_the_projects_pages(
    kind: DataKind, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, tmp_path / "store")
    folder = report_folder(settings, kind)
    if kind is DataKind.ML_1M:
        assert folder == PROJECT / "docs"
    else:
        assert folder == tmp_path / "evaluation"
