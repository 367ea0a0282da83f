"""The layers of a trace on a sheet: digit, weights, sums and activations, each a block with its name and shape.

row      a neuron keeps its row through w, z and a; the pictures of w1 stand at their neurons' rows
scale    one for each matrix of weights, biases excepted, one for all weighted sums, each with its legend
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import ceil, isqrt, sqrt

import numpy as np
from numpy.typing import NDArray

from glassnet.locale import _
from glassnet.show.colors import (
    INK,
    ONE,
    PAPER,
    QUIET,
    SIZES,
    Colors,
    diverging,
    gray,
    largest,
    sequential,
    signed,
)
from glassnet.show.drawing import Sheet
from glassnet.trace import Trace

Matrix = NDArray[np.float32]
Paint = Callable[[Matrix], Colors]

TOP, TALL = 136.0, 434.0  # the band of the blocks
MIDDLE = TOP + TALL / 2
ROW = 34.0  # a row is at most so high
NUMBERS = 66.0  # width of a column of numbers
DIGIT = 140.0
MATRIX = 168.0  # a matrix of weights is at most so wide
BIAS = 48.0  # biases are numbers: their color would need a scale of its own
LEGIBLE = 12.0  # rows from this height on carry numbers


@dataclass(frozen=True)
class Block:
    """A part of the slide: its `width`, the `gap` after it, and the function that draws it at x."""

    width: float
    gap: float
    draw: Callable[[float], None]


class Layers:
    """The blocks from the digit to the outputs of `trace`, to be drawn on `sheet`, and the scales of their colors."""

    def __init__(self, sheet: Sheet, trace: Trace) -> None:
        self.sheet = sheet
        self.trace = trace
        self.last = len(trace.sizes)
        # Each matrix has its own: w2 has a few large weights, w1 thousands of small ones that would all be pale.
        self.weight_scales = {name: largest(weight[:, :-1]) for name, weight in trace.weights.items()}
        self.sum_scale = max(largest(trace[f"z{layer}"]) for layer in range(2, self.last + 1))
        self.top_activation = max(largest(trace[f"a{layer}"]) for layer in range(2, self.last + 1))
        side = isqrt(trace.sizes[0])
        self.side = side if side * side == trace.sizes[0] and side > 3 else None

    def weights(self, name: str, values: Matrix) -> Colors:
        """Color weights of the matrix `name`, biases excepted."""
        return diverging(values, self.weight_scales[name])

    def sums(self, values: Matrix) -> Colors:
        """Color weighted sums."""
        return diverging(values, self.sum_scale)

    def activations(self, values: Matrix) -> Colors:
        """Color the activations of hidden layers."""
        if self.trace.hidden == "tanh":
            return diverging(values, 1)
        return sequential(values / self.top_activation if self.trace.hidden == "relu" else values)

    def color(self, layer: int) -> str:
        """Return the color of a layer's size, wherever it is written."""
        return SIZES[0] if layer == 1 else SIZES[2] if layer == self.last else SIZES[1]

    def rows(self, layer: int) -> tuple[float, float]:
        """The top of a layer's first row and the height of its rows; hidden layers have one more, the 1."""
        count = self.trace.sizes[layer - 1] + (layer < self.last)
        height = min(ROW, TALL / count)
        return MIDDLE - height * count / 2, height

    def blocks(self) -> list[Block]:
        """Return the blocks from left to right."""
        found = [Block(DIGIT, 40, self.digit)]
        for layer in range(2, self.last + 1):
            found.append(self.weight_block(layer))
            found.append(Block(NUMBERS, 12, partial(self.sum_column, layer)))
            gap = 30 if layer == self.last else 36
            found.append(Block(NUMBERS, gap, partial(self.activation_column, layer)))
        return found

    def head(self, x: float, y: float, name: str, shape: tuple[int, int], colors: tuple[str, str]) -> None:
        """A block's name and shape above its top middle."""
        sheet = self.sheet
        sheet.text(x, y - 28, name, 19, across="center")
        sheet.text(x - 7, y - 10, str(shape[0]), 12, colors[0], across="right")
        sheet.text(x, y - 10, "×", 12, QUIET, across="center")
        sheet.text(x + 7, y - 10, str(shape[1]), 12, colors[1], across="left")

    def digit(self, x: float) -> None:
        """Draw the image and the 1 below it."""
        sheet, pixels = self.sheet, self.trace.sizes[0]
        top = MIDDLE - DIGIT / 2
        image = gray(self.trace["x"].reshape(self.side or pixels, -1))
        sheet.picture(x, top, DIGIT, DIGIT, image, edge=QUIET)
        self.head(x + DIGIT / 2, top, "x", (pixels, 1), (SIZES[0], ONE))
        sheet.box(x, top + DIGIT + 10, 24, 24, fill=ONE, edge=ONE)
        sheet.text(x + 12, top + DIGIT + 22, "1", 15, PAPER, across="center")
        sheet.text(x + 34, top + DIGIT + 16, _("a1: x with a 1 below"), 12)
        sheet.text(x + 34, top + DIGIT + 33, f"{pixels + 1} × 1", 12, SIZES[0])
        sheet.arrow(x + DIGIT + 9, MIDDLE, x + DIGIT + 35, MIDDLE)

    def weight_block(self, layer: int) -> Block:
        """Return the block of the weights into `layer`: pictures where the inputs are pixels, else a matrix."""
        outputs, inputs = self.trace.sizes[layer - 1], self.trace.sizes[layer - 2]
        row = self.rows(layer)[1]
        if layer > 2 or self.side is None:
            width = min(row * inputs, MATRIX)
            return Block(width + self.bias_width(row), 24, partial(self.matrix, layer, width))
        if outputs > 60:  # too many for a row each
            return Block(MATRIX, 26, self.wall)
        columns = max(1, min(4, round(62 / row)))
        size = columns * row - 4
        width = columns * (size + 4)
        return Block(width + self.bias_width(row), 24, partial(self.pictures, columns, size))

    def bias_width(self, row: float) -> float:
        """The width of a column of biases; too many neurons leave no room for it."""
        return BIAS + 4 if row >= LEGIBLE else 0

    def biases(self, x: float, top: float, row: float, weight: Matrix) -> None:
        """The last column of a weight matrix as numbers."""
        if row < LEGIBLE:
            return
        words = [signed(float(value)) for value in weight[:, -1]]
        paper = np.full((len(weight), 3), 255, np.uint8)
        self.sheet.cells(x + 4, top, BIAS, row, paper, words, size=min(11.5, row * 0.6), edge=ONE)
        self.sheet.text(x + 4 + BIAS / 2, top - 10, _("bias"), 12, ONE, across="center")

    def pictures(self, columns: int, size: float, x: float) -> None:
        """The rows of w1 as pictures, each at its neuron's row, in several columns so that they can be larger."""
        sheet, weight = self.sheet, self.trace.weights["w1"]
        top, row = self.rows(2)
        right = x + columns * (size + 4)
        for neuron, values in enumerate(weight):
            middle = top + (neuron + 0.5) * row
            left = x + neuron % columns * (size + 4)
            sheet.line(left + size, middle, right + 4, middle, behind=True)
            sheet.picture(
                left, middle - size / 2, size, size, self.weights("w1", values[:-1].reshape(self.side, -1))
            )
        above = top + row / 2 - size / 2
        self.head((x + right) / 2, above, "w1", (len(weight), weight.shape[1]), (self.color(2), SIZES[0]))
        self.biases(right, top, row, weight)

    def wall(self, x: float) -> None:
        """The rows of a w1 with many neurons as a wall of pictures, row by row."""
        weight = self.trace.weights["w1"]
        across = ceil(sqrt(len(weight) * MATRIX / TALL))
        down = ceil(len(weight) / across)
        side = self.side or 0
        tiles = np.full((down * (side + 2), across * (side + 2), 3), 255, np.uint8)
        for neuron, values in enumerate(weight):
            r, c = divmod(neuron, across)
            tile = self.weights("w1", values[:-1].reshape(side, side))
            tiles[r * (side + 2) : r * (side + 2) + side, c * (side + 2) : c * (side + 2) + side] = tile
        tall = MATRIX * down / across
        self.sheet.picture(x, MIDDLE - tall / 2, MATRIX, tall, tiles, edge=None)
        shape = (len(weight), weight.shape[1])
        self.head(x + MATRIX / 2, MIDDLE - tall / 2, "w1", shape, (self.color(2), SIZES[0]))

    def matrix(self, layer: int, width: float, x: float) -> None:
        """Draw weights as a matrix, rows at their neurons' rows."""
        name = f"w{layer - 1}"
        weight = self.trace.weights[name]
        top, row = self.rows(layer)
        sheet = self.sheet
        sheet.picture(x, top, width, row * len(weight), self.weights(name, weight[:, :-1]))
        self.biases(x + width, top, row, weight)
        colors = (self.color(layer), self.color(layer - 1))
        self.head(x + width / 2, top, name, (len(weight), weight.shape[1]), colors)

    def numbers(self, x: float, top: float, row: float, values: Matrix, paint: Paint, sign: bool) -> None:
        """Draw a column of numbers, or of colors alone where the rows are too low for numbers."""
        if row < LEGIBLE:
            self.sheet.picture(x, top, NUMBERS, row * len(values), paint(values))
            return
        words = [signed(float(value)) if sign else f"{value:.4f}" for value in values[:, 0]]
        self.sheet.cells(x, top, NUMBERS, row, paint(values[:, 0]), words, size=min(13.5, row * 0.6))

    def sum_column(self, layer: int, x: float) -> None:
        """Draw z of `layer`."""
        top, row = self.rows(layer)
        values = self.trace[f"z{layer}"]
        self.numbers(x, top, row, values, self.sums, sign=True)
        self.head(x + NUMBERS / 2, top, f"z{layer}", (len(values), 1), (self.color(layer), ONE))
        if row >= LEGIBLE:
            for neuron in range(len(values)):
                self.sheet.text(x - 5, top + (neuron + 0.5) * row, str(neuron), 10.5, QUIET, across="right")

    def activation_column(self, layer: int, x: float) -> None:
        """Draw a of `layer`: with the 1 at its foot, or, at the end, with the prediction framed."""
        top, row = self.rows(layer)
        values, sheet = self.trace[f"a{layer}"], self.sheet
        hidden = layer < self.last
        paint = self.activations if hidden else sequential
        self.numbers(x, top, row, values, paint, sign=hidden and self.trace.hidden == "tanh")
        self.head(x + NUMBERS / 2, top, f"a{layer}", (len(values), 1), (self.color(layer), ONE))
        if hidden:
            foot = top + len(values) * row
            sheet.box(x, foot, NUMBERS, row, fill=ONE, edge=ONE)
            if row >= LEGIBLE:
                sheet.text(x + NUMBERS / 2, foot + row / 2, "1", min(15, row * 0.6), PAPER, across="center")
            name = f"a{layer}_1: {len(values) + 1} × 1"
            sheet.text(x + NUMBERS / 2, foot + row + 14, name, 12, self.color(layer), across="center")
            sheet.arrow(x + NUMBERS + 7, MIDDLE, x + NUMBERS + 33, MIDDLE)
        else:
            sheet.box(x, top + self.trace.prediction * row, NUMBERS, row, edge=INK, line=2.4)
            words = _("prediction {prediction}").format(prediction=self.trace.prediction)
            sheet.text(x + NUMBERS / 2, top + len(values) * row + 20, words, 12, QUIET, across="center")
