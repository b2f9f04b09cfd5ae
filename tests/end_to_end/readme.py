"""The README's examples: run as they stand, and written anew.

`python -m tests.end_to_end.readme` runs every command block of both READMEs
against a running API and puts the real answers into the JSON blocks that
follow them. A block keeps the keys that it shows; the whole answers go to
`docs/examples/`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PROJECT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = ("README.md", "README.pt-BR.md")
ADDRESS: Final = "http://127.0.0.1:8000"
#: Answers in `docs/examples` that no README shows, and where they are asked.
OTHERS: Final = {
    "similar-movies": "/movies/2571/similar-movies",
    "overlapping-movies": "/movies/2571/overlapping-movies",
    "releases": "/releases",
}

_BLOCK: Final = re.compile(
    r"```console\n(?P<commands>.*?)```(?:\n+```json\n(?P<json>.*?)```)?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Example:
    """A command block, and the JSON block right after it, if any."""

    commands: list[str]
    json: str | None


def examples(page: str) -> Iterator[Example]:
    """All command blocks of a page; a command's lines are joined."""
    for match in _BLOCK.finditer(page):
        text = match["commands"].replace("\\\n", "")
        commands = [
            line[2:] for line in text.splitlines() if line.startswith("$ ")
        ]
        yield Example(commands, match["json"])


def answer(
    command: str, address: str, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run one command, with `address` in the place of the README's."""
    return subprocess.run(
        ["bash", "-c", command.replace(ADDRESS, address)],
        cwd=PROJECT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )


def rewritten(page: str, address: str, environment: Mapping[str, str]) -> str:
    """The page with the real answer in each JSON block."""

    def anew(match: re.Match[str]) -> str:
        if match["json"] is None:
            return match[0]
        (example,) = examples(match[0])
        done = answer(example.commands[-1], address, environment)
        if done.returncode:
            raise SystemExit(f"{example.commands[-1]}: {done.stderr}")
        real = checked(done.stdout)
        text = pretty(cut(real, json.loads(match["json"])))
        return match[0].replace(match["json"], text + "\n")

    return _BLOCK.sub(anew, page)


def checked(text: str) -> Any:
    """An answer as JSON; stops where it is a problem instead."""
    real = json.loads(text)
    if "status" in real and "detail" in real:
        raise SystemExit(f"no answer: {real['detail']}")
    return real


def cut(real: Any, shown: Any) -> Any:
    """The parts of `real` that are shown: keys, and first items of lists."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return {
            key: cut(real[key], value)
            for key, value in shown.items()
            if key in real
        }
    if isinstance(shown, list) and isinstance(real, list):
        pairs = zip(real, shown, strict=False)
        return [cut(one, other) for one, other in pairs] or real[:1]
    return real


def whole_answer(command: str) -> Path:
    """Where the whole answer of a command stands."""
    (route,) = re.findall(rf"{ADDRESS}/(\w+)", command)
    return whole_file(route)


def whole_file(name: str) -> Path:
    """The file of an answer in `docs/examples`."""
    return PROJECT / "docs" / "examples" / f"{name}.json"


def asking(path: str) -> str:
    """The command that asks a route."""
    return f"curl -s '{ADDRESS}{path}'"


def pretty(value: Any, indent: int = 0, width: int = 76) -> str:
    """JSON in which what fits on a line stands on a line."""
    flat = json.dumps(_rounded(value), ensure_ascii=False)
    if len(flat) + indent <= width or not isinstance(value, dict | list):
        return flat
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        items = [
            f"{pad}{json.dumps(key)}: "
            f"{pretty(item, indent + 2, width - len(key) - 5)}"
            for key, item in value.items()
        ]
        return "{\n" + ",\n".join(items) + "\n" + " " * indent + "}"
    items = [pad + pretty(item, indent + 2, width) for item in value]
    return "[\n" + ",\n".join(items) + "\n" + " " * indent + "]"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value


def main() -> None:
    """Rewrite both pages from the API that listens at ADDRESS."""
    import os  # noqa: PLC0415 - only here does the environment matter

    for example in examples((PROJECT / PAGES[0]).read_text("utf-8")):
        if example.json is not None:
            command = example.commands[-1]
            real = checked(answer(command, ADDRESS, os.environ).stdout)
            whole_answer(command).write_text(pretty(real) + "\n", "utf-8")
    for name, route in OTHERS.items():
        real = checked(answer(asking(route), ADDRESS, os.environ).stdout)
        whole_file(name).write_text(pretty(real) + "\n", "utf-8")
    for name in PAGES:
        path = PROJECT / name
        page = rewritten(path.read_text("utf-8"), ADDRESS, os.environ)
        path.write_text(page, "utf-8")
        print(f"{name}: written", file=sys.stderr)


if __name__ == "__main__":
    main()
