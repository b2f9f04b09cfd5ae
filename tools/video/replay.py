"""Recorded commands, laid over the time that the narration gives them."""

from dataclasses import dataclass
from typing import Any

from .terminal import Recording, Row, Screen

LETTER = 0.035
"""Seconds to type a letter, unless the command is long."""
TYPING = 2.2
"""Seconds at most to type a command."""
HOLD = 1.2
"""Seconds that the last output is left to be read, if there is time."""
TICK = 0.05
"""Screens nearer than this to each other become one."""
PROMPT: Row = [("plateia", "prompt"), (" $ ", "prompt")]


@dataclass(frozen=True)
class Take:
    """A recorded command and the moment at which it is typed."""

    recording: Recording
    shown: str
    """The command as it is typed on the screen."""
    at: float
    from_top: bool = False
    """Keep the beginning of a long answer in sight, not its end."""
    clear: bool = False
    """Begin on an empty screen."""


def screens(
    takes: list[Take], end: float, columns: int, rows: int
) -> list[dict[str, Any]]:
    """Screens with the moment ``t`` from which each is seen.

    A command that took longer than it has is played faster, and ``vezes``
    says how many times.
    """
    screen = Screen(columns)
    shown = [_seen(0.0, [PROMPT], rows, ready=True)]
    top: int | None = None
    starts = [take.at for take in takes[1:]] + [end]
    for take, until in zip(takes, starts, strict=True):
        if take.clear:
            screen = Screen(columns)
        first = len(screen.lines) - 1
        top = first if take.from_top else None
        shown += _typing(take, screen, rows, top)
        typed = take.at + _typing_time(take)
        room = max(until - typed - 0.25, 0.3)
        room -= min(HOLD, room * 0.3)
        length = max(take.recording.seconds, 0.01)
        speed = max(length / room, 1.0)
        badge = round(speed) if speed >= 1.5 else 0
        last = typed
        for moment, text in take.recording.chunks:
            screen.write(text)
            now = typed + moment / speed
            frame = _seen(now, screen.rows(), rows, top, badge)
            if now - last < TICK and shown[-1]["t"] >= typed:
                frame["t"] = shown[-1]["t"]
                shown[-1] = frame
            else:
                shown.append(frame)
                last = now
        if screen.lines[-1]:
            screen.write("\r\n")
        done = typed + length / speed
        body = [*screen.rows()[:-1], PROMPT]
        shown.append(_seen(done, body, rows, top, ready=True))
        if top is not None and len(body) - top > rows:
            shown += _scrolled(body, rows, top, done, until)
    return shown


def _typing_time(take: Take) -> float:
    return min(len(take.shown) * LETTER, TYPING) + 0.25


def _typing(
    take: Take, screen: Screen, rows: int, top: int | None
) -> list[dict[str, Any]]:
    before = screen.rows()[:-1]
    letters = len(take.shown)
    pace = (_typing_time(take) - 0.25) / max(letters, 1)
    frames = []
    for count in range(0, letters + 1, 2 if pace < TICK else 1):
        typed = _command_rows(take.shown[:count], screen.columns)
        now = take.at + count * pace
        frames.append(_seen(now, [*before, *typed], rows, top, ready=True))
    typed = _command_rows(take.shown, screen.columns)
    frames.append(
        _seen(take.at + letters * pace, [*before, *typed], rows, top)
    )
    screen.lines = [
        [(letter, style) for text, style in row for letter in text]
        for row in [*before, *typed]
    ] + [[]]
    screen.row, screen.column, screen.style = len(screen.lines) - 1, 0, ""
    return frames


def _command_rows(command: str, columns: int) -> list[Row]:
    """Lay a command over rows; a line break in it is kept."""
    rows: list[Row] = []
    for number, line in enumerate(command.split("\n")):
        lead = PROMPT if number == 0 else [("  ", "")]
        room = columns - sum(len(text) for text, _ in lead)
        parts = [line[at : at + room] for at in range(0, len(line), room)]
        rows.append([*lead, (parts[0] if parts else "", "typed")])
        rows += [[(part, "typed")] for part in parts[1:]]
    return rows


def _seen(
    t: float,
    body: list[Row],
    rows: int,
    top: int | None = None,
    badge: int = 0,
    *,
    ready: bool = False,
) -> dict[str, Any]:
    start = max(len(body) - rows, 0) if top is None else top
    window = [list(row) for row in body[start : start + rows]]
    return {
        "t": round(t, 3),
        "linhas": window,
        "vezes": badge,
        "pronto": ready,
    }


def _scrolled(
    body: list[Row], rows: int, top: int, start: float, end: float
) -> list[dict[str, Any]]:
    """Scroll a long answer to its end, a line at a time."""
    steps = len(body) - top - rows
    begin = start + (end - start) * 0.35
    pace = min((end - start) * 0.45 / steps, 0.25)
    return [
        _seen(begin + pace * n, body, rows, top + n, ready=n == steps)
        for n in range(1, steps + 1)
    ]
