"""A Trace as one slide: its layers, the columns of the loss, the ledger's code and the legends.

Every number is the trace's own; nothing is computed here but the places of things.
"""

from functools import partial
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from glassnet.locale import _
from glassnet.show.colors import ONE, QUIET, Colors, diverging, largest, sequential, signed
from glassnet.show.drawing import Sheet
from glassnet.show.figure_layers import LEGIBLE, MIDDLE, NUMBERS, Block, Layers
from glassnet.trace import Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 1280.0, 720.0
MARGIN = 40.0
FOOT = 624.0
LEGEND, LEGEND_GAP = 124.0, 28.0
MONO = 0.602  # width of a letter of code, of its size
TARGET = 36.0  # width of the column of zeros and a one


def drawn(trace: Trace) -> "Figure":
    """Return the slide of a trace: 1280 × 720 points, wider for more layers."""
    sheet = Sheet(WIDTH, HEIGHT)
    layers = Layers(sheet, trace)
    loss = _Loss(layers)
    blocks = layers.blocks() + loss.blocks()
    needed = sum(block.width + block.gap for block in blocks) - blocks[-1].gap + 2 * MARGIN
    sheet.widen(max(WIDTH, ceil(needed)))
    x = MARGIN + max(WIDTH - needed, 0) / 2
    for block in blocks:
        block.draw(x)
        x += block.width + block.gap
    _title(sheet, trace)
    _foot(layers, loss)
    return sheet.figure


class _Loss:
    """The columns of the loss: t, e and s on the slides; ids and values are the ledger's."""

    def __init__(self, layers: Layers) -> None:
        self.layers = layers
        column = (layers.trace.sizes[-1], 1)
        items = [item for item in layers.trace if item.step.part == "loss" and item.step.shape == column]
        # A network with one output has a loss of the same shape, which is no column.
        self.terms = [item for item in items if item.step.id != "loss"]
        self.scale = max([1.0, *(largest(item.value) for item in self.terms)])

    def blocks(self) -> list[Block]:
        """Return the blocks from left to right."""
        return [Block(self.width(place), 30, partial(self.column, place)) for place in range(len(self.terms))]

    def width(self, place: int) -> float:
        """Return the width of a column."""
        return TARGET if self.terms[place].step.id == "t" else NUMBERS

    def column(self, place: int, x: float) -> None:
        """Draw one column, with the sign before it, and the loss below the last."""
        layers, width = self.layers, self.width(place)
        sheet, trace = layers.sheet, layers.trace
        name, values = self.terms[place].step.id, self.terms[place].value
        top, row = layers.rows(layers.last)
        if sign := {"t": "−", "e": "="}.get(name):
            sheet.text(x - 15, MIDDLE, sign, 20, QUIET, across="center")
        elif name == "s":
            sheet.text(x - 15, MIDDLE - 14, "e²", 13, QUIET, across="center")
            sheet.arrow(x - 26, MIDDLE, x - 5, MIDDLE)
        colors = sequential(values) if name == "t" else diverging(values, self.scale)
        if row < LEGIBLE:
            sheet.picture(x, top, width, row * len(values), colors)
        else:
            words = [
                f"{value:.0f}" if name == "t" else signed(float(value)) if name == "e" else f"{value:.4f}"
                for value in values[:, 0]
            ]
            sheet.cells(x, top, width, row, colors[:, 0], words, size=min(13.5, row * 0.6))
        layers.head(x + width / 2, top, name, (len(values), 1), (layers.color(layers.last), ONE))
        if place == len(self.terms) - 1:
            foot = top + row * len(values)
            sheet.text(x + width / 2, foot + 20, _("sum = loss"), 12, QUIET, across="center")
            sheet.text(x + width / 2, foot + 44, f"{trace.loss:.4f}", 24, across="center")


def _title(sheet: Sheet, trace: Trace) -> None:
    sizes = "-".join(str(size) for size in trace.sizes)
    sheet.text(MARGIN, 46, _("Forward propagation of one image, {sizes}").format(sizes=sizes), 27)
    words = _("prediction {prediction}").format(prediction=trace.prediction)
    if trace.loss is not None:
        words = _("prediction {prediction}, target {target}, loss {loss}").format(
            prediction=trace.prediction, target=trace.target, loss=f"{trace.loss:.4f}"
        )
    sheet.text(sheet.width - MARGIN, 46, words, 19, across="right")
    sheet.line(MARGIN, 72, sheet.width - MARGIN, 72)


def _code(sheet: Sheet, trace: Trace, width: float) -> None:
    """Write the ledger's own lines, four to a column, in at most `width`."""
    lines = [
        f"{item.step.id} = {item.step.python}" for item in trace if item.step.part in ("forward", "loss")
    ]
    columns = [lines[start : start + 4] for start in range(0, len(lines), 4)]
    letters = sum(max(map(len, column)) + 3 for column in columns) - 3
    size = min(11.5, width / letters / MONO)
    x = MARGIN
    for column in columns:
        for place, line in enumerate(column):
            sheet.text(x, FOOT + place * 20, line, size, mono=True)
        x += (max(map(len, column)) + 3) * size * MONO


def _legends(layers: Layers, loss: _Loss) -> list[tuple[Colors, list[str], str]]:
    """Return colors, numbers and words of every scale on the slide."""
    trace = layers.trace
    ramp = diverging(np.linspace(-1, 1, 101), 1)
    entries = [
        (ramp, _around_zero(scale), _("weights {names}").format(names=name))
        for name, scale in layers.weight_scales.items()
    ]
    names = [", ".join(f"{letter}{layer}" for layer in range(2, layers.last + 1)) for letter in "za"]
    entries.append((ramp, _around_zero(layers.sum_scale), _("weighted sums {names}").format(names=names[0])))
    # With sigmoids the outputs share the hidden layers' scale; else the legend is for the hidden layers alone.
    hidden = names[1].rsplit(", ", 1)[0] if trace.hidden != "sigmoid" and layers.last > 2 else names[1]
    activations = _("activations {names}").format(names=hidden)
    if trace.hidden == "tanh" and layers.last > 2:
        entries.append((ramp, _around_zero(1), activations))
    else:
        top = layers.top_activation if trace.hidden == "relu" and layers.last > 2 else 1.0
        numbers = ["0", _short(top / 2), _short(top)]
        entries.append((sequential(np.linspace(0, 1, 101)), numbers, activations))
    if loss.terms:
        terms = ", ".join(item.step.id for item in loss.terms if item.step.id != "t")
        entries.append((ramp, _around_zero(loss.scale), terms))
    return entries


def _foot(layers: Layers, loss: _Loss) -> None:
    """Put the legends at the right, two to a column, and the code in the room that is left."""
    sheet = layers.sheet
    entries = _legends(layers, loss)
    left = sheet.width - MARGIN + LEGEND_GAP - ceil(len(entries) / 2) * (LEGEND + LEGEND_GAP)
    for place, (colors, numbers, words) in enumerate(entries):
        across, down = divmod(place, 2)
        sheet.legend(left + across * (LEGEND + LEGEND_GAP), FOOT + down * 54, LEGEND, colors, numbers, words)
    _code(sheet, layers.trace, left - MARGIN - LEGEND_GAP)


def _around_zero(scale: float) -> list[str]:
    return [f"−{_short(scale)}", "0", f"+{_short(scale)}"]


def _short(number: float) -> str:
    return f"{number:.4g}"
