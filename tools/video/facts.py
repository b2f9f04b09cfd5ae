"""The numbers that the video tells, each from a file that a command wrote."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?::([^{}]+))?\}")
SWAP = str.maketrans(",.", ".,")


class UnknownFactError(KeyError):
    """The script names a number that no file gives."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Facts:
    """Named numbers and words, filled into text the Brazilian way."""

    values: dict[str, Any]

    def fill(self, text: str) -> str:
        """Replace ``{name}`` and ``{name:format}``.

        Raises UnknownFactError.
        """
        return PLACEHOLDER.sub(lambda m: self._shown(m[1], m[2]), text)

    def fill_tree(self, tree: Any) -> Any:
        """Fill each string of *tree*; a bare ``{name}`` keeps its type."""
        if isinstance(tree, dict):
            return {key: self.fill_tree(one) for key, one in tree.items()}
        if isinstance(tree, list):
            return [self.fill_tree(one) for one in tree]
        if not isinstance(tree, str):
            return tree
        alone = PLACEHOLDER.fullmatch(tree)
        if alone and alone[2] is None:
            return self._value(alone[1])
        return self.fill(tree)

    def _value(self, name: str) -> Any:
        if name not in self.values:
            raise UnknownFactError(
                f"the script names {{{name}}}, which facts.json has not; "
                f"it has: {', '.join(sorted(self.values))}"
            )
        return self.values[name]

    def _shown(self, name: str, form: str | None) -> str:
        value = self._value(name)
        if isinstance(value, str):
            return value
        if form is None:
            form = ",d" if isinstance(value, int) else ""
        return format(value, form).translate(SWAP).replace("%", " %")


def read_facts(path: Path) -> Facts:
    """Read the facts that ``studio facts`` wrote."""
    if not path.exists():
        raise FileNotFoundError(
            f"{path.name} is missing: run `python -m tools.video facts`"
        )
    return Facts(json.loads(path.read_text(encoding="utf-8")))
