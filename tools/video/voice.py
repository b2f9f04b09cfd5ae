"""Narration: a synthesiser's, or a person's recording of a scene.

The synthesiser is a setting, ``PLATEIA_VOICE``::

    kokoro:pf_dora                 the default (Apache 2.0); also pm_alex
    rhvoice:Leticia-F123           CC BY-SA 4.0
    espeak-ng:pt-br, espeak-ng:mb/mb-br4
    piper:<path of a voice .onnx>  for those who have one

``docs/video/voz/<scene>.wav`` replaces the synthesis of that scene.
"""

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import kokoro, sound
from .phonemes import phonemes
from .script import Scene, Sentence
from .speech import spoken

LEAD, BETWEEN, PARAGRAPH, TAIL = 0.45, 0.32, 0.55, 0.75
"""Seconds of silence: before, between sentences and paragraphs, after."""
SNAP = 1.5
"""Seconds within which a recording's pause is taken for a sentence's end."""


class NoVoiceError(RuntimeError):
    """The voice that was asked for can't speak; the message says why."""


@dataclass(frozen=True)
class Spoken:
    """A scene's narration: its file, and when each sentence is said."""

    file: Path
    seconds: float
    spans: tuple[tuple[float, float], ...]
    """Start and end of each sentence, in seconds."""

    def moments(self, sentences: tuple[Sentence, ...]) -> dict[str, float]:
        """When each mark of *sentences* is reached, in seconds."""
        times = {"inicio": 0.0, "fim": self.seconds}
        for sentence, (start, end) in zip(sentences, self.spans, strict=True):
            for name, share in sentence.marks.items():
                times[name] = start + share * (end - start)
        return times


class Narrator:
    """Speaks scenes with one voice and keeps what was said before."""

    def __init__(
        self, voice: str, lexicon: dict[str, str], work: Path, takes: Path
    ) -> None:
        self.engine, _, self.name = voice.partition(":")
        if self.engine not in ("kokoro", "rhvoice", "espeak-ng", "piper"):
            raise NoVoiceError(
                f"PLATEIA_VOICE={voice}: a voice is kokoro:<voice>, "
                "rhvoice:<profile>, espeak-ng:<voice> or piper:<file>"
            )
        self.lexicon, self.work, self.takes = lexicon, work, takes
        work.mkdir(parents=True, exist_ok=True)

    def narrate(self, scene: Scene) -> Spoken:
        """Speak a scene, or take its recording; levelled either way."""
        take = self.takes / f"{scene.id}.wav"
        raw, spans = (
            self._recorded(scene, take)
            if take.exists()
            else self._synthesised(scene)
        )
        digest = hashlib.sha256(raw.tobytes()).hexdigest()[:16]
        file = self.work / f"{scene.id}-{digest}.wav"
        if not file.exists():
            draft = file.with_suffix(".draft.wav")
            sound.write_sound(draft, raw)
            sound.levelled(draft, file)
            draft.unlink()
        return Spoken(file, len(raw) / sound.RATE, tuple(spans))

    def _synthesised(
        self, scene: Scene
    ) -> tuple[sound.Samples, list[tuple[float, float]]]:
        parts, spans, now = [sound.quiet(LEAD)], [], LEAD
        for sentence in scene.sentences:
            said = sound.trimmed(self._say(sentence.text))
            length = len(said) / sound.RATE
            pause = PARAGRAPH if sentence.ends_paragraph else BETWEEN
            if sentence is scene.sentences[-1]:
                pause = TAIL
            parts += [said, sound.quiet(pause)]
            spans.append((now, now + length))
            now += length + pause
        return np.concatenate(parts), spans

    def _recorded(
        self, scene: Scene, take: Path
    ) -> tuple[sound.Samples, list[tuple[float, float]]]:
        """Lay sentences over a recording by length, ends snapped to pauses."""
        said = sound.trimmed(sound.read_sound(take))
        length = len(said) / sound.RATE
        letters = np.cumsum([len(one.text) for one in scene.sentences])
        ends = letters / letters[-1] * length
        breaks = np.array(sound.pauses(said))
        for at, end in enumerate(ends[:-1]):
            if breaks.size and np.abs(breaks - end).min() <= SNAP:
                ends[at] = breaks[np.abs(breaks - end).argmin()]
        edges = LEAD + np.r_[0.0, np.maximum.accumulate(ends)]
        whole = [sound.quiet(LEAD), said, sound.quiet(TAIL)]
        pairs = zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
        return np.concatenate(whole), list(pairs)

    def prepare(self, scenes: list[Scene]) -> None:
        """Speak what several scenes say at once, where that is faster."""
        if self.engine == "kokoro":
            self._by_kokoro(
                [
                    spoken(sentence.text, self.lexicon)
                    for scene in scenes
                    for sentence in scene.sentences
                ]
            )

    def _say(self, text: str) -> sound.Samples:
        words = spoken(text, self.lexicon)
        file = self._file(words)
        if not file.exists():
            if self.engine == "kokoro":
                self._by_kokoro([words])
            else:
                self._by_command(words, file)
        samples = sound.read_sound(file)
        if not sound.trimmed(samples).size:
            raise NoVoiceError(
                f"{self.engine}:{self.name} said nothing: {words}"
            )
        return samples

    def _file(self, words: str) -> Path:
        """Where it is kept how the voice says *words*."""
        key = hashlib.sha256(
            f"{self.engine}:{self.name}:{words}".encode()
        ).hexdigest()[:16]
        return self.work / f"say-{key}.wav"

    def _by_kokoro(self, texts: list[str]) -> None:
        files = {self._file(words): words for words in texts}
        drafts = {
            file.with_suffix(".draft.wav"): phonemes(words)
            for file, words in files.items()
            if not file.exists()
        }
        if not drafts:
            return
        try:
            kokoro.speak(self.work / "kokoro", self.name, drafts)
        except (OSError, kokoro.VoiceDamagedError) as fault:
            raise NoVoiceError(str(fault)) from fault
        except subprocess.CalledProcessError as fault:
            raise NoVoiceError(f"{fault.cmd[0]}: {fault.stderr}") from fault
        for draft in drafts:
            draft.replace(draft.with_name(draft.name.replace(".draft", "")))

    def _by_command(self, words: str, file: Path) -> None:
        draft = file.with_suffix(".draft.wav")
        try:
            subprocess.run(
                self._command(draft),
                input=words,
                text=True,
                check=True,
                capture_output=True,
            )
        except FileNotFoundError as fault:
            raise NoVoiceError(f"{fault.filename} is not installed") from fault
        except subprocess.CalledProcessError as fault:
            raise NoVoiceError(f"{fault.cmd[0]}: {fault.stderr}") from fault
        draft.replace(file)

    def _command(self, file: Path) -> list[str]:
        target = str(file)
        if self.engine == "rhvoice":
            return ["RHVoice-test", "-p", self.name, "-q", "max", "-o", target]
        if self.engine == "espeak-ng":
            return ["espeak-ng", "-v", self.name, "-s", "150", "-w", target]
        return ["piper", "--model", self.name, "--output_file", target]
