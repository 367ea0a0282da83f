"""The generator is NumPy's Philox at stated addresses; weights and order can be repeated by a learner."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet import InputError
from glassnet.engine.architecture import Architecture
from glassnet.engine.random import DISTORTION, initial_weights, order, raw_per_image, uniform
from glassnet.modelfile import fingerprint

seeds = st.integers(0, 2**64 - 1)


@given(seeds, st.integers(0, 2**32), st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=4))
def test_words_per_image_are_numpys(seed: int, epoch: int, images: list[int]) -> None:
    words = raw_per_image(seed, DISTORTION, epoch, np.array(images))
    for image, row in zip(images, words, strict=True):
        generator = np.random.Philox(key=seed, counter=[0, image, epoch, DISTORTION])
        np.testing.assert_array_equal(row, generator.random_raw(4))


@given(seeds, st.integers(0, 1000), st.integers(0, 200))
def test_order_is_a_permutation_and_a_learner_can_repeat_it(seed: int, epoch: int, count: int) -> None:
    words = np.random.Philox(key=seed, counter=[0, 0, epoch, 1]).random_raw(max(0, count - 1)).tolist()
    places = list(range(count))
    for i, word in zip(range(count - 1, 0, -1), words, strict=True):
        j = ((word >> 32) * (i + 1)) >> 32
        places[i], places[j] = places[j], places[i]
    shuffled = order(seed, epoch, count)
    assert shuffled.tolist() == places
    assert sorted(places) == list(range(count))


def test_order_differs_between_epochs_and_seeds() -> None:
    orders = {tuple(order(seed, epoch, 50)) for seed in range(5) for epoch in range(5)}
    assert len(orders) == 25


def test_uniform_covers_its_range_and_excludes_one() -> None:
    ends = uniform(np.array([0, 2**64 - 1], np.uint64))
    assert ends.tolist() == [0.0, 1 - 2**-24]


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_initial_weights_keep_their_bounds_and_biases(output: str) -> None:
    loss = "squared_error" if output == "sigmoid" else "cross_entropy"
    architecture = Architecture((784, 30, 20, 10), output=output, loss=loss)
    for weight, (neurons, columns) in zip(
        initial_weights(architecture, 5), architecture.weight_shapes, strict=True
    ):
        bound = (6 / (columns - 1)) ** 0.5
        inner = weight[:, :-1]
        assert weight.dtype == np.float32
        assert np.abs(inner).max() <= bound
        assert np.abs(inner).max() > 0.9 * bound
        assert abs(inner.mean()) < 4 * bound / (3 * inner.size) ** 0.5
        expected_bias = -2 if output == "sigmoid" and neurons == 10 else 0
        assert (weight[:, -1] == expected_bias).all()


def test_known_weights_and_order() -> None:
    """Golden values: a change here changes every run ever made."""
    w1, w2 = initial_weights(Architecture(), seed=0)
    assert fingerprint([w1, w2]) == "2d1f026ec60c435d"
    assert order(0, 0, 5).tolist() == [3, 4, 0, 2, 1]


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "0", True, None])
def test_bad_seeds(seed: object) -> None:
    with pytest.raises(InputError, match="seed"):
        order(seed, 0, 5)  # type: ignore[arg-type]
