"""The largest and the smallest of what lies around each pixel of a picture; beyond its edge nothing counts.

    values  (h, w) numbers or bool: of a mask, `largest` is its dilation and `smallest` its erosion by a square
    wide    pixels of the square's side, odd

SciPy's filters give the same in several times the time: a window twice as wide is the better of two that overlap.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=np.generic)


def largest(values: NDArray[T], wide: int) -> NDArray[T]:
    """Return the largest of the `wide` by `wide` values around each.

    >>> largest(np.array([[0, 7, 1, 2]]), 3)
    array([[7, 7, 7, 2]])
    """
    return _of_windows(values, wide, np.maximum)


def smallest(values: NDArray[T], wide: int) -> NDArray[T]:
    """Return the smallest of the `wide` by `wide` values around each."""
    return _of_windows(values, wide, np.minimum)


def closed(values: NDArray[T], wide: int) -> NDArray[T]:
    """Return the values without what is lower than all around it and narrower than `wide`."""
    return smallest(largest(values, wide), wide)


def opened(values: NDArray[T], wide: int) -> NDArray[T]:
    """Return the values without what is higher than all around it and narrower than `wide`."""
    return largest(smallest(values, wide), wide)


def _of_windows(values: NDArray[T], wide: int, better: Callable[[Any, Any], Any]) -> NDArray[T]:
    for axis in (0, 1):
        beyond = [1] * values.shape[axis]
        beyond[0] += wide // 2
        beyond[-1] += wide // 2
        # the edge's own value, repeated, is in every window that reaches beyond it
        windows = values.repeat(beyond, axis).swapaxes(0, axis)
        reach = 1
        while reach < wide:
            step = min(reach, wide - reach)
            windows = better(windows[:-step], windows[step:])
            reach += step
        values = windows.swapaxes(0, axis)
    return values
