"""``python -m tools.video``: the video, from its script."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from models_ml.settings import load_settings

from . import inspection, production, reel
from .facts import UnknownFactError, read_facts
from .gather import MissingRunError, gather, write_facts
from .notebook import NoOutputError
from .pages import PageStepError
from .script import BadScriptError, Scene, read_script
from .speech import read_lexicon
from .subtitles import write_srt
from .system import ROOT, NotServingError
from .terminal import CommandFailedError
from .voice import Narrator, NoVoiceError

VIDEO = ROOT / "docs" / "video"
FILM = VIDEO / "plateia.mp4"
FACTS = VIDEO / "facts.json"
VOICE = "kokoro:pf_dora"
FAULTS = (
    BadScriptError,
    CommandFailedError,
    FileNotFoundError,
    MissingRunError,
    NotServingError,
    NoOutputError,
    NoVoiceError,
    PageStepError,
    UnknownFactError,
)
"""Told in one sentence; anything else is a fault of the studio."""
NEEDED = {
    "ffmpeg": "ffmpeg",
    "chromium": "chromium",
    "jq": "jq",
    "curl": "curl",
}
SPEAKS = {
    "kokoro": {"espeak-ng": "espeak-ng", "npm": "npm"},
    "rhvoice": {"RHVoice-test": "rhvoice rhvoice-brazilian-portuguese"},
    "espeak-ng": {"espeak-ng": "espeak-ng"},
}
"""What each engine of the narration needs beside."""
FONTS = {"Inter": "fonts-inter", "JetBrains Mono": "fonts-jetbrains-mono"}


def missing_packages(voice: str) -> list[str]:
    """Debian packages that the studio needs and this machine has not."""
    needed = NEEDED | SPEAKS.get(voice.partition(":")[0], {})
    packages = [p for tool, p in needed.items() if shutil.which(tool) is None]
    listing = ""
    if shutil.which("fc-list"):
        listing = subprocess.run(
            ["fc-list", ":", "family"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    return packages + [p for name, p in FONTS.items() if name not in listing]


def main() -> int:
    """Run one command; 1 with one sentence when something is missing."""
    options = _parser().parse_args()
    work = Path(os.environ.get("PLATEIA_HOME") or ROOT / "var") / "video"
    voice = os.environ.get("PLATEIA_VOICE") or VOICE
    try:
        if options.command == "facts":
            settings = load_settings()
            manifest = ROOT / "target" / "manifest.json"
            runs = ROOT / "docs" / "runs"
            write_facts(FACTS, gather(settings.warehouse, manifest, runs))
        elif options.command == "check":
            return inspection.report(FILM)
        elif options.command == "look":
            inspection.look(options.film, options.folder, options.every)
        else:
            _make(options, work.resolve(), voice)
    except FAULTS as fault:
        print(f"studio: {fault}", file=sys.stderr)
        return 1
    return 0


def _make(options: argparse.Namespace, work: Path, voice: str) -> None:
    lacking = missing_packages(voice)
    if lacking:
        raise NoVoiceError(
            "missing Debian packages; as root: apt-get install "
            f"{' '.join(lacking)} (RHVoice's voices are in the component "
            "non-free of the sources)"
        )
    lexicon = read_lexicon(VIDEO / "lexicon.csv")
    narrator = Narrator(voice, lexicon, work / "voice", VIDEO / "voz")
    placed = production.lay_out(_scenes(), narrator)
    total = sum(one.frames for one in placed) / reel.FRAMES
    for one in placed:
        print(f"{one.start:7.1f} s  {one.scene.id}: {one.scene.title}")
    print(f"{total:7.1f} s  in all ({total / 60:.1f} minutes)", flush=True)
    if options.command == "voice":
        cues = production.subtitles(placed)
        write_srt(FILM.with_suffix(".srt"), cues)
    if options.command == "film":
        if options.again:
            shutil.rmtree(work / "recordings", ignore_errors=True)
            shutil.rmtree(work / "home", ignore_errors=True)
        production.produce(
            placed, work, options.target, options.quality, set(options.only)
        )


def _scenes() -> list[Scene]:
    return read_script(VIDEO / "roteiro.md", read_facts(FACTS))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.video")
    commands = parser.add_subparsers(dest="command", required=True)
    film = commands.add_parser("film", help="record and make the video")
    film.add_argument("--target", type=Path, default=FILM)
    film.add_argument("--quality", type=int, default=30, help="x264's CRF")
    film.add_argument("--only", nargs="*", default=[], help="scene ids")
    film.add_argument(
        "--again", action="store_true", help="run every command again"
    )
    commands.add_parser(
        "voice", help="narrate only, write the subtitles, show the times"
    )
    commands.add_parser("facts", help="gather the numbers that are told")
    commands.add_parser("check", help="measure the finished video")
    look = commands.add_parser("look", help="pictures of a film, to look at")
    look.add_argument("folder", type=Path)
    look.add_argument("--film", type=Path, default=FILM)
    look.add_argument("--every", type=float, default=5.0, help="seconds")
    return parser


if __name__ == "__main__":
    sys.exit(main())
