"""The sheet on a photograph that shows more: a table, a frame around a board, the borders of a window. Reads nothing.

    gray   (h, w) uint8, as the camera saw it
    sheet  (h, w) bool, what is written on

A sheet is even but for the strokes on it, its outline bulges nowhere inward, and it ends abruptly: slower than that
change only light and shadow. What lies beside it is told apart by nothing else, dark or bright, striped or plain.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

SMALL = 320  # pixels of the longer side at which the sheet is looked for
LEAST = 100  # pixels of a side below which a picture is no photograph of a sheet on a table
STROKES = 11  # pixels, of SMALL, that lines and strokes are narrower than
ABRUPT = 0.12  # part of its brightness that a surface changes by from pixel to pixel where it ends; shadows are softer
DARK = 8  # gray levels that are added, since the grain of what is black is no step
NARROW = 2  # pixels, of SMALL, on either side of what joins two surfaces
TAIL = 4  # pixels, of SMALL, half of the width of what else belongs to a surface
PART = 0.01  # of the picture: what is smaller is no surface
ALIKE = 0.08  # part of their brightness by which two surfaces differ that may be one sheet with a line across
SLENDER = 0.3  # of its length is the width of a sheet at least
EXACT = 0.1  # share of ABRUPT and ALIKE that counts where the grays are exact
MOSTLY = 0.5  # of a sheet that is written on, at most
SMALLEST = 0.1  # of the picture that a sheet takes
WHOLE = 0.97  # of the picture from which there is nothing beside the sheet
BULGING = 0.93  # of its convex hull that a sheet fills
RIM = 2  # pixels, of SMALL, along its outline that are not looked at


def find(gray: Bytes, *, exact: bool = False) -> Mask | None:
    """Return where the sheet is (h, w), or None where it fills the picture or none is plain to see.

    `exact`: the grays are a screen's, and the least difference counts.
    """
    from PIL import Image
    from scipy import ndimage

    height, width = gray.shape
    factor = max(height, width) / SMALL
    if min(height, width) < LEAST:
        return None
    size = max(1, round(width / factor)), max(1, round(height / factor))
    small = np.asarray(Image.fromarray(gray).resize(size, Image.Resampling.BOX), np.float32)
    for surface in _surfaces(small, EXACT if exact else 1.0):
        hull = _hull(surface)
        if surface.sum() >= BULGING * hull.sum() and not _is_slender(hull):
            if hull.mean() > WHOLE:
                return None
            inner = ndimage.binary_erosion(hull, np.ones((3, 3)), RIM, border_value=1)
            return np.asarray(Image.fromarray(inner).resize((width, height)), bool)
    return None


def _surfaces(small: Floats, share: float) -> Iterator[Mask]:
    """Yield the even surfaces of a small picture, the largest first, each with those that are as bright.

    `share` of ABRUPT and ALIKE is what parts two surfaces.
    """
    from scipy import ndimage

    # a strip along the picture's edge is no stroke, however narrow it is
    wider = ndimage.grey_closing(np.pad(small, STROKES, mode="edge"), (STROKES, STROKES))
    light = np.log(wider[STROKES:-STROKES, STROKES:-STROKES] + DARK)
    written = light - np.log(small + DARK) > ABRUPT
    steps = np.hypot(ndimage.sobel(light, 0, mode="nearest"), ndimage.sobel(light, 1, mode="nearest")) / 8
    # what is joined by a narrow place only, where table and sheet are as bright, is not one surface
    quiet = ndimage.binary_erosion(steps < share * ABRUPT, np.ones((3, 3)), NARROW, border_value=1)
    labels, count = ndimage.label(quiet)
    numbers = np.arange(1, count + 1)
    areas = np.bincount(labels.reshape(-1), minlength=count + 1)[1:]
    bright = np.asarray(ndimage.mean(light, labels, numbers))
    for number in np.argsort(-areas):
        if areas[number] < SMALLEST * small.size:
            return
        corners = labels[:: len(labels) - 1, :: labels.shape[1] - 1]
        if areas[number] > (1 - SMALLEST) * small.size and (corners == number + 1).all():
            return  # it fills the picture
        alike = (np.abs(bright - bright[number]) < share * ALIKE) & (areas >= PART * small.size)
        # the step where a surface ends is two pixels wide, one of them its own
        surface = ndimage.binary_opening(np.isin(labels, numbers[alike]), np.ones((3, 3)), TAIL)
        # between bright strokes that stand close, a board has become as bright as they are
        if surface.any() and written[surface].mean() < MOSTLY:
            yield np.asarray(ndimage.binary_dilation(surface, np.ones((3, 3)), NARROW + 1))


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
    seen = ndimage.binary_dilation(~inside, np.ones((3, 3)), 2)
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
