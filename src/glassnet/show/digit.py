"""One image in the terminal: as a picture of half-blocks and as the slides' matrix of numbers; knows no network.

An image is (rows, columns) uint8, 0 paper … 255 ink, drawn as MNIST has it: white ink on black.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from glassnet.locale import _
from glassnet.show.numbers import QUIET

# Without color a character stands for two pixels, one above the other: the nearest of these pairs of brightness.
SHADES = {
    " ": (0, 0),
    "░": (64, 64),
    "▒": (128, 128),
    "▓": (191, 191),
    "█": (255, 255),
    "▀": (255, 0),
    "▄": (0, 255),
}
LETTERS = {" ": (0, 0), ".": (40, 40), ":": (90, 90), "+": (140, 140), "#": (200, 200), "@": (255, 255)}


def half_blocks(image: NDArray[np.uint8]) -> "HalfBlocks":
    """Return what rich draws for `image` (rows, columns) uint8: one character for two pixels.

    In color each pixel has its own gray. Without (a pipe, NO_COLOR) blocks and shades stand for them, and letters
    where the encoding has no blocks.
    """
    return HalfBlocks(image)


class HalfBlocks:
    """A picture, `columns` wide and half of `rows` high."""

    def __init__(self, image: NDArray[np.uint8]) -> None:
        rows, columns = image.shape
        padded = np.zeros((rows + rows % 2, columns), np.uint8)
        padded[:rows] = image
        # (lines, columns, 2): the upper and the lower pixel of every character
        self.pairs = padded.reshape(-1, 2, columns).transpose(0, 2, 1)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return the width: always one character for a pixel."""
        return Measurement(self.pairs.shape[1], self.pairs.shape[1])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines in the way that this console can show."""
        if options.ascii_only:
            yield from self._drawn(LETTERS)
        elif console.no_color or console.color_system is None:
            yield from self._drawn(SHADES)
        else:
            yield from self._colored()

    def _drawn(self, characters: dict[str, tuple[int, int]]) -> Iterator[Segment]:
        names, known = list(characters), np.array(list(characters.values()))
        distances = ((self.pairs[:, :, None].astype(int) - known) ** 2).sum(axis=-1)
        for line in distances.argmin(axis=-1):
            yield Segment("".join(names[index] for index in line))
            yield Segment.line()

    def _colored(self) -> Iterator[Segment]:
        for line in self.pairs.tolist():
            for upper, lower in line:
                yield Segment("▀", Style(color=_gray(upper), bgcolor=_gray(lower)))
            yield Segment.line()


def _gray(level: int) -> Color:
    return Color.from_rgb(level, level, level)


def tenths(level: int) -> str:
    """Write a byte as the slides write it: a share of 255 with one decimal and no 0 before the point.

    >>> [tenths(level) for level in (0, 12, 13, 179, 242, 243, 255)]
    ['0', '0', '.1', '.7', '.9', '1', '1']
    """
    share = round(level / 255 * 10)
    return {0: "0", 10: "1"}.get(share, f".{share}")


class Matrix:
    """The slides' matrix of an image: (rows, columns) numbers from 0 to 1, rounded to one decimal.

    Where the terminal is too narrow, columns that are 0 all the way down are left out on both sides, which is said;
    what is too wide even so goes on below.
    """

    def __init__(self, image: NDArray[np.uint8]) -> None:
        self.image = image

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines: zeros faint, full ink bold."""
        fitting = max(1, (options.max_width + 1) // 3)
        columns = range(self.image.shape[1])
        if len(columns) > fitting:
            inked = np.flatnonzero((self.image >= 13).any(axis=0))  # less is written as 0
            columns = range(inked[0], inked[-1] + 1) if inked.size else range(fitting)
        for first in range(0, len(columns), fitting):
            part = columns[first : first + fitting]
            if len(part) < self.image.shape[1]:
                yield self._heading(part, columns)
            for row in self.image:
                yield _line([int(row[column]) for column in part])

    def _heading(self, part: range, columns: range) -> Text:
        left_out = len(columns) < self.image.shape[1]
        sentence = (
            _("columns {first} to {last}; those at the sides are 0")
            if left_out
            else _("columns {first} to {last}")
        )
        return Text(sentence.format(first=part[0], last=part[-1]), QUIET)


def _line(levels: Sequence[int]) -> Text:
    line = Text(no_wrap=True)
    for place, level in enumerate(levels):
        number = tenths(level)
        style = QUIET if number == "0" else "bold" if level >= 128 else ""
        line.append(f"{' ' if place else ''}{number:>2}", style)
    return line
