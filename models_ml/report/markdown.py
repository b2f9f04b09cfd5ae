"""Blocks of a Markdown page that a command writes, between two comments."""

import re
from pathlib import Path

from models_ml.report.portuguese import in_portuguese
from models_ml.settings import PROJECT


class NoSuchBlockError(ValueError):
    """The page has no place for the block."""


def replace_block(page: Path, name: str, text: str) -> None:
    """Put `text` between `<!-- name -->` and `<!-- /name -->` of `page`.

    Raises NoSuchBlockError where the page lacks the two comments.
    """
    before = page.read_text("utf-8")
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    block = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if not block.search(before):
        raise NoSuchBlockError(f"{page.name} has no block {name!r}")
    after = block.sub(
        lambda _: f"{start}\n{text.strip()}\n{end}", before, count=1
    )
    page.write_text(after, "utf-8")


def replace_in_readmes(name: str, text: str) -> None:
    """Put a block into README.md, and in Portuguese into README.pt-BR.md.

    Raises NoSuchBlockError, and NoPhraseError for words without Portuguese.
    """
    portuguese = in_portuguese(text)
    replace_block(PROJECT / "README.md", name, text)
    replace_block(PROJECT / "README.pt-BR.md", name, portuguese)


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; the first column is left, the others right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
