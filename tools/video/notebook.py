"""What a scene shows of a notebook: the box it opens with, and a picture."""

import html
import re
from pathlib import Path
from typing import Any

import nbformat

SUMMARY = re.compile(r"^> - (.+)$", re.MULTILINE)
MOST = 4
"""Sentences that fit beside a plot."""
EMPHASIS = re.compile(r"\*+(.+?)\*+")


class NoOutputError(ValueError):
    """A notebook does not show what a scene wants of it."""


def shown(path: Path, picture: int) -> dict[str, Any]:
    """Sentences of the summary, and the *picture*-th plot as a data URI.

    Raises NoOutputError.
    """
    outputs = [
        output.get("data", {})
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", ())
    ]
    texts = [data["text/markdown"] for data in outputs if _is_box(data)]
    plots = [data["image/png"] for data in outputs if "image/png" in data]
    if not texts or picture >= len(plots):
        raise NoOutputError(
            f"{path.name} has {len(texts)} summaries and {len(plots)} plots"
        )
    sentences = [
        EMPHASIS.sub(r"<b>\1</b>", html.escape(one, quote=False))
        for one in SUMMARY.findall(texts[0])[:MOST]
    ]
    plot = plots[picture].replace("\n", "")
    return {"frases": sentences, "imagem": f"data:image/png;base64,{plot}"}


def _is_box(data: dict[str, Any]) -> bool:
    return "Em resumo" in str(data.get("text/markdown", ""))
