"""How sure a network may be of a digit, and from where on it answers: three numbers and how they are fitted.

    outputs      (n, 10) float32, of a sigmoid or a softmax
    z            ln(a / (1 − a)) of an output a: what stands before a sigmoid
    confidence   1 / (1 + exp(−(slope · z + intercept))): the chance that this digit is the right one

Every digit is judged by its own output, so the ten need not add up to 1: on a scribble all of them may be small.
The two numbers are fitted to images the network was not trained on (Platt 1999, "Probabilistic outputs").
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassnet.constraints import Real, check
from glassnet.errors import FileFormatError, InputError
from glassnet.locale import _

Floats = NDArray[np.floating]

SMALLEST = 1e-7  # of an output or of what it lacks to 1: float32 tells no smaller difference from 1
KEYS = {"slope": "confidence_slope", "intercept": "confidence_intercept", "threshold": "confidence_least"}
CONSTRAINTS = {"slope": Real(0, 100), "intercept": Real(-100, 100), "threshold": Real(0, 1)}


@dataclass(frozen=True)
class Confidence:
    """Slope and intercept of the confidence, and the `threshold` below which no digit is named.

    The default takes the outputs as they are and never refuses. Raises `InputError` for a slope below 0 or above
    100, an intercept beyond ±100, a threshold outside 0 … 1.

    >>> sure = Confidence(slope=1.0, intercept=0.0, threshold=0.5)
    >>> sure(np.array([0.25, 0.75], np.float32)).round(2).tolist()
    [0.25, 0.75]
    """

    slope: float = 1.0
    intercept: float = 0.0
    threshold: float = 0.0

    def __post_init__(self) -> None:
        check(self, CONSTRAINTS)

    def __call__(self, outputs: ArrayLike) -> NDArray[np.float64]:
        """Return the confidence of every output, in the same shape, 0 to 1."""
        z = self.slope * log_odds(np.asarray(outputs)) + self.intercept
        result: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(z, -500, 500)))
        return result

    def to_metadata(self) -> dict[str, str]:
        """Return the numbers as a model file's metadata have them."""
        return {key: f"{getattr(self, name):.6g}" for name, key in KEYS.items()}

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str], source: str) -> "Confidence | None":
        """Return what `to_metadata` wrote, or None where there is nothing; `source` names the file in errors.

        Raises `FileFormatError` for numbers that are none, missing or out of range.
        """
        there = [key for key in KEYS.values() if key in metadata]
        if not there:
            return None
        try:
            return cls(**{name: float(metadata[key]) for name, key in KEYS.items()})
        except (KeyError, ValueError) as error:  # an InputError is a ValueError
            raise FileFormatError(
                source,
                expected=_("metadata {keys} with numbers").format(keys=", ".join(KEYS.values())),
                found=", ".join(f"{key}: {metadata[key][:20]}" for key in there),
            ) from error


def log_odds(outputs: Floats) -> NDArray[np.float64]:
    """Return ln(a / (1 − a)) of outputs a from 0 to 1, finite for 0 and 1 too."""
    a = np.clip(outputs.astype(np.float64), SMALLEST, 1 - SMALLEST)
    result: NDArray[np.float64] = np.log(a) - np.log1p(-a)
    return result


def fitted(outputs: Floats, labels: NDArray[np.integer], kept: float) -> Confidence:
    """Return the confidence that fits the outputs (n, 10) for digits with `labels` (n,), and its threshold.

    The threshold lets the share `kept` (0 to 1) of the digits that were read right be answered, and is at most 0.99.
    Raises `InputError` for outputs of another shape or none.
    """
    if len(outputs) == 0 or outputs.ndim != 2 or len(labels) != len(outputs):
        raise InputError("outputs", expected="(n, 10), n ≥ 1", found=outputs.shape)
    right = outputs.argmax(1) == labels
    slope, intercept = _logistic(log_odds(outputs.max(1)), right)
    confidence = Confidence(slope, intercept)
    sure = confidence(outputs.max(1)[right])
    threshold = float(np.quantile(sure, 1 - kept)) if len(sure) else 1.0
    return Confidence(slope, intercept, round(min(threshold, 0.99), 4))


def _logistic(z: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[float, float]:
    """Fit P(right) = 1 / (1 + exp(−(slope · z + intercept))) by Newton's method, with Platt's softened targets."""
    count = np.bincount(right, minlength=2)
    target = np.where(right, (count[1] + 1) / (count[1] + 2), 1 / (count[0] + 2))
    x = np.stack([z, np.ones_like(z)], 1)
    numbers = np.array([1.0, 0.0])
    for _step in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ numbers, -500, 500)))
        gradient = x.T @ (p - target)
        curvature = (x * (p * (1 - p))[:, None]).T @ x + 1e-6 * np.eye(2)
        change = np.linalg.solve(curvature, gradient)
        numbers -= change * min(1.0, 2.0 / np.abs(change).max())  # not too far at once
        if np.abs(change).max() < 1e-9:
            break
    return float(np.clip(numbers[0], 0, 100)), float(np.clip(numbers[1], -100, 100))
