"""Pictures of the page for the README, from a running server.

    .venv/bin/python docs/images/shoot.py http://127.0.0.1:8000

Needs Debian's chromium; the release that serves should be of real data.
"""

import sys
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FILMS = (
    ("lang", "en"),
    ("side", "films"),
    ("gender", "F"),
    ("age", "27"),
    ("occupation", "writer"),
    ("rated", "260:4"),
    ("rated", "1721:2"),
)
AUDIENCE = (
    ("lang", "en"),
    ("side", "audience"),
    ("title", "The Singing Lighthouse"),
    ("year", "2000"),
    ("film_genres", "Children's"),
    ("film_genres", "Musical"),
    ("measure", "affinity"),
)


def main(base: str, folder: Path) -> None:
    """Write `page-films.png` and `page-audience.png` to `folder`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS
        )
        page = browser.new_page(viewport={"width": 1200, "height": 1180})
        page.goto(f"{base}/?{urlencode(FILMS)}")
        page.screenshot(path=folder / "page-films.png")
        page.goto(f"{base}/?{urlencode(AUDIENCE)}")
        page.hover("#seat-1-4")
        page.screenshot(path=folder / "page-audience.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(__file__).parent)
