"""Small random changes of the training images, drawn afresh for every update; knows no network and keeps no image.

The images at places 16g … 16g + 15 of a batch are group g, and a group shares one change. Each pixel (i, j) of the new
picture looks up the old one at the place

    column = a · (j − m) + b · (i − m) + m + shift_x + e_x(i, j)      m  the middle of the picture, 13.5 of 28 pixels
    row    = c · (j − m) + d · (i − m) + m + shift_y + e_y(i, j)

rounded to sixteenths of a pixel, between four pixels (bilinear; paper outside), and is rounded to a byte again. The
matrix is a rotation times a shear times a scale; its numbers come from the first block of random words at
(seed, DISTORTION, update, group), two from each word: the top 24 bits, then the 24 below. The rotation is drawn by its
tangent t, uniformly, and made of 1/√(1 + t²), so that no sine is taken and every engine can follow to the last bit.

A shift alone is by whole pixels, so that no pixel is mixed with another and the image stays as sharp as it was.

e is elastic: random vectors on a grid, one word each from the second block on, made smooth by cubic B-splines, whose
standard deviation is the grid's spacing / √3; this stands for the Gaussian of Simard, Steinkraus and Platt, "Best
practices for convolutional neural networks applied to visual document analysis" (2003).
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
    "elastic": Real(0, 14),
    "smoothness": Real(0.5, 100),
}
GROUP = 16  # images that share one change


@dataclass(frozen=True)
class Distortion:
    """How far training images are changed at most; each amount is drawn evenly from −most to +most.

    `rotation` in degrees (0 to 45); `scale` of width and of height, each for itself (0.1: 90 to 110 %);
    `shear` in pixels sideways per pixel of height; `shift` in pixels, across and down; `elastic` in pixels, how far
    the vectors of a random field reach, which is smooth over `smoothness` pixels (a standard deviation; 0.5 to 100):
    a pixel moves by about a quarter of `elastic`. A shift alone is rounded to whole pixels, so that the image stays
    as sharp as it was: with 1, half of the images stay, and a quarter moves either way.
    Raises `InputError` for numbers out of range.

    >>> Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7).rotation
    8.0
    """

    rotation: float = 0.0
    scale: float = 0.0
    shear: float = 0.0
    shift: float = 0.0
    elastic: float = 0.0
    smoothness: float = 4.0

    def __post_init__(self) -> None:
        check(self, CONSTRAINTS)

    @property
    def only_shifts(self) -> bool:
        """Whether images are moved and nothing else: then by whole pixels."""
        return not (self.rotation or self.scale or self.shear or self.elastic)

    def to_json(self) -> dict[str, float]:
        """Return the numbers by name."""
        return asdict(self)


def _drawn(words: NDArray[np.uint64], most: float) -> Floats:
    """From −most to +most, float32."""
    drawn: Floats = (np.float32(2) * uniform(words) - np.float32(1)) * np.float32(most)
    return drawn


def changes(distortion: Distortion, seed: int, update: int, groups: int) -> Floats:
    """Return the six numbers (6, groups) float32 of an update's groups: a, b, c, d, shift_x, shift_y.

    >>> (changes(Distortion(), seed=0, update=1, groups=1)[:, 0] + 0).tolist()
    [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    """
    first = raw_per_image(seed, DISTORTION, update, np.arange(groups)).T
    second = first << np.uint64(24)
    t = _drawn(first[0], math.tan(math.radians(distortion.rotation)))
    width = np.float32(1) + _drawn(second[0], distortion.scale)
    height = np.float32(1) + _drawn(first[1], distortion.scale)
    h = _drawn(second[1], distortion.shear)
    cosine = np.float32(1) / np.sqrt(np.float32(1) + t * t)
    shifts = _drawn(first[2], distortion.shift), _drawn(second[2], distortion.shift)
    return np.stack(
        [
            cosine * width,
            cosine * (h - t) * height,
            cosine * t * width,
            cosine * (np.float32(1) + t * h) * height,
            *(np.rint(shifts) if distortion.only_shifts else shifts),
        ]
    )


def elastic(distortion: Distortion, seed: int, update: int, group: int, side: int) -> tuple[Floats, Floats]:
    """Return how far a group's pixels are moved, across and down: (nodes, side) each, with what they count.

    The first is the grid's vectors made smooth down to each line, (2, side, nodes); the second what a node counts at a
    pixel, (nodes, side). Their product is the field.
    """
    spacing = np.float32(distortion.smoothness) * np.float32(1.7320508)
    nodes = int(np.float32(side - 1) / spacing) + 4
    x = np.arange(side, dtype=np.float32) / spacing
    first = x.astype(np.int64)
    u = x - first.astype(np.float32)
    v = np.float32(1) - u
    three, six, four = np.float32(3), np.float32(6), np.float32(4)
    weights = [
        v * v * v / six,
        ((three * u - six) * u * u + four) / six,
        ((three * v - six) * v * v + four) / six,
        u * u * u / six,
    ]
    spline = np.zeros((nodes, side), np.float32)
    for k, weight in enumerate(weights):
        spline[first + k, np.arange(side)] = weight

    words = np.random.Philox(key=seed, counter=[1, group, update, DISTORTION]).random_raw(nodes * nodes)
    noise = np.stack([_drawn(words, distortion.elastic), _drawn(words << np.uint64(24), distortion.elastic)])
    noise = noise.reshape(2, nodes, nodes)
    lines = np.zeros((2, side, nodes), np.float32)
    for k, weight in enumerate(weights):
        lines += weight[:, None] * noise[:, first + k]
    return lines, spline


def resample(images: Bytes, numbers: Floats, fields: list[tuple[Floats, Floats]] | None = None) -> Bytes:
    """Return `images` (n, side²) uint8 changed by `numbers` (6, ⌈n / 16⌉), as new uint8 images (n, side²).

    `fields` has what `elastic` returns for each group, or is None. Raises `ShapeError` unless the images are square.

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
    for group, number in enumerate(numbers.T):
        some = slice(group * GROUP, (group + 1) * GROUP)
        changed[some] = _resample_group(images[some], number, fields[group] if fields else None, side)
    return changed


def move(images: Bytes, change: Floats) -> Bytes:
    """Return `images` (n, side²) uint8, all changed by the same six numbers (6,), as new uint8 images (n, side²).

    `change` is float32: a, b, c, d, then how many pixels it looks to the right and down. The images are square.

    >>> image = np.arange(9, dtype=np.uint8).reshape(1, 9)
    >>> move(image, np.array([1, 0, 0, 1, 0, 1], np.float32)).reshape(3, 3)  # looks one pixel down
    array([[3, 4, 5],
           [6, 7, 8],
           [0, 0, 0]], dtype=uint8)
    """
    return _resample_group(images, change, None, math.isqrt(images.shape[1]))


def _resample_group(images: Bytes, numbers: Floats, field: tuple[Floats, Floats] | None, side: int) -> Bytes:
    line = side + 1  # the blank pixel behind a line is also the one before the next
    sheet = np.zeros((len(images), side + 4, line), np.uint16)
    sheet[:, 1 : side + 1, 1:] = images.reshape(len(images), side, side)
    pixels = sheet.reshape(len(images), (side + 4) * line)

    middle, one = np.float32((side - 1) / 2), np.float32(1)
    along = np.arange(side, dtype=np.float32) - middle
    a, b, c, d, shift_x, shift_y = numbers
    column = (a * along)[None] + (b * along + (shift_x + middle + one))[:, None]
    row = (c * along)[None] + (d * along + (shift_y + middle + one))[:, None]
    if field is not None:
        (across, down), spline = field
        for node, counts in enumerate(spline):
            column += across[:, node : node + 1] * counts
            row += down[:, node : node + 1] * counts
    sixteenths = [
        (np.clip(place, np.float32(0), np.float32(side + 1)) * np.float32(16) + np.float32(0.5)).astype(
            np.int64
        )
        for place in (column, row)
    ]
    (left, x), (top, y) = (np.divmod(place, 16) for place in sixteenths)
    at = (top * line + left).ravel()
    x, y = x.ravel().astype(np.uint16), y.ravel().astype(np.uint16)
    whole = np.uint16(16)
    above = pixels[:, at] * (whole - x) + pixels[:, at + 1] * x
    below = pixels[:, at + line] * (whole - x) + pixels[:, at + line + 1] * x
    resampled = (above * (whole - y) + below * y + np.uint16(128)) >> np.uint16(8)
    result: Bytes = resampled.astype(np.uint8)
    return result


def distort(distortion: Distortion, seed: int, update: int, images: Bytes) -> Bytes:
    """Return the images (n, side²) uint8 of a batch as update number `update` sees them.

    They depend on their places in the batch.

    >>> distort(Distortion(), seed=0, update=1, images=np.full((1, 4), 7, np.uint8))
    array([[7, 7, 7, 7]], dtype=uint8)
    """
    groups = -(-len(images) // GROUP)
    fields = None
    if distortion.elastic:
        side = math.isqrt(images.shape[1])
        fields = [elastic(distortion, seed, update, group, side) for group in range(groups)]
    return resample(images, changes(distortion, seed, update, groups), fields)
