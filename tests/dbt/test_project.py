"""The rules of the dbt project, read from what dbt made of it.

YAML keys in the wrong place raise nothing: so the tests that are expected are
named here.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from models_ml.profile.zip_prefixes import read_zip_prefixes
from models_ml.settings import MOVIELENS_AGE_EDGES, PROJECT
from models_ml.source.movielens_levels import MOVIELENS_1M, REGIONS
from models_ml.vocabulary import N_US_REGIONS, Vocabulary
from models_ml.warehouse.dbt_process import PARSED
from tests.dbt.conftest import Built

#: One worker builds for all.
pytestmark = pytest.mark.xdist_group("dbt")

LAYERS = ("staging", "intermediate", "marts", "features")
MODELS = {
    "staging": {
        "stg_movielens__files",
        "stg_movielens__movies",
        "stg_movielens__rating_lines",
        "stg_movielens__ratings",
        "stg_movielens__users",
        "stg_reference__levels",
        "stg_reference__zip_prefixes",
        "stg_tables__movies",
        "stg_tables__rating_rows",
        "stg_tables__ratings",
        "stg_tables__users",
    },
    "intermediate": {
        "int_movie_rows",
        "int_movies_dated",
        "int_numbered_ratings",
        "int_rating_rows",
        "int_ratings_bucketed",
        "int_rejected_movies",
        "int_rejected_ratings",
        "int_rejected_users",
        "int_replaced_ratings",
        "int_user_rows",
        "int_users_located",
    },
    "marts": {
        "dim_levels",
        "dim_movie_genres",
        "dim_movies",
        "dim_users",
        "fct_ratings",
        "movie_audiences",
        "rejected_lines",
        "source_files",
    },
    "features": {
        "feat_genre_segments",
        "feat_genre_tastes",
        "feat_movie_tastes",
        "feat_user_genres",
        "feat_movie_profiles",
        "feat_movie_segments",
        "feat_movie_stars",
        "feat_profiles",
        "feat_sampled_movies",
        "feat_sampled_ratings",
        "feat_sampled_users",
    },
}
#: Not stored: read once, and every column lies in another table.
EPHEMERAL = {
    "int_rating_rows",
    "int_ratings_bucketed",
    "stg_movielens__rating_lines",
    "stg_tables__rating_rows",
}
#: Layers that a layer may read; sources are read by staging alone.
MAY_READ = {
    "staging": set(),
    "intermediate": {"staging", "intermediate"},
    "marts": {"staging", "intermediate", "marts"},
    "features": {"marts", "features"},
}
SINGULAR_TESTS = {
    "classes_follow_every_score",
    "every_line_is_accounted_for",
    "features_count_every_rating",
    "genre_features_count_every_genre",
    "places_agree",
    "profiles_count_everyone",
    "rejected_lines_are_few",
    "sampled_people_bring_all_their_ratings",
}
UNIT_TESTS = {
    "titles_part_from_their_year": "stg_movielens__movies",
    "bad_lines_of_movies_are_rejected": "stg_movielens__movies",
    "bad_lines_of_users_are_rejected": "stg_movielens__users",
    "bad_lines_of_ratings_are_rejected": "stg_movielens__ratings",
    "the_first_of_two_users_counts": "int_rejected_users",
    "the_first_of_two_movies_counts": "int_rejected_movies",
    "the_last_rating_of_a_film_counts": "int_replaced_ratings",
    "ratings_of_nobody_of_nothing_and_replaced_are_rejected": (
        "int_rejected_ratings"
    ),
    "zip_codes_tell_country_state_and_region": "int_users_located",
    "decades_start_with_their_first_year": "int_movies_dated",
    "a_score_has_stars_and_a_class": "int_ratings_bucketed",
    "people_of_own_tables_are_understood": "stg_tables__users",
    "films_of_own_tables_are_understood": "stg_tables__movies",
    "ratings_of_own_tables_are_understood": "stg_tables__ratings",
    "codes_have_names": "int_user_rows",
    "ids_that_are_no_numbers_are_numbered": "int_user_rows",
    "whole_numbers_stay_ids": "int_user_rows",
    "words_for_genders_are_those_of_the_reference": "int_user_rows",
    "genres_are_those_of_the_reference": "int_movie_rows",
    "own_ids_of_which_one_is_zero_become_places": "int_movie_rows",
    "ratings_get_the_numbers_of_person_and_film": "int_numbered_ratings",
    "folds_come_from_the_id_in_the_source": "dim_users",
    "levels_of_own_tables_are_those_that_occur": "dim_levels",
    "without_a_place_the_only_region_is_unknown": "dim_levels",
    "ratings_carry_their_person_and_their_film": "fct_ratings",
    "segments_add_up_profiles": "feat_movie_segments",
    "without_nationalities_nothing_is_counted_by_them": "feat_movie_segments",
    "a_film_counts_in_each_of_its_genres": "feat_genre_segments",
    "stars_add_up_profiles": "feat_movie_stars",
    "people_are_sampled_by_hash_up_to_a_number_of_ratings": (
        "feat_sampled_users"
    ),
    "ratings_of_sampled_people_are_sampled": "feat_sampled_ratings",
    "rated_films_are_sampled_by_hash": "feat_sampled_movies",
}
#: Keys that dbt reads where they stand; it passes over all others.
KEYS = {
    "models": {
        "name",
        "description",
        "columns",
        "data_tests",
    },
    "columns": {"name", "data_type", "description", "data_tests"},
    "unit_tests": {
        "config",
        "name",
        "description",
        "model",
        "overrides",
        "given",
        "expect",
    },
    "data_tests": {"name", "arguments", "config"},
}


def _layer(node: dict[str, Any]) -> str:
    return str(node["fqn"][1])


def test_one_worker_has_the_group(request: pytest.FixtureRequest) -> None:
    """Else each worker builds what the group shares, as with pytest 9.2."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        assert request.node.nodeid.endswith("@dbt")


def test_models_are_those_of_the_layers(built: Built) -> None:
    models: dict[str, set[str]] = {layer: set() for layer in LAYERS}
    for model in built.nodes("model"):
        models[_layer(model)].add(model["name"])
    assert models == MODELS, "MODELS lists what is there"


def test_layers_read_only_what_lies_below(built: Built) -> None:
    nodes = built.manifest["nodes"]
    for model in built.nodes("model"):
        for read in model["depends_on"]["nodes"]:
            if read.startswith("source."):
                assert _layer(model) == "staging", model["name"]
            else:
                assert _layer(nodes[read]) in MAY_READ[_layer(model)], (
                    model["name"],
                    read,
                )


def test_exposures_rest_on_marts_and_features(built: Built) -> None:
    exposures = built.manifest["exposures"].values()
    assert {(each["name"], each["type"]) for each in exposures} == {
        ("models_ml", "ml"),
        ("notebooks", "notebook"),
        ("api", "application"),
    }
    for exposure in exposures:
        for read in exposure["depends_on"]["nodes"]:
            layer = _layer(built.manifest["nodes"][read])
            assert layer in ("marts", "features")


def test_models_lie_in_the_schema_of_their_layer(built: Built) -> None:
    for model in built.nodes("model"):
        assert model["schema"] == _layer(model)
        stored = "ephemeral" if model["name"] in EPHEMERAL else "table"
        assert model["config"]["materialized"] == stored


def test_models_say_their_grain(built: Built) -> None:
    for model in built.nodes("model"):
        assert model["description"].startswith("Grain: "), model["name"]
        assert model["columns"], model["name"]
        for name, column in model["columns"].items():
            assert column["description"], (model["name"], name)


def test_marts_and_features_keep_a_contract(built: Built) -> None:
    for model in built.nodes("model"):
        promised = _layer(model) in ("marts", "features")
        assert model["config"]["contract"]["enforced"] is promised
        if promised:
            types = [each["data_type"] for each in model["columns"].values()]
            assert all(types), model["name"]


def test_descriptions_lie_in_the_warehouse(built: Built) -> None:
    with duckdb.connect(built.settings.warehouse, read_only=True) as opened:
        comments = opened.execute(
            "select schema_name || '.' || table_name, comment"
            " from duckdb_tables() where schema_name != 'main'"
        ).fetchall()
        columns = opened.execute(
            "select count(*) from duckdb_columns()"
            " where schema_name in ('marts', 'features') and comment is null"
        ).fetchone()
    assert len(comments) == len(built.nodes("model")) - len(EPHEMERAL)
    assert all(
        (comment or "").startswith("Grain: ") for _, comment in comments
    )
    assert columns == (0,)


def test_the_expected_tests_are_there(built: Built) -> None:
    tests = built.nodes("test")
    singular = {t["name"] for t in tests if "test_metadata" not in t}
    assert singular == SINGULAR_TESTS, "SINGULAR_TESTS lists what is there"
    keyed = {
        t["attached_node"].split(".")[2]
        for t in tests
        if t.get("test_metadata", {}).get("name")
        == "unique_combination_of_columns"
    }
    models = {model["name"] for model in built.nodes("model")}
    assert models - keyed == set(), "without unique_combination_of_columns"


def test_the_expected_unit_tests_are_there(built: Built) -> None:
    unit_tests = built.manifest["unit_tests"].values()
    models = {each["name"]: each["model"] for each in unit_tests}
    assert models == UNIT_TESTS, "UNIT_TESTS lists what is there"


def test_unit_tests_pass(built: Built, tmp_path: Path) -> None:
    """A build leaves them out: they do not depend on the data."""
    home = tmp_path / "home"
    shutil.copytree(built.settings.home, home)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from dbt.cli.main import cli; cli()",
            "test",
            "--select=test_type:unit",
            f"--target-path={tmp_path}",
            f"--log-path={tmp_path}",
        ],
        cwd=PROJECT,
        env=os.environ | {"PLATEIA_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    results = json.loads((tmp_path / "run_results.json").read_text())
    passed = [
        result["unique_id"]
        for result in results["results"]
        if result["unique_id"].startswith("unit_test.")
        and result["status"] == "pass"
    ]
    assert len(passed) == len(UNIT_TESTS)


def test_yaml_keys_are_those_that_dbt_reads() -> None:
    folder = PROJECT / "dbt_project/models"
    files = sorted(folder.rglob("*__models.yml"))
    assert len(files) == len(LAYERS) + 2
    for file in files:
        content = yaml.safe_load(file.read_text())
        assert set(content) <= {"version", "models", "unit_tests"}
        for unit_test in content.get("unit_tests", []):
            assert set(unit_test) <= KEYS["unit_tests"], unit_test["name"]
        for model in content["models"]:
            assert set(model) <= KEYS["models"], model["name"]
            for column in model["columns"]:
                assert set(column) <= KEYS["columns"], column["name"]
            for holder in (model, *model["columns"]):
                for data_test in holder.get("data_tests", []):
                    ((name, body),) = data_test.items()
                    assert set(body) <= KEYS["data_tests"], name


def test_no_description_is_written_twice() -> None:
    """What several columns share stands once, in columns.md."""
    written: list[str] = []
    for file in (PROJECT / "dbt_project/models").rglob("*__models.yml"):
        for model in yaml.safe_load(file.read_text())["models"]:
            written += [
                column["description"]
                for column in model["columns"]
                if not column["description"].startswith("{{")
            ]
    assert len(written) > 10
    assert sorted(set(written)) == sorted(written)


def test_the_docs_tell_the_tables_and_their_columns() -> None:
    """As the contracts promise them, in their order."""
    promised = {
        f"{layer}.{model['name']}": [each["name"] for each in model["columns"]]
        for layer in ("marts", "features")
        for model in yaml.safe_load(
            (
                PROJECT / f"dbt_project/models/{layer}/_{layer}__models.yml"
            ).read_text()
        )["models"]
    }
    page = (PROJECT / "docs/architecture.md").read_text("utf-8")
    rows = re.findall(
        r"^\| `((?:marts|features)\.\w+)` \| .* \| `(.*)` \|$", page, re.M
    )
    told = {
        name: re.sub(r" \(.*?\)", "", columns).split(", ")
        for name, columns in rows
    }
    assert told == promised, "the table of docs/architecture.md"


def test_dbt_has_nothing_to_warn_of(tmp_path: Path) -> None:
    parsed = subprocess.run(
        [
            sys.executable,
            "-c",
            "from dbt.cli.main import cli; cli()",
            "--show-all-deprecations",
            "--no-partial-parse",
            "parse",
            "--target=memory",
            f"--target-path={tmp_path}",
            f"--log-path={tmp_path}",
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert parsed.returncode == 0, parsed.stdout
    assert "eprecat" not in parsed.stdout


def _build_with_dbt(
    built: Built, tmp_path: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """dbt in `tmp_path / "home"`, with the project as it was parsed before."""
    parsed, home = tmp_path / PARSED.name, tmp_path / "home"
    # dbt writes it anew only where set-up had left nothing to read.
    of_home = built.settings.home / "dbt" / PARSED.name
    shutil.copyfile(of_home if of_home.exists() else PARSED, parsed)
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import pathlib, sys; from models_ml.warehouse import dbt_process;"
            "dbt_process.PARSED = pathlib.Path(sys.argv[1]);"
            "sys.exit(dbt_process.main(*sys.argv[2:]))",
            str(parsed),
            str(home),
            *arguments,
        ],
        cwd=PROJECT,
        env=os.environ
        | {
            "PLATEIA_HOME": str(home),
            "PLATEIA_WAREHOUSE": str(tmp_path / "warehouse.duckdb"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_warning_of_dbt_fails_its_command(
    built: Built, tmp_path: Path
) -> None:
    """A selection of nothing is one."""
    done = _build_with_dbt(built, tmp_path, "--select=no_such_model")
    assert done.returncode == 1
    assert "does not match any enabled nodes" in done.stdout


def test_a_first_build_takes_what_was_parsed_at_set_up(
    built: Built, tmp_path: Path
) -> None:
    """Whatever home it is in, dbt parses nothing again."""
    folder = PARSED.parent.relative_to(PROJECT)
    command = f"dbt parse --quiet --target parse --target-path {folder}"
    assert command in (PROJECT / "Makefile").read_text("utf-8")
    done = _build_with_dbt(
        built,
        tmp_path,
        "--select=stg_reference__levels",
        "--exclude-resource-types=test",
    )
    assert done.returncode == 0, done.stdout
    log = (tmp_path / "home" / "dbt.log").read_text("utf-8")
    assert "Partial parsing enabled, no changes found, skipping" in log


def test_every_ready_query_answers(built: Built) -> None:
    queries = built.nodes("analysis")
    schemas = {
        model["name"]: model["schema"] for model in built.nodes("model")
    }
    assert len(queries) == 10
    with duckdb.connect(built.settings.warehouse, read_only=True) as opened:
        for query in queries:
            sql = re.sub(
                r'{{ ref\("(\w+)"\) }}',
                lambda read: f"{schemas[read[1]]}.{read[1]}",
                query["raw_code"],
            )
            assert sql.startswith("-- "), query["name"]
            opened.execute(sql).fetchall()


def test_the_warehouse_has_the_words_of_the_reference(built: Built) -> None:
    """In their order, and the steps of the scale beside them."""
    rows = built.rows("marts.dim_levels")
    assert Vocabulary.from_rows(rows) == MOVIELENS_1M


def test_ages_fall_into_the_groups_of_the_reference_unless_told() -> None:
    """dbt can ask no table what a model's SQL shall be: it has them itself."""
    path = PROJECT / "dbt_project/reference/levels.csv"
    with path.open(encoding="utf-8", newline="") as file:
        _, *edges = (
            int(row["lowest"])
            for row in csv.DictReader(file)
            if row["dimension"] == "age_group"
        )
    macro = (PROJECT / "dbt_project/macros/own_words.sql").read_text()
    (default,) = re.findall(r'movielens_1m = "([\d,]+)"', macro)
    assert default == ",".join(map(str, edges))
    assert tuple(edges) == MOVIELENS_AGE_EDGES


def test_zip_prefixes_cover_the_divisions() -> None:
    prefixes = read_zip_prefixes()
    assert all(re.fullmatch(r"\d{3}", prefix) for prefix in prefixes)
    assert {region for _, region in prefixes.values()} == set(
        REGIONS[:N_US_REGIONS]
    )
    regions: dict[str, set[str]] = {}
    for state, region in prefixes.values():
        regions.setdefault(state, set()).add(region)
    assert all(len(of_state) == 1 for of_state in regions.values())
    # Fifty states, the capital, three territories and three military posts.
    assert len(regions) == 57


@pytest.mark.parametrize(
    ("prefix", "state", "region"),
    [
        ("021", "MA", "New England"),
        ("055", "MA", "New England"),
        ("100", "NY", "Middle Atlantic"),
        ("201", "VA", "South Atlantic"),
        ("205", "DC", "South Atlantic"),
        ("398", "GA", "South Atlantic"),
        ("402", "KY", "East South Central"),
        ("481", "MI", "East North Central"),
        ("554", "MN", "West North Central"),
        ("733", "TX", "West South Central"),
        ("885", "TX", "West South Central"),
        ("834", "ID", "Mountain"),
        ("941", "CA", "Pacific"),
        ("967", "HI", "Pacific"),
        ("995", "AK", "Pacific"),
        ("009", "PR", "US territories and military"),
        ("340", "AA", "US territories and military"),
        ("969", "GU", "US territories and military"),
    ],
)
def test_zip_prefixes_are_those_of_the_post(
    prefix: str, state: str, region: str
) -> None:
    assert read_zip_prefixes()[prefix] == (state, region)


@pytest.mark.parametrize("prefix", ["000", "213", "269", "343", "987"])
def test_prefixes_not_in_use_are_not_listed(prefix: str) -> None:
    assert prefix not in read_zip_prefixes()


def test_no_file_of_the_project_names_a_machine() -> None:
    for file in sorted((PROJECT / "dbt_project").rglob("*")):
        if file.is_file():
            assert not re.search(r"/(work|tmp|home)/", file.read_text()), Path(
                file
            ).name


def test_the_documentation_opens_on_an_overview_of_ours(built: Built) -> None:
    """Every folder and model that it names is one of the project's."""
    documents = built.manifest["docs"]
    overview = documents["doc.plateia.__overview__"]["block_contents"]
    models = {
        node["name"]: node
        for node in built.manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    folders = {_layer(node) for node in models.values()}
    table = re.findall(r"^\| `(\w+)` \|", overview, re.M)
    assert set(table) == folders
    named = set(re.findall(r"`((?:fct|feat|dim)_\w+)`", overview))
    assert named
    assert named <= set(models)
    assert "Lineage" in overview
