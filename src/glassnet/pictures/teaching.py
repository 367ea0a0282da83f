"""One's own handwriting, taught to a network that can read already; reads no picture file itself.

Copies of one's own digits, as other pens would have written them, are mixed with MNIST's training images, so that
nothing is forgotten, and the network is trained on for a short while. How much it helps is measured on digits that
were held back: in turn, each fifth is read by a network that was taught the other four (cross-validation).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data import DataSet, DataSets, mnist
from glassnet.engine.random import check_seed
from glassnet.evaluation import wilson_interval
from glassnet.network import Network
from glassnet.pictures.confidence import Confidence, fitted
from glassnet.pictures.own import Own, read_own
from glassnet.pictures.reader import Reader
from glassnet.pictures.variations import Hand, fields, vary
from glassnet.training import Recipe, train

FOLDS = 5
COPIES = 4_000  # of one's own digits, all together
REMINDERS = 20_000  # images of MNIST among them
HAND = Hand(
    turn=8, slant=0.15, stretch=0.1, elastic=0.8, own=0.5
)  # the writer's own, so not far from what is there
KEPT = 0.99  # of the digits that are read right, so many are answered

Progress = Callable[[str, int, int], None]
"""Called with what is being done ("pictures", "fold", "all"), how much of it is done, and how much there is.

While a network is trained it is called again and again with the same, so that it may end the work by raising.
"""


@dataclass(frozen=True)
class Taught:
    """A network that was taught one's own digits, and how good it was and is.

    `own_before`, `own_after`: digits of one's own read right of `len(own.digits)`, after: by networks that had not
    seen them. `mnist_before`, `mnist_after`: accuracy on MNIST's test set, a fraction.
    """

    network: Network
    confidence: Confidence
    own: Own
    own_before: int
    own_after: int
    mnist_before: float
    mnist_after: float

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model with its confidence and what it was taught; raises as `Network.save` does."""
        self.network.save(
            path,
            **self.confidence.to_metadata(),
            taught=f"{len(self.own.digits)} digits, data_sha256 {self.own.digits.sha256}",
            test_accuracy=f"{self.mnist_after:.4f}",
        )

    def to_json(self) -> dict[str, Any]:
        """Return the figures: accuracies and intervals are fractions."""
        count = len(self.own.digits)
        return {
            "network": {"sizes": self.network.sizes, "fingerprint": self.network.fingerprint},
            "digits": count,
            "counts": self.own.digits.counts.tolist(),
            "skipped": [{"file": file, "error": why} for file, why in self.own.skipped],
            "own": {
                "before": self.own_before / count,
                "after": self.own_after / count,
                "interval": wilson_interval(self.own_after, count),
            },
            "mnist": {"before": self.mnist_before, "after": self.mnist_after},
            "threshold": self.confidence.threshold,
        }


def teach(
    folder: str | os.PathLike[str] | Own,
    model: str | os.PathLike[str] | Network | Reader = "reader",
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> Taught:
    """Teach a copy of `model` ("reader", "lecture", a file or a network) the labeled digits in `folder`.

    The folder is one that `read_own` reads, or what it returned. `seed` (0 to 2⁶⁴ − 1) fixes copies, order and
    which digits are held back together. Raises as `read_own` and `Reader.load` do.
    """
    check_seed(seed)
    told = progress or (lambda _what, _done, _all: None)
    reader = Reader.load(model)
    own = (
        folder
        if isinstance(folder, Own)
        else read_own(folder, lambda done, all_: told("pictures", done, all_))
    )
    sets, digits = mnist(), own.digits
    outputs = np.empty((len(digits), 10), np.float32)  # of networks that did not see the digit
    folds = _folds(digits.labels, seed)
    for fold in range(FOLDS):
        told("fold", fold, FOLDS)
        held = folds == fold
        seen = DataSet("own", digits.images[~held], digits.labels[~held])
        outputs[held] = _trained_on(
            reader.network, seen, sets, seed, partial(told, "fold", fold, FOLDS)
        ).forward(digits.images[held])
    told("fold", FOLDS, FOLDS)
    told("all", 0, 1)
    network = _trained_on(reader.network, digits, sets, seed, partial(told, "all", 0, 1))
    told("all", 1, 1)
    known = np.concatenate([network.forward(sets.validation.images), outputs])
    labels = np.concatenate([sets.validation.labels, digits.labels])
    return Taught(
        network,
        fitted(known, labels, KEPT),
        own,
        own_before=int((reader.network.predict(digits.images) == digits.labels).sum()),
        own_after=int((outputs.argmax(1) == digits.labels).sum()),
        mnist_before=_accuracy(reader.network, sets.test),
        mnist_after=_accuracy(network, sets.test),
    )


def _folds(labels: NDArray[np.uint8], seed: int) -> NDArray[np.int64]:
    """Return for each digit the fold that holds it back; every fold has its share of every label."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    folds = np.empty(len(labels), np.int64)
    folds[order] = np.arange(len(labels)) % FOLDS
    return folds


def _trained_on(
    network: Network, own: DataSet, sets: DataSets, seed: int, alive: Callable[[], None]
) -> Network:
    """Return `network` trained for a few more epochs, on copies of `own` and some of MNIST's images."""
    rng = np.random.default_rng([seed, len(own)])
    some = fields(own.images)
    chosen = np.arange(COPIES) % len(own)
    reminders = rng.choice(len(sets.train), REMINDERS, replace=False)
    images = np.concatenate([vary(some[chosen], rng, HAND), own.images, sets.train.images[reminders]])
    labels = np.concatenate([own.labels[chosen], own.labels, sets.train.labels[reminders]])
    data = DataSet("own", images, labels)
    return train(network, data, _recipe(network), seed, progress=lambda _progress: alive()).last


def _recipe(network: Network) -> Recipe:
    if network.hidden == "sigmoid":  # the lecture's and its like
        rate = 0.2 if network.loss == "squared_error" else 0.03
        return Recipe(8, 100, "momentum", learning_rate=rate, schedule="cosine", evaluate_every=0)
    return Recipe(3, 100, "adam", learning_rate=2e-4, schedule="cosine", evaluate_every=0)


def _accuracy(network: Network, data: DataSet) -> float:
    return float((network.predict(data.images) == data.labels).mean())
