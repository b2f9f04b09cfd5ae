"""The page's colours, for what is drawn outside it: notebooks and the video.

They are written once, as custom properties of `plateia.css`: a colour means
the same wherever it is seen.
"""

import re
from functools import cache
from importlib import resources
from typing import Final

_DARK: Final = re.compile(
    r"@media \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", re.DOTALL
)
_LIGHT: Final = re.compile(r"^:root \{(.*?)\}", re.DOTALL | re.MULTILINE)
_COLOUR: Final = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,8})\s*;")


@cache
def page_colours(*, is_dark: bool = False) -> dict[str, str]:
    """Colours as `#rrggbb` by their names in the style sheet.

    What the dark scheme leaves as it is has its light colour there too.
    """
    sheet = resources.files("api.pages").joinpath("static", "plateia.css")
    text = sheet.read_text("utf-8")
    colours = dict(_COLOUR.findall("".join(_LIGHT.findall(text))))
    if is_dark:
        colours |= dict(_COLOUR.findall("".join(_DARK.findall(text))))
    return colours
