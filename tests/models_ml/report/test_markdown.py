from pathlib import Path

import pytest

from models_ml.report.markdown import (
    NoSuchBlockError,
    replace_block,
    table,
)


def test_a_block_is_replaced_and_the_rest_of_the_page_stays(
    tmp_path: Path,
) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- n -->\nold\n<!-- /n -->\nb\n")
    for _ in range(2):
        replace_block(page, "n", r"new \1")
    assert page.read_text() == "a\n<!-- n -->\nnew \\1\n<!-- /n -->\nb\n"


def test_a_page_without_the_block_is_refused_and_named(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing here\n")
    with pytest.raises(NoSuchBlockError, match=r"page\.md has no block 'n'"):
        replace_block(page, "n", "new")


def test_a_table_is_markdown() -> None:
    assert table(["a", "b"], [["x", "1"]]) == (
        "| a | b |\n| --- | ---: |\n| x | 1 |"
    )
