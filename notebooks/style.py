"""How notebooks look: plots, tables, numbers and conclusions in Portuguese."""

from typing import Any, Final

import duckdb
import matplotlib as mpl
import matplotlib.pyplot as plt
import matplotlib.style
from IPython import get_ipython
from IPython.display import DisplayHandle, Markdown, display
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter

from api.pages.colours import page_colours
from notebooks.portuguese import in_portuguese

_PAGE: Final = page_colours()
#: Of the four rating classes, Detestei to Adorei, as on the page.
CLASS_COLOURS: Final = tuple(
    _PAGE[name] for name in ("hated", "disliked", "liked", "loved")
)
#: What a plot is about, what it is compared with, and what stays behind.
MAIN, OTHER, MUTED = _PAGE["focus"], _PAGE["over-5"], _PAGE["line-strong"]
_STEPS: Final = range(1, sum(name.startswith("over-") for name in _PAGE) + 1)
#: From below the baseline, which is in the middle, to above: the page's.
LESS_TO_MORE: Final = LinearSegmentedColormap.from_list(
    "less to more",
    [
        *(_PAGE[f"under-{step}"] for step in reversed(_STEPS)),
        _PAGE["even"],
        *(_PAGE[f"over-{step}"] for step in _STEPS),
    ],
)

_RC: Final[dict[str, Any]] = {
    "figure.figsize": (8, 3.6),
    "figure.dpi": 80,
    "figure.constrained_layout.use": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "font.size": 9.5,
    "legend.frameon": False,
}


def use_style() -> None:
    """Set up plots, and show relations as HTML tables without an index."""
    shell = get_ipython()
    if shell is None:
        mpl.style.use(_RC)
        return
    shell.run_line_magic("matplotlib", "inline")
    # No software version in the picture: equal plots are equal bytes.
    shell.run_line_magic(
        "config",
        "InlineBackend.print_figure_kwargs = "
        "{'bbox_inches': 'tight', 'metadata': {'Software': None}}",
    )
    mpl.style.use(_RC)
    html = shell.display_formatter.formatters["text/html"]
    html.for_type(duckdb.DuckDBPyRelation, _as_html)


def _as_html(relation: duckdb.DuckDBPyRelation) -> str:
    frame = in_portuguese(relation.df())
    return str(frame.to_html(index=False, border=0, na_rep="–", decimal=","))


class Summary:
    """The box of a notebook's answers, shown first and filled from below.

    A cell that has computed a number adds the sentence that tells it; the
    box, which stands before all of them, is shown anew with it.
    """

    def __init__(self) -> None:
        self._sentences: list[str] = []
        handle = display(Markdown(self._text()), display_id=True)
        self._handle: DisplayHandle | None = handle

    def add(self, sentence: str) -> None:
        """Add a sentence for readers without statistics."""
        self._sentences.append(sentence)
        if self._handle:
            self._handle.update(Markdown(self._text()))

    def _text(self) -> str:
        lines = [f"> - {sentence}" for sentence in self._sentences]
        return "\n".join(["> **Em resumo**", ">", *lines])


def number(value: float, decimals: int = 0) -> str:
    """`1234.5` as `1.234,5`."""
    text = f"{value:,.{decimals}f}"
    text = text.translate(str.maketrans(",.", ".,"))
    return text.replace("-", "−")


def percent(share: float, decimals: int = 1) -> str:
    """`0.123` as `12,3 %`."""
    return f"{number(100 * share, decimals)} %"


def interval(low: float, high: float, decimals: int = 2) -> str:
    """`[0,10; 0,20]`."""
    return f"[{number(low, decimals)}; {number(high, decimals)}]"


def conclude(text: str) -> None:
    """Show a conclusion, whose numbers the caller has just computed."""
    display(Markdown(f"> **Conclusão:** {text}"))


def decimal_comma(axis: mpl.axis.Axis, decimals: int = 0) -> None:
    """Write the ticks of an axis as numbers in Portuguese."""
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: number(value, decimals))
    )


def percent_axis(axis: mpl.axis.Axis, decimals: int = 0) -> None:
    """Write the ticks of an axis, shares, as percentages."""
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: percent(value, decimals))
    )


def axes(
    width: float = 8, height: float = 3.6, columns: int = 1
) -> list[Axes]:
    """`columns` empty plots side by side, sizes in inches."""
    _, made = plt.subplots(1, columns, figsize=(width, height), squeeze=False)
    return list(made[0])
