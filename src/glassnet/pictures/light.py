"""Ink on paper in any light: which is which, the paper's own brightness, and what is left when it is taken away.

    gray      (h, w) uint8, as the camera saw it
    color     (h', w', 3) uint8, the same in color, smaller
    contrast  (h, w) float32, 0 paper … 1: how much darker (or, on a board, brighter) than the paper beside it
    noise     the standard deviation of the paper's contrast, larger where the paper is darker; 0 for a clean picture,
              such as a drawing on a screen, whose grays are exact

Finds no strokes and removes no lines.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glassnet.pictures import around
from glassnet.pictures import sheet as sheets

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

SMALL = 320  # pixels of the longer side at which the paper's brightness is estimated
TINY = 96  # …and at which ink and paper are told apart
FAINT = 10  # gray levels beside the paper's own that JPEG leaves around strokes
TABLE = 0.65  # of the picture's brightness: darker edges are no paper in a corner of the light
DIM = 0.5  # of the brightness of the brightest paper: below it, noise is told apart
RIPPLED = 0.1  # share of such grays among the ink's from which a larger picture has been a JPEG
RIPPLE = 0.022  # their standard deviation, where full ink is 1
CLEAN = 0.5  # share of pixels that have exactly the paper's gray in a picture that no camera took


@dataclass(frozen=True)
class Light:
    """A picture with its light evened.

    `paper` is (h, w) float32 gray levels, or one level in a clean picture; `noise` is (h, w) or one number;
    `inverted` says that the ink is darker than the paper, unlike MNIST's. `sheet` is where the paper is, (h, w) bool,
    None where it fills the picture; beyond it the contrast is 0.
    """

    contrast: Floats
    paper: Floats
    inverted: bool
    clean: bool
    noise: Floats
    sheet: NDArray[np.bool_] | None = None


def even(gray: Bytes, color: Bytes | None = None, *, lossy: bool = False) -> tuple[Light, ...]:
    """Return the picture with its paper made even; the ink keeps its grays. `color` helps to find the sheet.

    `lossy`: the grays are not exact, since a JPEG leaves ripples beside strokes.
    Where it is not plain whether the ink is darker or brighter than the paper, both are returned, the likelier first.
    """
    level, share, faint = _paper_level(gray)
    tiny = max(gray.shape) <= TINY
    rippled = lossy or (faint > RIPPLED and not tiny)
    if (share >= CLEAN and faint < 0.25) or (lossy and tiny and share + (1 - share) * faint >= CLEAN):
        edges = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
        sheet = sheets.find(gray, color, exact=not rippled) if (edges != level).any() else None
        if sheet is not None:
            gray = np.where(sheet, gray, np.uint8(level))
        return (_clean(gray, level, RIPPLE if rippled else 0),)
    sheet = sheets.find(gray, color)
    if sheet is not None:
        gray = sheets.continued(gray, sheet)
    return tuple(_photographed(gray, inverted, sheet) for inverted in _polarities(gray))


def _photographed(gray: Bytes, inverted: bool, sheet: NDArray[np.bool_] | None) -> Light:
    positive = gray if inverted else 255 - gray
    paper = _paper(positive.astype(np.float32))
    # Light multiplies: the share of it that comes back from the ink is the same in a shadow. On a board the
    # ink's own light counts.
    away = 1 - positive / paper if inverted else (paper - positive) / np.maximum(paper, 60)
    contrast: Floats = away.astype(np.float32, copy=False)
    middle = float(np.median(contrast[:: max(1, gray.shape[0] // 400), :: max(1, gray.shape[1] // 400)]))
    contrast -= np.float32(middle)
    noise = _noise(contrast, paper, sheet)
    np.clip(contrast, 0, 1, out=contrast)
    if sheet is not None:
        contrast *= sheet
    return Light(
        contrast, paper if inverted else 255 - paper, inverted, clean=False, noise=noise, sheet=sheet
    )


def _paper_level(gray: Bytes) -> tuple[int, float, float]:
    """Return the most frequent gray, its share, and the share of the other pixels that are very near to it."""
    counts = np.bincount(gray.reshape(-1), minlength=256)
    level = int(counts.argmax())
    others = gray.size - counts[level]
    near = counts[max(0, level - FAINT) : level + FAINT + 1].sum() - counts[level]
    return level, counts[level] / gray.size, near / max(others, 1)


def _clean(gray: Bytes, level: int, noise: float) -> Light:
    above = gray.astype(np.int16) - level
    up, down = (
        int(np.clip(above, 0, None).sum(dtype=np.int64)),
        int(np.clip(-above, 0, None).sum(dtype=np.int64)),
    )
    inverted = down > up
    strength = np.clip(-above if inverted else above, 0, None).astype(np.float32)
    peak = float(strength.max())
    # A peak of 254 is gray ink of MNIST's own and stays; fainter ink is stretched to the full range.
    contrast = strength / np.float32(255 if peak >= 254 or peak < 25 else peak)
    paper = np.full(gray.shape, level, np.float32)
    return Light(contrast, paper, inverted, clean=True, noise=np.full((1, 1), noise, np.float32))


def _polarities(gray: Bytes) -> tuple[bool, ...]:
    """Tell whether the ink is dark (True) by what stands out from its surroundings; both where that is not plain."""
    factor = max(1, -(-max(gray.shape) // TINY))
    rows, columns = gray.shape[0] // factor, gray.shape[1] // factor
    if min(rows, columns) < 5:
        return (bool(np.median(gray) > 127),)
    blocks = gray[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor)
    mean = blocks.mean((1, 3), dtype=np.float32)
    middle = _surroundings(mean, max(5, max(rows, columns) // 4 | 1))
    dark = middle - blocks.min((1, 3))
    bright = blocks.max((1, 3)) - middle
    limit = 2 * float(np.median(np.minimum(dark, bright))) + 8
    inner = (slice(rows // 12, rows - rows // 12), slice(columns // 12, columns - columns // 12))
    energy = [float((np.clip(side[inner] - limit, 0, None) ** 2).sum()) + 1 for side in (dark, bright)]
    # Paper is brighter than most things and boards are dark; shadows and tables stand out both ways.
    ratio = energy[0] / energy[1] * (6.0 if np.median(mean) > 110 else 1.0)
    if ratio > 8:
        return (True,)
    if ratio < 1 / 150:
        return (False,)
    return (True, False) if ratio >= 1 else (False, True)


def _surroundings(values: Floats, wide: int) -> Floats:
    """Return the median of the `wide` by `wide` values around each (h, w); three by three share one."""
    rows, columns = values.shape
    around = np.lib.stride_tricks.sliding_window_view(np.pad(values, wide // 2, mode="edge"), (wide, wide))
    middle = np.median(around[1::3, 1::3], axis=(2, 3))
    nearest = np.ix_(*(np.minimum(np.arange(size) // 3, (size - 2) // 3) for size in (rows, columns)))
    return np.asarray(middle[nearest], np.float32)


def _paper(positive: Floats) -> Floats:
    """Return the paper's brightness (h, w): a closing that is wider than the strokes and narrower than shadows."""
    from PIL import Image
    from scipy import ndimage

    height, width = positive.shape
    factor = max(1.0, max(height, width) / SMALL)
    size = max(1, round(width / factor)), max(1, round(height / factor))
    small = np.asarray(Image.fromarray(positive).resize(size, Image.Resampling.BOX), np.float32)
    if min(size) >= 3:
        small = _median_of_nine(small)
    wide = max(7, max(size) // 6 | 1)
    closed = _closed(small, wide)
    stroke = _stroke_width(np.asarray(1 - small / np.maximum(closed, 1), np.float32))
    if stroke is not None:
        wide = min(wide, max(7, int(3 * stroke) | 1))
        closed = _closed(small, wide)
    closed = ndimage.uniform_filter(closed, 3, mode="nearest")
    large = Image.fromarray(closed).resize((width, height), Image.Resampling.BILINEAR)
    return np.maximum(np.asarray(large, np.float32), 1)


def _median_of_nine(values: Floats) -> Floats:
    """Return the median of each value (h, w) and its eight neighbors, as SciPy does in five times the time.

    A column's three are sorted once for the three places that see them. The median of all is that of the largest of the
    low ones, the median of the middle ones and the smallest of the high ones.
    """
    padded = np.pad(values, 1, mode="edge")
    above, here, below = padded[:-2], padded[1:-1], padded[2:]
    low, high = np.minimum(above, here), np.maximum(above, here)
    middle, high = np.minimum(high, below), np.maximum(high, below)
    low, middle = np.minimum(low, middle), np.maximum(low, middle)
    of_low, of_middle, of_high = ((some[:, :-2], some[:, 1:-1], some[:, 2:]) for some in (low, middle, high))
    return _median_of_three(
        np.maximum.reduce(of_low), _median_of_three(*of_middle), np.minimum.reduce(of_high)
    )


def _median_of_three(one: Floats, two: Floats, three: Floats) -> Floats:
    return np.maximum(np.minimum(one, two), np.minimum(np.maximum(one, two), three))


def _closed(small: Floats, wide: int) -> Floats:
    """Return the closing of a picture that goes on beyond its edges as bright as they are, but for narrow things.

    Else the darker corners of a photograph would be valleys, since their other side is not seen. Where the edges show
    a table, that is what they should be.
    """
    from scipy import ndimage

    edges = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    if np.median(edges) < TABLE * np.median(small):
        return around.closed(small, wide)
    padded = np.pad(small, wide, mode="edge")
    along = (2 * wide + 1,)
    for sheet in (padded, padded.T):
        sheet[:wide] = ndimage.median_filter(sheet[wide], along, mode="nearest")
        sheet[-wide:] = ndimage.median_filter(sheet[-wide - 1], along, mode="nearest")
    return around.closed(padded, wide)[wide:-wide, wide:-wide]


def _stroke_width(contrast: Floats) -> float | None:
    """Return the usual width in pixels of what stands out and is long and thin, or None."""
    from scipy import ndimage

    mask = contrast > max(0.08, 0.4 * float(np.quantile(contrast, 0.995)))
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    if not 0 < count < 5000:
        return None
    inside = ndimage.distance_transform_edt(mask)
    widths = []
    deepest = np.zeros(count + 1)
    np.maximum.at(deepest, labels[mask], inside[mask])
    areas = np.bincount(labels.reshape(-1))[1:]
    for box, deep, area in zip(ndimage.find_objects(labels), deepest[1:], areas, strict=True):
        side = max(box[0].stop - box[0].start, box[1].stop - box[1].start)
        if area >= 12 and deep * 2 < 0.4 * side:
            widths.append(2 * deep)
    return float(np.quantile(widths, 0.9)) if widths else None


def _noise(contrast: Floats, paper: Floats, sheet: NDArray[np.bool_] | None) -> Floats:
    """Return the paper's roughness (h, w), robustly: from the distances to the median of a part of the pixels.

    A camera's noise is as large in the dark as in the light, so it is a larger share of dark paper, or of the table.
    """
    every = (
        slice(None, None, max(1, contrast.shape[0] // 400)),
        slice(None, None, max(1, contrast.shape[1] // 400)),
    )
    bright = float(np.quantile(paper[every], 0.9))
    light = paper[every] > DIM * bright
    sample = contrast[every][light if sheet is None else light & sheet[every]]
    noise = 1.4826 * float(np.median(np.abs(sample - np.median(sample))))
    return np.asarray(noise * np.maximum(1, DIM * bright / paper), np.float32)
