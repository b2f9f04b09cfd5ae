"""The script: scenes, what each one shows and what is said in it.

A scene is a second-level heading with an id, a YAML block that a machine can
play, and block quotes that are spoken::

    ## A pergunta {#abertura}

    ```yaml
    mostra: titulo
    ```

    > Quais filmes [[lista]]para esta pessoa? São {films:,} ao todo.

``[[name]]`` marks the moment at which something happens on the screen,
``{name}`` or ``{name:format}`` is a number of ``facts.json``.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .facts import Facts

HEADING = re.compile(r"^## (?P<title>.+?) \{#(?P<id>[a-z0-9-]+)\}$")
MARK = re.compile(r"\[\[([a-z0-9_]+)\]\]")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[\"“(]?(?:\[\[|[A-ZÀ-Ý0-9]))")


class BadScriptError(ValueError):
    """The script can't be read; the message names the scene and the fault."""


@dataclass(frozen=True)
class Sentence:
    """What is said in one breath, and the marks within it.

    ``marks`` maps a name to the share of the sentence's characters (0 to 1)
    that come before it.
    """

    text: str
    marks: dict[str, float]
    ends_paragraph: bool = False


@dataclass(frozen=True)
class Scene:
    """A scene: what is shown, as data, and what is said, sentence by one."""

    id: str
    title: str
    shows: dict[str, Any]
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """What is said, as one paragraph."""
        return " ".join(sentence.text for sentence in self.sentences)


def read_script(path: Path, facts: Facts) -> list[Scene]:
    """Read the scenes of a script, their placeholders filled from *facts*.

    Raises BadScriptError, or facts.UnknownFactError.
    """
    scenes: list[Scene] = []
    heading: re.Match[str] | None = None
    body: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), "## "]:
        if not line.startswith("## "):
            body.append(line)
            continue
        if heading:
            scenes.append(_scene(heading["id"], heading["title"], body, facts))
        heading = HEADING.match(line)
        if heading is None and line != "## ":
            raise BadScriptError(f"heading without an id at its end: {line}")
        body = []
    ids = [scene.id for scene in scenes]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice or not scenes:
        raise BadScriptError(
            f"scene ids used twice: {twice}" if twice else "empty"
        )
    return scenes


def _scene(name: str, title: str, body: list[str], facts: Facts) -> Scene:
    text = "\n".join(body)
    block = re.search(r"^```yaml\n(.*?)^```$", text, re.M | re.S)
    if block is None:
        raise BadScriptError(f"scene {name}: no yaml block says what is shown")
    try:
        shows = yaml.safe_load(block[1])
    except yaml.YAMLError as fault:
        raise BadScriptError(f"scene {name}: {fault}") from fault
    if not isinstance(shows, dict) or "mostra" not in shows:
        raise BadScriptError(f"scene {name}: the yaml block needs 'mostra:'")
    sentences = tuple(
        sentence
        for paragraph in _paragraphs(body)
        for sentence in _sentences(facts.fill(paragraph))
    )
    if not sentences:
        raise BadScriptError(f"scene {name}: nothing is said (no '> ' lines)")
    scene = Scene(name, title, facts.fill_tree(shows), sentences)
    _check_marks(scene)
    return scene


def _paragraphs(body: list[str]) -> list[str]:
    quoted = [
        line.removeprefix(">").strip() if line.startswith(">") else ""
        for line in body
    ]
    joined = "\n".join(quoted)
    return [" ".join(p.split()) for p in re.split(r"\n{2,}", joined) if p]


def _sentences(paragraph: str) -> list[Sentence]:
    parts = SENTENCE_END.split(paragraph)
    return [
        _sentence(part, ends_paragraph=part is parts[-1]) for part in parts
    ]


def _sentence(marked: str, *, ends_paragraph: bool) -> Sentence:
    text, marks, read = "", {}, 0
    for mark in MARK.finditer(marked):
        text += marked[read : mark.start()]
        marks[mark[1]] = float(len(text))
        read = mark.end()
    text += marked[read:]
    shares = {name: at / max(len(text), 1) for name, at in marks.items()}
    return Sentence(text.strip(), shares, ends_paragraph)


def _check_marks(scene: Scene) -> None:
    """Every moment that the block names must be marked in what is said."""
    said = [name for one in scene.sentences for name in one.marks]
    wanted = set(_moments(scene.shows))
    missing = sorted(wanted - set(said) - {"inicio", "fim"})
    unused = sorted(set(said) - wanted)
    twice = sorted({name for name in said if said.count(name) > 1})
    for fault, names in (
        ("moments that are not marked in what is said", missing),
        ("marks that nothing on the screen uses", unused),
        ("marks used twice", twice),
    ):
        if names:
            raise BadScriptError(
                f"scene {scene.id}: {fault}: {', '.join(names)}"
            )


def _moments(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        own = [tree["em"]] if "em" in tree else []
        return own + [m for value in tree.values() for m in _moments(value)]
    if isinstance(tree, list):
        return [moment for value in tree for moment in _moments(value)]
    return []
