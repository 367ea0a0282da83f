"""The network computes what the lecture computes, and refuses what it cannot."""

import copy
import pickle
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import glassnet
from glassnet import GlassnetError, InputError, Network, ShapeError, lecture
from glassnet.engine import numpy_engine, reference, view


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


def test_a_copy_has_the_edited_weights_alone() -> None:
    network = Network.load("lecture")
    edited = network.edited(w1={(3, 784): 0.5, (0, 0): -1e-3}, w2={(9, 14): 0})
    assert (edited.w1 != network.w1).sum() == 2
    assert (edited.w2 != network.w2).sum() == 1
    assert (edited.w1[3, 784], edited.w1[0, 0], edited.w2[9, 14]) == (0.5, np.float32(-1e-3), 0)
    assert network.edited().fingerprint == network.fingerprint
    for entries, message in [
        ({"w3": {(0, 0): 1}}, "weights: expected w1, w2, found w3"),
        ({"w1": {(14, 0): 1}}, r"w1: expected \(14, 785\), found \[14, 0\]"),
        ({"w2": {(0, -1): 1}}, r"w2: expected \(10, 15\)"),
        ({"w1": {(0, 0): 1e39}}, r"w1\[0, 0\]: expected a finite number"),
        ({"w1": {(0, 0): np.nan}}, r"w1\[0, 0\]: expected a finite number"),
    ]:
        with pytest.raises(InputError, match=message):
            network.edited(**entries)  # type: ignore[arg-type]


def test_edited_weights_that_are_not_finite_are_found() -> None:
    network = Network()
    network.w1[2, 5] = np.nan
    with pytest.raises(InputError, match=r"w1\[2, 5\]"):
        network.predict(np.zeros(784))


def test_edits_are_seen_by_the_very_next_call() -> None:
    """Nothing of the weights is remembered between calls, and every entry is looked at, also those of blank pixels."""
    network, image = Network(seed=3), glassnet.mnist().test.images[0]
    before = network.forward(image)
    network.w2[4] = 0
    assert network.forward(image)[0, 4] == 0.5
    assert (network.forward(image)[0, :4] == before[0, :4]).all()
    blank = int(np.flatnonzero(image == 0)[0])
    for column in (blank, 784):
        for value in (np.nan, np.inf, -np.inf):
            kept, network.w1[13, column] = network.w1[13, column], value
            for images in (image, image[None], np.stack([image] * 200)):
                with pytest.raises(InputError, match=rf"w1\[13, {column}\]"):
                    network.predict(images)
            network.w1[13, column] = kept


def test_predict_is_the_first_largest_output() -> None:
    images = glassnet.mnist().test.images[:400]
    for network in (Network(seed=2), Network((784, 300), seed=1), Network((784, 4))):
        network.weights["w1"][1] = network.weights["w1"][3]  # equal outputs: the first counts
        expected = network.forward(images).argmax(axis=1)
        assert network.predict(images).dtype == (np.int64 if network.sizes[-1] > 256 else np.uint8)
        assert (network.predict(images) == expected).all()
        assert (network.predict(images / 255) == expected).all()
        assert [network.predict(image)[0] for image in images[:20]] == expected[:20].tolist()


def test_an_output_that_is_no_number_counts_as_the_largest() -> None:
    """As in NumPy's argmax, and so in a trace: weights may be finite and their sums not."""
    weights = [np.full((2, 2), 3e38), [[1, 1, 0], [1, -1, 0], [1, 1, 0]]]
    network = Network.from_weights(weights, "relu")  # type: ignore[arg-type]
    image = np.full(1, 255, np.uint8)
    assert np.isnan(network.forward(image)[0, 1])
    assert network.predict(image)[0] == network.predict(np.stack([image] * 3))[2] == 1
    assert network.trace(image).prediction == 1


def test_copies_and_pickles_are_networks_of_their_own() -> None:
    network, image = Network(seed=1), glassnet.mnist().test.images[0]
    expected = network.forward(image)
    for twin in (network.copy(), copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        assert twin.forward(image).tobytes() == expected.tobytes()
        twin.w1[:] = 0
        assert twin.forward(image).tobytes() != expected.tobytes()
    assert network.forward(image).tobytes() == expected.tobytes()


def test_weights_that_lie_column_by_column_are_taken() -> None:
    w1, w2 = np.asfortranarray(np.ones((14, 785))), np.ones((15, 10)).T
    assert Network.from_weights([w1, w2]).predict(np.zeros(784, np.uint8)).tolist() == [0]


@pytest.mark.parametrize("kind", ["uint8", "float32", "float64"])
@pytest.mark.parametrize("every", [1, 2], ids=["whole", "every second"])
def test_a_memory_map_is_read_in_blocks_in_constant_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, every: int
) -> None:
    images = np.tile(glassnet.mnist().test.images[:1000], (4, 1))
    stored = np.memmap(tmp_path / "images", kind, "w+", shape=images.shape)
    stored[:] = images if kind == "uint8" else images / 255
    stored.flush()
    opened = np.memmap(tmp_path / "images", kind, "r", shape=images.shape)[::every]
    network = Network.load("lecture")
    expected = network.predict(images[::every])
    for module in (view, numpy_engine):
        monkeypatch.setattr(module, "BLOCK", 60)
    tracemalloc.start()
    labels = network.predict(opened)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (labels == expected).all()
    assert peak < 60 * 784 * 8 * 3  # of 12 to 25 million bytes in the file: a few blocks


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
