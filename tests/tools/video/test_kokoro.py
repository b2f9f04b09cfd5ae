"""The neural voice: what it is given to say, and what it refuses."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools.video import kokoro, phonemes
from tools.video.__main__ import missing_packages


def test_punctuation_is_kept_and_ties_become_one_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def espeak(
        command: list[str], **_: Any
    ) -> subprocess.CompletedProcess[str]:
        said = {"Oi, tia": "", "Oi": "ˈoɪ\n", "tia": "t^ʃ-ˈiæ\n"}
        return subprocess.CompletedProcess(command, 0, said[command[-1]])

    monkeypatch.setattr("tools.video.phonemes.subprocess.run", espeak)
    assert phonemes.phonemes("Oi, “tia”!") == "ˈoɪ, ʧˈiæ!"


def test_a_voice_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "ready").touch()
    (tmp_path / "pf_dora.bin").touch()
    with pytest.raises(FileNotFoundError, match="no voice pf_x: it has pf_do"):
        kokoro.speak(tmp_path, "pf_x", {tmp_path / "out.wav": "a"})


def test_each_voice_needs_its_own_packages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert "espeak-ng" in missing_packages("kokoro:pf_dora")
    assert "espeak-ng" not in missing_packages("rhvoice:x")
    assert any("rhvoice" in one for one in missing_packages("rhvoice:x"))
