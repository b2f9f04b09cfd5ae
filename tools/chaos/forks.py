"""Work in a child process, killed at a line of the code.

The parent has everything imported and does nothing itself, so that a child
costs no start, and neither threads nor open files are shared.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

from models_ml.settings import PROJECT

#: A line of a source file.
Line = tuple[str, int]
_TRACED: Final = str(PROJECT / "models_ml") + os.sep


class ChildFailed(Exception):  # noqa: N818 - what happened
    """A child raised something; its traceback is the message."""


def forked(work: Callable[[], str]) -> str:
    """What `work` returns in a child process; ChildFailed if it raises."""
    text, status = _in_child(work)
    if status != 0:
        raise ChildFailed(text or f"the child ended with status {status}")
    return text


def lines_of(work: Callable[[], object]) -> list[Line]:
    """The lines of `models_ml` that `work` executes, in order of the first
    time."""  # noqa: D209, D205

    def traced() -> str:
        seen: dict[Line, None] = {}
        _trace(seen.setdefault)
        work()
        sys.settrace(None)
        return "\n".join(f"{name}:{number}" for name, number in seen)

    places = (line.rsplit(":", 1) for line in forked(traced).splitlines())
    return [(name, int(number)) for name, number in places]


def killed_at(work: Callable[[], object], line: Line) -> bool:
    """Run `work` in a child that is killed when it comes to `line`.

    False: it ended before, by itself.
    """

    def traced() -> str:
        def strike(now: Line) -> None:
            if now == line:
                os.kill(os.getpid(), signal.SIGKILL)

        _trace(strike)
        work()
        return ""

    _, status = _in_child(traced)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def shown(line: Line) -> str:
    """The line for a person."""
    return f"{Path(line[0]).relative_to(PROJECT)}:{line[1]}"


def _trace(meet: Callable[[Line], object]) -> None:
    def within(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            meet((frame.f_code.co_filename, frame.f_lineno))
        return within

    def calls(frame: FrameType, event: str, _: Any) -> Any:
        del event
        ours = frame.f_code.co_filename.startswith(_TRACED)
        return within if ours else None

    sys.settrace(calls)


def _in_child(work: Callable[[], str]) -> tuple[str, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _run(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        text = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    return text, status


def _run(work: Callable[[], str], writing: int) -> NoReturn:
    """In the child, which never comes back."""
    status = 1
    try:
        text = work()
        status = 0
    except BaseException:
        text = traceback.format_exc()
    sys.settrace(None)
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(text.encode())
    os._exit(status)
