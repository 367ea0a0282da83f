"""How well a network reads a labeled set: accuracy, confusion, mistakes, calibration; trains and draws nothing.

outputs     (n, 10) float32, the network's last activations
prediction  the row of an image's largest output
confidence  that largest output itself, 0 to 1: a promise that `calibration` holds against the truth
"""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engine import chosen
from glassnet.errors import InputError, ShapeError
from glassnet.locale import _

if TYPE_CHECKING:
    from glassnet.data import DataSet
    from glassnet.network import Network

Floats = NDArray[np.float32]

BINS = 10
Z_95 = 1.959963984540054  # the standard normal distribution's 97.5 % point

# The fifteen doubtful labels of MNIST's test set (cleanlab, five raters each; labelerrors.com): index in the set,
# then the start of the SHA-256 of the 784 bytes and the label. The images have no duplicate anywhere in MNIST, so
# they are known again in a part of the set, in another order, or in a folder of the same pictures.
DOUBTFUL = {
    947: "f78b7e0e9a79225d",
    1621: "4eb3048846e800c0",
    1901: "e3af93390c2c4a93",
    2130: "d6972fc8122d9f46",
    2462: "a1dc6202f750f072",
    2597: "84c7c01f5afe3568",
    2654: "096ddd3ccb736e69",
    3520: "3a918aa5195e1168",
    3558: "ff8e80f5a8ca7d52",
    5937: "491b315573efcaef",
    6651: "7fe5da3d9cb4465f",
    6783: "6f270bf8b6088122",
    8527: "6d3798db55293a8f",
    9679: "42b198458da8adda",
    9729: "011d768c7a49d153",
}


@dataclass(frozen=True)
class Mistake:
    """An image read wrongly: its `index` in the set, what it is, what was read, and the largest output (0 to 1).

    `doubtful` marks the fifteen labels of MNIST's test set about which people disagree.
    """

    index: int
    label: int
    prediction: int
    confidence: float
    doubtful: bool


@dataclass(frozen=True)
class ClassResult:
    """The images of one `label`: `count` of them, `correct` read rightly, `accuracy` their fraction."""

    label: int
    count: int
    correct: int
    accuracy: float


@dataclass(frozen=True)
class Bin:
    """The images whose confidence is from `low` to below `high` (1 belongs to the last bin).

    `count` is at least 1; `accuracy` is the fraction read rightly, `confidence` the mean, both 0 to 1.
    """

    low: float
    high: float
    count: int
    accuracy: float
    confidence: float


@dataclass(frozen=True)
class Calibration:
    """Confidence beside accuracy: the `bins` that hold images, lowest first, of ten equal ones from 0 to 1.

    `error` is the expected calibration error: the mean distance of a bin's accuracy from its confidence, weighted
    by count. 0 means that of the images read with confidence 0.8, eight in ten are right.
    Source: Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks" (2017), equation 3.
    """

    bins: tuple[Bin, ...]
    error: float


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """What `evaluate` found. Accuracies and the interval are fractions.

    `confusion` is (10, 10) int64: row = label, column = prediction. `loss` is the mean over the images.
    `predictions` (n,) int64 and `confidences` (n,) float32, the largest outputs, are read-only, as it is, and belong to
    the images of `data`, the set itself. `fingerprint` names the weights.
    """

    set: str
    count: int
    accuracy: float
    interval: tuple[float, float]
    loss: float
    confusion: NDArray[np.int64]
    classes: tuple[ClassResult, ...]
    calibration: Calibration
    predictions: NDArray[np.int64]
    confidences: Floats
    fingerprint: str
    data: "DataSet" = field(compare=False)

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The wrong predictions, the most confident first; equal ones in the set's order."""
        wrong = np.flatnonzero(self.predictions != self.data.labels)
        known = frozenset(DOUBTFUL.values())
        return tuple(
            Mistake(
                index=int(index),
                label=int(self.data.labels[index]),
                prediction=int(self.predictions[index]),
                confidence=float(self.confidences[index]),
                doubtful=_identity(self.data, int(index)) in known,
            )
            for index in wrong[np.argsort(-self.confidences[wrong], kind="stable")]
        )

    def to_json(self) -> dict[str, Any]:
        """Return everything but the images as numbers, lists and strings; confidences as the shortest float32."""
        return {
            "set": self.set,
            "count": self.count,
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "loss": self.loss,
            "confusion": self.confusion.tolist(),
            "classes": [vars(result) for result in self.classes],
            "mistakes": [
                vars(mistake) | {"confidence": _shortest(mistake.confidence)} for mistake in self.mistakes
            ],
            "calibration": {
                "bins": [vars(item) for item in self.calibration.bins],
                "error": self.calibration.error,
            },
            "fingerprint": self.fingerprint,
        }

    def __repr__(self) -> str:
        correct = self.count - len(self.mistakes)
        return f"<Evaluation {self.set}: {correct} of {self.count} right, loss {self.loss:.4f}>"

    def __rich__(self) -> object:
        from glassnet.show import evaluation

        return evaluation.renderable(self)

    def _repr_html_(self) -> str:
        from glassnet.show import html

        return html.evaluation(self)


def evaluate(network: "Network", dataset: "DataSet") -> Evaluation:
    """Let `network` read every image of `dataset` and compare with the labels.

    Choose models on a validation set; look at the test set once. Raises `InputError` for other arguments, an empty set,
    a label that the network has no output for, and outputs that are not numbers.

    >>> import glassnet
    >>> from glassnet.evaluation import evaluate
    >>> result = evaluate(glassnet.Network(seed=0), glassnet.mnist().test[:100])
    >>> result.count, result.confusion.shape, int(result.confusion.sum())
    (100, (10, 10), 100)
    >>> len(result.mistakes) == round(100 * (1 - result.accuracy))
    True
    """
    for name, given, attribute in (("network", network, "sizes"), ("dataset", dataset, "labels")):
        if not hasattr(given, attribute):
            kind = _("a Network") if name == "network" else _("a DataSet, such as glassnet.mnist().test")
            raise InputError(name, expected=kind, found=type(given).__name__)
    count = len(dataset)
    if count == 0:
        raise InputError(dataset.name, expected=_("at least one image"), found=_("an empty set"))
    classes = network.sizes[-1]
    if (highest := int(dataset.labels.max())) >= classes:
        raise InputError(
            _("labels of {set}").format(set=dataset.name),
            expected=_("0 to {last}").format(last=classes - 1),
            found=highest,
        )
    if dataset.images.shape[1] != network.sizes[0]:
        raise ShapeError(
            _("images of {set}").format(set=dataset.name),
            expected=_("{count} pixels").format(count=network.sizes[0]),
            found=dataset.images.shape[1],
        )
    outputs, losses = _outputs_and_losses(network, dataset)
    if not (np.isfinite(outputs).all() and np.isfinite(losses).all()):
        index = int(np.flatnonzero(~(np.isfinite(outputs).all(1) & np.isfinite(losses)))[0])
        raise InputError(
            _("outputs for image {index}").format(index=index),
            expected=_("finite numbers"),
            found=_("infinity or no number"),
            advice=_("the weights are too large; train with a smaller learning rate"),
        )
    predictions = outputs.argmax(1)
    confidences = outputs.max(1)
    labels = dataset.labels.astype(np.int64)
    right = predictions == labels
    confusion = np.zeros((classes, classes), np.int64)
    np.add.at(confusion, (labels, predictions), 1)
    for array in (confusion, predictions, confidences):
        array.setflags(write=False)
    correct = int(right.sum())
    return Evaluation(
        set=dataset.name,
        count=count,
        accuracy=correct / count,
        interval=wilson_interval(correct, count),
        loss=float(losses.mean(dtype=np.float64)),
        confusion=confusion,
        classes=_classes(confusion),
        calibration=calibrate(confidences, right),
        predictions=predictions,
        confidences=confidences,
        fingerprint=network.fingerprint,
        data=dataset,
    )


def wilson_interval(correct: int, count: int) -> tuple[float, float]:
    """Return the 95 % confidence interval (low, high) of a fraction `correct` / `count`, both within 0 to 1.

    Wilson's score interval: unlike "± 1.96 standard errors" it stays within 0 and 1 and is honest at 100 % and for
    small sets. Source: Wilson, "Probable inference, the law of succession, and statistical inference" (1927);
    recommended by Brown, Cai and DasGupta, "Interval estimation for a binomial proportion" (2001).
    Raises `InputError` unless 0 ≤ correct ≤ count and count ≥ 1.

    >>> low, high = wilson_interval(9_500, 10_000)
    >>> f"{low:.4f} {high:.4f}"
    '0.9456 0.9541'
    """
    if not 0 <= correct <= count or count < 1:
        raise InputError(
            "correct, count", expected="0 ≤ correct ≤ count, count ≥ 1", found=f"{correct}, {count}"
        )
    share = correct / count
    spread = Z_95 * Z_95 / count
    center = (share + spread / 2) / (1 + spread)
    half = sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
    low = 0.0 if correct == 0 else center - half
    high = 1.0 if correct == count else center + half
    return low, high


def calibrate(confidences: Floats, right: NDArray[np.bool_]) -> Calibration:
    """Compare confidences (n,), 0 to 1, with whether each prediction was right (n,), n ≥ 1.

    >>> calibrate(np.array([0.75, 0.75, 0.75, 0.75], np.float32), np.array([True, True, True, False])).error
    0.0
    """
    values = confidences.astype(np.float64)
    places = np.minimum((values * BINS).astype(np.int64), BINS - 1)
    bins = []
    error = 0.0
    for place in np.unique(places):
        inside = places == place
        item = Bin(
            low=int(place) / BINS,
            high=(int(place) + 1) / BINS,
            count=int(inside.sum()),
            accuracy=float(right[inside].mean()),
            confidence=float(values[inside].mean()),
        )
        error += item.count / len(values) * abs(item.accuracy - item.confidence)
        bins.append(item)
    return Calibration(tuple(bins), error)


def _outputs_and_losses(network: "Network", dataset: "DataSet") -> tuple[Floats, Floats]:
    weights = list(network.weights.values())
    network.architecture.check_weights(weights)
    with np.errstate(over="ignore", invalid="ignore"):  # weights that overflow are reported by `evaluate`
        blocks = list(
            chosen.outputs_and_losses(network.architecture, weights, dataset.images, dataset.labels)
        )
    return np.concatenate([block[0] for block in blocks]), np.concatenate([block[1] for block in blocks])


def _classes(confusion: NDArray[np.int64]) -> tuple[ClassResult, ...]:
    counts = confusion.sum(1)
    return tuple(
        ClassResult(label, int(count), int(confusion[label, label]), float(confusion[label, label] / count))
        for label, count in enumerate(counts)
        if count
    )


def _identity(dataset: "DataSet", index: int) -> str:
    return hashlib.sha256(dataset.images[index].tobytes() + bytes([dataset.labels[index]])).hexdigest()[:16]


def _shortest(value: float) -> float:
    return float(str(np.float32(value)))
