"""Small random changes of the training images, drawn per image and epoch; knows no network and keeps no image.

Each pixel (i, j) of the new picture looks up the old one at the place

    column = a · (j − m) + b · (i − m) + m + shift_x          m   the middle of the picture, 13.5 of 28 pixels
    row    = c · (j − m) + d · (i − m) + m + shift_y

between four pixels (bilinear; paper outside), and is rounded to a byte again. The matrix is a rotation times a shear
times a scale. Its numbers come from one block of random words per image (`raw_per_image`, stream DISTORTION), two
from each word: the top 24 bits, then the 24 below. The rotation is drawn by its tangent t, uniformly, and made of
1/√(1 + t²), so that no sine is taken and every engine can follow to the last bit.
"""

import math
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from glassnet.constraints import Constraint, Real, check
from glassnet.engine.random import DISTORTION, raw_per_image, uniform
from glassnet.errors import ShapeError
from glassnet.locale import _

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

CONSTRAINTS: dict[str, Constraint] = {
    "rotation": Real(0, 45),
    "scale": Real(0, 0.9),
    "shear": Real(0, 1),
    "shift": Real(0, 14),
}
_BLOCK = 64  # images at a time: their working arrays stay in the cache


@dataclass(frozen=True)
class Distortion:
    """How far training images are changed at most; each amount is drawn evenly from −most to +most.

    `rotation` in degrees (0 to 45); `scale` of width and of height, each for itself (0.1: 90 to 110 %);
    `shear` in pixels sideways per pixel of height; `shift` in pixels, across and down.
    Raises `InputError` for numbers out of range.

    >>> Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7)
    Distortion(rotation=8.0, scale=0.08, shear=0.1, shift=0.7)
    """

    rotation: float = 0.0
    scale: float = 0.0
    shear: float = 0.0
    shift: float = 0.0

    def __post_init__(self) -> None:
        check(self, CONSTRAINTS)

    def to_json(self) -> dict[str, float]:
        """Return the four numbers by name."""
        return asdict(self)


def places(distortion: Distortion, seed: int, epoch: int, indices: NDArray[np.integer]) -> Floats:
    """Return the six numbers (6, n) float32 of each image number in `indices` (n,): a, b, c, d, shift_x, shift_y.

    They depend on the image's number and not on its place in the batch.

    >>> places(Distortion(), seed=0, epoch=0, indices=np.array([7]))[:, 0].tolist()
    [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    """
    words = raw_per_image(seed, DISTORTION, epoch, indices)
    both = np.stack([words, words << np.uint64(24)], axis=2).reshape(len(words), 8)
    u = np.float32(2) * uniform(both).T - np.float32(1)  # each from −1 to 1; the last two are not used
    t = u[0] * np.float32(math.tan(math.radians(distortion.rotation)))
    width = np.float32(1) + u[1] * np.float32(distortion.scale)
    height = np.float32(1) + u[2] * np.float32(distortion.scale)
    h = u[3] * np.float32(distortion.shear)
    cosine = np.float32(1) / np.sqrt(np.float32(1) + t * t)
    result = np.empty((6, len(words)), np.float32)
    result[0] = cosine * width
    result[1] = cosine * (h - t) * height
    result[2] = cosine * t * width
    result[3] = cosine * (np.float32(1) + t * h) * height
    result[4:] = u[4:6] * np.float32(distortion.shift)
    return result


def resample(images: Bytes, numbers: Floats) -> Bytes:
    """Return `images` (n, side²) uint8 changed by `numbers` (6, n), as new uint8 images (n, side²).

    Raises `ShapeError` unless the images are square.

    >>> image = np.arange(9, dtype=np.uint8).reshape(1, 9)
    >>> left = np.array([[1, 0, 0, 1, 1, 0]], np.float32).T  # looks one pixel to the right
    >>> resample(image, left).reshape(3, 3)
    array([[1, 2, 0],
           [4, 5, 0],
           [7, 8, 0]], dtype=uint8)
    """
    side = math.isqrt(images.shape[1])
    if side * side != images.shape[1]:
        raise ShapeError(
            "images",
            expected=_("square images, to be distorted"),
            found=_("{count} pixels").format(count=images.shape[1]),
        )
    changed = np.empty_like(images)
    for start in range(0, len(images), _BLOCK):
        block = slice(start, start + _BLOCK)
        changed[block] = _resample_block(images[block], numbers[:, block], side)
    return changed


def _resample_block(images: Bytes, numbers: Floats, side: int) -> Bytes:
    count, line = len(images), side + 4  # one pixel of paper before, three after
    padded = np.zeros((count, line, line), np.float32)
    padded[:, 1 : side + 1, 1 : side + 1] = images.reshape(count, side, side)
    pixels = padded.reshape(-1)

    middle = np.float32((side - 1) / 2)
    along = np.arange(side, dtype=np.float32) - middle
    a, b, c, d, shift_x, shift_y = numbers[:, :, None]
    column = (a * along)[:, None, :] + (b * along + (shift_x + middle + np.float32(1)))[:, :, None]
    row = (c * along)[:, None, :] + (d * along + (shift_y + middle + np.float32(1)))[:, :, None]
    for place in (column, row):  # all that is outside is paper
        np.clip(place, np.float32(0), np.float32(side + 1), out=place)
    left, top = np.floor(column), np.floor(row)
    column -= left
    row -= top
    top *= np.float32(line)
    top += left

    at = top.astype(np.intp)
    at += (np.arange(count) * (line * line))[:, None, None]
    # clip: no index is out of range, and it is the fastest mode
    above = pixels.take(at, mode="clip")
    step = pixels[1:].take(at, mode="clip")
    step -= above
    step *= column
    above += step
    below = pixels[line:].take(at, mode="clip")
    step = pixels[line + 1 :].take(at, mode="clip")
    step -= below
    step *= column
    below += step
    below -= above
    below *= row
    above += below
    above += np.float32(0.5)
    resampled: Bytes = above.astype(np.uint8).reshape(count, side * side)
    return resampled
