"""How the weights of a moment do on a set of images, in the few numbers that a run keeps; `evaluation` says more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glassnet.data import DataSet
from glassnet.engine import chosen
from glassnet.engine.architecture import Architecture


@dataclass(frozen=True)
class Score:
    """How the network of a moment does on a set of images.

    `loss` is the mean, `accuracy` a fraction. For each output d: `predicted` counts the images read as d, `images`
    those that show d, and `response` is the mean of output d over these (0 to 1; 0 where there are none).
    """

    loss: float
    accuracy: float
    predicted: tuple[int, ...]
    images: tuple[int, ...]
    response: tuple[float, ...]


def score(architecture: Architecture, weights: Sequence[NDArray[np.float32]], data: DataSet) -> Score:
    """Return the score of finite `weights` (neurons, inputs + 1) on `data`, which is not empty."""
    outputs = architecture.sizes[-1]
    predicted, correct, total, done = np.zeros(outputs, np.int64), 0, 0.0, 0
    answered = np.zeros(outputs)
    with np.errstate(over="ignore", invalid="ignore"):
        for answers, losses in chosen.outputs_and_losses(architecture, weights, data.images, data.labels):
            labels = data.labels[done : done + len(answers)]
            read = answers.argmax(axis=1)
            predicted += np.bincount(read, minlength=outputs)
            correct += int((read == labels).sum())
            total += float(losses.sum(dtype=np.float64))
            answered += np.bincount(labels, answers[np.arange(len(labels)), labels], minlength=outputs)
            done += len(answers)
    images = np.bincount(data.labels, minlength=outputs)
    response = np.divide(answered, images, out=np.zeros(outputs), where=images > 0)
    return Score(
        total / done,
        correct / done,
        tuple(predicted.tolist()),
        tuple(images.tolist()),
        tuple(response.tolist()),
    )
