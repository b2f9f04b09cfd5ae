"""Sound as arrays: reading, trimming, levelling and writing speech."""

import json
import subprocess
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
"""Samples per second, one channel, everywhere in the studio."""
LOUDNESS = -16.0
"""LUFS of the finished narration (EBU R 128 scale)."""
SILENCE = 0.004
"""Amplitude (1 is full scale) under which there is no speech."""
CLEANED = "highpass=f=70,acompressor=threshold=-22dB:ratio=2:attack=8"

Samples = NDArray[np.float32]


def read_sound(path: Path, filters: str = "anull") -> Samples:
    """Read any sound file as mono float samples at RATE."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-af", filters]
    command += ["-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, dtype=np.float32)


def write_sound(path: Path, samples: Samples) -> None:
    """Write samples as 16-bit WAV."""
    whole = np.clip(samples, -1, 1) * 32767
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(whole.astype("<i2").tobytes())


def trimmed(samples: Samples) -> Samples:
    """Cut the silence off both ends, 20 ms of it left."""
    loud = np.flatnonzero(np.abs(samples) > SILENCE)
    if not loud.size:
        return samples[:0]
    margin = RATE // 50
    return samples[max(loud[0] - margin, 0) : loud[-1] + margin]


def quiet(seconds: float) -> Samples:
    """Silence."""
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def pauses(samples: Samples, shortest: float = 0.12) -> list[float]:
    """Middles, in seconds, of the pauses at least *shortest* long."""
    step = RATE // 100
    frames = samples[: len(samples) // step * step].reshape(-1, step)
    silent = np.abs(frames).max(axis=1) <= SILENCE * 3
    edges = np.flatnonzero(np.diff(np.r_[0, silent.view(np.int8), 0]))
    starts, ends = edges[::2], edges[1::2]
    return [
        float(start + end) / 200
        for start, end in zip(starts, ends, strict=True)
        if (end - start) / 100 >= shortest
    ]


def levelled(source: Path, target: Path) -> None:
    """Bring speech to LOUDNESS in two passes, without pumping."""
    goal = f"I={LOUDNESS}:TP=-1.5:LRA=11"
    seen = loudness(source, f"{CLEANED},loudnorm={goal}")
    measured = ":".join(
        f"measured_{name}={seen[f'input_{key}']}"
        for name, key in (
            ("I", "i"),
            ("TP", "tp"),
            ("LRA", "lra"),
            ("thresh", "thresh"),
        )
    )
    chain = (
        f"{CLEANED},loudnorm={goal}:{measured}"
        f":offset={seen['target_offset']}:linear=true"
    )
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(source)]
    command += ["-af", chain, "-ac", "1", "-ar", str(RATE), str(target)]
    subprocess.run(command, check=True)


def loudness(path: Path, filters: str = "loudnorm=I=-16") -> dict[str, str]:
    """Measure a file's loudness: ffmpeg's ``loudnorm`` report."""
    command = ["ffmpeg", "-hide_banner", "-i", str(path), "-vn", "-af"]
    command += [f"{filters}:print_format=json", "-f", "null", "-"]
    report = subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stderr
    measured: dict[str, str] = json.loads(report[report.rindex("{") :])
    return measured
