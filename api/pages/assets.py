"""Style sheet, scripts and pictures: read once, addressed by their content.

`htmx.min.js` is that of htmx.org 2.0.11 on npm, unchanged; its licence (BSD,
zero-clause) is beside it. `link-*.png` stand beside links to the pages;
docs/images/draw_link.py draws them.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}


#: Pixels of the picture beside a link to a page, across and down: what
#: The Open Graph protocol's readers show whole.
LINK_PICTURE: Final = (1200, 630)


@dataclass(frozen=True)
class Asset:
    """A file that pages load."""

    content: bytes
    media_type: str
    digest: str


def _read() -> dict[str, Asset]:
    assets = {}
    for path in sorted(_FOLDER.iterdir()):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:16]
        assets[path.name] = Asset(content, _TYPES[path.suffix], digest)
    return assets


ASSETS: Final = _read()


def asset_address(name: str) -> str:
    """Where a file is served: a new address for every new content."""
    return f"/assets/{ASSETS[name].digest}/{name}"
