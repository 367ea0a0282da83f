"""A sheet to draw on with points as on a screen: text, cells of numbers, pictures, legends; knows no network.

x, y   points from the top left, 100 to the inch: a slide is 1280 × 720
size   of text: its height in points of the sheet
"""

from functools import cache
from pathlib import Path
from typing import Any

from glassnet.show.colors import INK, LINE, QUIET, Colors, hexadecimal, ink_on

FONT = Path(__file__).parent / "fonts" / "GlassnetSansKR-Regular.ttf"
POINTS = 100


@cache
def _font_file(mono: bool) -> Path:
    import matplotlib as mpl

    # matplotlib always brings DejaVu; our own font has the Korean. Neither depends on what is installed.
    return Path(mpl.get_data_path()) / "fonts/ttf/DejaVuSansMono.ttf" if mono else FONT


class Sheet:
    """A white matplotlib Figure of `width` × `height` points and what can be put on it."""

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.height = height
        self.figure: Figure = Figure((width / POINTS, height / POINTS), facecolor="white")
        FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.axis("off")
        self.widen(width)

    def widen(self, width: float) -> None:
        """Make the sheet `width` points wide; what is on it stays where it is."""
        self.width = width
        self.figure.set_size_inches(width / POINTS, self.height / POINTS)
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(self.height, 0)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 14,
        color: str = INK,
        across: str = "left",
        down: str = "center",
        mono: bool = False,
        **more: Any,
    ) -> None:
        """Write `words` at (x, y); `across` is left, center or right, `down` top, center, baseline or bottom."""
        from matplotlib.font_manager import FontProperties

        font = FontProperties(fname=_font_file(mono), size=size * 72 / POINTS)
        self.axes.text(
            x,
            y,
            words,
            fontproperties=font,
            color=color,
            ha=across,
            va="center_baseline" if down == "center" else down,
            parse_math=False,  # a dollar sign is a dollar sign
            **more,
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str = "none",
        edge: str = LINE,
        line: float = 0.8,
    ) -> None:
        """Draw a rectangle."""
        from matplotlib.patches import Rectangle

        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, linewidth=line))

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        color: str = LINE,
        width: float = 0.8,
        behind: bool = False,
    ) -> None:
        """Draw a straight line, `behind` boxes and pictures or before them."""
        from matplotlib.lines import Line2D

        line = Line2D([x1, x2], [y1, y2], color=color, linewidth=width, solid_capstyle="butt")
        line.set_zorder(0.5 if behind else 2)
        self.axes.add_line(line)

    def arrow(self, x1: float, y1: float, x2: float, y2: float, color: str = QUIET) -> None:
        """Draw an arrow from (x1, y1) to (x2, y2)."""
        arrow = {
            "arrowstyle": "-|>",
            "color": color,
            "linewidth": 1.0,
            "mutation_scale": 9,
            "shrinkA": 0,
            "shrinkB": 0,
        }
        self.axes.annotate("", (x2, y2), (x1, y1), arrowprops=arrow)

    def picture(
        self, x: float, y: float, width: float, height: float, colors: Colors, edge: str | None = LINE
    ) -> None:
        """Draw `colors` (rows, columns, 3) as a picture whose pixels stay squares, never smoothed."""
        self.axes.imshow(
            colors,
            extent=(x, x + width, y + height, y),
            interpolation="nearest",
            aspect="auto",
            zorder=1,
        )
        self.axes.set_xlim(0, self.width)  # a picture moves the axes
        self.axes.set_ylim(self.height, 0)
        if edge is not None:
            self.box(x, y, width, height, edge=edge)

    def cells(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colors: Colors,
        words: list[str] | None = None,
        size: float = 12,
        edge: str = LINE,
    ) -> None:
        """Draw one column of cells, each `height` high, colored (n, 3), with its words in readable ink.

        Words that are too long for `width` make all of them smaller: a digit is about 0.56 of its size wide.
        """
        if words:
            size = min(size, (width - 4) / (0.56 * max(map(len, words))))
        for row, color in enumerate(colors):
            self.box(x, y + row * height, width, height, fill=hexadecimal(color), edge=edge, line=0.6)
            if words is not None:
                self.text(
                    x + width / 2,
                    y + (row + 0.5) * height,
                    words[row],
                    size,
                    color=ink_on(color),
                    across="center",
                )

    def legend(
        self,
        x: float,
        y: float,
        width: float,
        colors: Colors,
        numbers: list[str],
        words: str,
        size: float = 12,
    ) -> None:
        """Draw a color scale (n, 3) with `numbers` spread below it and what it means above it."""
        self.text(x, y - 10, words, size, color=INK)
        self.picture(x, y, width, 12, colors[None])
        last = max(len(numbers) - 1, 1)
        for place, number in enumerate(numbers):
            across = "left" if place == 0 else "right" if place == last else "center"
            self.text(x + width * place / last, y + 23, number, size - 1, color=QUIET, across=across)
