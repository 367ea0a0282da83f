"""The ledger's lines for every size, activation and loss, in plain NumPy, one column per image; never made fast.

In float64 it is the oracle that the engines are checked against; in float32 it computes a trace where the compiled
core is not built. Letters as in `lecture/steps.json`; with n images every column is n columns wide.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from glassnet.engine.architecture import Architecture

Array = NDArray[np.floating]
Values = dict[str, Array]


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^(−z)) for any shape, in the precision of `z`; silent on overflow."""
    with np.errstate(over="ignore"):
        result: Array = 1 / (1 + np.exp(-z))
    return result


def softmax(z: Array) -> Array:
    """The columns of `z` as positive numbers that add up to 1."""
    powers = np.exp(z - z.max(axis=0))
    result: Array = powers / powers.sum(axis=0)
    return result


ACTIVATIONS: Mapping[str, Callable[[Array], Array]] = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "softmax": softmax,
}
SLOPES: Mapping[str, Callable[[Array, Array], Array]] = {
    "sigmoid": lambda _z, a: a * (1 - a),
    "tanh": lambda _z, a: 1 - a**2,
    "relu": lambda z, _a: (z > 0).astype(z.dtype),
}


def forward(architecture: Architecture, weights: Sequence[Array], x: Array) -> Values:
    """Return every step from `x` (pixels, n), each pixel 0…1, to the prediction (outputs, n), by its id.

    >>> w1, w2 = np.zeros((14, 785)), np.zeros((10, 15))
    >>> list(forward(Architecture(), [w1, w2], np.zeros((784, 1))))
    ['x', 'a1', 'z2', 'a2', 'a2_1', 'z3', 'a3']
    """
    a = _with_ones(x)
    values: Values = {"x": x, "a1": a}
    last = len(architecture.sizes)
    for layer, weight in enumerate(weights, start=2):
        z = np.dot(weight, a)
        values[f"z{layer}"] = z
        values[f"a{layer}"] = ACTIVATIONS[architecture.output if layer == last else architecture.hidden](z)
        if layer < last:
            a = values[f"a{layer}_1"] = _with_ones(values[f"a{layer}"])
    return values


def loss(architecture: Architecture, values: Values, t: Array) -> Values:
    """Return the loss's steps for the targets `t` (outputs, n); `loss` is the mean of the n losses, (1, 1)."""
    last = len(architecture.sizes)
    z, prediction = values[f"z{last}"], values[f"a{last}"]
    e = prediction - t
    terms: Array
    if architecture.loss == "squared_error":
        name, terms = "s", np.square(e)
    elif architecture.loss == "binary_cross_entropy":
        name, terms = "c", np.logaddexp(np.zeros((), z.dtype), z) - t * z
    else:
        below_top = z - z.max(axis=0)
        name, terms = "c", t * (np.log(np.exp(below_top).sum(axis=0)) - below_top)
    return {
        "t": t,
        "e": e,
        name: terms,
        "loss": np.array([[terms.sum() / t.dtype.type(t.shape[1])]], t.dtype),
    }


def backward(architecture: Architecture, weights: Sequence[Array], values: Values) -> Values:
    """Return the steps of the way back; each gradient `d_w` (neurons, inputs + 1) is the mean of the n images'.

    `values` holds the steps of `forward` and `loss`.
    """
    last = len(architecture.sizes)
    count = values["t"].shape[1]
    steps: Values = {}
    d_z: Array
    if architecture.loss == "squared_error":
        d_a = steps[f"d_a{last}"] = 2 * values["e"]
        d_z = steps[f"d_z{last}"] = d_a * SLOPES["sigmoid"](values[f"z{last}"], values[f"a{last}"])
    else:  # sigmoid with binary cross-entropy, or softmax with cross-entropy: both derivatives multiply to a − t
        d_z = steps[f"d_z{last}"] = values["e"].copy()
    for layer in range(last, 1, -1):
        if layer < last:
            d_a = steps[f"d_a{layer}"] = np.dot(weights[layer - 1][:, :-1].T, d_z)
            d_z = steps[f"d_z{layer}"] = d_a * SLOPES[architecture.hidden](
                values[f"z{layer}"], values[f"a{layer}"]
            )
        entering = values["a1" if layer == 2 else f"a{layer - 1}_1"]
        steps[f"d_w{layer - 1}"] = np.dot(d_z, entering.T) / d_z.dtype.type(count)
    return steps


def steps(architecture: Architecture, weights: Sequence[Array], x: Array, t: Array | None = None) -> Values:
    """Return every step of the ledger by its id, in its order: forward, and with a target the loss and the way back."""
    values = forward(architecture, weights, x)
    if t is not None:
        values |= loss(architecture, values, t)
        values |= backward(architecture, weights, values)
    return values


def _with_ones(column: Array) -> Array:
    return np.concatenate([column, np.ones((1, column.shape[1]), column.dtype)], 0)
