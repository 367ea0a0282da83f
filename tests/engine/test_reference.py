"""The float64 reference against finite differences and against the fast engine, on random networks."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassnet.engine import numpy_engine, reference
from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS, Architecture

KINDS = list(product(HIDDEN, OUTPUT_LOSS_PAIRS))


def random_case(
    architecture: Architecture, images: int, seed: int
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    weights = [rng.normal(0, 0.7, shape) for shape in architecture.weight_shapes]
    x = rng.random((architecture.sizes[0], images))
    labels = rng.integers(0, architecture.sizes[-1], images)
    return weights, x, labels


@pytest.mark.parametrize(("hidden", "pair"), KINDS, ids=str)
def test_every_gradient_entry_agrees_with_finite_differences(hidden: str, pair: tuple[str, str]) -> None:
    architecture = Architecture((6, 5, 4, 3), hidden, *pair)
    weights, x, labels = random_case(architecture, images=4, seed=1)
    t = np.eye(3)[:, labels]
    values = reference.steps(architecture, weights, x, t)
    step = 1e-6
    for number, weight in enumerate(weights, start=1):
        for row, column in np.ndindex(*weight.shape):
            kept = weight[row, column]
            losses = []
            for moved in (kept + step, kept - step):
                weight[row, column] = moved
                losses.append(reference.steps(architecture, weights, x, t)["loss"][0, 0])
            weight[row, column] = kept
            expected = (losses[0] - losses[1]) / (2 * step)
            got = values[f"d_w{number}"][row, column]
            assert got == pytest.approx(expected, abs=1e-7), (number, row, column)


def test_stable_losses_equal_their_textbook_forms() -> None:
    for output, loss in OUTPUT_LOSS_PAIRS[1:]:
        architecture = Architecture((5, 4, 3), "tanh", output, loss)
        weights, x, labels = random_case(architecture, images=6, seed=2)
        t = np.eye(3)[:, labels]
        values = reference.steps(architecture, weights, x, t)
        a = values["a3"]
        textbook = -t * np.log(a) - ((1 - t) * np.log(1 - a) if output == "sigmoid" else 0)
        np.testing.assert_allclose(values["c"], textbook, rtol=1e-9)


def test_losses_stay_finite_where_logarithms_would_not() -> None:
    for output, loss in OUTPUT_LOSS_PAIRS:
        architecture = Architecture((1, 2), "sigmoid", output, loss)
        weights = [np.array([[2000.0, 0], [-2000.0, 0]])]
        values = reference.steps(architecture, weights, np.ones((1, 1)), np.array([[0.0], [1.0]]))
        assert np.isfinite(values["loss"]).all()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 40), min_size=2, max_size=5),
    st.sampled_from(KINDS),
    st.integers(0, 30),
    st.integers(0, 2**32),
)
def test_engine_agrees_with_reference(
    sizes: list[int], kind: tuple[str, tuple[str, str]], images: int, seed: int
) -> None:
    """Each output within c·n·ε of the reference, ε of float32, for weights of the size that training gives."""
    hidden, pair = kind
    architecture = Architecture(tuple(sizes), hidden, *pair)
    weights, x, labels = random_case(architecture, images, seed)
    weights = [weight.astype(np.float32) for weight in weights]
    rows = x.T.astype(np.float32)
    outputs = numpy_engine.forward(architecture, weights, rows)
    assert outputs.dtype == np.float32
    assert outputs.shape == (images, sizes[-1])
    if not images:
        return
    doubles = [weight.astype(np.float64) for weight in weights]
    t = np.eye(sizes[-1])[:, labels]
    values = reference.steps(architecture, doubles, rows.T.astype(np.float64), t)
    np.testing.assert_allclose(outputs, values[f"a{len(sizes)}"].T, atol=2e-3, rtol=2e-3)
    pieces = list(numpy_engine.outputs_and_losses(architecture, weights, rows, labels.astype(np.uint8)))
    np.testing.assert_allclose(np.concatenate([piece[0] for piece in pieces]), outputs, rtol=1e-6, atol=1e-7)
    mean = float(np.concatenate([piece[1] for piece in pieces]).astype(np.float64).mean())
    assert mean == pytest.approx(float(values["loss"][0, 0]), rel=2e-3, abs=2e-3)


def test_blocks_do_not_change_outputs() -> None:
    architecture = Architecture((7, 5, 3))
    weights, x, _labels = random_case(architecture, images=numpy_engine.BLOCK + 5, seed=3)
    weights = [weight.astype(np.float32) for weight in weights]
    rows = x.T.astype(np.float32)
    whole = numpy_engine.forward(architecture, weights, rows)
    apart = numpy_engine.forward(architecture, weights, rows[-5:])
    np.testing.assert_allclose(whole[-5:], apart, rtol=1e-5)
