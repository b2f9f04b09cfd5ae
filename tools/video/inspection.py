"""Looking at the finished video: what can be measured, and stills."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from . import sound

LARGEST = 15_000_000
"""Bytes that may be committed."""
MINUTES = (6.0, 8.0)
STILL, SILENT = 12.0, 2.0
"""Seconds after which a picture is frozen and the narration stopped."""


def report(film: Path) -> int:
    """Print the measurements; 1 if one is out of bounds."""
    faults = 0
    for name, value, good in measurements(film):
        faults += not good
        print(f"{'ok  ' if good else 'BAD '} {name}: {value}")
    return int(bool(faults))


def measurements(film: Path) -> list[tuple[str, str, bool]]:
    """Name, value and whether it is within bounds, of each property."""
    about = _probe(film)
    streams = {one["codec_type"]: one for one in about["streams"]}
    video, audio = streams["video"], streams["audio"]
    seconds = float(about["format"]["duration"])
    size = film.stat().st_size
    heard = sound.loudness(film)
    level, peak = float(heard["input_i"]), float(heard["input_tp"])
    silences = _detected(film, "-af", f"silencedetect=n=-45dB:d={SILENT}")
    frozen = _detected(film, "-vf", f"freezedetect=n=-60dB:d={STILL}")
    shape = f"{video['width']}×{video['height']}"
    gap = abs(float(video["duration"]) - float(audio["duration"]))
    return [
        ("size", f"{size / 1e6:.2f} MB", size <= LARGEST),
        (
            "length",
            f"{seconds / 60:.2f} minutes",
            MINUTES[0] <= seconds / 60 <= MINUTES[1],
        ),
        ("picture", shape, shape == "1920×1080"),
        (
            "codecs",
            f"{video['codec_name']}, {audio['codec_name']}",
            (video["codec_name"], audio["codec_name"]) == ("h264", "aac"),
        ),
        ("pixels", video["pix_fmt"], video["pix_fmt"] == "yuv420p"),
        ("picture and sound end apart by", f"{gap:.2f} s", gap < 0.2),
        ("loudness", f"{level} LUFS", abs(level - sound.LOUDNESS) <= 1),
        ("true peak", f"{peak} dB", peak <= -1),
        (f"silences over {SILENT} s", str(silences), not silences),
        (f"pictures still over {STILL} s", str(frozen), not frozen),
    ]


def look(film: Path, folder: Path, every: float) -> None:
    """Write stills at full size, and sheets of them at phone size."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(film)]
    stills = ["-vf", f"fps=1/{every}", str(folder / "still-%03d.png")]
    sheet = f"fps=1/{every},scale=640:360,tile=3x4:padding=6"
    sheets = ["-vf", sheet, str(folder / "sheet-%02d.png")]
    subprocess.run([*command, *stills], check=True)
    subprocess.run([*command, *sheets], check=True)


def _probe(film: Path) -> dict[str, Any]:
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams"]
    text = subprocess.run(
        [*command, "-of", "json", str(film)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    report: dict[str, Any] = json.loads(text)
    return report


def _detected(film: Path, kind: str, detector: str) -> list[float]:
    """Starts, in seconds, of what an ffmpeg detector finds."""
    command = ["ffmpeg", "-hide_banner", "-i", str(film), kind, detector]
    text = subprocess.run(
        [*command, "-f", "null", "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    starts = re.findall(r"(?:silence|freeze)_start: ([\d.]+)", text)
    return [round(float(one), 1) for one in starts]
