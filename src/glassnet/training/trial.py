"""What another learning rate would have done: a few updates from a run's last weights, measured; changes no run."""

from dataclasses import dataclass, replace

import numpy as np

from glassnet.data import DataSet
from glassnet.engine.chosen import learning_rate, settled, updates
from glassnet.engine.numpy_training import Rule, matrices
from glassnet.training.run import Run
from glassnet.training.score import score

MOST = 10_000  # images for the updates, half of them for the measurement


@dataclass(frozen=True)
class Trial:
    """The loss on the first training images `before` and after `updates` more updates.

    `same` with the run's rate, `slower` with a tenth of it, `faster` with ten times that rate.
    """

    updates: int
    before: float
    same: float
    slower: float
    faster: float


def trial(run: Run, data: DataSet) -> Trial:
    """Try three rates from the last weights of `run` on the first images of `data`; nothing is changed."""
    some = data[: max(MOST, run.recipe.batch_size)]
    measured = some[: MOST // 2]
    whole = run.recipe.rule(run.images)

    def loss(weights: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
        found = score(run.architecture, matrices(run.architecture, weights), measured).loss
        return found if np.isfinite(found) else np.inf

    def after(factor: float) -> float:
        middle = max(1, min(run.update, (whole.warmup + whole.updates) // 2))  # past warm-up, not yet at rest
        rate = learning_rate(whole, middle) * factor
        rule: Rule = replace(whole, learning_rate=rate, schedule="constant", warmup=0, average=0)
        state = replace(run.state, average=run.state.average[:0])
        learn = updates(run.architecture, rule, some.images, some.labels)
        state, _losses = learn(state, np.arange(len(some)))
        return loss(state.weights) if np.isfinite(state.weights).all() else np.inf

    with settled():
        count = -(-len(some) // run.recipe.batch_size)
        return Trial(count, loss(run.state.weights), after(1), after(0.1), after(10))
