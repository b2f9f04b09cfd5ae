"""Pictures of the page for the READMEs, from a running server.

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
    ("side", "films"),
    ("gender", "F"),
    ("age", "27"),
    ("occupation", "writer"),
    ("rated", "260:4"),
    ("rated", "1721:2"),
)
AUDIENCE = (
    ("side", "audience"),
    ("title", "The Singing Lighthouse"),
    ("year", "2000"),
    ("film_genres", "Children's"),
    ("film_genres", "Musical"),
    ("measure", "affinity"),
)


TASTES = (("dimension", "gender"), ("level", "F"))
LANGUAGES = ("en", "pt")


def main(base: str, folder: Path) -> None:
    """Write `films-*.png`, `audience-*.png` and `tastes-*.png`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS
        )
        for language in LANGUAGES:
            page = browser.new_page(viewport={"width": 1200, "height": 1000})
            for name, path, question in (
                ("tastes", "/groups", TASTES),
                ("films", "/", FILMS),
                ("audience", "/", AUDIENCE),
            ):
                asked = urlencode((("lang", language), *question))
                page.goto(f"{base}{path}?{asked}")
                page.screenshot(path=folder / f"{name}-{language}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(__file__).parent)
