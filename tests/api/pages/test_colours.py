"""Colours that carry meaning are told apart by all eyes, and text is legible.

Colour vision deficiencies are simulated by the matrices of Machado, Oliveira
and Fernandes (2009) at full severity; distances are of CIELAB (1976).
"""

import re
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from api.pages.assets import ASSETS
from api.pages.heat import STEPS
from models_ml.vocabulary import RATING_CLASSES

EYES = {
    "trichromat": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
XYZ = np.array(
    [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ]
)
WHITE = XYZ.sum(axis=1)
STEP_NUMBERS = range(1, STEPS + 1)
SHEET = ASSETS["plateia.css"].content.decode()
LIGHT, DARK = SHEET.split("@media (prefers-color-scheme: dark)", 1)


def colours(scheme: str) -> dict[str, str]:
    """Custom properties that are colours; dark ones over light ones."""
    declaration = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});")
    dark = DARK.split("}", 1)[0]
    return dict(declaration.findall(LIGHT)) | (
        dict(declaration.findall(dark)) if scheme == "dark" else {}
    )


def linear(colour: str) -> NDArray[np.float64]:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    value = np.array([int(digits[k : k + 2], 16) for k in (0, 2, 4)]) / 255
    return np.where(
        value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4
    )


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array(
        [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
    )


def distance(first: str, second: str, eyes: str) -> float:
    seen = [lab(EYES[eyes] @ linear(colour)) for colour in (first, second)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def contrast(first: str, second: str) -> float:
    """Contrast ratio of WCAG 2."""
    levels = sorted(float(XYZ[1] @ linear(c)) for c in (first, second))
    return (levels[1] + 0.05) / (levels[0] + 0.05)


def test_teal_and_rose_are_one_colour_to_protans() -> None:
    assert distance("#5ba09b", "#d67f86", "trichromat") > 40
    assert distance("#5ba09b", "#d67f86", "protan") < 10


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_more_and_fewer_are_told_apart(
    step: int, scheme: str, eyes: str
) -> None:
    names = colours(scheme)
    apart = distance(names[f"over-{step}"], names[f"under-{step}"], eyes)
    assert apart > 15


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_rating_classes_are_told_apart(scheme: str, eyes: str) -> None:
    names = colours(scheme)
    for first, second in pairwise(RATING_CLASSES):
        assert distance(names[first], names[second], eyes) > 20
    assert distance(names["hated"], names["loved"], eyes) > 20


@pytest.mark.parametrize("side", ["over", "under"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_steps_leave_the_ground_in_their_order(scheme: str, side: str) -> None:
    """The stronger a step, the further its lightness from the page's."""
    names = colours(scheme)
    steps = [names["even"], *(names[f"{side}-{k}"] for k in STEP_NUMBERS)]
    lightness = [float(lab(linear(colour))[0]) for colour in steps]
    ground = float(lab(linear(names["paper"]))[0])
    assert all(
        abs(weaker - ground) + 4 < abs(stronger - ground)
        for weaker, stronger in pairwise(lightness)
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_are_legible_on_their_colour(scheme: str) -> None:
    names = colours(scheme)
    pairs = {name: f"on-{name}" for name in RATING_CLASSES}
    pairs |= {
        f"{side}-{step}": f"on-{step}"
        for side in ("over", "under")
        for step in STEP_NUMBERS
    }
    pairs["even"] = "on-even"
    for name, on in pairs.items():
        assert contrast(names[name], names[on]) >= 4.5, name
    for ground in ("paper", "surface", "raised"):
        for text in ("ink", "soft", "accent", "error"):
            assert contrast(names[ground], names[text]) >= 4.5, text
