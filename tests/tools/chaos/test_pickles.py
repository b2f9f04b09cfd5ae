"""Hostile pickles are refused, in little memory."""

import pickletools
import subprocess
import sys
from pathlib import Path

from tools.chaos.pickles import hostile_pickles

PROJECT = Path(__file__).resolve().parents[3]

LOADED = """
import resource, sys
from models_ml.release.payload import PayloadError, load_payload
from tools.chaos.pickles import hostile_pickles, SOUND

load_payload(SOUND)
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before, data = base, b""
for name, data in hostile_pickles():
    try:
        load_payload(data)
    except PayloadError as error:
        assert str(error), name
    else:
        sys.exit(f"{name} was not refused")
    now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if now - base > 64 << 10:
        sys.exit(f"{name} took {(now - before) >> 10} MiB")
    before = now
"""


def test_there_are_many_and_of_every_opcode() -> None:
    hostile = dict(hostile_pickles())
    assert len(hostile) >= 200
    for opcode in pickletools.opcodes:
        assert f"{opcode.name} at the end" in hostile


def test_each_is_refused_within_64_mebibytes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
