"""Forward propagation, line by line as on the slides; one image, one network of three layers, no options.

x   the image     784 x 1    each pixel from 0 to 1
w1  weights        14 x 785  the last column multiplies the 1 below x
w2  weights        10 x 15   the last column multiplies the 1 below a2
a3  prediction     10 x 1    row d answers: how much does this look like the digit d?
"""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def sigmoid(x: Matrix) -> Matrix:
    """Squeeze every number of `x` (any shape) into the range from 0 to 1.

    Source: the slide "MNIST Classification Model".

    >>> sigmoid(np.array([[-2.0], [0.0], [2.0]])).round(4)
    array([[0.1192],
           [0.5   ],
           [0.8808]])
    """
    with np.errstate(over="ignore"):  # exp(1000) is inf, and 1 / inf is the 0 that is wanted
        return 1 / (1 + np.exp(-x))


def neural_network(x: Matrix, w1: Matrix, w2: Matrix) -> Matrix:
    """Return the network's prediction `a3` (10 x 1, each from 0 to 1) for one image.

    `x` is the image as a column (784 x 1, each from 0 to 1), `w1` is 14 x 785, `w2` is 10 x 15.
    NumPy raises `ValueError` where shapes do not fit. Source: the slide "MNIST Classification Model".

    >>> x, w1, w2 = np.zeros((784, 1)), np.zeros((14, 785)), np.zeros((10, 15))
    >>> w2[1, 14] = 2  # the bias of the unit for the digit 1
    >>> neural_network(x, w1, w2).round(2).T
    array([[0.5 , 0.88, 0.5 , 0.5 , 0.5 , 0.5 , 0.5 , 0.5 , 0.5 , 0.5 ]])
    """
    a1 = np.concatenate([x, [[1]]], 0)  # 785 x 1
    z2 = np.dot(w1, a1)  # 14 x 1
    a2 = sigmoid(z2)  # 14 x 1
    a2 = np.concatenate([a2, [[1]]], 0)  # 15 x 1
    z3 = np.dot(w2, a2)  # 10 x 1
    a3 = sigmoid(z3)  # 10 x 1
    return a3
