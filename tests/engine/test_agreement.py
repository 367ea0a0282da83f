"""Whole updates against the slides' arithmetic in float64: any activation, loss, optimizer, schedule and average.

The arithmetic is `reference`'s, the rules are written out here as the books have them (Adam: Kingma and Ba 2015).
"""

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glassnet.engine import native, numpy_training, reference
from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS, Architecture
from glassnet.engine.numpy_training import (
    OPTIMIZERS,
    SCHEDULES,
    Floats,
    Rule,
    State,
    flatten,
    matrices,
    start,
)

Vector = NDArray[np.float64]
ENGINES = [numpy_training] + [native] * native.available()
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8

architectures = st.builds(
    lambda sizes, hidden, pair: Architecture(tuple(sizes), hidden, *pair),
    st.lists(st.integers(1, 40), min_size=2, max_size=5),
    st.sampled_from(HIDDEN),
    st.sampled_from(OUTPUT_LOSS_PAIRS),
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    updates = draw(st.integers(2, 7))
    optimizer = draw(st.sampled_from(sorted(OPTIMIZERS)))
    return Rule(
        batch_size=draw(st.integers(1, 33)),
        optimizer=optimizer,
        learning_rate=draw(st.floats(1e-4, 0.01 if optimizer == "adam" else 0.3)),
        momentum=draw(st.floats(0, 0.99)),
        schedule=draw(st.sampled_from(SCHEDULES)),
        warmup=draw(st.integers(0, updates - 1)),
        updates=updates,
        average=draw(st.sampled_from([0, 1, 2, 3, 100])),
    )


def the_books(
    architecture: Architecture,
    rule: Rule,
    weights: Vector,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
) -> tuple[Vector, Vector, list[float], Vector]:
    """Return weights, their average, the losses, and each weight's smallest gradient as a share of the largest."""
    v, m, average, losses = np.zeros_like(weights), np.zeros_like(weights), np.zeros_like(weights), []
    smallest = np.full_like(weights, np.inf)
    for update in range(1, rule.updates + 1):
        rows = slice((update - 1) * rule.batch_size, update * rule.batch_size)
        t = np.eye(architecture.sizes[-1])[:, labels[rows]]
        values = reference.steps(architecture, matrices(architecture, weights), images[rows].T / 255, t)
        g = flatten([values[f"d_w{number}"] for number in range(1, len(architecture.sizes))])
        losses.append(values["loss"].item())
        smallest = np.minimum(smallest, np.abs(g) / max(np.abs(g).max(), 1e-30))
        rate = numpy_training.learning_rate(rule, update)
        if rule.optimizer == "adam":
            m = BETA1 * m + (1 - BETA1) * g
            v = BETA2 * v + (1 - BETA2) * g**2
            weights = weights - rate * (m / (1 - BETA1**update)) / (
                np.sqrt(v / (1 - BETA2**update)) + EPSILON
            )
        else:
            v = (rule.momentum if rule.optimizer == "momentum" else 0) * v + g
            weights = weights - rate * v
        average = average + (weights - average) / min(rule.average or 1, update)
    return weights, average, losses, smallest


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__.rpartition(".")[2])
@settings(deadline=None, max_examples=150)
@given(architecture=architectures, rule=rules(), seed=st.integers(0, 2**32), data=st.data())
def test_updates_are_the_books(
    engine: ModuleType, architecture: Architecture, rule: Rule, seed: int, data: st.DataObject
) -> None:
    rng = np.random.default_rng(seed)
    count = (rule.updates - 1) * rule.batch_size + data.draw(st.integers(1, rule.batch_size))
    images = rng.integers(1, 256, (count, architecture.sizes[0]), np.uint8)
    images *= (rng.random(images.shape) < data.draw(st.sampled_from([0.2, 1.0]))).astype(np.uint8)
    labels = rng.integers(0, architecture.sizes[-1], count, np.uint8)
    state = start(
        rule, [rng.normal(0, 0.4, shape).astype(np.float32) for shape in architecture.weight_shapes]
    )
    expected, average, losses, smallest = the_books(
        architecture, rule, state.weights.astype(np.float64), images, labels
    )

    def run(one: Rule) -> tuple[State, Floats]:
        begin = start(one, matrices(architecture, state.weights))
        done: tuple[State, Floats] = engine.run_updates(
            architecture, one, begin, images, labels, np.arange(count)
        )
        return done

    got, found = run(rule)

    np.testing.assert_allclose(found, losses, rtol=2e-4, atol=2e-5)
    # Adam divides a gradient by its own size: of one that is all rounding, only the size of the change is known
    known = (smallest > 1e-3) | (smallest == 0) if rule.optimizer == "adam" else np.full(len(expected), True)
    if architecture.hidden == "relu":  # a sum near 0 may fall on the other side of the bend
        known &= smallest != 0
    # past the bend a small difference goes on growing from update to update
    atol = 2e-4 if architecture.hidden == "relu" else 2e-5
    np.testing.assert_allclose(got.weights[known], expected[known], rtol=1e-4, atol=atol)
    assert len(got.average) == bool(rule.average)
    if rule.average:
        np.testing.assert_allclose(got.average[0][known], average[known], rtol=1e-4, atol=2e-5)
    most = rule.updates * rule.learning_rate * 1.01
    if rule.optimizer == "adam":
        assert np.abs(got.weights - state.weights).max() <= most / (1 - BETA1) + 1e-6
    without, _losses = run(replace(rule, average=0))
    assert without.weights.tobytes() == got.weights.tobytes()  # an average only looks on
