"""The seam: every gradient against the reference and finite differences, every rule against the ledger's own lines."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import glassnet
from glassnet.engine import reference
from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS, Architecture
from glassnet.engine.distortion import Distortion, distort
from glassnet.engine.numpy_training import (
    BETA1,
    BETA2,
    EPSILON,
    OPTIMIZERS,
    Gradients,
    Rule,
    flatten,
    learning_rate,
    matrices,
    run_updates,
    start,
)
from glassnet.engine.random import initial_weights, order
from glassnet.lecture.steps import ledger

SMALL = [
    Architecture((6, 5, 4, 3), hidden, output, loss)
    for hidden in HIDDEN
    for output, loss in OUTPUT_LOSS_PAIRS
]
SGD = Rule(4, "sgd", 0.5, 0.9, "constant", warmup=0, updates=100)


def some_weights(architecture: Architecture, seed: int = 0) -> list[NDArray[np.float32]]:
    """Initial weights with biases that are not all alike."""
    rng = np.random.default_rng(seed)
    return [
        weight + rng.normal(0, 0.3, weight.shape).astype(np.float32)
        for weight in initial_weights(architecture, 1)
    ]


def some_images(
    architecture: Architecture, count: int, seed: int = 0
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, architecture.sizes[0]), np.uint8)
    return images, rng.integers(0, architecture.sizes[-1], count, np.uint8)


def reference_values(
    architecture: Architecture, weights: list[Any], images: NDArray[np.uint8], labels: NDArray[np.uint8]
) -> dict[str, NDArray[Any]]:
    t = np.eye(architecture.sizes[-1])[:, labels]
    wide = [weight.astype(np.float64) for weight in weights]
    return dict(reference.steps(architecture, wide, images.T / 255, t))


@pytest.mark.parametrize("architecture", SMALL, ids=str)
def test_gradient_is_the_reference_s(architecture: Architecture) -> None:
    images, labels = some_images(architecture, 7)
    weights = some_weights(architecture)
    expected = reference_values(architecture, weights, images, labels)
    gradients = Gradients(architecture, 7, np.float64)
    loss = gradients(flatten(weights).astype(np.float64), images, labels)
    assert loss == pytest.approx(expected["loss"][0, 0], rel=1e-13)
    for number, got in enumerate(matrices(architecture, gradients.vector), start=1):
        np.testing.assert_allclose(got, expected[f"d_w{number}"], rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("architecture", SMALL, ids=str)
def test_every_entry_of_the_gradient_is_the_finite_difference(architecture: Architecture) -> None:
    images, labels = some_images(architecture, 5, seed=3)
    vector = flatten(some_weights(architecture, seed=4)).astype(np.float64)
    gradients = Gradients(architecture, 5, np.float64)
    gradients(vector, images, labels)
    got = gradients.vector.copy()
    # The error of a central difference is about h²·f‴/6 + ε·f/h: 1e-10 at h = 1e-5 with f and f‴ around 1.
    h = 1e-5
    for index in range(len(vector)):
        ends = []
        for step in (h, -h):
            moved = vector.copy()
            moved[index] += step
            ends.append(gradients(moved, images, labels))
        expected = (ends[0] - ends[1]) / (2 * h)
        assert got[index] == pytest.approx(expected, abs=2e-9), f"entry {index}"


def test_float32_gradient_of_the_lecture_s_network_is_close_on_real_images() -> None:
    architecture = Architecture()
    train = glassnet.mnist().train[:100]
    weights = initial_weights(architecture, 0)
    gradients = Gradients(architecture, 100)
    loss = gradients(flatten(weights), train.images, train.labels)
    expected = reference_values(architecture, weights, train.images, train.labels)
    assert loss == pytest.approx(expected["loss"][0, 0], rel=1e-5)
    for number, got in enumerate(matrices(architecture, gradients.vector), start=1):
        exact = expected[f"d_w{number}"]
        assert np.abs(got - exact).max() <= 1e-4 * np.abs(exact).max()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_updates_are_the_ledger_s_lines(optimizer: str) -> None:
    architecture = Architecture((6, 4, 3))
    images, labels = some_images(architecture, 12)
    weights = some_weights(architecture)
    rule = Rule(4, optimizer, 0.3, 0.8, "cosine", warmup=2, updates=9)
    state, losses = run_updates(architecture, rule, start(rule, weights), images, labels, np.arange(12))

    lines = [step for step in ledger((6, 4, 3), optimizer=optimizer) if step.part == "update"]
    names: dict[str, Any] = {"np": np, "momentum": 0.8, "beta1": BETA1, "beta2": BETA2, "epsilon": EPSILON}
    for number, weight in enumerate(weights, start=1):
        names |= {f"w{number}": weight.astype(np.float64), f"m{number}": 0.0, f"v{number}": 0.0}
    for update in (1, 2, 3):
        batch = slice(4 * update - 4, 4 * update)
        values = reference_values(architecture, [names["w1"], names["w2"]], images[batch], labels[batch])
        assert losses[update - 1] == pytest.approx(values["loss"][0, 0], rel=1e-6)
        names |= values | {"update": update, "learning_rate": learning_rate(rule, update)}
        for step in lines:
            names[step.id] = eval(step.python, {}, names)
        for name in [name for name in names if name.startswith("new_")]:
            names[name.removeprefix("new_")] = names[name]
    for number, got in enumerate(matrices(architecture, state.weights), start=1):
        np.testing.assert_allclose(got, names[f"w{number}"], atol=1e-6)
    letters = {"sgd": "", "momentum": "v", "adam": "mv"}[optimizer]
    assert state.update == 3
    assert len(state.memory) == len(letters)
    for row, letter in zip(state.memory, letters, strict=True):
        np.testing.assert_allclose(row, flatten([names[f"{letter}1"], names[f"{letter}2"]]), atol=1e-7)


def test_learning_rate_is_the_drawn_curve() -> None:
    warm = Rule(1, "sgd", 2.0, 0.9, "constant", warmup=4, updates=10)
    assert [learning_rate(warm, update) for update in (1, 2, 4, 5, 10)] == [0.5, 1, 2, 2, 2]
    cosine = Rule(1, "sgd", 2.0, 0.9, "cosine", warmup=0, updates=4)
    expected = [2, 1 + math.sqrt(0.5), 1, 1 - math.sqrt(0.5)]
    assert [learning_rate(cosine, update) for update in range(1, 5)] == pytest.approx(expected)
    only_warm = Rule(1, "sgd", 2.0, 0.9, "cosine", warmup=4, updates=4)
    assert learning_rate(only_warm, 4) == 2


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("distortion", [None, Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7)])
def test_an_epoch_in_parts_is_the_epoch(optimizer: str, distortion: Distortion | None) -> None:
    architecture = Architecture((16, 5, 3))
    images, labels = some_images(architecture, 43)
    rule = Rule(4, optimizer, 0.1, 0.9, "cosine", warmup=3, updates=11, average=5)
    sequence = order(0, 2, 43)
    begin = start(rule, some_weights(architecture))
    begin_weights = begin.weights.copy()
    arguments: dict[str, Any] = {"distortion": distortion, "seed": 7}
    whole, losses = run_updates(architecture, rule, begin, images, labels, sequence, **arguments)
    assert whole.update == len(losses) == 11  # 43 images make ten batches of 4 and one of 3
    state, parts = begin, []
    for part in (slice(0, 12), slice(12, 16), slice(16, 43)):
        state, some = run_updates(architecture, rule, state, images, labels, sequence[part], **arguments)
        parts.append(some)
    assert (state.weights == whole.weights).all()
    assert (state.memory == whole.memory).all()
    assert (state.average == whole.average).all()
    assert (np.concatenate(parts) == losses).all()
    assert (begin.weights == begin_weights).all()


def test_the_last_small_batch_counts_its_own_images() -> None:
    architecture = Architecture((6, 4, 3))
    images, labels = some_images(architecture, 6)
    begin = start(SGD, some_weights(architecture))
    middle, _losses = run_updates(architecture, SGD, begin, images, labels, np.arange(4))
    state, losses = run_updates(architecture, SGD, begin, images, labels, np.arange(6))
    w = matrices(architecture, middle.weights)
    values = reference_values(architecture, w, images[4:], labels[4:])
    assert losses[1] == pytest.approx(values["loss"][0, 0], rel=1e-6)
    for new, old, number in zip(matrices(architecture, state.weights), w, (1, 2), strict=True):
        np.testing.assert_allclose(new, old - 0.5 * values[f"d_w{number}"], atol=1e-6)


def test_distorted_images_are_what_is_learned() -> None:
    architecture = Architecture((16, 3))
    images, labels = some_images(architecture, 8)
    distortion = Distortion(rotation=20, shift=1)
    begin = start(SGD, some_weights(architecture))
    indices = np.array([5, 1, 7, 2])
    got, _losses = run_updates(
        architecture, SGD, begin, images, labels, indices, distortion=distortion, seed=3
    )
    changed = images.copy()
    changed[indices] = distort(distortion, 3, 1, images[indices])
    expected, _losses = run_updates(architecture, SGD, begin, changed, labels, indices)
    assert (got.weights == expected.weights).all()
    plain, _losses = run_updates(architecture, SGD, begin, images, labels, indices)
    assert (got.weights != plain.weights).any()


def test_average_is_the_plain_mean_at_first_then_forgets() -> None:
    architecture = Architecture((6, 3))
    images, labels = some_images(architecture, 24)
    rule = replace(SGD, average=3)
    state = start(rule, some_weights(architecture))
    seen, expected = [], np.zeros(0)
    for update in range(1, 7):
        state, _losses = run_updates(
            architecture, rule, state, images, labels, np.arange(4 * update - 4, 4 * update)
        )
        seen.append(state.weights.astype(np.float64))
        expected = np.mean(seen, axis=0) if update <= 3 else expected + (seen[-1] - expected) / 3
        np.testing.assert_allclose(state.average[0], expected, atol=1e-6)
    without, _losses = run_updates(
        architecture, SGD, start(SGD, some_weights(architecture)), images, labels, np.arange(24)
    )
    assert (without.weights == state.weights).all()
    assert without.average.shape == (0, 21)


def test_stop_is_asked_after_every_update() -> None:
    architecture = Architecture((6, 3))
    images, labels = some_images(architecture, 24)
    begin = start(SGD, some_weights(architecture))
    answers = iter([False, False, True])
    state, losses = run_updates(
        architecture, SGD, begin, images, labels, np.arange(24), stop=lambda: next(answers)
    )
    assert state.update == len(losses) == 3


@pytest.mark.parametrize("architecture", SMALL, ids=str)
def test_a_loss_that_is_no_number_ends_it_at_its_update(architecture: Architecture) -> None:
    images, labels = some_images(architecture, 24)
    begin = start(SGD, some_weights(architecture))
    broken = replace(begin, weights=begin.weights.copy())
    broken.weights[-1] = np.nan
    state, losses = run_updates(architecture, SGD, broken, images, labels, np.arange(24))
    assert state.update == len(losses) == 1
    assert math.isnan(losses[0])


@settings(deadline=None, max_examples=40)
@given(
    sizes=st.lists(st.integers(1, 9), min_size=2, max_size=5),
    hidden=st.sampled_from(HIDDEN),
    pair=st.sampled_from(OUTPUT_LOSS_PAIRS),
    count=st.integers(1, 20),
    scale=st.sampled_from([0.0, 1.0, 30.0, 1e4]),
    seed=st.integers(0, 1000),
)
def test_any_network_any_batch_agrees_with_the_reference(
    sizes: list[int], hidden: str, pair: tuple[str, str], count: int, scale: float, seed: int
) -> None:
    architecture = Architecture(tuple(sizes), hidden, *pair)
    images, labels = some_images(architecture, count, seed)
    weights = [np.float32(scale) * weight for weight in some_weights(architecture, seed)]
    gradients = Gradients(architecture, 20, np.float64)
    with np.errstate(over="ignore"):
        loss = gradients(flatten(weights).astype(np.float64), images, labels)
        expected = reference_values(architecture, weights, images, labels)
    assert loss == pytest.approx(expected["loss"][0, 0], rel=1e-9, abs=1e-12)
    for number, got in enumerate(matrices(architecture, gradients.vector), start=1):
        exact = expected[f"d_w{number}"]
        np.testing.assert_allclose(got, exact, rtol=1e-7, atol=1e-9 * max(1, float(np.abs(exact).max())))
