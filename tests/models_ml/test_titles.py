from typing import Any

import pytest
import yaml

from models_ml.settings import PROJECT
from models_ml.titles import MAX_TITLE, TitleIndex, display_title


@pytest.mark.parametrize(
    ("title", "displayed"),
    [
        ("Matrix, The", "The Matrix"),
        ("Toy Story", "Toy Story"),
        ("Good, The Bad and The Ugly, The", "The Good, The Bad and The Ugly"),
        ("Home Alone 2: Lost in New York", "Home Alone 2: Lost in New York"),
        ("Misérables, Les", "Les Misérables"),
        ("Clockwork Orange, A", "A Clockwork Orange"),
        ("Avventura, L'", "L'Avventura"),
        ("Postino, Il (The Postman)", "Il Postino (The Postman)"),
        (
            "City of Lost Children, The (Cité des enfants perdus, La)",
            "The City of Lost Children (La Cité des enfants perdus)",
        ),
        ("And the Ship Sails On", "And the Ship Sails On"),
        ("Me, Myself and I", "Me, Myself and I"),
        ("", ""),
    ],
)
def test_reads_as_people_write(title: str, displayed: str) -> None:
    assert display_title(title) == displayed


INDEX = TitleIndex(
    ["Matrix, The", "Misérables, Les", "Misérables, Les", "187"],
    [1999, 1995, 1998, 0],
)


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        ("The Matrix", [0]),
        ("matrix, the", [0]),
        ("The Matrix (1999)", [0]),
        ("LES MISERABLES", [1, 2]),
        ("Misérables, Les (1998)", [2]),
        ("187", [3]),
        ("Matrix", []),
        ("", []),
    ],
)
def test_films_are_found_by_title_as_people_write_it(
    title: str, rows: Any
) -> None:
    assert INDEX.rows(title) == rows


def test_the_warehouse_refuses_the_titles_that_the_api_refuses() -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    assert project["vars"]["max_title_length"] == MAX_TITLE
