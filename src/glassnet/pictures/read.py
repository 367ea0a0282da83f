"""Picture files of 28 x 28 pixels; never resizes, centers or cleans one.

    image   (784,) uint8, row by row from the top left: paper 0, full ink 255, as MNIST has it
    border  the 108 outermost pixels; their median is the background

What is done against hostile files is in `glassnet.data.picture`; here a blank gets no answer.
"""

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glassnet.data.idx import SIDE
from glassnet.data.picture import read_gray
from glassnet.errors import UnavailableError
from glassnet.locale import _

STROKE = 64  # gray levels above the background from which a pixel counts as a stroke
BLANK = 1_000  # a fifth of the ink (gray levels added) in the faintest of MNIST's 70,000 digits, 5,086


@dataclass(frozen=True)
class Picture:
    """A 28 x 28 picture as the network reads it.

    `image` is (784,) uint8 and read-only: background near 0, ink up to 255. `inverted` says that the file had dark
    ink on light paper and was turned round. `source` is the file's name as it was given.
    """

    image: NDArray[np.uint8]
    inverted: bool
    source: str

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The ink's bounding box: x, y, width and height in pixels, from the top left."""
        square = self.image.reshape(SIDE, SIDE)
        border = _border(square)
        background = int(np.median(border))
        # A clean background (MNIST, a drawing) counts every gray pixel; a noisy one (JPEG) only the strokes.
        clean = np.mean(border == background) >= 0.9
        ink = square > background + (0 if clean else STROKE)
        rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
        x, y = int(columns[0]), int(rows[0])
        return x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1


def read28(file: str | os.PathLike[str]) -> Picture:
    """Read a 28 x 28 picture from a PNG, JPEG, WebP, BMP or PGM file.

    The phone's orientation is honored, transparency lies over white paper, color becomes luminance (ITU-R 601),
    16 bits become 8. A picture whose border is light (median above 127) is inverted, since MNIST's ink is white on
    black; the result says so. Nothing else is changed: a picture saved from MNIST comes back byte for byte.

    Raises `FileFormatError` for a file that is none of the five formats, damaged or larger than 16 MiB,
    `InputError` for a missing file, a folder or a picture of another size, and `UnavailableError` for a blank
    picture: it gets no answer.

    >>> import tempfile
    >>> from pathlib import Path
    >>> square = np.full((28, 28), 255, np.uint8)  # a 1 in black on white, as a PGM file
    >>> square[4:24, 13:15] = 0
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "one.pgm"
    ...     count = file.write_bytes(b"P5 28 28 255 " + square.tobytes())
    ...     picture = read28(file)
    >>> picture.inverted, picture.box, int(picture.image.max())
    (True, (13, 4, 2, 20), 255)
    """
    source = os.fsdecode(file)
    square = read_gray(source)
    background = int(np.median(_border(square)))
    inverted = background > 127
    if inverted:
        square = 255 - square
        background = 255 - background
    above = np.clip(square.astype(np.int32) - background, 0, None)
    if int(above[above >= STROKE].sum()) < BLANK:
        raise UnavailableError(
            source,
            found=_("a blank picture"),
            advice=_("without ink there is no digit, so there is no answer"),
        )
    image = np.ascontiguousarray(square).reshape(SIDE * SIDE)
    image.setflags(write=False)
    return Picture(image, inverted, source)


def _border(square: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.concatenate([square[0], square[-1], square[1:-1, 0], square[1:-1, -1]])
