"""The network computes what the lecture computes, and refuses what it cannot."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import glassnet
from glassnet import GlassnetError, InputError, Network, ShapeError, lecture
from glassnet.engine import reference


def test_forward_is_the_lectures() -> None:
    network = Network.load("lecture")
    test = glassnet.mnist().test
    outputs = network.forward(test.images[:50])
    w1, w2 = (weight.astype(np.float64) for weight in network.weights.values())
    for index in range(50):
        expected = lecture.neural_network(test.column(index), w1, w2)
        np.testing.assert_allclose(outputs[index], expected[:, 0], atol=2e-6)


def test_accepts_one_image_in_every_form() -> None:
    network = Network(seed=1)
    image = glassnet.mnist().test.images[0]
    expected = network.forward(image)
    assert expected.shape == (1, 10)
    forms = [image.reshape(784, 1), image.reshape(28, 28), image[None], image.reshape(1, 28, 28), image / 255]
    forms += [(image / 255).astype(np.float32).reshape(28, 28), image.tolist() and image[::1]]
    for form in forms:
        np.testing.assert_allclose(network.forward(form), expected, atol=1e-6)


def test_no_images_give_no_outputs() -> None:
    network = Network()
    assert network.forward(np.zeros((0, 784), np.uint8)).shape == (0, 10)
    assert network.predict(np.zeros((0, 784))).shape == (0,)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((785, 14)), "expected"),
        (np.zeros((27, 27)), "found (27, 27)"),
        (np.zeros(784, np.int64), "convert it with"),
        (np.full(784, 255.0), "divide by 255"),
        (np.full(784, -0.1), "float from 0 to 1"),
        (np.full(784, np.nan), "float from 0 to 1"),
        (np.zeros(784, complex), "uint8"),
        (None, "expected"),
        ("seven", "expected"),
        ([[1, 2], [3]], "expected"),
    ],
    ids=repr,
)
def test_bad_images(images: object, message: str) -> None:
    with pytest.raises(InputError) as caught:
        Network().forward(images)  # type: ignore[arg-type]
    assert message in str(caught.value)


@settings(max_examples=100, deadline=None)
@given(
    hnp.arrays(st.sampled_from(["u1", "i4", "f4", "f8", "?", "U3"]), hnp.array_shapes(min_dims=0, max_dims=4))
)
def test_any_array_gives_labels_or_our_error(array: np.ndarray) -> None:
    network = Network((4, 3, 2))
    try:
        labels = network.predict(array)
    except GlassnetError:
        return
    assert set(labels.tolist()) <= {0, 1}


def test_weights_are_the_lectures_matrices() -> None:
    network = Network((784, 30, 20, 10))
    assert {name: weight.shape for name, weight in network.weights.items()} == {
        "w1": (30, 785),
        "w2": (20, 31),
        "w3": (10, 21),
    }
    assert network.w3 is network.weights["w3"]
    with pytest.raises(AttributeError, match="w1, w2, w3"):
        _ = network.w4


def test_from_weights_copies_and_checks() -> None:
    w1, w2 = np.zeros((14, 785)), np.ones((10, 15))
    network = Network.from_weights([w1, w2])
    network.w1[0, 0] = 5
    assert not w1.any()
    with pytest.raises(ShapeError, match="did you transpose it"):
        Network.from_weights([w1, w2.T])
    with pytest.raises(
        ShapeError, match=r"w1: expected \(14, 785\), found \(785, 14\); did you transpose it"
    ):
        Network.from_weights([w1.T, w2])
    with pytest.raises(ShapeError, match="w1"):
        Network.from_weights([np.zeros(785), w2])
    with pytest.raises(ShapeError):
        Network.from_weights([])
    with pytest.raises(InputError, match="finite"):
        Network.from_weights([w1 + np.inf, w2])
    with pytest.raises(InputError, match="finite"):
        Network.from_weights([w1 + 1e300, w2])  # finite in float64, not in float32


def test_edited_weights_that_are_not_finite_are_found() -> None:
    network = Network()
    network.w1[2, 5] = np.nan
    with pytest.raises(InputError, match=r"w1\[2, 5\]"):
        network.predict(np.zeros(784))


def test_fingerprint_follows_every_bit() -> None:
    network = Network(seed=0)
    twin = network.copy()
    assert network.fingerprint == twin.fingerprint == Network(seed=0).fingerprint
    twin.w2[9, 14] = np.nextafter(twin.w2[9, 14], np.float32(0))
    assert network.fingerprint != twin.fingerprint
    assert network.fingerprint != Network(seed=1).fingerprint


@pytest.mark.parametrize("target", [7, np.int64(7), np.eye(10)[7], np.eye(10)[:, [7]], [0] * 7 + [1, 0, 0]])
def test_targets(target: object) -> None:
    trace = Network().trace(np.zeros(784), target)  # type: ignore[arg-type]
    assert trace.target == 7
    assert trace["t"].ravel().tolist() == [0.0] * 7 + [1.0, 0.0, 0.0]


@pytest.mark.parametrize("target", [10, -1, 7.5, "7", np.zeros(10), np.ones(10), [1, 2]], ids=repr)
def test_bad_targets(target: object) -> None:
    with pytest.raises(InputError):
        Network().trace(np.zeros(784), target)  # type: ignore[arg-type]


def test_trace_is_the_ledger_in_float32() -> None:
    network = Network.load("lecture")
    test = glassnet.mnist().test
    for index in range(5):
        trace = network.trace(test.images[index], int(test.labels[index]))
        doubles = [weight.astype(np.float64) for weight in network.weights.values()]
        t = test.one_hot(index)
        expected = reference.steps(network.architecture, doubles, test.column(index), t)
        for item in trace:
            assert item.value.dtype == np.float32
            assert item.value.shape == item.step.shape
            scale = np.abs(expected[item.step.id]).max()
            np.testing.assert_allclose(item.value, expected[item.step.id], atol=1e-4 * scale + 1e-7)
        assert trace.prediction == network.predict(test.images[index])[0]


def test_weights_that_overflow_show_as_what_they_are() -> None:
    network = Network.from_weights(
        [np.full((3, 5), 3e38), np.full((2, 4), 1.0)], "relu", "softmax", "cross_entropy"
    )
    trace = network.trace(np.ones(4), 1)
    assert np.isinf(trace["z2"]).all()
