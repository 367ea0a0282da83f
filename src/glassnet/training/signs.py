"""Numbers read off a run by which the doctor judges it; says nothing and changes nothing.

response  the mean of output d over the images that show d
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassnet.training.run import Epoch, Run
from glassnet.training.score import Score

LIMITS: dict[str, float] = json.loads(Path(__file__).with_name("limits.json").read_text(encoding="utf-8"))
"""The doctor's limits, which the page reads too."""
STUCK = LIMITS[
    "stuck"
]  # a response below this, and never the largest output: healthy units that learn slowly stay above 0.05


def judged(item: Epoch) -> Score:
    """Return the score on validation images, or on training images where there are no others."""
    return item.validation or item.train


def stuck_digits(score: Score) -> list[int]:
    """Return the digits that are shown and never predicted, with an output that has all but lost its slope."""
    pairs = enumerate(zip(score.images, score.predicted, score.response, strict=True))
    return [
        digit for digit, (shown, predicted, response) in pairs if shown and not predicted and response < STUCK
    ]


def neglected_digits(score: Score) -> list[int]:
    """Return the digits that are predicted too seldom, where most outputs answer well."""
    shown = [digit for digit, count in enumerate(score.images) if count]
    usual = float(np.median([score.response[digit] for digit in shown]))
    if usual < 0.5:
        return []
    return [
        digit
        for digit in shown
        if score.predicted[digit] < 0.5 * score.images[digit] and score.response[digit] < 0.5 * usual
    ]


def ignorant_loss(run: Run, images: tuple[int, ...]) -> float:
    """Return the loss of answering every image with the classes' shares: the best there is without looking at it."""
    p = np.array([count for count in images if count]) / sum(images)
    if run.architecture.loss == "squared_error":
        loss = (p * (1 - p)).sum()
    else:
        loss = -(p * np.log(p)).sum()
        if run.architecture.loss == "binary_cross_entropy":
            loss -= ((1 - p) * np.log(np.maximum(1 - p, 1e-9))).sum()
    return max(float(loss), 1e-9)  # 0 where all images show one class


def thirds(run: Run) -> list[float]:
    """Return the mean loss of the first, the middle and the last third of the updates; there are at least three."""
    return [float(part.mean(dtype=np.float64)) for part in np.array_split(run.history.loss, 3)]


def swing(run: Run) -> float:
    """Return how much the last epoch's loss moves in slow waves, over what independent batches would give: about 1."""
    last = run.history.loss[-run.recipe.updates_per_epoch(run.images) :].astype(np.float64)
    size = max(5, len(last) // 25)
    if len(last) < 10 * size:
        return 1.0
    means = last[: len(last) // size * size].reshape(-1, size).mean(axis=1)
    places = np.arange(len(means))
    waves = means - np.polyval(np.polyfit(places, means, 1), places)
    chance = np.sqrt(np.mean(np.diff(last) ** 2) / 2 / size)
    return float(waves.std() / chance) if chance else 1.0


def farthest_move(run: Run) -> float:
    """Return how far the weight that moved most is from where it began."""
    return float(np.abs(run.state.weights - run.snapshots[0].weights).max())


def largest_rise(means: NDArray[np.float64]) -> tuple[int, int]:
    """Return the places of two `means` (n,), the later the largest multiple of an earlier one; (0, 0) if none rises.

    >>> largest_rise(np.array([4.0, 2.0, 3.0, 1.0, 1.1]))
    (1, 2)
    """
    if not len(means):
        return 0, 0
    least = np.minimum.accumulate(means)
    high = int((means / least).argmax())
    return int(means[: high + 1].argmin()), high
