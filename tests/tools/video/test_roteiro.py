import re
from pathlib import Path

from tools.video.facts import read_facts
from tools.video.script import Scene, read_script
from tools.video.speech import read_lexicon, spoken

PROJECT = Path(__file__).parents[3]
VIDEO = PROJECT / "docs" / "video"


def scenes() -> list[Scene]:
    return read_script(VIDEO / "roteiro.md", read_facts(VIDEO / "facts.json"))


def test_the_script_can_be_played_with_the_committed_facts() -> None:
    kinds = {scene.shows["mostra"] for scene in scenes()}
    assert {"terminal", "pagina", "tabela"} <= kinds
    drawn = (PROJECT / "tools" / "video" / "stage" / "stage.js").read_text()
    assert kinds == {kind for kind in kinds if f"kinds.{kind} =" in drawn}


def test_nothing_that_is_said_is_left_in_digits_or_symbols() -> None:
    lexicon = read_lexicon(VIDEO / "lexicon.csv")
    for scene in scenes():
        said = spoken(scene.text, lexicon)
        assert not re.search(r"[\d%/_{}\[\]]", said), scene.id


def test_the_subtitles_are_those_of_the_script() -> None:
    blocks = (VIDEO / "plateia.srt").read_text("utf-8").split("\n\n")
    shown = [" ".join(block.split("\n")[2:]) for block in blocks]
    said = " ".join(scene.text for scene in scenes())
    assert " ".join(shown).split() == said.split()


def test_the_video_is_small_enough_to_be_kept() -> None:
    assert (VIDEO / "plateia.mp4").stat().st_size <= 15_000_000
