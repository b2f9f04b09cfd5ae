"""The picture beside a link to a page: the product's name over its seats.

    .venv/bin/python -m docs.images.draw_link

Writes `api/pages/static/link-en.png` and `link-pt.png`. Needs Debian's
chromium; the words are those of the pages' catalogues, and no data is in it.
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

from api.pages.assets import LINK_PICTURE
from api.pages.texts import TEXTS
from docs.images.shoot import CHROMIUM, FLAGS

FOLDER = Path(__file__).parents[2] / "api" / "pages" / "static"
N_ROWS, N_SEATS = 4, 13
GROUND, FREE, TAKEN, TARGET = "#7b1e3b", "#94405a", "#e2b866", "#f3d9a4"
#: Rows, then seats, of a pattern that reads as an audience.
TAKEN_SEATS = {(0, 5), (0, 7), (1, 4), (1, 8), (2, 3), (2, 9), (3, 5), (3, 7)}
TARGET_SEATS = {(0, 6), (1, 5), (1, 6), (1, 7), (2, 5), (2, 6), (2, 7), (3, 6)}
SEAT = (
    "M9 13a7 7 0 0 1 14 0v7H9z M5 18a2 2 0 0 1 4 0v4h14v-4a2 2 0 0 1 4 0v9H5z"
)


def picture(language: str) -> str:
    """The picture as HTML."""
    texts = TEXTS[language]
    questions = "<br>".join(
        texts[f"{side}.heading"] for side in ("films", "audience")
    )
    return f"""<style>
    body {{ margin: 0; background: {GROUND}; color: #fff8f3;
           font-family: "DejaVu Sans", sans-serif; overflow: hidden; }}
    h1 {{ font: bold 104px "DejaVu Serif", serif; margin: 48px 72px 8px; }}
    p {{ font-size: 38px; line-height: 1.35; margin: 0 72px; }}
    svg {{ position: absolute; left: 0; bottom: 0; }}
    </style><h1>{texts["site"]}</h1><p>{questions}</p>{_seats()}"""


def _seats() -> str:
    width, height = LINK_PICTURE
    step = width / N_SEATS
    drawn = []
    for row in range(N_ROWS):
        for seat in range(N_SEATS):
            colour = FREE
            if (row, seat) in TARGET_SEATS:
                colour = TARGET
            elif (row, seat) in TAKEN_SEATS:
                colour = TAKEN
            x, y = seat * step + 8, height - 290 + row * 72
            drawn.append(
                f'<path transform="translate({x:.1f} {y}) scale(2.4)"'
                f' fill="{colour}" d="{SEAT}"/>'
            )
    return f'<svg width="{width}" height="{height}">{"".join(drawn)}</svg>'


def main() -> None:
    """Write one picture for each language."""
    width, height = LINK_PICTURE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS
        )
        page = browser.new_page(viewport={"width": width, "height": height})
        for language in TEXTS:
            page.set_content(picture(language))
            page.screenshot(path=FOLDER / f"link-{language}.png")
        browser.close()


if __name__ == "__main__":
    main()
