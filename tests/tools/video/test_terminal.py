import os
from pathlib import Path

import pytest

from tools.video.replay import Take, screens
from tools.video.terminal import (
    CommandFailedError,
    Recording,
    Screen,
    record,
)


def shown(screen: Screen) -> list[str]:
    return ["".join(text for text, _ in row) for row in screen.rows()]


def test_a_carriage_return_writes_over_the_line() -> None:
    screen = Screen(20)
    screen.write("10 %\r100 %\nfim")
    assert shown(screen) == ["100 %", "fim"]


def test_colours_become_styles_and_end() -> None:
    screen = Screen(20)
    screen.write("\x1b[1;32mOK\x1b[0m e")
    assert screen.rows()[0] == [("OK", "bold c2"), (" e", "")]


def test_long_lines_wrap_and_the_cursor_moves_up() -> None:
    screen = Screen(4)
    screen.write("abcdef\r\n\x1b[1A\x1b[KX")
    assert shown(screen) == ["abcd", "X", ""]


def test_a_command_is_really_run_with_its_size(tmp_path: Path) -> None:
    done = record(
        "stty size; echo pronto",
        tmp_path,
        dict(os.environ),
        size=(66, 11),
    )
    text = "".join(chunk for _, chunk in done.chunks)
    assert text.split() == ["11", "66", "pronto"]


def test_an_unexpected_status_stops_the_video(tmp_path: Path) -> None:
    with pytest.raises(CommandFailedError, match="status 3"):
        record("exit 3", tmp_path, dict(os.environ), size=(40, 10))


def take(seconds: float, lines: int, at: float) -> Take:
    step = seconds / lines
    chunks = tuple(((n + 1) * step, f"linha {n}\r\n") for n in range(lines))
    return Take(Recording("ls", chunks, seconds, 0), "ls", at)


def test_a_replay_fits_the_time_that_it_has() -> None:
    slow = screens([take(100.0, 50, 1.0)], 11.0, 40, 10)
    assert slow[-1]["t"] < 11.0
    assert slow[-1]["pronto"]
    assert max(one["vezes"] for one in slow) > 10
    assert all(len(one["linhas"]) <= 10 for one in slow)
    moments = [one["t"] for one in slow]
    assert moments == sorted(moments)


def test_a_short_command_is_not_slowed_or_marked_as_fast() -> None:
    quick = screens([take(0.5, 2, 1.0)], 11.0, 40, 10)
    assert quick[-1]["t"] < 3.0
    assert not any(one["vezes"] for one in quick)
