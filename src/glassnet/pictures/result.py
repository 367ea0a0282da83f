"""What reading a picture gives: lines of digits, each with its answer or the reason for none; computes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

Box = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Digit:
    """Something written that may be a digit.

    `box` is x, y, width and height in pixels of the file, from the top left. `image` is (784,) uint8, as MNIST shows
    it. `outputs` are the network's, (10,) float32. `label` is the answer, or None with a `reason` for the refusal.
    `confidence` and `second` (digit, confidence) are calibrated, 0 … 1. `lecture` is what the packaged
    784-14-10 says to the same image (digit, confidence).
    """

    box: Box
    image: Bytes
    outputs: NDArray[np.float32]
    label: int | None
    confidence: float
    second: tuple[int, float]
    lecture: tuple[int, float]
    reason: str | None = None

    @property
    def best(self) -> int:
        """The likeliest digit, also where it was refused."""
        return int(self.outputs.argmax())

    def to_json(self) -> dict[str, Any]:
        """Return everything but the image's name as numbers, lists and words."""
        return {
            "box": list(self.box),
            "label": self.label,
            "confidence": self.confidence,
            "second": {"label": self.second[0], "confidence": self.second[1]},
            "lecture": {"label": self.lecture[0], "confidence": self.lecture[1]},
            "outputs": self.outputs,
            "image": self.image,
            "reason": self.reason,
        }


@dataclass(frozen=True, eq=False, repr=False)
class Reading:
    """What is written on a picture.

    `lines` are its digits, read from left to right and from top to bottom; `refused` is what looked like writing and
    got no answer. `reason` says why there is no digit at all. `inverted`: the ink is darker than the paper. `size` is
    (width, height) of the file. `stages` are the pictures in between, (h, w) uint8 by name, in order: gray, even,
    ink, cleaned.
    """

    source: str
    size: tuple[int, int]
    lines: tuple[tuple[Digit, ...], ...]
    refused: tuple[Digit, ...]
    reason: str | None
    inverted: bool
    reader: str
    stages: Mapping[str, Bytes] = field(repr=False, default_factory=dict)

    @property
    def text(self) -> str:
        """The digits, a line a line."""
        return "\n".join("".join(str(digit.label) for digit in line) for line in self.lines)

    @property
    def digits(self) -> tuple[Digit, ...]:
        """All digits that were read, in reading order."""
        return tuple(digit for line in self.lines for digit in line)

    def __iter__(self) -> Iterator[Digit]:
        return iter(self.digits)

    def __len__(self) -> int:
        return len(self.digits)

    def __str__(self) -> str:
        return self.text or f"{self.source}: {self.reason}"

    def __repr__(self) -> str:
        return f"<Reading of {self.source}: {self.text!r}, {len(self.refused)} refused>"

    def _repr_html_(self) -> str:
        from glassnet.show import reading

        return reading.html(self)

    def to_json(self) -> dict[str, Any]:
        """Return everything but the stages as numbers, lists and words."""
        return {
            "file": self.source,
            "text": self.text,
            "lines": [[digit.to_json() for digit in line] for line in self.lines],
            "refused": [digit.to_json() for digit in self.refused],
            "reason": self.reason,
            "inverted": self.inverted,
            "size": list(self.size),
        }
