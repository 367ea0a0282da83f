"""One look for the documentation's plots: an empty figure in glassnet's type and colors, written as SVG.

The same numbers give the same bytes, so that a plot changes only with what it shows.
"""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glassnet.show.colors import INK, LINE
from glassnet.show.drawing import FONT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure


@contextmanager
def svg(file: Path, width: float, height: float) -> "Iterator[Figure]":
    """Give a figure of `width` × `height` inches to draw on; it is written to `file` afterwards."""
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    font_manager.fontManager.addfont(str(FONT))
    family = font_manager.FontProperties(fname=str(FONT)).get_name()
    style: Any = {
        "font.family": [family, "DejaVu Sans"],
        "font.size": 10,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": LINE,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
        "xtick.color": INK,
        "ytick.color": INK,
        "svg.hashsalt": "glassnet",
        "svg.fonttype": "path",
    }
    with mpl.rc_context(style):
        figure = Figure((width, height), facecolor="white", layout="constrained")
        FigureCanvasSVG(figure)
        yield figure
        figure.savefig(file, format="svg", metadata={"Date": None})
