"""The way back: how the loss of one image changes with every weight; the same letters as forward.

t     target    10 x 1   1 in the row of the true digit, 0 elsewhere
d_w1  gradient  14 x 785  how fast the loss grows with each entry of w1
d_w2  gradient  10 x 15   the same for w2
"""

import numpy as np

from glassnet.lecture.forward import Matrix, sigmoid


def gradients(x: Matrix, w1: Matrix, w2: Matrix, t: Matrix) -> tuple[Matrix, Matrix]:
    """Return `(d_w1, d_w2)` (14 x 785 and 10 x 15), the gradients of the squared error of one image.

    `x` is 784 x 1 (each from 0 to 1), `w1` 14 x 785, `w2` 10 x 15, `t` 10 x 1.
    NumPy raises `ValueError` where shapes do not fit. Source: the chain rule applied to the slides' lines;
    Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors" (1986).

    >>> x, w1, w2 = np.zeros((784, 1)), np.zeros((14, 785)), np.zeros((10, 15))
    >>> t = np.eye(10)[:, [1]]
    >>> d_w1, d_w2 = gradients(x, w1, w2, t)
    >>> d_w1.shape, d_w2.shape
    ((14, 785), (10, 15))
    >>> d_w2[:3, 14]  # a3 is 0.5 everywhere: too large for 0 and 2, too small for 1
    array([ 0.25, -0.25,  0.25])
    """
    # Forward, as on the slides
    a1 = np.concatenate([x, [[1]]], 0)  # 785 x 1
    z2 = np.dot(w1, a1)  # 14 x 1
    a2 = sigmoid(z2)  # 14 x 1
    a2_1 = np.concatenate([a2, [[1]]], 0)  # 15 x 1
    z3 = np.dot(w2, a2_1)  # 10 x 1
    a3 = sigmoid(z3)  # 10 x 1

    # Back through the output layer: the square, the sigmoid, the product
    d_a3 = 2 * (a3 - t)  # 10 x 1
    d_z3 = d_a3 * a3 * (1 - a3)  # 10 x 1
    d_w2 = np.dot(d_z3, a2_1.T)  # 10 x 15

    # Back through the hidden layer; the last column of w2 led from the constant 1, so nothing flows back along it
    d_a2 = np.dot(w2[:, :-1].T, d_z3)  # 14 x 1
    d_z2 = d_a2 * a2 * (1 - a2)  # 14 x 1
    d_w1 = np.dot(d_z2, a1.T)  # 14 x 785
    return d_w1, d_w2
