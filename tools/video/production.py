"""The production: every scene recorded, photographed and put together."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from . import notebook, reel, sound
from .pages import PageRecorder
from .replay import Take, screens
from .script import Scene
from .subtitles import Cue, cues_of, held, write_ass, write_srt
from .system import ORIGIN, ROOT, System
from .terminal import Recording, record
from .voice import Narrator, Spoken


@dataclass(frozen=True)
class Timed:
    """A scene with its narration and its place in the film, in frames."""

    scene: Scene
    spoken: Spoken
    first: int
    frames: int

    @property
    def start(self) -> float:
        """Seconds from the beginning of the film."""
        return self.first / reel.FRAMES


def lay_out(scenes: list[Scene], narrator: Narrator) -> list[Timed]:
    """Narrate the scenes and place them one after the other."""
    narrator.prepare(scenes)
    placed, first = [], 0
    for scene in scenes:
        spoken = narrator.narrate(scene)
        frames = int(np.ceil(spoken.seconds * reel.FRAMES))
        placed.append(Timed(scene, spoken, first, frames))
        first += frames
    return placed


def write_narration(placed: list[Timed], target: Path) -> None:
    """Write the whole narration, each scene padded to whole frames."""
    parts = []
    for one in placed:
        samples = sound.read_sound(one.spoken.file)
        length = one.frames * sound.RATE // reel.FRAMES
        samples = samples[:length]
        parts += [samples, np.zeros(length - len(samples), np.float32)]
    sound.write_sound(target, np.concatenate(parts))


def subtitles(placed: list[Timed]) -> list[Cue]:
    """Subtitles of the whole film."""
    cues = [
        cue
        for one in placed
        for sentence, (start, end) in zip(
            one.scene.sentences, one.spoken.spans, strict=True
        )
        for cue in cues_of(sentence.text, one.start + start, one.start + end)
    ]
    last = placed[-1]
    return held(cues, (last.first + last.frames) / reel.FRAMES)


class Production:
    """Records scenes, in the script's order, and keeps what is still valid."""

    def __init__(self, work: Path, system: System, browser: Browser) -> None:
        self.work, self.system, self.browser = work, system, browser
        self.stage = reel.open_stage(browser)

    def film(self, placed: list[Timed], only: set[str]) -> list[reel.Picture]:
        """Pictures of the scenes; *only* some of them, if any are named.

        What is built is recorded before anything is served, so that a scene
        may show the page before the one that shows the training.
        """
        for one in placed:
            shows = one.scene.shows
            if shows["mostra"] == "terminal" and not shows.get("servidor"):
                self._recorded(one.scene, shows["passos"], _size(shows))
        pictures = []
        for one in placed:
            if only and one.scene.id not in only:
                continue
            print(f"{one.scene.id}: {one.spoken.seconds:.1f} s", flush=True)
            moments = one.spoken.moments(one.scene.sentences)
            shows = reel.timed(one.scene.shows, moments)
            shown = self._played(one, shows)
            folder = self.work / "frames" / one.scene.id
            pictures += list(self._photographed(shown, one.frames, folder))
        return pictures

    def _played(self, one: Timed, shows: dict[str, Any]) -> dict[str, Any]:
        """Do what the scene does for real; what is left can be drawn."""
        if shows["mostra"] == "terminal":
            return self._terminal(one, shows)
        if shows["mostra"] == "pagina":
            self.system.serve()
            folder = self.work / "pages" / one.scene.id
            recorder = PageRecorder(
                self.browser, self.system.origin, ORIGIN, folder
            )
            return recorder.record(shows)
        if shows["mostra"] == "caderno":
            path = ROOT / "notebooks" / f"{shows['caderno']}.ipynb"
            return {**shows, **notebook.shown(path, shows["figura"])}
        return shows

    def _terminal(self, one: Timed, shows: dict[str, Any]) -> dict[str, Any]:
        if shows.get("servidor"):
            self.system.serve()
        columns, rows = _size(shows)
        steps = shows["passos"]
        recordings = self._recorded(one.scene, steps, (columns, rows))
        takes = [
            Take(
                recording,
                step["comando"].rstrip("\n"),
                float(step["em"]),
                bool(step.get("topo")),
                bool(step.get("limpa")),
            )
            for step, recording in zip(steps, recordings, strict=True)
        ]
        end = one.frames / reel.FRAMES
        return {
            **shows,
            "linhas": rows,
            "telas": screens(takes, end, columns, rows),
        }

    def _recorded(
        self, scene: Scene, steps: list[dict[str, Any]], size: tuple[int, int]
    ) -> list[Recording]:
        """Run a scene's commands, or take their recording.

        A scene is recorded as a whole, since its commands build on each
        other; it is taken as it was while the script asks the same.
        """
        asked = [(step["comando"], step.get("termina", 0)) for step in steps]
        name = reel.digest(asked, size)
        file = self.work / "recordings" / f"{scene.id}-{name}.json"
        if file.exists():
            return [_recording(one) for one in json.loads(file.read_text())]
        folder = self.system.scratch if "pasta" in scene.shows else ROOT
        recordings = []
        for command, expected in asked:
            print(f"  $ {command}", flush=True)
            done = record(
                self.system.real(command),
                folder,
                self.system.environment(),
                size=size,
                expected=expected,
            )
            shown = [(t, self.system.shown(text)) for t, text in done.chunks]
            recordings.append(replace(done, chunks=tuple(shown)))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps([asdict(one) for one in recordings]))
        return recordings

    def _photographed(
        self, shown: dict[str, Any], frames: int, folder: Path
    ) -> Iterator[reel.Picture]:
        """Photograph a scene, unless it is still the one photographed."""
        look = [(reel.HERE / "stage" / name).read_text() for name in LOOKS]
        key = reel.digest(shown, frames, look, reel.FRAMES)
        listing = folder / "pictures.json"
        if listing.exists():
            kept = json.loads(listing.read_text())
            if kept["key"] == key:
                for file, count in kept["pictures"]:
                    yield reel.Picture(Path(file), count)
                return
        for old in folder.glob("*.png"):
            old.unlink()
        pictures = reel.photograph(self.stage, shown, frames, folder)
        rows = [[str(one.file), one.frames] for one in pictures]
        listing.write_text(json.dumps({"key": key, "pictures": rows}))
        yield from pictures


def _recording(kept: dict[str, Any]) -> Recording:
    chunks = tuple((moment, text) for moment, text in kept.pop("chunks"))
    return Recording(chunks=chunks, **kept)


LOOKS = ("stage.html", "stage.css", "stage.js")


def _size(shows: dict[str, Any]) -> tuple[int, int]:
    """Columns and rows of a scene's terminal."""
    columns = int(shows["colunas"])
    return columns, int(shows.get("linhas") or rows_for(columns))


def rows_for(columns: int) -> int:
    """How many rows of *columns* characters the terminal shows."""
    size = min(46.0, 1784 / columns / 0.6)
    return int(816 / (size * 1.27))


def produce(
    placed: list[Timed], work: Path, target: Path, quality: int, only: set[str]
) -> None:
    """Make the film and its subtitles."""
    work.mkdir(parents=True, exist_ok=True)
    with (
        System(work) as system,
        sync_playwright() as playwright,
        reel.open_browser(playwright) as browser,
    ):
        pictures = Production(work, system, browser).film(placed, only)
    if only:
        return
    narration = work / "narration.wav"
    write_narration(placed, narration)
    cues = subtitles(placed)
    burnt = work / "subtitles.ass"
    write_ass(burnt, cues, reel.SUBTITLE)
    reel.encode(pictures, narration, burnt, target, quality)
    write_srt(target.with_suffix(".srt"), cues)
