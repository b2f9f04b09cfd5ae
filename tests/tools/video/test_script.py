from pathlib import Path

import pytest

from tools.video.facts import Facts, UnknownFactError
from tools.video.script import BadScriptError, read_script

GOOD = """# Roteiro

## Uma cena {#cena}

```yaml
mostra: titulo
linhas:
  - {texto: "{films} filmes", em: um}
```

> São {films:,} filmes e {share:.0%} gostaram. [[um]]Aqui
> começa. Não?

> Outro parágrafo.
"""
FACTS = Facts({"films": 3883, "share": 0.61})


def written(folder: Path, text: str) -> Path:
    path = folder / "roteiro.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scene_is_read_with_its_sentences_marks_and_facts(
    tmp_path: Path,
) -> None:
    (scene,) = read_script(written(tmp_path, GOOD), FACTS)
    assert scene.shows["linhas"][0]["texto"] == "3.883 filmes"
    assert [one.text for one in scene.sentences] == [
        "São 3.883 filmes e 61 % gostaram.",
        "Aqui começa.",
        "Não?",
        "Outro parágrafo.",
    ]
    assert scene.sentences[1].marks == {"um": 0.0}
    assert [one.ends_paragraph for one in scene.sentences] == [
        False,
        False,
        True,
        True,
    ]


def test_a_bare_placeholder_keeps_its_number() -> None:
    assert FACTS.fill_tree({"valor": "{share}"}) == {"valor": 0.61}


def test_json_in_a_command_is_no_placeholder() -> None:
    command = """curl -d '{"profile": {"gender": "F"}, "limit": 5}'"""
    assert FACTS.fill(command) == command


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{#cena}", "", "without an id"),
        ("em: um", "em: dois", "dois"),
        ("mostra: titulo", "nada: 1", "mostra"),
        ("```yaml", "```", "yaml"),
    ],
)
def test_faults_are_told_with_their_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(BadScriptError, match=told):
        read_script(written(tmp_path, GOOD.replace(old, new)), FACTS)


def test_an_unknown_fact_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("{share:.0%}", "{likes}"))
    with pytest.raises(UnknownFactError, match="likes"):
        read_script(path, FACTS)
