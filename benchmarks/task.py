"""The jobs that all contenders are given, and how a result is looked at; times nothing.

Everybody starts from the same weights, visits the same images in the same order, and is judged by the same NumPy
code: the loss of every batch, and the accuracy on the test images after training.

    n  images   b  a batch   pixels as float32 0 … 1, converted before the clock runs
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

import glassnet
from glassnet import modelfile
from glassnet.engine import numpy_engine, random
from glassnet.engine.architecture import Architecture
from glassnet.engine.numpy_training import Rule

Floats = NDArray[np.float32]
MOMENTUM = 0.9
SEED = 0


@dataclass(frozen=True)
class Epoch:
    """One visit to `images` training images: sigmoids, the squared error, `batch` images an update."""

    sizes: tuple[int, ...]
    images: int = 55_000
    batch: int = 100
    optimizer: str = "momentum"
    rate: float = 0.1

    @cached_property
    def architecture(self) -> Architecture:
        """The lecture's activations and loss."""
        return Architecture(self.sizes, "sigmoid", "sigmoid", "squared_error")

    @property
    def updates(self) -> int:
        """The number of batches."""
        return -(-self.images // self.batch)

    @cached_property
    def rule(self) -> Rule:
        """The update rule, at one rate throughout."""
        return Rule(self.batch, self.optimizer, self.rate, MOMENTUM, "constant", 0, self.updates)

    @cached_property
    def weights(self) -> list[Floats]:
        """w1, w2, … (neurons, inputs + 1)."""
        return random.initial_weights(self.architecture, SEED)

    @cached_property
    def pixels(self) -> NDArray[np.uint8]:
        """(n, 784) bytes, read-only."""
        return glassnet.mnist().train.images[: self.images]

    @cached_property
    def labels(self) -> NDArray[np.uint8]:
        """(n,)."""
        return glassnet.mnist().train.labels[: self.images]

    @cached_property
    def floats(self) -> Floats:
        """(n, 784), 0 … 1."""
        return self.pixels.astype(np.float32) / np.float32(255)

    @cached_property
    def targets(self) -> Floats:
        """(n, 10), a 1 for the digit."""
        return np.eye(10, dtype=np.float32)[self.labels]

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """(n,) the images to visit."""
        return random.order(SEED, 0, self.images).astype(np.int64)

    def look(self, weights: list[Any], losses: Any) -> dict[str, Any]:
        """Return losses of batches (at most 50), test accuracy and fingerprint of `weights`."""
        test = glassnet.mnist().test
        matrices = [np.ascontiguousarray(weight, np.float32) for weight in weights]
        right = numpy_engine.forward(self.architecture, matrices, test.images).argmax(1) == test.labels
        some = np.asarray(losses, np.float64)
        assert len(some) == self.updates
        return {
            "losses": [round(float(loss), 6) for loss in some[:: -(-len(some) // 50)]],
            "accuracy": float(right.mean()),
            "fingerprint": modelfile.fingerprint(matrices),
        }


def epoch(task: dict[str, Any]) -> Epoch:
    """Return the epoch that a JSON object describes."""
    return Epoch(**{**task, "sizes": tuple(task["sizes"])})


def joined(w: Any, bias: Any) -> Floats:
    """Return (neurons, inputs + 1) from weights (neurons, inputs) and biases (neurons,)."""
    return np.concatenate([np.asarray(w), np.asarray(bias)[:, None]], axis=1)


def same(ours: Any, other: Any, tolerance: float = 2e-3, accuracy: float = 0.005) -> str:
    """Return "" if two results agree, or what does not: losses of the batches, labels, outputs, accuracy.

    Losses and outputs may differ by `tolerance` of themselves (or of 0.1, if they are smaller).
    """
    for name in ("losses", "outputs"):
        if name in ours:
            a, b = np.asarray(ours[name]), np.asarray(other[name])
            if a.shape != b.shape or not np.all(np.abs(a - b) <= tolerance * np.maximum(0.1, np.abs(a))):
                return (
                    f"{name} differ by up to {np.abs(a - b).max():.2g}"
                    if a.shape == b.shape
                    else f"{name}: {b.shape}"
                )
    if "accuracy" in ours and abs(ours["accuracy"] - other["accuracy"]) > accuracy:
        return f"accuracy {other['accuracy']:.4f}, not {ours['accuracy']:.4f}"
    return ""
