"""What no model and no person reads does not exist."""

import re
from pathlib import Path

import pytest

from models_ml.settings import PROJECT
from tests.dbt.conftest import Built

#: One worker builds for all.
pytestmark = pytest.mark.xdist_group("dbt")

#: Where each exposure's SQL stands.
SQL_OF = {
    "models_ml": ["warehouse/read.py", "warehouse/provenance.py"],
    "api": ["warehouse/export.py"],
    "notebooks": [],
}
_RELATION = re.compile(r"\b(?:marts|features(?=\.feat_))\.([a-z_]+)")


def named_in(paths: list[Path]) -> set[str]:
    return {
        name for path in paths for name in _RELATION.findall(path.read_text())
    }


def files_of(exposure: str) -> list[Path]:
    if exposure == "notebooks":
        return sorted((PROJECT / "notebooks").glob("*.py"))
    return [PROJECT / "models_ml" / name for name in SQL_OF[exposure]]


@pytest.mark.parametrize("exposure", SQL_OF)
def test_an_exposure_names_the_tables_of_its_sql(
    built: Built, exposure: str
) -> None:
    (node,) = (
        each
        for each in built.manifest["exposures"].values()
        if each["name"] == exposure
    )
    declared = {name.split(".")[-1] for name in node["depends_on"]["nodes"]}
    assert declared == named_in(files_of(exposure)), (
        f"left: what _exposures.yml says of {exposure}; right: its SQL"
    )


def test_no_other_code_reads_the_warehouse() -> None:
    """Evidence names a table in the SQL that reproduces a number.

    `check` reads a warehouse of its own, and a docstring says which table the
    words come from.
    """
    known = {path for name in SQL_OF for path in files_of(name)}
    others = {
        path.relative_to(PROJECT).as_posix()
        for package in ("models_ml", "api")
        for path in (PROJECT / package).rglob("*.py")
        if path not in known and named_in([path])
    }
    assert others <= {
        "api/service/evidence.py",
        "api/service/tastes.py",
        "models_ml/vocabulary.py",
        "models_ml/warehouse/check.py",
    }


def test_every_feature_is_read_by_a_model(built: Built) -> None:
    """By training or the API, or by a feature that one of them reads."""
    needed = _with_parents(built, ["models_ml", "api"])
    features = {
        node["name"]
        for node in built.nodes("model")
        if node["fqn"][1] == "features"
    }
    assert features - needed == set(), (
        "no exposure of _exposures.yml names it, nor what reads it"
    )


def test_every_mart_has_a_reader(built: Built) -> None:
    """An exposure, a feature, or an analysis that a person runs."""
    needed = _with_parents(built, list(SQL_OF))
    for analysis in built.nodes("analysis"):
        needed |= {
            name.split(".")[-1] for name in analysis["depends_on"]["nodes"]
        }
    marts = {
        node["name"]
        for node in built.nodes("model")
        if node["fqn"][1] == "marts"
    }
    assert marts - needed == set()


def _with_parents(built: Built, exposures: list[str]) -> set[str]:
    nodes = built.manifest["nodes"]
    waiting = [
        name
        for each in built.manifest["exposures"].values()
        if each["name"] in exposures
        for name in each["depends_on"]["nodes"]
    ]
    parents: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in nodes and name.split(".")[-1] not in parents:
            parents.add(name.split(".")[-1])
            waiting += nodes[name]["depends_on"]["nodes"]
    return parents
