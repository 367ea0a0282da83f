"""The slides' code and numbers."""

import inspect
import re
import warnings

import numpy as np
import pytest

from glassnet import lecture
from glassnet.lecture import gradients, neural_network, sigmoid, squared_error
from glassnet.lecture.forward import neural_network as forward_source

PREDICTION = np.array([[0.1, 0.8, 0.3, 0.2, 0.1, 0.7, 0.1, 0.2, 0.3, 0.1]]).T
TARGET = np.eye(10)[:, [1]]


def random_network(seed: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    return rng.random((784, 1)), rng.normal(0, 0.1, (14, 785)), rng.normal(0, 0.5, (10, 15))


def test_slides_example_is_083() -> None:
    squares = (PREDICTION - TARGET) ** 2
    assert squares.ravel().round(2).tolist() == [0.01, 0.04, 0.09, 0.04, 0.01, 0.49, 0.01, 0.04, 0.09, 0.01]
    assert squared_error(PREDICTION, TARGET) == pytest.approx(0.83, abs=1e-12)


def test_sigmoid_is_silent_and_right_at_the_ends() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sigmoid(np.array([-1e4, 0.0, 1e4])).tolist() == [0.0, 0.5, 1.0]


def test_neural_network_is_the_two_sums_and_sigmoids() -> None:
    x, w1, w2 = random_network(0)
    hidden = 1 / (1 + np.exp(-(w1[:, :784] @ x + w1[:, 784:])))
    expected = 1 / (1 + np.exp(-(w2[:, :14] @ hidden + w2[:, 14:])))
    prediction = neural_network(x, w1, w2)
    assert prediction.shape == (10, 1)
    np.testing.assert_allclose(prediction, expected, rtol=1e-12)


def test_neural_network_leaves_its_arguments_alone() -> None:
    arguments = random_network(1)
    before = [argument.copy() for argument in arguments]
    neural_network(*arguments)
    for argument, copy in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(argument, copy)


def test_neural_network_is_the_slides_lines() -> None:
    """The body, without its docstring and its shapes, is what the slides show."""
    source = inspect.getsource(forward_source)
    body = [re.sub(r"\s+#.*", "", line).strip() for line in source.split('"""')[2].splitlines()]
    assert [line for line in body if line] == [
        "a1 = np.concatenate([x, [[1]]], 0)",
        "z2 = np.dot(w1, a1)",
        "a2 = sigmoid(z2)",
        "a2 = np.concatenate([a2, [[1]]], 0)",
        "z3 = np.dot(w2, a2)",
        "a3 = sigmoid(z3)",
        "return a3",
    ]


def test_misplaced_bracket_of_one_slide_fails() -> None:
    x = np.zeros((784, 1))
    with pytest.raises((TypeError, ValueError)):
        np.concatenate([x, [[1]], 0])


def test_every_gradient_entry_agrees_with_finite_differences() -> None:
    """Central differences in float64; step 1e-5 leaves an error of about 1e-10 here."""
    x, w1, w2 = random_network(2)
    x[200:] = 0  # entries of w1 over a blank pixel must have no gradient at all
    t = np.eye(10)[:, [4]]
    d_w1, d_w2 = gradients(x, w1, w2, t)
    assert not d_w1[:, 200:784].any()
    step = 1e-5
    for weights, gradient, columns in ((w1, d_w1, [*range(200), 784]), (w2, d_w2, range(15))):
        for row in range(weights.shape[0]):
            for column in columns:
                kept = weights[row, column]
                weights[row, column] = kept + step
                above = squared_error(neural_network(x, w1, w2), t)
                weights[row, column] = kept - step
                below = squared_error(neural_network(x, w1, w2), t)
                weights[row, column] = kept
                expected = (above - below) / (2 * step)
                assert gradient[row, column] == pytest.approx(expected, abs=1e-8), (row, column)


def test_public_names() -> None:
    assert lecture.__all__ == sorted(lecture.__all__)
    assert {"gradients", "neural_network", "sigmoid", "squared_error"} == set(lecture.__all__)
