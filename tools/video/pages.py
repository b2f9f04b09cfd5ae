"""Scenes of the real page: steps are done in Chromium and photographed.

Steps of a scene, each with its moment ``em`` (or right after the one before):

    abre: /path                  open a page of the running system
    clica: selector              move the cursor there and click
    passa: selector              move the cursor there
    escreve: text, campo: selector   type into a field
    escolhe: value, campo: selector  choose from a list
    rola: selector or pixels     scroll until the element is at the top
    zoom: selector or "tudo"     bring the camera near, or back
    tecla: key                   press a key
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

VIEW = (1920, 858)
"""Pixels of the stage that the page has, under the address bar."""
SHARPER = 1.5
"""Pictures are taken this much larger than shown, for the camera to near."""
MOVE, TYPE, SCROLL, NEAR = 0.7, 0.07, 0.8, 0.9
"""Seconds to move the cursor, type a letter, scroll, and zoom."""
ASKING = 300
"""Milliseconds within which the page has sent what a step asks for."""
STEP = 1 / 15
"""Seconds between the pictures of a scroll."""


class PageStepError(RuntimeError):
    """A step of the script can't be done on the page."""


class PageRecorder:
    """Does a scene's steps and keeps pictures, cursor and camera moves."""

    def __init__(
        self, browser: Browser, origin: str, shown: str, work: Path
    ) -> None:
        self.browser, self.origin, self.shown = browser, origin, shown
        self.work = work
        work.mkdir(parents=True, exist_ok=True)

    def record(self, scene: dict[str, Any]) -> dict[str, Any]:
        """Play the steps of *scene*; the result is what the stage draws."""
        width = int(scene.get("largura", 1100))
        self.scale = VIEW[0] / width
        context = self.browser.new_context(
            viewport={"width": width, "height": round(VIEW[1] / self.scale)},
            device_scale_factor=self.scale * SHARPER,
            locale="pt-BR",
            reduced_motion="reduce",
        )
        self.page = context.new_page()
        self.shots: list[dict[str, Any]] = []
        self.clicks: list[float] = []
        self.place = (VIEW[0] * 0.62, VIEW[1] * 0.55)
        self.cursor: list[dict[str, Any]] = [{"t": 0, "to": self.place}]
        self.camera: list[dict[str, Any]] = [{"t": 0, "to": (0, 0, 1)}]
        now = 0.0
        try:
            for step in scene["passos"]:
                now = self._step(step, max(now, float(step.get("em", now))))
        finally:
            context.close()
        return {
            "mostra": "pagina",
            "fotos": self.shots,
            "cursor": self.cursor,
            "camera": self.camera,
            "cliques": self.clicks,
        }

    def _step(self, step: dict[str, Any], now: float) -> float:
        actions: dict[str, Callable[[dict[str, Any], float], float]] = {
            "abre": self._open,
            "clica": self._click,
            "passa": self._hover,
            "escreve": self._write,
            "escolhe": self._choose,
            "rola": self._scroll,
            "zoom": self._zoom,
            "tecla": self._press,
        }
        names = [name for name in actions if name in step]
        if len(names) != 1:
            raise PageStepError(f"a step needs one of {list(actions)}: {step}")
        try:
            return actions[names[0]](step, now)
        except Exception as fault:
            raise PageStepError(f"{step}: {fault}") from fault

    def _open(self, step: dict[str, Any], now: float) -> float:
        self.page.goto(self.origin + step["abre"])
        return self._shoot(now)

    def _click(self, step: dict[str, Any], now: float) -> float:
        target = self._find(step["clica"])
        now = self._move(target, now)
        target.click()
        self.clicks.append(now)
        return self._shoot(now + 0.15)

    def _hover(self, step: dict[str, Any], now: float) -> float:
        target = self._find(step["passa"])
        now = self._move(target, now)
        target.hover()
        return self._shoot(now)

    def _write(self, step: dict[str, Any], now: float) -> float:
        target = self._find(step["campo"])
        now = self._move(target, now)
        self.clicks.append(now)
        target.click()
        if step.get("apaga"):
            target.fill("")
        for letter in str(step["escreve"]):
            target.press_sequentially(letter)
            now = self._shoot(now + TYPE, settle=False)
        return self._shoot(now + 0.1)

    def _choose(self, step: dict[str, Any], now: float) -> float:
        target = self._find(step["campo"])
        now = self._move(target, now)
        self.clicks.append(now)
        target.select_option(str(step["escolhe"]))
        return self._shoot(now + 0.2)

    def _scroll(self, step: dict[str, Any], now: float) -> float:
        goal = step["rola"]
        if isinstance(goal, int):
            return self._scroll_by(goal, now)
        box = self._box(self._find(goal))
        return self._scroll_by(box[1] - float(step.get("folga", 24)), now)

    def _scroll_by(self, distance: float, now: float) -> float:
        top = self.page.evaluate("scrollY")
        most = self.page.evaluate(
            "document.documentElement.scrollHeight - innerHeight"
        )
        end = min(max(top + distance, 0), most)
        count = max(round(SCROLL / STEP), 1)
        for n in range(1, count + 1):
            share = n / count
            share = share * share * (3 - 2 * share)
            self.page.evaluate(
                "y => window.scrollTo({top: y, behavior: 'instant'})",
                top + (end - top) * share,
            )
            now = self._shoot(now + STEP, settle=False)
        return now

    def _zoom(self, step: dict[str, Any], now: float) -> float:
        to: tuple[float, float, float] = (0, 0, 1)
        if step["zoom"] != "tudo":
            x, y, width, height = self._box(self._find(step["zoom"]))
            scale = self.scale
            near = min(
                VIEW[0] / (width * scale + 60),
                VIEW[1] / (height * scale + 60),
                float(step.get("ate", 2.0)),
            )
            near = max(near, 1.0)
            seen = (VIEW[0] / near, VIEW[1] / near)
            left = (x + width / 2) * scale - seen[0] / 2
            top = (y + height / 2) * scale - seen[1] / 2
            if height * scale > seen[1]:
                top = y * scale - 20
            to = (
                min(max(left, 0), VIEW[0] - seen[0]),
                min(max(top, 0), VIEW[1] - seen[1]),
                near,
            )
        self.camera.append({"t": now, "seconds": NEAR, "to": to})
        return now + NEAR

    def _press(self, step: dict[str, Any], now: float) -> float:
        self.page.keyboard.press(step["tecla"])
        return self._shoot(now)

    def _find(self, selector: str) -> Locator:
        return self.page.locator(selector).locator("visible=true").first

    def _box(self, target: Locator) -> tuple[float, float, float, float]:
        box = target.bounding_box()
        if box is None:
            raise PageStepError("not to be seen")
        return box["x"], box["y"], box["width"], box["height"]

    def _move(self, target: Locator, now: float) -> float:
        x, y, width, height = self._box(target)
        seen = VIEW[1] / self.scale
        if y < 0 or y + height > seen:
            now = self._scroll_by(y + height / 2 - seen * 0.6, now)
            x, y, width, height = self._box(target)
        reach = min(width / 2, 150.0)
        spot = ((x + reach) * self.scale, (y + height / 2) * self.scale)
        far = abs(spot[0] - self.place[0]) + abs(spot[1] - self.place[1])
        seconds = MOVE if far > 60 else 0.15
        self.cursor.append({"t": now, "seconds": seconds, "to": spot})
        self.place = spot
        self.page.mouse.move(x + reach, y + height / 2)
        return now + seconds

    def _shoot(self, now: float, *, settle: bool = True) -> float:
        if settle:
            _settle(self.page)
        picture = self.page.screenshot(caret="initial")
        # Named by what it shows, so that a scene whose page has changed is
        # drawn anew.
        name = hashlib.sha256(picture).hexdigest()[:16]
        file = self.work / f"{name}.png"
        file.write_bytes(picture)
        self.shots.append(
            {
                "t": round(now, 3),
                "arquivo": file.as_uri(),
                "endereco": self.page.url.replace(self.origin, self.shown),
            }
        )
        return now


def _settle(page: Page) -> None:
    """Wait until nothing is asked of the server and nothing moves.

    A changed field is asked about after a moment, so that first this passes,
    by the page's own clock; then the answers that are awaited come in.
    """
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "pause => new Promise(done => setTimeout(done, pause))", ASKING
    )
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    page.evaluate(
        "() => Promise.all(document.getAnimations().map(a => "
        "a.finished.catch(() => null)))"
    )
    page.wait_for_timeout(120)
