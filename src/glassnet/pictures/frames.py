"""What runs around writing and is none: the boxes of a form, a circle around a number; reads nothing.

mask    (h, w) bool, what stands out from the paper
frames  (h, w) bool, the connected pieces of it that enclose others
"""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

ENCLOSED = 0.35  # of a frame's height that something inside of it has at least; the dot in a 0 has less
ROOMY = 0.08  # …that one of several has, as on a board
SEVERAL = 2  # make a board of what encloses them
LEAST = 16  # pixels of a frame's sides
MOST = 4000  # pieces of ink of half of that size, beyond which a picture is a texture


def frames(mask: Mask) -> Mask:
    """Return the pieces of ink (h, w) that enclose one of about their own height, or several smaller ones."""
    from scipy import ndimage

    labels, count = ndimage.label(mask, np.ones((3, 3)))
    found = np.zeros(count + 1, bool)
    parts = [
        (number, part)
        for number, part in enumerate(ndimage.find_objects(labels), start=1)
        if part[0].stop - part[0].start >= LEAST * ENCLOSED
    ]
    if len(parts) > MOST:
        return np.zeros_like(mask)
    boxes = np.array([(y.start, -y.stop, x.start, -x.stop) for _number, (y, x) in parts]).reshape(-1, 4)
    heights, widths = -boxes[:, 1] - boxes[:, 0], -boxes[:, 3] - boxes[:, 2]
    for place in np.flatnonzero(np.minimum(heights, widths) >= LEAST):
        within = np.flatnonzero((boxes > boxes[place]).all(1) & (heights >= ROOMY * heights[place]))
        large = heights[within] >= ENCLOSED * heights[place]
        if large.any() or len(within) >= SEVERAL:
            number, part = parts[place]
            own = labels[part] == number
            inside = np.unique(labels[part][ndimage.binary_fill_holes(own) & ~own])
            enclosed = np.isin([parts[other][0] for other in within], inside)
            found[number] = (enclosed & large).any() or enclosed.sum() >= SEVERAL
    return np.asarray(found[labels])
