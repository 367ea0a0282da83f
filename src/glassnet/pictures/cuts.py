"""Where a piece of ink may be cut into parts: along the ways that cross least of it; chooses none and reads nothing.

inside  (h, w) bool, the ink of a piece in its box
tall    the usual height of the writing, in pixels
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# of the usual height and of its own: what is narrower is one digit, not a 1 beside another
NARROW = (0.4, 0.35)
NARROW_DRAWN = (0.62, 0.55)  # on a drawing, where digits seldom touch
RIM = 0.07  # of the usual height on either side of a piece, where nothing is cut off: a thin 1 is not much wider
RIM_DRAWN = 0.14
CUTS = 10  # cuts at most in a piece as wide as one digit…
OFTEN = 8  # …and in a wider one so many for each of its widths in the usual height
APART = 0.06  # of the usual height between two cuts
DEEPEST = 0.7  # of a piece's height that a cut may lead through ink
SIDEWAYS = 0.5  # what a column to the side costs a cut, in pixels of ink crossed
STROKE = 1.5  # times as deep as the mean is ink in the middle of strokes, but of the broadest


def parted(
    inside: NDArray[np.bool_], rows: NDArray[np.intp], columns: NDArray[np.intp], tall: float, *, clean: bool
) -> NDArray[np.intp]:
    """Return for each pixel of a piece which part it belongs to: 0 everywhere in one too narrow for two digits."""
    height, width = inside.shape
    narrow, slim = NARROW_DRAWN if clean else NARROW
    if width < narrow * tall or width < slim * height or height < 0.4 * tall or width < 12:
        return np.zeros(len(rows), np.intp)
    ways = Seams(inside)
    crossed, middle = ways.crossed, max(2, int(0.05 * tall))
    edge = max(3, int((RIM_DRAWN if clean else RIM) * tall))
    options = sorted(
        (crossed[x], x)
        for x in range(edge, width - edge)
        if crossed[x] <= crossed[max(0, x - middle) : x + middle + 1].min() and crossed[x] < DEEPEST * height
    )
    cuts: list[int] = []
    for _crossed, x in options:
        if all(abs(x - other) > APART * tall for other in cuts):
            cuts.append(x)
        if len(cuts) == max(CUTS, int(OFTEN * width / tall)):
            break
    which = np.zeros(len(rows), np.intp)
    for x in cuts:
        which += columns > ways.through(x)[rows]
    return which


class Seams:
    """The ways from the top of a piece to its bottom that cross least ink, one through each column of its middle.

    `crossed` (w,) is how much ink each crosses, in pixels, those deep in it counted less; a step to the side costs
    SIDEWAYS. (Shortest paths by dynamic programming, from the middle row up and down.)
    """

    def __init__(self, inside: NDArray[np.bool_]) -> None:
        middle, costs = len(inside) // 2, _costs(inside)
        above, self._up = _shortest(costs[:middle][::-1])
        below, self._down = _shortest(costs[middle:])
        self.crossed = above + below

    def through(self, column: int) -> NDArray[np.intp]:
        """Return the way through this column of the middle: its column in every row (h,)."""
        return np.concatenate([_followed(self._up, column)[::-1], _followed(self._down, column)])


def _costs(inside: NDArray[np.bool_]) -> Floats:
    """Return what each pixel costs a cut (h, w): 0 on paper, 1 in ink, less where that is thicker than one stroke.

    Strokes that lie along each other are as one thick stroke, and the cheapest way leads between them.
    """
    from scipy import ndimage

    depth = ndimage.distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1]
    thick = np.maximum(1, depth / (STROKE * depth[inside].mean()))
    return np.where(inside, thick**-4, 0).astype(np.float32)


def _shortest(costs: Floats) -> tuple[Floats, NDArray[np.int8]]:
    """Return the least cost (w,) from each column of the first row to the last, and the step (h, w) to each row."""
    cost = np.zeros(costs.shape[1], np.float32)
    steps = np.zeros(costs.shape, np.int8)
    beside = np.full(costs.shape[1] + 2, np.inf, np.float32)
    for row in range(len(costs) - 1, -1, -1):
        beside[1:-1] = cost + np.float32(SIDEWAYS)
        left, right = beside[:-2], beside[2:]
        straight = np.minimum(cost, left)
        np.copyto(steps[row], -1, where=left < cost)
        np.copyto(steps[row], 1, where=right < straight)
        cost = np.minimum(straight, right) + costs[row]
    return cost, steps


def _followed(steps: NDArray[np.int8], column: int) -> NDArray[np.intp]:
    columns = np.empty(len(steps), np.intp)
    for row, step in enumerate(steps):
        columns[row] = column
        column += int(step[column])
    return columns
