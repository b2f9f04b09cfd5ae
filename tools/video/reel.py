"""From scenes with their times to pictures, and from pictures to a film."""

import hashlib
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

from api.pages.colours import page_colours

CLASSES = ("hated", "disliked", "liked", "loved")
"""Colours that mean the same here as on the page."""
FRAMES = 20
"""Pictures a second."""
STAGE = (1920, 920)
"""Pixels of the stage; the film is 1920 × 1080, subtitles below it."""
HERE = Path(__file__).parent
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
    "--allow-file-access-from-files",
)
BAND = "0x0b0808"
SUBTITLE = (
    "Fala,Inter,56,&H00F7F1E8,&H00000000,-1,1,0,0,2,80,80,18"  # bottom centre
)


@dataclass(frozen=True)
class Picture:
    """A picture and for how many frames it stays."""

    file: Path
    frames: int


def open_browser(playwright: Playwright) -> Browser:
    """Start Debian's Chromium without a window."""
    return playwright.chromium.launch(
        executable_path=str(CHROMIUM),
        args=list(FLAGS),
        env={
            **os.environ,
            "FONTCONFIG_FILE": str(HERE / "stage" / "fonts.conf"),
        },
    )


def open_stage(browser: Browser) -> Page:
    """Open the page on which every scene is drawn."""
    page = browser.new_page(
        viewport={"width": STAGE[0], "height": STAGE[1]}, locale="pt-BR"
    )
    page.goto((HERE / "stage" / "stage.html").as_uri())
    colours = page_colours(is_dark=True)
    named = "".join(f"--{name}: {colours[name]};" for name in CLASSES)
    page.add_style_tag(content=f":root {{{named}}}")
    return page


def timed(tree: Any, moments: dict[str, float]) -> Any:
    """Replace each ``em: name`` of a scene by its seconds."""
    if isinstance(tree, dict):
        return {
            key: moments[value] if key == "em" else timed(value, moments)
            for key, value in tree.items()
        }
    if isinstance(tree, list):
        return [timed(one, moments) for one in tree]
    return tree


def photograph(
    stage: Page, scene: dict[str, Any], frames: int, work: Path
) -> list[Picture]:
    """Draw *frames* frames of a scene; one picture per different look."""
    work.mkdir(parents=True, exist_ok=True)
    stage.evaluate("scene => loadScene(scene)", scene)
    camera = stage.context.new_cdp_session(stage)
    pictures: list[Picture] = []
    seen: dict[str, Path] = {}
    for number in range(frames):
        sign = str(stage.evaluate("t => drawScene(t)", number / FRAMES))
        file = seen.get(sign)
        if file is None:
            file = work / f"{number:05d}.png"
            stage.screenshot(path=file, animations="allow")
            seen[sign] = file
        if pictures and pictures[-1].file == file:
            pictures[-1] = Picture(file, pictures[-1].frames + 1)
        else:
            pictures.append(Picture(file, 1))
    camera.detach()
    return pictures


def digest(*parts: Any) -> str:
    """Name a piece of work after everything that it is made from."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def encode(
    pictures: list[Picture],
    narration: Path,
    subtitles: Path,
    target: Path,
    quality: int,
) -> None:
    """Make the film: H.264 and AAC, subtitles burnt in, ready to stream."""
    listing = target.with_suffix(".txt")
    lines = ["ffconcat version 1.0"]
    for one in pictures:
        lines += [f"file '{one.file}'", f"duration {one.frames / FRAMES:.6f}"]
    lines.append(f"file '{pictures[-1].file}'")
    listing.write_text("\n".join(lines) + "\n", encoding="utf-8")
    filters = (
        f"fps={FRAMES},pad=1920:1080:0:0:{BAND},ass={subtitles},format=yuv420p"
    )
    command = ["ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0"]
    command += ["-i", str(listing), "-i", str(narration), "-vf", filters]
    command += ["-c:v", "libx264", "-preset", "medium", "-crf", str(quality)]
    command += ["-tune", "stillimage", "-g", "200"]
    # AAC's peaks are a little above those that it is given.
    command += ["-af", "volume=-0.8dB", "-c:a", "aac", "-b:a", "60k"]
    command += ["-movflags", "+faststart", "-shortest"]
    command += ["-map_metadata", "-1", str(target)]
    subprocess.run(command, check=True)
    listing.unlink()
