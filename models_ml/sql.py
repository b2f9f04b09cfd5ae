"""Text inside SQL, where a parameter cannot stand."""

from pathlib import Path


def sql_literal(text: Path | str) -> str:
    """`text` as SQL quotes it."""
    escaped = str(text).replace("'", "''")
    return f"'{escaped}'"
