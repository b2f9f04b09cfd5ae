import subprocess
from pathlib import Path

import numpy as np
import pytest

from tools.video import sound
from tools.video.script import Scene, Sentence
from tools.video.voice import LEAD, Narrator, NoVoiceError

SCENE = Scene(
    "cena",
    "Cena",
    {"mostra": "titulo"},
    (Sentence("Uma frase curta.", {"a": 0.5}), Sentence("Outra.", {})),
)


def tone(seconds: float) -> sound.Samples:
    times = np.arange(round(seconds * sound.RATE)) / sound.RATE
    return (0.3 * np.sin(2 * np.pi * 220 * times)).astype(np.float32)


def test_trimming_cuts_silence_at_both_ends_only() -> None:
    inner = np.concatenate([tone(0.5), sound.quiet(0.4), tone(0.5)])
    cut = sound.trimmed(
        np.concatenate([sound.quiet(1), inner, sound.quiet(2)])
    )
    assert abs(len(cut) / sound.RATE - 1.4) < 0.05
    assert sound.pauses(cut) == pytest.approx([0.72], abs=0.03)


def test_an_unknown_voice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoVoiceError, match="PLATEIA_VOICE=gato:mia"):
        Narrator("gato:mia", {}, tmp_path, tmp_path)


def test_a_recording_replaces_the_synthesis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = np.concatenate([tone(2.0), sound.quiet(0.5), tone(1.0)])

    def no_levelling(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes())

    monkeypatch.setattr(sound, "levelled", no_levelling)
    monkeypatch.setattr(sound, "read_sound", lambda path: said)
    (tmp_path / "cena.wav").touch()
    narrator = Narrator("rhvoice:none", {}, tmp_path / "work", tmp_path)
    spoken = narrator.narrate(SCENE)
    (first, second) = spoken.spans
    assert first == pytest.approx((LEAD, LEAD + 2.25), abs=0.05)
    assert second[0] == first[1]
    assert spoken.moments(SCENE.sentences)["a"] == pytest.approx(
        LEAD + 1.125, abs=0.05
    )


def test_a_missing_synthesiser_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(*args: object, **others: object) -> None:
        raise FileNotFoundError(2, "no", "RHVoice-test")

    monkeypatch.setattr(subprocess, "run", absent)
    narrator = Narrator("rhvoice:x", {}, tmp_path / "work", tmp_path)
    with pytest.raises(NoVoiceError, match="RHVoice-test is not installed"):
        narrator.narrate(SCENE)
