"""Forward propagation for many images at once in float32 NumPy: the engine where the compiled core is not built.

Rows are images here (n, pixels), since that is how they lie in memory; weights stay the lecture's matrices.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from glassnet.engine.architecture import Architecture

NAME = "numpy"
BLOCK = 4096
CELLS = 20  # a side of the square that MNIST fits a digit into

Floats = NDArray[np.float32]
Images = NDArray[np.uint8] | Floats


def inputs(images: Images) -> Floats:
    """Return images (n, pixels) as float32 from 0 to 1: bytes are divided by 255, floats pass as they are."""
    if images.dtype == np.uint8:
        return np.divide(images, np.float32(255), dtype=np.float32)
    return images.astype(np.float32, copy=False)


def activate(name: str, z: Floats) -> Floats:
    """Apply sigmoid, tanh, relu or softmax to the rows of `z` (n, neurons), in place; return `z`."""
    if name == "sigmoid":
        with np.errstate(over="ignore"):
            np.exp(np.negative(z, out=z), out=z)
        z += np.float32(1)
        np.reciprocal(z, out=z)
    elif name == "tanh":
        np.tanh(z, out=z)
    elif name == "relu":
        np.maximum(z, np.float32(0), out=z)
    else:
        z -= z.max(axis=1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(axis=1, keepdims=True)
    return z


def forward(architecture: Architecture, weights: Sequence[Floats], images: Images) -> Floats:
    """Return the outputs (n, outputs) for images (n, pixels), in blocks, so that memory stays bounded."""
    outputs = np.empty((len(images), architecture.sizes[-1]), np.float32)
    for start in range(0, len(images), BLOCK):
        block = images[start : start + BLOCK]
        outputs[start : start + BLOCK] = activate(
            architecture.output, last_sums(architecture, weights, block)
        )
    return outputs


def last_sums(architecture: Architecture, weights: Sequence[Floats], images: Images) -> Floats:
    """Return the output layer's weighted sums z (n, outputs) for one block of images (n, pixels)."""
    a = inputs(images)
    for weight in weights[:-1]:
        a = activate(architecture.hidden, a @ weight[:, :-1].T + weight[:, -1])
    z: Floats = a @ weights[-1][:, :-1].T + weights[-1][:, -1]
    return z


def losses(architecture: Architecture, z: Floats, labels: NDArray[np.uint8]) -> Floats:
    """Return each image's loss (n,) from the output layer's sums `z` (n, outputs); `z` is left as it was."""
    rows = np.arange(len(z))
    if architecture.loss == "squared_error":
        e = activate("sigmoid", z.copy())
        e[rows, labels] -= np.float32(1)
        squares: Floats = np.einsum("ij,ij->i", e, e)
        return squares
    if architecture.loss == "binary_cross_entropy":
        terms: Floats = np.logaddexp(np.float32(0), z).sum(axis=1) - z[rows, labels]
        return terms
    below_top = z - z.max(axis=1, keepdims=True)
    result: Floats = np.log(np.exp(below_top).sum(axis=1)) - below_top[rows, labels]
    return result


def outputs_and_losses(
    architecture: Architecture, weights: Sequence[Floats], images: Images, labels: NDArray[np.uint8]
) -> Iterator[tuple[Floats, Floats]]:
    """Yield (outputs, losses) block by block, in the order of the images: (m, outputs) and (m,)."""
    for start in range(0, len(images), BLOCK):
        z = last_sums(architecture, weights, images[start : start + BLOCK])
        block_losses = losses(architecture, z, labels[start : start + BLOCK])
        yield activate(architecture.output, z), block_losses


class View:
    """Weights w1, w2, … that several images go through; edits in place are seen. As the core's `view.View`."""

    def __init__(self, architecture: Architecture, weights: Sequence[Floats]) -> None:
        self._architecture, self._weights = architecture, list(weights)

    def finite(self) -> bool:
        """Return whether all weights are finite."""
        return all(bool(np.isfinite(weight).all()) for weight in self._weights)

    def forward_one(self, image: Images) -> None:
        """Return None: only the compiled core has a shorter way for one image."""

    predict_one = forward_one

    def forward(self, images: Images) -> Floats:
        """Return the outputs (n, outputs) for images (n, pixels); sums that overflow give inf and nan."""
        with np.errstate(over="ignore", invalid="ignore"):
            return forward(self._architecture, self._weights, images)

    def predict(self, images: Images) -> NDArray[np.integer]:
        """Return the row of the largest output (n,), uint8 for up to 256 outputs, else int64."""
        labels: NDArray[np.integer] = np.empty(
            len(images), np.uint8 if self._architecture.sizes[-1] <= 256 else np.int64
        )
        for start in range(0, len(images), BLOCK):
            labels[start : start + BLOCK] = self.forward(images[start : start + BLOCK]).argmax(axis=1)
        return labels


def frame(ink: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Return `ink` (height, width) as MNIST would show it, (28, 28), or None without ink; as `core/frame.hpp` does."""
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    if not len(rows):
        return None
    tight = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    times = 1
    while max(tight.shape) * times < CELLS:
        times *= 2
    side = max(tight.shape) * times
    down, along = (_shares(length, times, side) for length in tight.shape)
    gray = down @ tight.astype(np.float32) @ along.T
    inked = tight[tight > 0]
    if inked.min() == inked.max():  # black or white: the darkest cell is full
        gray *= np.float32(255) / gray.max()
    cells = np.minimum(gray + np.float32(0.5), 255).astype(np.uint8)
    mass = int(cells.sum(dtype=np.int64))
    if mass == 0:
        return None
    places = 2 * np.arange(CELLS) + 1  # the cells' middles, doubled
    move = [14 - int(cells.sum(axis, dtype=np.int64) @ places) // (2 * mass) for axis in (1, 0)]
    padded = np.pad(cells, 28)
    top, left = 28 - move[0], 28 - move[1]
    return np.ascontiguousarray(padded[top : top + 28, left : left + 28])


def _shares(length: int, times: int, side: int) -> Floats:
    """Return how much of each pixel lies in each of the 20 cells (20, length), in parts of a cell."""
    begin = (side - length * times) // 2 + times * np.arange(length)
    cell = np.arange(CELLS)[:, np.newaxis]
    overlap = np.minimum((begin + times) * CELLS, (cell + 1) * side) - np.maximum(begin * CELLS, cell * side)
    return np.asarray(np.clip(overlap, 0, None) / side, np.float32)
