"""The sheet on a photograph that shows more: a table, a frame around a board, the borders of a window. Reads nothing.

    gray   (h, w) uint8, as the camera saw it
    color  (h', w', 3) uint8, the same in color, however small: white paper on light wood is hardly brighter, but bluer
    sheet  (h, w) bool, what is written on

A sheet is even but for the strokes on it, its outline bulges nowhere inward, and it ends abruptly: slower than that
change only light and shadow. What lies beside it is told apart by nothing else, dark or bright, striped or plain.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glassnet.pictures.around import closed, largest, opened, smallest

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

SMALL = 320  # pixels of the longer side at which the sheet is looked for
LEAST = 100  # pixels of a side below which a picture is no photograph of a sheet on a table
STROKES = 11  # pixels, of SMALL, that lines and strokes are narrower than
ABRUPT = 0.12  # part of its brightness that a surface changes by from pixel to pixel where it ends; shadows are softer
TINT = 0.04  # the same of blue to red and of green to red, which hardly any shadow changes
DARK = 8  # gray levels that are added, since the grain of what is black is no step
COLORLESS = 48  # the same of colors, since what is dark has hardly any, and a JPEG's steps are coarse
NARROW = 2  # pixels, of SMALL, on either side of what joins two surfaces
TAIL = 4  # pixels, of SMALL, half of the width of what else belongs to a surface
PART = 0.01  # of the picture: what is smaller is no surface
ALIKE = 0.08  # part of their brightness by which two surfaces differ that may be one sheet with a line across
SLENDER = 0.3  # of its length is the width of a sheet at least
EXACT = 0.1  # share of ABRUPT and ALIKE that counts where the grays are exact
FAINTLY = 0.5  # share of them that counts for a sheet that lies wholly on the picture…
BRIGHTER, AROUND = 1.03, 0.9  # …and is so much brighter than what is beside it, along so much of its outline
MOSTLY = 0.5  # of a sheet that is written on, at most
SMALLEST = 0.1  # of the picture that a sheet takes
WHOLE = 0.97  # of the picture from which there is nothing beside the sheet
BULGING = 0.93  # of its convex hull that a sheet fills
RIM = 2  # pixels, of SMALL, along its outline that are not looked at


@dataclass(frozen=True, eq=False)
class _Look:
    """One number of a small picture's pixels (h, w), and by how much it changes from pixel to pixel."""

    values: Floats

    @cached_property
    def steps(self) -> Floats:
        """The gradient's length, (h, w)."""
        from scipy import ndimage

        along, down = (ndimage.sobel(self.values, axis, mode="nearest") for axis in (1, 0))
        return np.asarray(np.hypot(down, along) / 8)


@dataclass(frozen=True, eq=False)
class _Small:
    """A small picture (h, w): the logarithm of its brightness without strokes, where strokes are, and its tints.

    A tint is the logarithm of the part of blue, or of green, to red; a gray picture has none.
    """

    light: _Look
    written: Mask
    tints: list[_Look]


def find(gray: Bytes, color: Bytes | None = None, *, exact: bool = False) -> Mask | None:
    """Return where the sheet is (h, w), or None where it fills the picture or none is plain to see.

    `exact`: the grays are a screen's, and the least difference counts.
    """
    height, width = gray.shape
    factor = max(height, width) / SMALL
    if min(height, width) < LEAST:
        return None
    size = max(1, round(width / factor)), max(1, round(height / factor))
    small = _looked_at(gray, color, size)
    plain = replace(small, tints=[])
    ways = [(plain, EXACT)] if exact else [(plain, 1.0), (small, 1.0), (small, FAINTLY)]
    for looked_at, share in ways:
        for surface in _surfaces(looked_at, share):
            hull = _hull(surface)
            if surface.sum() < BULGING * hull.sum() or _is_slender(hull):
                continue
            if hull.mean() > WHOLE:
                break
            if share != FAINTLY or _stands_out(small.light.values, hull):
                return _within(hull, (width, height))
    return None


def _within(hull: Mask, size: tuple[int, int]) -> Mask:
    """Return a small sheet without its rim, in the size (width, height) of the picture."""
    from PIL import Image

    inner = smallest(hull, 2 * RIM + 1)
    return np.asarray(Image.fromarray(inner).resize(size), bool)


def _stands_out(light: Floats, hull: Mask) -> bool:
    """Tell whether a surface lies wholly on the picture and is brighter than what is beside it, nearly all around."""
    from scipy import ndimage

    if hull[[0, -1]].any() or hull[:, [0, -1]].any():
        return False
    beside = largest(hull, 4 * RIM + 1) & ~largest(hull, 2 * RIM + 1)
    inner = smallest(hull, 2 * RIM + 1)
    nearest = ndimage.distance_transform_edt(~inner, return_distances=False, return_indices=True)
    brighter = light[tuple(nearest[:, beside])] - light[beside] > np.log(BRIGHTER)
    return bool(brighter.mean() >= AROUND)


def _looked_at(gray: Bytes, color: Bytes | None, size: tuple[int, int]) -> _Small:
    """Return the picture in that size (width, height), without strokes."""
    from PIL import Image

    def small(picture: Bytes, added: int) -> Floats:
        """Return the logarithms of a picture in that size, with a margin: a strip along an edge is no stroke."""
        reduced = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX), np.float32)
        around = [(STROKES, STROKES)] * 2 + [(0, 0)] * (picture.ndim - 2)
        return np.log(np.pad(reduced, around, mode="edge") + added)

    inner = (slice(STROKES, -STROKES),) * 2
    plain = small(gray, DARK)
    light = closed(plain, STROKES)
    tints = []
    if color is not None:
        red, *others = np.moveaxis(small(color, COLORLESS), 2, 0)
        # printed lines may be bluer than the paper, or less blue
        tints = [_Look(opened(closed(other - red, STROKES), STROKES)[inner]) for other in others]
    return _Small(_Look(light[inner]), (light - plain)[inner] > ABRUPT, tints)


def _surfaces(small: _Small, share: float) -> Iterator[Mask]:
    """Yield the even surfaces of a small picture, the largest first, each with those that look like it.

    `share` of ABRUPT and ALIKE is what parts two surfaces; of color TINT does, since no shadow changes it.
    """
    from scipy import ndimage

    looks = [(small.light, share * ABRUPT, share * ALIKE), *((tint, TINT, TINT) for tint in small.tints)]
    quiet = np.logical_and.reduce([look.steps < abrupt for look, abrupt, _alike in looks])
    # what is joined by a narrow place only, where table and sheet are as bright, is not one surface
    labels, count = ndimage.label(smallest(quiet, 2 * NARROW + 1))
    numbers = np.arange(1, count + 1)
    areas = np.bincount(labels.reshape(-1), minlength=count + 1)[1:]
    means: list[tuple[Floats, float]] = []
    for number in np.argsort(-areas):
        if areas[number] < SMALLEST * labels.size:
            return
        corners = labels[:: len(labels) - 1, :: labels.shape[1] - 1]
        if areas[number] > (1 - SMALLEST) * labels.size and (corners == number + 1).all():
            return  # it fills the picture
        if not means:
            means = [
                (np.asarray(ndimage.mean(look.values, labels, numbers)), most) for look, _step, most in looks
            ]
        alike = areas >= PART * labels.size
        for mean, most in means:
            alike &= np.abs(mean - mean[number]) < most
        # the step where a surface ends is two pixels wide, one of them its own
        beyond = np.pad(np.isin(labels, numbers[alike]), TAIL)  # where nothing belongs to it
        surface = opened(beyond, 2 * TAIL + 1)[TAIL:-TAIL, TAIL:-TAIL]
        # between bright strokes that stand close, a board has become as bright as they are
        if surface.any() and small.written[surface].mean() < MOSTLY:
            yield largest(surface, 2 * (NARROW + 1) + 1)


def continued(gray: Bytes, sheet: Mask) -> Bytes:
    """Return the picture as though the sheet went on beyond its outline, as bright as it is there."""
    from PIL import Image
    from scipy import ndimage

    height, width = gray.shape
    factor = max(1.0, max(height, width) / SMALL)
    size = max(1, round(width / factor)), max(1, round(height / factor))
    small = np.array(Image.fromarray(gray).resize(size, Image.Resampling.BOX))
    inside = np.asarray(Image.fromarray(sheet).resize(size), bool)
    nearest = ndimage.distance_transform_edt(~inside, return_distances=False, return_indices=True)
    # strokes are left out where the sheet ends; farther inside it is not looked at
    seen = largest(~inside, 5)
    outline, which = np.unique(np.ravel_multi_index(nearest[:, seen], small.shape), return_inverse=True)
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(small, STROKES // 2, mode="edge"), (STROKES, STROKES)
    )
    even = np.median(windows[np.unravel_index(outline, small.shape)], axis=(1, 2))
    small[seen] = even[which]
    beyond = Image.fromarray(small).resize((width, height), Image.Resampling.BILINEAR)
    return np.where(sheet, gray, np.asarray(beyond))


def _is_slender(hull: Mask) -> bool:
    """Tell whether a surface is rather a broad pen's stroke."""
    short, long = np.sqrt(np.linalg.eigvalsh(np.cov(np.argwhere(hull).T)))
    return bool(short < SLENDER * long)


def _hull(surface: Mask) -> Mask:
    """Return the convex hull of a surface."""
    from PIL import Image, ImageDraw

    rows = np.flatnonzero(surface.any(1))
    first = surface[rows].argmax(1)
    last = surface.shape[1] - 1 - surface[rows, ::-1].argmax(1)
    left = _bulging([(-int(x), int(y)) for x, y in zip(first, rows, strict=True)])
    right = _bulging([(int(x), int(y)) for x, y in zip(last, rows, strict=True)])
    hull = Image.new("1", surface.shape[::-1])
    corners = [(-x, y) for x, y in left] + right[::-1]
    ImageDraw.Draw(hull).polygon(corners, fill=1, outline=1)
    return np.asarray(hull, bool)


def _bulging(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of points (x, y), from top to bottom, past which the others do not reach to the right."""
    kept: list[tuple[int, int]] = []
    for x, y in points:
        while len(kept) > 1:
            (x0, y0), (x1, y1) = kept[-2:]
            if (x1 - x0) * (y - y0) > (x - x0) * (y1 - y0):
                break
            kept.pop()
        kept.append((x, y))
    return kept
