"""How notebooks look: plots, tables, numbers and conclusions in Portuguese."""

from typing import Any, Final

import duckdb
import matplotlib as mpl
import matplotlib.pyplot as plt
import matplotlib.style
from IPython import get_ipython
from IPython.display import Markdown, display
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

#: Of the four rating classes, told apart by colour-blind readers too.
CLASS_COLOURS: Final = ("#b2182b", "#f4a582", "#92c5de", "#2166ac")
MAIN, OTHER, MUTED = "#2166ac", "#d6604d", "#9aa0a6"

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
    frame = relation.df()
    return str(frame.to_html(index=False, border=0, na_rep="–", decimal=","))


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
