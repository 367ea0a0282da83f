"""From contrast to ink: what is written, without printed lines and the rest of the room; reads nothing.

contrast  (h, w) float32, 0 paper … 1
mask      (h, w) bool, where there is ink
level     the contrast of the pen: what full ink has
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.pictures.frames import frames
from glassnet.pictures.light import Light
from glassnet.pictures.rules import without_rules

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

FAINTEST = np.float32(0.045)  # contrast below which nothing is ink on a photograph: paper has its own grain
EDGE = 0.42  # of the pen's contrast: where ink ends
FULL = 0.8  # of a stroke's greatest contrast is its level
SLENDER = 3.0  # times as long as wide is what is no digit on a sheet's rim
SOLID = 0.6  # …or fills so much of its box
AROUND = np.ones((3, 3), bool)


@dataclass(frozen=True)
class Ink:
    """The ink of a picture: `found` with the printed lines, `mask` without them and without what is no pen's.

    `contrast` is 0 where a printed line was. `rules` says how many lines were removed.
    """

    contrast: Floats
    found: Mask
    mask: Mask
    level: float
    rules: int
    clean: bool


def find(light: Light, *, threshold: float | None = None, keep_rules: bool = False) -> Ink:
    """Return the ink in an evened picture.

    `threshold` is the contrast (0 … 1) at which ink begins instead of the one that is found; `keep_rules` leaves
    printed lines in.
    """
    from scipy import ndimage

    contrast = light.contrast
    if not light.clean and min(contrast.shape) > 100:
        contrast = ndimage.gaussian_filter(contrast, 0.8, truncate=2.0)  # a pencil's grain is no paper
    low = np.maximum(np.float32(0 if light.clean else FAINTEST), 4.5 * light.noise)
    strong = contrast > (low if threshold is None else threshold)
    rules, number = np.zeros_like(strong), 0
    if not keep_rules:
        written = _box(light.sheet)  # a line ends where the sheet does
        rules[written], number = without_rules(
            strong[written], contrast[written], 0 if light.clean else 3 * float(np.median(light.noise))
        )
        rules |= frames(strong & ~rules)
    if rules.any():
        contrast = np.where(rules, np.float32(0), contrast)
    if light.clean:
        contrast = np.where(strong, contrast, np.float32(0))
    mask = strong & ~rules
    level = _level(contrast, mask)
    if not light.clean:
        if threshold is None:
            inner = mask & ~_surroundings(mask, light.sheet)  # a dark table is no pen
            # but writing may hang on the rim by a printed line that is fainter
            level = _level(contrast, inner if inner.any() else mask)
            pen = np.float32(level) if light.inverted else _dimmed(contrast, strong & ~rules, level)
            mask = contrast > np.maximum(low, EDGE * pen)
        mask &= ~_surroundings(mask, light.sheet)
        level = _level(contrast, mask)
    return Ink(contrast, strong, mask, level, number, light.clean)


def _box(sheet: Mask | None) -> tuple[slice, slice]:
    """Return the rows and the columns that the sheet takes; all where it fills the picture."""
    if sheet is None or not sheet.any():
        return slice(None), slice(None)
    rows, columns = np.flatnonzero(sheet.any(1)), np.flatnonzero(sheet.any(0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _level(contrast: Floats, mask: Mask) -> float:
    """Return the contrast of the pen: of each component what its darker half has, the median over the ink."""
    from scipy import ndimage

    labels, count = ndimage.label(mask, AROUND)
    if not count:
        return 1.0
    flat, values = labels[mask], contrast[mask].astype(np.float64)
    areas = np.bincount(flat, minlength=count + 1)[1:]
    sums = np.bincount(flat, values, count + 1)[1:]
    means = sums / areas
    spread = np.sqrt(np.maximum(np.bincount(flat, values**2, count + 1)[1:] / areas - means**2, 0))
    peaks = means + spread
    inner = _inner(ndimage.find_objects(labels), mask.shape)
    weights = np.where(inner, sums, sums * 0.01)
    order = np.argsort(peaks)
    middle = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    return float(peaks[order][min(int(middle), count - 1)])


def _dimmed(contrast: Floats, mask: Mask, level: float) -> Floats:
    """Return the level of each component (h, w), where that is below the `level` of the others.

    A board gives back hardly any light, so that a shadow on it is not seen and the chalk's is not evened.
    """
    from scipy import ndimage

    labels, count = ndimage.label(mask, AROUND)
    greatest = np.asarray(ndimage.maximum(contrast, labels, np.arange(count + 1)), np.float32)
    return np.asarray(np.minimum(level, FULL * greatest)[labels], np.float32)


def _inner(boxes: list[Any], shape: tuple[int, ...]) -> Mask:
    """Tell which components do not touch the picture's edge and are not mere dust."""
    height, width = shape
    least = max(3, max(shape) // 200)
    return np.array(
        [
            rows.start > 0
            and columns.start > 0
            and rows.stop < height
            and columns.stop < width
            and max(rows.stop - rows.start, columns.stop - columns.start) >= least
            for rows, columns in boxes
        ]
    )


def _surroundings(mask: Mask, sheet: Mask | None) -> Mask:
    """Return what goes on beyond the picture's or the sheet's edge: a table, a finger; not ink that is merely cut."""
    from scipy import ndimage

    height, width = mask.shape
    labels, count = ndimage.label(mask, AROUND)
    if not count:
        return mask
    boxes = ndimage.find_objects(labels)
    drop = np.zeros(count + 1, bool)
    for edge, axis in ((labels[0], 1), (labels[-1], 1), (labels[:, 0], 0), (labels[:, -1], 0)):
        touching = np.bincount(edge, minlength=count + 1)
        for label in np.flatnonzero(touching[1:]) + 1:
            sides = [side.stop - side.start for side in boxes[label - 1]]
            # ink that is merely cut touches the edge with the width of a stroke
            drop[label] |= touching[label] > 0.4 * sides[axis] or max(sides) > 0.6 * min(height, width)
    if sheet is not None:
        rim = sheet & ~ndimage.binary_erosion(sheet, border_value=1)  # but where the picture ends
        along = np.bincount(labels[rim], minlength=count + 1)
        areas = np.bincount(labels.reshape(-1), minlength=count + 1)
        for label in np.flatnonzero(along[1:]) + 1:
            low, high = sorted(side.stop - side.start for side in boxes[label - 1])
            # the bar of a 2 may lie on the rim with its whole length; a pen is slender, a finger solid
            thing = high > SLENDER * low or areas[label] > SOLID * low * high
            most = 0.4 * low if thing else 0.75 * high
            drop[label] |= along[label] > most or high > 0.6 * min(height, width)
    return np.asarray(drop[labels])
