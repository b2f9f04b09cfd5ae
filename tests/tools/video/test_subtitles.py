import itertools
from pathlib import Path

from tools.video.subtitles import (
    LINES,
    WIDTH,
    Cue,
    cues_of,
    held,
    pieces_of,
    write_srt,
)

LONG = (
    "Quais filmes indicar a quem acabou de chegar, sem conta e sem "
    "histórico, quando a única coisa que se sabe é o gênero, a idade e a "
    "ocupação que a pessoa quis dizer?"
)


def test_cues_cover_the_sentence_within_the_limits() -> None:
    cues = cues_of(LONG, 10.0, 20.0)
    assert " ".join(" ".join(cue.lines) for cue in cues) == LONG
    assert all(len(cue.lines) <= LINES for cue in cues)
    assert all(len(line) <= WIDTH for cue in cues for line in cue.lines)
    assert cues[0].start == 10.0
    assert abs(cues[-1].end - 20.0) < 1e-9
    assert all(a.end == b.start for a, b in itertools.pairwise(cues))


def test_a_long_sentence_is_cut_at_a_comma() -> None:
    assert pieces_of(LONG)[0].endswith(",")


def test_cues_are_held_but_never_overlap() -> None:
    cues = [Cue(0, 1, ("a",)), Cue(1.3, 2, ("b",)), Cue(9, 9.2, ("c",))]
    kept = held(cues, 9.5)
    assert kept[0].end == 1.3
    assert 2 < kept[1].end < 9
    assert kept[2].end == 9.5


def test_srt_is_written_with_its_clock(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    write_srt(path, [Cue(61.5, 3601.042, ("um", "dois"))])
    assert path.read_text() == "1\n00:01:01,500 --> 01:00:01,042\num\ndois\n"
