"""A scene of a notebook shows what the notebook shows."""

from pathlib import Path

import nbformat
import pytest

from tools.video.notebook import NoOutputError, shown


def write_notebook(path: Path, *data: dict[str, str]) -> Path:
    outputs = [
        nbformat.v4.new_output("display_data", data=one) for one in data
    ]
    cell = nbformat.v4.new_code_cell("1", outputs=outputs)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return path


def test_the_summary_and_the_plot_asked_for_are_shown(tmp_path: Path) -> None:
    path = write_notebook(
        tmp_path / "01.ipynb",
        {"text/markdown": "> **Em resumo**\n>\n> - Um < *dois*.\n> - Três."},
        {"image/png": "AA\n"},
        {"image/png": "BB\n"},
    )
    assert shown(path, 1) == {
        "frases": ["Um &lt; <b>dois</b>.", "Três."],
        "imagem": "data:image/png;base64,BB",
    }


def test_a_plot_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = write_notebook(
        tmp_path / "01.ipynb", {"text/markdown": "> **Em resumo**\n> - Um."}
    )
    with pytest.raises(NoOutputError, match="1 summaries and 0 plots"):
        shown(path, 0)
