"""What was tried and what held, and the table that tells it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BEGIN: Final = "<!-- chaos: written by `make chaos` -->"
_END: Final = "<!-- chaos: end -->"


@dataclass(frozen=True)
class Tally:
    """One experiment, repeated."""

    name: str
    """For the command line."""
    what: str
    """In words: what was done, and what had to hold."""
    tried: int
    failures: tuple[str, ...] = ()
    """What did not hold, and the seed or point that repeats it."""
    seconds: float = 0.0
    seed: int = 1
    repeat: int | None = None
    """What `--tries` takes, where that is not what was counted."""

    @property
    def held(self) -> int:
        """Of those tried."""
        return self.tried - len(self.failures)

    def row(self) -> str:
        """A row of the table."""
        tries = self.tried if self.repeat is None else self.repeat
        command = f"`python -m tools.chaos {self.name} --tries {tries}"
        command += f" --seed {self.seed}`"
        return (
            f"| {self.what} | {self.tried:,} | {self.held:,} |"
            f" {self.seconds:.0f} | {command} |"
        )


def write_table(page: Path, tallies: Iterable[Tally]) -> None:
    """Put the rows between the markers of `page`.

    Rows of experiments that were not run this time stay as they are. Raises
    ValueError if the page has no markers.
    """
    text = page.read_text("utf-8")
    pattern = re.compile(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", re.DOTALL)
    match = pattern.search(text)
    if match is None:
        raise ValueError(f"{page} has no line {_BEGIN}")
    rows = {
        name: line
        for line in match[0].splitlines()
        if (name := _name_of(line)) is not None
    }
    rows |= {tally.name: tally.row() for tally in tallies}
    table = [
        *(_BEGIN, ""),
        "| what was done | tried | held | seconds | again with |",
        "|---|---:|---:|---:|---|",
        *(rows[name] for name in sorted(rows)),
        *("", _END),
    ]
    page.write_text(
        text[: match.start()] + "\n".join(table) + text[match.end() :],
        "utf-8",
    )


def _name_of(line: str) -> str | None:
    match = re.search(r"`python -m tools\.chaos (\S+)", line)
    return match[1] if match else None
