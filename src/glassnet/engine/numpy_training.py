"""Training in float32 NumPy: weights, images, an order and a rule in; weights, state and losses back.

The seam behind which a faster engine can stand. It knows no epochs' ends, files, recipes or screens.

    n  images    images  uint8 (n, pixels)       P  weights in all, laid end to end: w1 row by row, then w2, …
    b  a batch   labels  uint8 (n,)              g  the gradient (P,), the mean over the batch
    update       one change of the weights; the first is update 1, as in the ledger

Images are rows here, so the ledger's lines appear transposed; letters are the ledger's. `tests/` holds every gradient
equal to `reference.py`, to finite differences, and every update rule equal to the ledger's lines.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from glassnet.engine.architecture import Architecture
from glassnet.engine.distortion import Distortion, distort
from glassnet.engine.numpy_engine import activate

Floats = NDArray[np.float32]
Array = NDArray[Any]

OPTIMIZERS = {"sgd": 0, "momentum": 1, "adam": 2}
"""Each update rule and the number of vectors (P,) that it remembers: none; v; m and v."""
SCHEDULES = ("constant", "cosine")
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8

NAME = "numpy"


@dataclass(frozen=True)
class Rule:
    """What one update needs of a recipe.

    `optimizer` is sgd, momentum or adam. `warmup` and `updates` are counted in updates: the rate climbs in a
    straight line over the first `warmup`, then stays (`schedule` constant) or falls along half a cosine to 0
    (cosine) until `updates`. `average`: 0 for none, else the number of updates over which weights are averaged.
    """

    batch_size: int
    optimizer: str
    learning_rate: float
    momentum: float
    schedule: str
    warmup: int
    updates: int
    average: int = 0


@dataclass(frozen=True)
class State:
    """All that the next update depends on, after `update` updates.

    `weights` (P,) float32; `memory` (OPTIMIZERS[optimizer], P) float32: momentum's v, or Adam's m and v;
    `average` (1, P) float32, the averaged weights, or (0, P) without.
    """

    update: int
    weights: Floats
    memory: Floats
    average: Floats


def flatten(matrices: Sequence[Array]) -> Array:
    """Lay w1, w2, … (neurons, inputs + 1) end to end, row by row: (P,), a copy."""
    return np.concatenate([matrix.reshape(-1) for matrix in matrices])


def matrices(architecture: Architecture, vector: Array) -> list[Array]:
    """Return w1, w2, … (neurons, inputs + 1) as views of `vector` (P,)."""
    views, start = [], 0
    for rows, columns in architecture.weight_shapes:
        views.append(vector[start : start + rows * columns].reshape(rows, columns))
        start += rows * columns
    return views


def start(rule: Rule, weights: Sequence[Floats]) -> State:
    """Return the state before the first update, from initial `weights` (neurons, inputs + 1)."""
    vector = flatten(weights).astype(np.float32)
    memory = np.zeros((OPTIMIZERS[rule.optimizer], len(vector)), np.float32)
    return State(0, vector, memory, vector[None].copy() if rule.average else vector[None][:0].copy())


def learning_rate(rule: Rule, update: int) -> float:
    """Return the rate of update 1, 2, …, `rule.updates`.

    >>> rule = Rule(100, "sgd", 3.0, 0.9, "cosine", warmup=2, updates=6)
    >>> [round(learning_rate(rule, update), 2) for update in range(1, 7)]
    [1.5, 3.0, 3.0, 2.56, 1.5, 0.44]
    """
    if update <= rule.warmup:
        return rule.learning_rate * update / rule.warmup
    if rule.schedule == "constant":
        return rule.learning_rate
    share = (update - 1 - rule.warmup) / (rule.updates - rule.warmup)
    return rule.learning_rate * 0.5 * (1 + math.cos(math.pi * share))


def run_updates(
    architecture: Architecture,
    rule: Rule,
    state: State,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    order: NDArray[np.integer],
    *,
    distortion: Distortion | None = None,
    seed: int = 0,
    stop: Callable[[], bool] | None = None,
) -> tuple[State, Floats]:
    """Run one update for every `rule.batch_size` images of `order`; return the new state and each batch's loss.

    `images` uint8 (n, pixels), `labels` uint8 (n,), `order` (m,) the images to visit: an epoch or, from a batch's
    border on, a part of one. The last batch may be smaller. A loss is the batch's mean before its update, float32.
    `distortion` is drawn for (`seed`, update). `stop` is asked after every update; once it says yes, or a
    loss is not finite, fewer losses come back than there are batches. `state` is left as it was.
    """
    size = rule.batch_size
    weights, memory, average = state.weights.copy(), state.memory.copy(), state.average.copy()
    gradients = Gradients(architecture, min(size, len(order)))
    apply = _UpdateRule(rule, weights, memory)
    losses: list[float] = []
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        for first in range(0, len(order), size):
            rows = order[first : first + size]
            batch, update = images[rows], state.update + len(losses) + 1
            if distortion is not None:
                batch = distort(distortion, seed, update, batch)
            losses.append(gradients(weights, batch, labels[rows]))
            apply(gradients.vector, update)
            if rule.average:
                # the plain mean at first, then a moving one that forgets what is older than `rule.average`
                average += (weights - average) / np.float32(min(rule.average, update))
            if not math.isfinite(losses[-1]) or (stop is not None and stop()):
                break
    return State(state.update + len(losses), weights, memory, average), np.array(losses, np.float32)


class Gradients:
    """Forward, loss and backward for batches of up to `most` images; its arrays are made once and used again.

    `dtype` is float32; float64 is for comparison with finite differences.
    """

    def __init__(self, architecture: Architecture, most: int, dtype: DTypeLike = np.float32) -> None:
        self.architecture = architecture
        self.number = np.dtype(dtype).type
        self.vector = np.zeros(sum(rows * columns for rows, columns in architecture.weight_shapes), dtype)
        self._d_w = matrices(architecture, self.vector)
        self._eye = np.eye(architecture.sizes[-1], dtype=dtype)
        # a1_1, a2_1, …: the column of ones is written here and never again
        self._entering = [np.ones((most, size + 1), dtype) for size in architecture.sizes[:-1]]

    def __call__(self, weights: Array, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> float:
        """Put the mean gradient of `images` (b, pixels) at `weights` (P,) into `vector`; return their mean loss."""
        w = matrices(self.architecture, weights)
        entering = [a[: len(images)] for a in self._entering]
        hidden, number = self.architecture.hidden, self.number

        x = entering[0][:, :-1]
        x[...] = images
        x /= number(255)
        for layer, a in enumerate(entering[1:]):
            a[:, :-1] = activate(hidden, entering[layer] @ w[layer].T)
        z = entering[-1] @ w[-1].T
        loss, d_z = self._loss(z, self._eye[labels])

        d_z /= number(len(images))
        for layer in range(len(w) - 1, -1, -1):
            np.matmul(d_z.T, entering[layer], out=self._d_w[layer])
            if layer:
                a = entering[layer][:, :-1]
                d_z = _times_slope(hidden, d_z @ w[layer][:, :-1], a)
        return loss

    def _loss(self, z: Array, t: Array) -> tuple[float, Array]:
        """Return the mean loss of the last sums `z` (b, outputs) with targets `t`, and d_z (b, outputs)."""
        if self.architecture.loss == "squared_error":
            a = activate("sigmoid", z)
            e: Array = a - t
            loss = np.vdot(e, e)
            e *= _slope("sigmoid", a)
            e *= self.number(2)
            return float(loss) / len(z), e
        if self.architecture.loss == "binary_cross_entropy":
            loss = np.logaddexp(self.number(0), z).sum() - np.vdot(t, z)
            return float(loss) / len(z), activate("sigmoid", z) - t  # the pair that makes it a − t
        z -= z.max(axis=1, keepdims=True)
        powers = np.exp(z)
        totals = powers.sum(axis=1, keepdims=True)
        loss = np.log(totals).sum() - np.vdot(t, z)
        powers /= totals
        powers -= t  # softmax with cross-entropy: a − t
        return float(loss) / len(z), powers


def _slope(name: str, a: Array) -> Array:
    """The derivative of an activation (sigmoid or tanh) from its value `a`."""
    slope: Array = a - a * a if name == "sigmoid" else 1 - a * a
    return slope


def _times_slope(name: str, d_a: Array, a: Array) -> Array:
    d_a *= a > 0 if name == "relu" else _slope(name, a)
    return d_a


class _UpdateRule:
    """The ledger's update lines, written into `weights` (P,) and `memory` in place."""

    def __init__(self, rule: Rule, weights: Floats, memory: Floats) -> None:
        self._rule, self._weights, self._memory = rule, weights, memory

    def __call__(self, g: Floats, update: int) -> None:
        """Change the weights by the gradient `g` (P,), which is used up, at the rate of `update`."""
        rate = np.float32(learning_rate(self._rule, update))
        if self._rule.optimizer == "adam":
            self._adam(g, update, rate)
            return
        if self._rule.optimizer == "momentum":
            v = self._memory[0]
            v *= np.float32(self._rule.momentum)
            v += g
            np.multiply(v, rate, out=g)
        else:
            g *= rate
        self._weights -= g

    def _adam(self, g: Floats, update: int, rate: np.float32) -> None:
        m, v = self._memory
        m *= np.float32(BETA1)
        m += np.float32(1 - BETA1) * g
        v *= np.float32(BETA2)
        g *= g
        g *= np.float32(1 - BETA2)
        v += g
        np.divide(v, np.float32(1 - BETA2**update), out=g)  # g is v̂ from here on
        np.sqrt(g, out=g)
        g += np.float32(EPSILON)
        np.divide(m, g, out=g)
        g *= rate / np.float32(1 - BETA1**update)
        self._weights -= g
