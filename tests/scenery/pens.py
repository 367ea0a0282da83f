"""A digit of MNIST as a pen would write it, at any size; knows no paper.

ink   (height, width) float32, 0 paper … 1 full ink
"""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.floating]


def written(image: NDArray[np.uint8], height: int, pen: float, rng: np.random.Generator) -> Floats:
    """Return the ink of one digit (784,) whose box is about `height` pixels high.

    `pen` is the stroke's width as a fraction of the height, drawn along the digit's skeleton with a trembling
    hand; 0 keeps MNIST's own strokes.
    """
    square = image.reshape(28, 28).astype(np.float32) / 255
    rows, columns = np.flatnonzero(square.any(1)), np.flatnonzero(square.any(0))
    tight = square[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    factor = height / tight.shape[0]
    if pen == 0:
        large = _enlarged(np.pad(tight, 1), factor)
        return _cut(np.clip((large - 0.5) * min(factor, 4.0) * 0.6 + 0.5, 0, 1))
    return _cut(_along_the_skeleton(tight, factor, max(pen * height, 1.2), rng))


def _along_the_skeleton(tight: Floats, factor: float, width: float, rng: np.random.Generator) -> Floats:
    from skimage.morphology import skeletonize

    fine = max(factor, 6.0)  # small digits get their skeleton at a size that has room for one
    strokes = ndimage.gaussian_filter(_enlarged(np.pad(tight, 2), fine), fine * 0.35) > 0.45
    margin = int(width * fine / factor) + 2
    skeleton = np.pad(skeletonize(strokes), margin)  # type: ignore[no-untyped-call]
    if not skeleton.any():
        skeleton = np.pad(strokes, margin)
    distance = ndimage.gaussian_filter(ndimage.distance_transform_edt(~skeleton), fine * 0.25)
    distance *= factor / fine
    pressure = 1 + 0.35 * _clouds(distance.shape, fine * 4, rng)
    ink = np.clip(width / 2 * pressure - distance + 0.5, 0, 1).astype(np.float32)
    if fine > factor:
        ink = ndimage.zoom(ndimage.gaussian_filter(ink, 0.4 * fine / factor), factor / fine, order=1)
    return np.asarray(ink, np.float32)


def grain(shape: tuple[int, ...], roughness: float, rng: np.random.Generator) -> Floats:
    """Return how much ink the paper takes, 0 … 1: pencil is rough, a marker smooth."""
    fine = ndimage.gaussian_filter(rng.normal(size=shape), 0.8)
    return np.asarray(np.clip(1 - roughness * (0.5 + fine * 1.5), 0, 1), np.float32)


def _enlarged(square: Floats, factor: float) -> Floats:
    return np.asarray(np.clip(ndimage.zoom(square, factor, order=3), 0, 1), np.float32)


def _clouds(shape: tuple[int, ...], size: float, rng: np.random.Generator) -> Floats:
    """Return slow random hills of about ±1, `size` pixels wide."""
    few = rng.normal(size=[max(2, int(side / size) + 2) for side in shape])
    hills = ndimage.zoom(few, [side / n for side, n in zip(shape, few.shape, strict=True)], order=1)
    whole = np.zeros(shape, np.float32)
    whole[: hills.shape[0], : hills.shape[1]] = hills[: shape[0], : shape[1]]
    return whole


def _cut(ink: Floats) -> Floats:
    rows, columns = np.flatnonzero((ink > 0.3).any(1)), np.flatnonzero((ink > 0.3).any(0))
    if not len(rows):
        return ink
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
