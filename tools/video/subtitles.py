"""Subtitles: what is said, in pieces that can be read in time."""

import re
from dataclasses import dataclass
from pathlib import Path

WIDTH, LINES = 42, 2
"""Characters a line and lines a piece, the limits that television keeps."""
MIDDLE = r"{\an5\pos(960,1000)}"
"""Where burnt-in subtitles stand: the middle of the band below the stage."""
LAST = 1.2
"""Seconds that the shortest piece stays, if the next one allows."""


@dataclass(frozen=True)
class Cue:
    """A piece of text on screen from *start* to *end*, in seconds."""

    start: float
    end: float
    lines: tuple[str, ...]


def cues_of(text: str, start: float, end: float) -> list[Cue]:
    """Cut a sentence said from *start* to *end* into cues.

    Time is shared out by the number of characters.
    """
    pieces = pieces_of(text)
    letters = sum(len(piece) for piece in pieces)
    cues, now = [], start
    for piece in pieces:
        until = now + (end - start) * len(piece) / letters
        cues.append(Cue(now, until, lines_of(piece)))
        now = until
    return cues


def pieces_of(text: str) -> list[str]:
    """Cut a sentence into as few pieces as fit, even, at commas if any."""
    if _fits(text):
        return [text]
    words = text.split(" ")
    best: tuple[float, int] | None = None
    for at in range(1, len(words)):
        left, right = " ".join(words[:at]), " ".join(words[at:])
        uneven = abs(len(left) - len(right)) / len(text)
        bonus = 0.5 if re.search(r"[,;:–—]$", left) else -_dangling(left)
        # A piece that must be cut again costs more than an uneven one.
        again = 1.0 * (not _fits(left)) + 1.0 * (not _fits(right))
        cost = (uneven - bonus + again, at)
        best = cost if best is None else min(best, cost)
    if best is None:
        raise ValueError(f"a word too long for a subtitle: {text}")
    at = best[1]
    return [
        *pieces_of(" ".join(words[:at])),
        *pieces_of(" ".join(words[at:])),
    ]


def lines_of(piece: str) -> tuple[str, ...]:
    """Set a piece on one line, or on two as even as can be."""
    if len(piece) <= WIDTH:
        return (piece,)
    words = piece.split(" ")
    halves = [
        (" ".join(words[:at]), " ".join(words[at:]))
        for at in range(1, len(words))
    ]
    fitting = [one for one in halves if max(map(len, one)) <= WIDTH]
    if not fitting:
        raise ValueError(f"does not fit on {LINES} lines: {piece}")
    return min(
        fitting,
        key=lambda one: (
            abs(len(one[0]) - len(one[1])) / len(piece) + _dangling(one[0])
        ),
    )


def _dangling(text: str) -> float:
    """What it costs to end on an article or a preposition."""
    return 0.2 if re.search(r"\b\w{1,3}$", text) else 0.0


def _fits(text: str) -> bool:
    try:
        lines_of(text)
    except ValueError:
        return False
    return True


def held(cues: list[Cue], end: float) -> list[Cue]:
    """Keep each cue until the next begins, if that is soon."""
    starts = [cue.start for cue in cues[1:]] + [end]
    return [
        Cue(
            cue.start,
            following
            if following - cue.end < 0.6
            else min(max(cue.end, cue.start + LAST) + 0.3, following),
            cue.lines,
        )
        for cue, following in zip(cues, starts, strict=True)
    ]


def write_srt(path: Path, cues: list[Cue]) -> None:
    """Write SubRip subtitles."""
    blocks = [
        f"{number}\n{_srt(cue.start)} --> {_srt(cue.end)}\n"
        + "\n".join(cue.lines)
        for number, cue in enumerate(cues, 1)
    ]
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def write_ass(path: Path, cues: list[Cue], style: str) -> None:
    """Write the subtitles that are burnt in; *style* is an ASS style line."""
    head = (
        "[Script Info]\nScriptType: v4.00+\nPlayResX: 1920\n"
        "PlayResY: 1080\nWrapStyle: 2\n\n[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize, PrimaryColour, BackColour, Bold, "
        "BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV\n"
        f"Style: {style}\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Text\n"
    )
    lines = [
        f"Dialogue: 0,{_ass(cue.start)},{_ass(cue.end)},Fala,"
        + MIDDLE
        + r"\N".join(cue.lines)
        for cue in cues
    ]
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def _clock(seconds: float, unit: int) -> tuple[int, int, int, int]:
    whole = round(seconds * unit)
    minutes, rest = divmod(whole, 60 * unit)
    return minutes // 60, minutes % 60, rest // unit, rest % unit


def _srt(seconds: float) -> str:
    return "{:02d}:{:02d}:{:02d},{:03d}".format(*_clock(seconds, 1000))


def _ass(seconds: float) -> str:
    return "{:d}:{:02d}:{:02d}.{:02d}".format(*_clock(seconds, 100))
