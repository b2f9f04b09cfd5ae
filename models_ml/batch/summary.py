"""What a batch did, and what it could not use."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

_LINES: Final = 20


@dataclass(frozen=True)
class Summary:
    """Counts of a batch."""

    n_read: int
    """Rows of the input."""
    n_written: int
    """Rows of the output."""
    notices: Counter[str]
    """Rows of the input by what could not be used of them."""

    def lines(self) -> list[str]:
        """Sentences for people, the most frequent notices first."""
        lines = [f"rows: {self.n_read:,} read, {self.n_written:,} written"]
        for notice, rows in self.notices.most_common(_LINES):
            lines.append(f"{notice} (rows: {rows:,})")
        others = len(self.notices) - _LINES
        if others > 0:
            lines.append(f"and {others:,} other notices")
        return lines
