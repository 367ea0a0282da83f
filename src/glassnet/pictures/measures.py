"""How a digit is written, in numbers beside MNIST's: stroke, ink, slant, center, size; reads nothing.

image   (784,) or (28, 28) uint8, 0 paper … 255 ink, in MNIST's frame or not
stroke  mean width of the strokes in pixels: ink over the length of their skeleton
ink     mean gray level of the image, 0 … 1       slant   columns a row, to the right at the top above 0
center_x, center_y   pixels of the center of mass from the left and the top edge, 14 … 15 in MNIST
size    longer side of the ink's box in pixels, 20 in MNIST
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.locale import N_, _

Bytes = NDArray[np.uint8]

NAMES = ("stroke", "ink", "slant", "center_x", "center_y", "size")
ODD = 0.02  # share of MNIST beyond which a value is worth a sentence

# What a value too low and too high is called; {share} is of MNIST's training images.
SENTENCES = {
    "stroke": (
        N_("your stroke is thinner than {share} of MNIST's"),
        N_("your stroke is thicker than {share} of MNIST's"),
    ),
    "ink": (
        N_("there is less ink than in {share} of MNIST's digits"),
        N_("there is more ink than in {share} of MNIST's digits"),
    ),
    "slant": (
        N_("it leans to the left more than {share} of MNIST's digits"),
        N_("it leans to the right more than {share} of MNIST's digits"),
    ),
    "center_x": (
        N_("its center lies further left than in {share} of MNIST's digits"),
        N_("its center lies further right than in {share} of MNIST's digits"),
    ),
    "center_y": (
        N_("its center lies higher than in {share} of MNIST's digits"),
        N_("its center lies lower than in {share} of MNIST's digits"),
    ),
    "size": (
        N_("it is smaller than {share} of MNIST's digits"),
        N_("it is larger than {share} of MNIST's digits"),
    ),
}
TITLES = {
    "stroke": N_("stroke width"),
    "ink": N_("ink"),
    "slant": N_("slant"),
    "center_x": N_("center, from the left"),
    "center_y": N_("center, from the top"),
    "size": N_("longer side"),
}


@dataclass(frozen=True)
class Measure:
    """One number of a digit: its `value`, and the `share` of MNIST's training images that have a smaller one."""

    name: str
    value: float
    share: float

    @property
    def title(self) -> str:
        """What is measured, in the current language."""
        return _(TITLES[self.name])

    @property
    def odd(self) -> bool:
        """Whether hardly any image of MNIST is like this."""
        return self.share <= ODD or self.share >= 1 - ODD

    @property
    def sentence(self) -> str:
        """What is unusual, in a sentence; how unusual it is stands in it."""
        low, high = SENTENCES[self.name]
        words, share = (low, 1 - self.share) if self.share < 0.5 else (high, self.share)
        return _(words).format(share=f"{min(share, 0.999):.1%}" if share > 0.99 else f"{share:.0%}")

    def to_json(self) -> dict[str, Any]:
        """Return name, value, share, and the sentence where the value is odd."""
        return {
            "name": self.name,
            "value": self.value,
            "share": self.share,
            "sentence": self.sentence if self.odd else None,
        }


def measured(image: Bytes) -> dict[str, float]:
    """Return the numbers of one image by name; zeros for an image without ink.

    >>> line = np.zeros((28, 28), np.uint8)
    >>> line[4:24, 13:16] = 255
    >>> {name: round(value, 1) + 0 for name, value in measured(line).items()}
    {'stroke': 3.3, 'ink': 0.1, 'slant': 0.0, 'center_x': 14.5, 'center_y': 14.0, 'size': 20.0}
    """
    square = np.asarray(image, np.float64).reshape(28, 28) / 255
    mass = float(square.sum())
    if mass == 0:
        return dict.fromkeys(NAMES, 0.0)
    from skimage.morphology import skeletonize

    rows, columns = np.nonzero(square)
    weights = square[rows, columns]
    y, x = float(weights @ rows) / mass, float(weights @ columns) / mass
    spread = float(weights @ (rows - y) ** 2)
    lean = -float(weights @ ((rows - y) * (columns - x))) / spread if spread else 0.0
    skeleton = np.asarray(skeletonize(square > 0.5))  # type: ignore[no-untyped-call]
    length = _length(skeleton)
    return {
        "stroke": mass / max(length, 1.0),
        "ink": mass / 784,
        "slant": lean,
        "center_x": x + 0.5,
        "center_y": y + 0.5,
        "size": float(max(np.ptp(rows), np.ptp(columns)) + 1),
    }


def _length(skeleton: NDArray[np.bool_]) -> float:
    """Return the skeleton's length in pixels: steps to the side count 1, diagonal ones √2; and half a step an end."""
    side = (skeleton[1:] & skeleton[:-1]).sum() + (skeleton[:, 1:] & skeleton[:, :-1]).sum()
    slanted = skeleton[1:, 1:] & skeleton[:-1, :-1] & ~skeleton[1:, :-1] & ~skeleton[:-1, 1:]
    other = skeleton[1:, :-1] & skeleton[:-1, 1:] & ~skeleton[1:, 1:] & ~skeleton[:-1, :-1]
    return float(side + np.sqrt(2) * (slanted.sum() + other.sum()) + 1)


def compared(image: Bytes) -> tuple[Measure, ...]:
    """Return the measures of an image beside MNIST's training images, the oddest first."""
    table = _table()
    found = []
    for name, value in measured(image).items():
        below = np.searchsorted(table[name], value, "left") + np.searchsorted(table[name], value, "right")
        found.append(Measure(name, value, float(below / 2 / len(table[name]))))
    return tuple(sorted(found, key=lambda measure: -abs(measure.share - 0.5)))


@cache
def _table() -> dict[str, NDArray[np.float64]]:
    """Return the quantiles of each number over MNIST's training images; `tools/measures.py` makes the file."""
    text = (resources.files("glassnet.pictures") / "measures.json").read_text(encoding="utf-8")
    return {name: np.array(values) for name, values in json.loads(text).items()}
