"""What the strokes of one sign are like: how thick, how many holes, how dark; and ink as MNIST would have it.

mask      (h, w) bool, the sign's own ink          contrast  (h, w) float32, 0 paper … 1
"""

import numpy as np
from numpy.typing import NDArray

from glassnet.pictures.around import closed

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

THIN = 1.7  # pixels of 28: a photographed stroke that is thinner may be made broader; 1 in 16 of MNIST's is
HOLE = 0.004  # of its box that a hole takes at least


def thickness(mask: Mask) -> tuple[float, float]:
    """Return how uneven the strokes are and how thick at their thickest, of the longer side; 0 without ink.

    The first is the largest distance to paper over the mean one: a stroke of one width has 2. Specks of paper in a
    pencil's stroke do not count.
    """
    from scipy import ndimage

    if not mask.any():
        return 0.0, 0.0
    rows, columns = (slice(*np.flatnonzero(mask.any(axis))[[0, -1]] + (0, 1)) for axis in (1, 0))
    tight = mask[rows, columns]
    inside = ndimage.distance_transform_edt(closed(np.pad(tight, 2), 3))
    deepest = float(inside.max())
    return float(deepest / inside[inside > 0].mean()), 2 * deepest / max(tight.shape)


def holes(mask: Mask) -> int:
    """Return how many patches of paper are enclosed by ink, without those of a few pixels."""
    from scipy import ndimage

    labels, count = ndimage.label(~np.pad(mask, 1))
    sizes = np.bincount(labels.reshape(-1), minlength=count + 1)[1:]
    enclosed = np.delete(sizes, labels[0, 0] - 1)
    return int((enclosed > max(3, HOLE * mask.any(0).sum() * mask.any(1).sum())).sum())


def broadened(images: Bytes) -> Bytes:
    """Return framed images (n, 784), those with strokes thinner than THIN made broader by about a pixel.

    Hardly any digit of MNIST is written so; a fine pen's are, far from the camera. The ink's box stays what it is.
    """
    square = np.pad(images.reshape(-1, 28, 28).astype(np.int16), ((0, 0), (1, 1), (1, 1)))
    edges = np.abs(np.diff(square, axis=1)).sum((1, 2)) + np.abs(np.diff(square, axis=2)).sum((1, 2))
    # a straight stroke has two edges; one that is slanted or bent crosses a quarter more columns and rows
    thin = np.flatnonzero(2.5 * square.sum((1, 2)) < THIN * edges)
    some = square[thin]
    inner = some[:, 1:-1, 1:-1]
    beside = np.maximum.reduce(
        [inner, some[:, :-2, 1:-1], some[:, 2:, 1:-1], some[:, 1:-1, :-2], some[:, 1:-1, 2:]]
    )
    beside *= np.asarray(inner.any(2))[:, :, None] & np.asarray(inner.any(1))[:, None, :]
    result = images.copy()
    result[thin] = ((inner + beside + 1) // 2).reshape(-1, 784)
    return result


def soft_ink(contrast: Floats, level: float, clean: bool) -> Bytes:
    """Return contrast as ink, (h, w) uint8; `level` is the contrast of the pen, `clean` says that no camera took it.

    MNIST was black or white before it was made small. A large digit is therefore made nearly so, at half of the
    pen's contrast; a small one, whose edges are all the gray it has, keeps its grays.
    """
    large = float(np.clip((max(contrast.shape) - 20) / 40, 0, 1))
    if clean:
        low, high = 0.25 * large, 1 - 0.4 * large
    else:
        own = (
            min(level, float(np.quantile(contrast[contrast > 0.3 * level], 0.7)))
            if (contrast > 0.3 * level).any()
            else level
        )
        low, high = (0.15 + 0.15 * large) * own, (0.95 - 0.2 * large) * own
    strength = (contrast - low) / (high - low) if (low, high) != (0, 1) else contrast
    return np.asarray(np.rint(np.clip(strength, 0, 1) * 255), np.uint8)
