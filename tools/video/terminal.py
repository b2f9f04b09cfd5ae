"""A terminal whose commands are really run, and replayed in the scene's time.

A command runs in a pseudo-terminal; what it writes is kept with the moment at
which it came. A small emulator (colours, carriage returns, erasing, cursor
moves: what dbt, tqdm and make use) turns that into screens.
"""

import codecs
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path

ESCAPE = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])|\x1b\][^\x07]*\x07|\x1b[()].")

Row = list[tuple[str, str]]
"""Runs of text and their style, a list of CSS classes."""


@dataclass(frozen=True)
class Recording:
    """What a command wrote, and when (seconds from its start)."""

    command: str
    chunks: tuple[tuple[float, str], ...]
    seconds: float
    status: int


class CommandFailedError(RuntimeError):
    """A command of the script ended otherwise than the script says."""


def record(
    command: str,
    folder: Path,
    environment: dict[str, str],
    *,
    size: tuple[int, int],
    expected: int = 0,
    limit: float = 900.0,
) -> Recording:
    """Run *command* in bash on a pseudo-terminal of *size* columns and rows.

    Raises CommandFailedError if its exit status is not *expected* or it
    takes more than *limit* seconds.
    """
    master, slave = pty.openpty()
    columns, rows = size
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    measures = {"COLUMNS": str(columns), "LINES": str(rows)}
    start = time.monotonic()
    process = subprocess.Popen(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env={**environment, **measures, "TERM": "xterm-256color"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    chunks: list[tuple[float, str]] = []
    while True:
        now = time.monotonic() - start
        if now > limit:
            process.kill()
            raise CommandFailedError(f"over {limit:.0f} s: {command}")
        if not select.select([master], [], [], 1.0)[0]:
            continue
        try:
            data = os.read(master, 65536)
        except OSError:  # Linux' way to say that the other end has closed
            break
        if not data:
            break
        chunks.append((time.monotonic() - start, decoder.decode(data)))
    os.close(master)
    status = process.wait()
    seconds = time.monotonic() - start
    if status != expected:
        tail = "".join(text for _, text in chunks)[-2000:]
        raise CommandFailedError(
            f"status {status}, expected {expected}: {command}\n{tail}"
        )
    return Recording(command, tuple(chunks), seconds, status)


@dataclass
class Screen:
    """The lines so far; as many as were written, of *columns* each."""

    columns: int
    lines: list[list[tuple[str, str]]] = field(default_factory=lambda: [[]])
    row: int = 0
    column: int = 0
    style: str = ""

    def write(self, text: str) -> None:
        """Take text with its control characters."""
        read = 0
        for match in ESCAPE.finditer(text):
            self._plain(text[read : match.start()])
            self._control(match[1] or "", match[2] or "")
            read = match.end()
        self._plain(text[read:])

    def rows(self) -> list[Row]:
        """Lines as runs of equal style, trailing spaces cut."""
        return [_runs(line) for line in self.lines]

    def _plain(self, text: str) -> None:
        for letter in text:
            if letter == "\r":
                self.column = 0
            elif letter == "\n":
                self._down()
                self.column = 0
            elif letter == "\b":
                self.column = max(self.column - 1, 0)
            elif letter == "\t":
                self._plain(" " * (8 - self.column % 8))
            elif letter >= " ":
                self._put(letter)

    def _put(self, letter: str) -> None:
        if self.column >= self.columns:
            self._down()
            self.column = 0
        line = self.lines[self.row]
        line += [(" ", "")] * (self.column + 1 - len(line))
        line[self.column] = (letter, self.style)
        self.column += 1

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append([])

    def _control(self, numbers: str, letter: str) -> None:
        first = int(numbers) if numbers.isdigit() else 0
        if letter == "m":
            self._colour(numbers)
        elif letter == "K":
            line = self.lines[self.row]
            keep = line[: self.column] if first == 0 else []
            self.lines[self.row] = keep
        elif letter == "A":
            self.row = max(self.row - max(first, 1), 0)
        elif letter == "B":
            for _ in range(max(first, 1)):
                self._down()
        elif letter == "C":
            self.column += max(first, 1)
        elif letter == "D":
            self.column = max(self.column - max(first, 1), 0)
        elif letter == "G":
            self.column = max(first - 1, 0)

    def _colour(self, numbers: str) -> None:
        styles = [one for one in self.style.split(" ") if one]
        codes = [int(one or 0) for one in numbers.split(";")]
        if codes[:1] == [38] or codes[:1] == [48]:
            return  # 256 colours: shown in the ordinary one
        for code in codes:
            if code == 0:
                styles = []
            elif code in (1, 2):
                styles.append("bold" if code == 1 else "dim")
            elif code == 22:
                styles = [s for s in styles if s not in ("bold", "dim")]
            elif 30 <= code <= 37 or 90 <= code <= 97 or code == 39:
                styles = [s for s in styles if not s.startswith("c")]
                if code != 39:
                    styles.append(f"c{code % 10}")
        self.style = " ".join(dict.fromkeys(styles))


def _runs(line: list[tuple[str, str]]) -> Row:
    runs: Row = []
    for letter, style in line:
        if runs and runs[-1][1] == style:
            runs[-1] = (runs[-1][0] + letter, style)
        else:
            runs.append((letter, style))
    while runs and not runs[-1][0].strip() and not runs[-1][1]:
        runs.pop()
    return runs
