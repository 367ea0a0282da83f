"""The loss of one prediction, as on the slides: no half, no mean.

prediction  10 x 1  each from 0 to 1
target      10 x 1  1 in the row of the true digit, 0 elsewhere
"""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def squared_error(prediction: Matrix, target: Matrix) -> float:
    """Return the sum of the ten squared differences, from 0 to 10.

    `prediction` and `target` are 10 x 1. Source: the slide "Squared Error (Loss)", whose example this is:

    >>> prediction = np.array([[0.1, 0.8, 0.3, 0.2, 0.1, 0.7, 0.1, 0.2, 0.3, 0.1]]).T
    >>> target = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 0, 0]]).T
    >>> round(squared_error(prediction, target), 2)
    0.83
    """
    e = prediction - target  # 10 x 1
    s = e**2  # 10 x 1
    return float(s.sum())
