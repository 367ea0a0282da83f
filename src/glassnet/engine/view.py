"""A network's weights as the compiled core sees them: outputs and labels for one image or millions; trains nothing.

n  images     images  uint8 (n, pixels), or floats 0…1     labels  (n,), the row of the largest output
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engine.architecture import Architecture
from glassnet.engine.core import check_array, kind_of, loaded
from glassnet.errors import ShapeError
from glassnet.locale import _

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Numbers = NDArray[np.floating]
BYTE, FLOAT = np.dtype(np.uint8), np.dtype(np.float32)

BLOCK = 65_536
"""Images at a time: a memory map or other floats than float32 take no more memory than these, and Ctrl-C is heard."""


class View:
    """Weights w1, w2, … float32 (neurons, inputs + 1), looked at where they are: edits in place are seen.

    Made once and kept, since making it costs more than one image. `finite()` says whether all weights are.
    Raises `ShapeError` for weights that are not of this architecture, or do not lie in one piece.
    """

    __slots__ = ("_outputs", "_pixels", "_row", "core", "finite")

    def __init__(self, architecture: Architecture, weights: Sequence[Floats]) -> None:
        for number, (weight, shape) in enumerate(
            zip(weights, architecture.weight_shapes, strict=True), start=1
        ):
            check_array(f"w{number}", weight, np.float32, shape)
        self.core: Any = loaded().Model(*kind_of(architecture), list(weights))
        self.finite = self.core.finite
        self._pixels, self._outputs = architecture.sizes[0], architecture.sizes[-1]
        self._row = (1, self._outputs)

    def forward_one(self, image: Bytes) -> Floats | None:
        """Return the outputs (1, outputs) of one image: bytes (pixels,), (pixels, 1), (1, pixels) or a square.

        None for anything else and for weights that are not finite: the way for many images says what is wrong.
        """
        outputs = np.empty(self._row, FLOAT)
        return outputs if self.core.one(image, outputs) else None

    def predict_one(self, image: Bytes) -> Bytes | None:
        """Return the label (1,) of one image, as `forward_one`; None too where labels are no bytes."""
        label = np.empty(1, BYTE)
        return label if self.core.one(image, label) else None

    def forward(self, images: Bytes | Numbers) -> Floats:
        """Return the outputs (n, outputs) for images (n, pixels) of any layout."""
        count = self._count(images)
        outputs = np.empty((count, self._outputs), np.float32)
        if count == 1:
            self.core.forward(_whole(images), outputs)
            return outputs
        for start in range(0, count, BLOCK):
            self.core.forward(_whole(images[start : start + BLOCK]), outputs[start : start + BLOCK])
        return outputs

    def predict(self, images: Bytes | Numbers) -> NDArray[np.integer]:
        """Return the labels (n,), uint8 for up to 256 outputs, else int64: the first of the largest outputs.

        An output that is no number counts as the largest, as in NumPy's `argmax`.
        """
        count = self._count(images)
        direct = images.dtype == BYTE and self._outputs <= 256
        labels: NDArray[np.integer] = np.empty(count, np.uint8 if self._outputs <= 256 else np.int64)
        for start in range(0, count, BLOCK):
            block, found = images[start : start + BLOCK], labels[start : start + BLOCK]
            if direct:
                self.core.labels(_whole(block), found)
            else:
                found[:] = self.forward(block).argmax(axis=1)
        return labels

    def _count(self, images: NDArray[Any]) -> int:
        if images.ndim != 2 or images.shape[1] != self._pixels:
            raise ShapeError(_("image"), expected=f"(n, {self._pixels})", found=images.shape)
        return len(images)


def _whole(images: Bytes | Numbers) -> Bytes | Floats:
    """Images as the core takes them: bytes or float32, in one piece; copied only where they are not."""
    if images.dtype == BYTE:
        return images if images.flags.c_contiguous else np.ascontiguousarray(images)  # type: ignore[return-value]
    return np.ascontiguousarray(images, np.float32)
