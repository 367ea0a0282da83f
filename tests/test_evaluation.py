"""Tests of `glassnet.evaluation`: counted by hand, published intervals, and MNIST's own doubtful labels."""

import json
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import glassnet
from glassnet.data import DataSet
from glassnet.errors import InputError, ShapeError
from glassnet.evaluation import DOUBTFUL, calibrate, evaluate, wilson_interval
from glassnet.network import Network

MNIST_MD_LIST = [
    947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729,
]  # fmt: skip


def reader() -> Network:
    """A 784-10 network that reads the digit from which of the first ten pixels is lit: z = 10 · light − 5."""
    weights = np.zeros((10, 785), np.float32)
    weights[:, :10] = 10 * np.eye(10)
    weights[:, -1] = -5
    return Network.from_weights([weights])


def dataset(labels: list[int], read: list[int], light: list[int], name: str = "test") -> DataSet:
    images = np.zeros((len(labels), 784), np.uint8)
    images[np.arange(len(read)), read] = light
    return DataSet(name, images, np.array(labels, np.uint8))


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


def test_six_images_counted_by_hand() -> None:
    #                         right right right wrong wrong wrong
    result = evaluate(
        reader(), dataset([0, 1, 9, 1, 4, 9], [0, 1, 9, 7, 9, 4], [255, 255, 204, 204, 255, 255])
    )
    assert result.set == "test"
    assert result.count == 6
    assert result.accuracy == 0.5
    assert result.interval == wilson_interval(3, 6)
    expected = np.zeros((10, 10), int)
    for label, prediction in [(0, 0), (1, 1), (9, 9), (1, 7), (4, 9), (9, 4)]:
        expected[label, prediction] += 1
    np.testing.assert_array_equal(result.confusion, expected)
    assert not result.confusion.flags.writeable
    assert result.predictions.tolist() == [0, 1, 9, 7, 9, 4]
    assert len(result.confidences) == 6
    assert not result.predictions.flags.writeable
    assert not result.confidences.flags.writeable
    # The most confident mistake first; two equal ones in the set's order.
    assert [m.index for m in result.mistakes] == [4, 5, 3]
    assert [(m.label, m.prediction) for m in result.mistakes] == [(4, 9), (9, 4), (1, 7)]
    assert [m.confidence for m in result.mistakes] == pytest.approx(
        [sigmoid(5), sigmoid(5), sigmoid(3)], abs=1e-6
    )
    assert not any(m.doubtful for m in result.mistakes)
    assert [(c.label, c.count, c.correct, c.accuracy) for c in result.classes] == [
        (0, 1, 1, 1.0),
        (1, 2, 1, 0.5),
        (4, 1, 0, 0.0),
        (9, 2, 1, 0.5),
    ]
    # The loss: nine outputs of sigmoid(−5), one of sigmoid(5) or sigmoid(3), against the target.
    low, high, middle = sigmoid(-5), sigmoid(5), sigmoid(3)
    right = [9 * low**2 + (1 - top) ** 2 for top in (high, high, middle)]
    wrong = [8 * low**2 + top**2 + (1 - low) ** 2 for top in (middle, high, high)]
    assert result.loss == pytest.approx(sum(right + wrong) / 6, rel=1e-5)


def test_calibration_by_hand() -> None:
    result = evaluate(reader(), dataset([0, 1, 2, 3], [0, 1, 2, 4], [255, 178, 178, 178]))
    light = sigmoid(10 * 178 / 255 - 5)  # 0.8783…
    assert [(b.low, b.high, b.count) for b in result.calibration.bins] == [(0.8, 0.9, 3), (0.9, 1.0, 1)]
    eight, nine = result.calibration.bins
    assert (eight.accuracy, nine.accuracy) == (2 / 3, 1)
    assert eight.confidence == pytest.approx(light, abs=1e-6)
    error = 3 / 4 * abs(light - 2 / 3) + 1 / 4 * (1 - sigmoid(5))
    assert result.calibration.error == pytest.approx(error, abs=1e-6)


def test_the_ends_of_the_scale_have_a_bin() -> None:
    result = calibrate(np.array([0, 0.5, 1], np.float32), np.array([False, True, True]))
    assert [(b.low, b.high, b.count) for b in result.bins] == [(0, 0.1, 1), (0.5, 0.6, 1), (0.9, 1, 1)]
    assert result.error == pytest.approx(0.5 / 3)


@pytest.mark.parametrize(
    ("correct", "count", "low", "high"),
    [  # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(correct: int, count: int, low: float, high: float) -> None:
    assert wilson_interval(correct, count) == pytest.approx((low, high), abs=5e-5)


def test_mnist_s_interval_is_about_0_43_points() -> None:
    low, high = wilson_interval(9_500, 10_000)
    assert (high - low) / 2 == pytest.approx(0.0043, abs=5e-5)


@given(st.integers(1, 10**9).flatmap(lambda count: st.tuples(st.integers(0, count), st.just(count))))
def test_the_interval_holds_the_fraction_and_mirrors(counts: tuple[int, int]) -> None:
    correct, count = counts
    low, high = wilson_interval(correct, count)
    assert 0 <= low <= correct / count <= high <= 1
    mirrored = wilson_interval(count - correct, count)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize(("correct", "count"), [(0, 0), (-1, 5), (6, 5)])
def test_the_interval_refuses_impossible_counts(correct: int, count: int) -> None:
    with pytest.raises(InputError):
        wilson_interval(correct, count)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 255)), min_size=1, max_size=40)
)
def test_everything_adds_up(images: list[tuple[int, int, int]]) -> None:
    labels, read, light = (list(column) for column in zip(*images, strict=True))
    data = dataset(labels, read, light)
    network = reader()
    result = evaluate(network, data)
    predictions = network.predict(data.images)
    outputs = network.forward(data.images)
    assert result.confusion.sum() == result.count == len(data)
    assert (
        np.trace(result.confusion) == round(result.accuracy * len(data)) == len(data) - len(result.mistakes)
    )
    assert {m.index for m in result.mistakes} == set(np.flatnonzero(predictions != data.labels).tolist())
    for mistake in result.mistakes:
        assert mistake.prediction == predictions[mistake.index] != mistake.label == data.labels[mistake.index]
        assert mistake.confidence == outputs[mistake.index].max()
    assert [m.confidence for m in result.mistakes] == sorted(
        (m.confidence for m in result.mistakes), reverse=True
    )
    assert sum(c.count for c in result.classes) == sum(b.count for b in result.calibration.bins) == len(data)
    for item in result.calibration.bins:
        assert item.low <= item.confidence <= item.high
    assert 0 <= result.calibration.error <= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=1, max_size=200))
def test_calibration_error_against_a_plain_loop(pairs: list[tuple[float, bool]]) -> None:
    result = calibrate(np.array([c for c, _ in pairs], np.float32), np.array([r for _, r in pairs]))
    error = 0.0
    for place in range(10):
        inside = [(c, r) for c, r in pairs if min(int(c * 10), 9) == place]
        if inside:
            error += abs(sum(r for _, r in inside) - sum(c for c, _ in inside)) / len(pairs)
    assert result.error == pytest.approx(error, abs=1e-6)


def test_one_image() -> None:
    result = evaluate(reader(), dataset([3], [3], [255]))
    assert result.accuracy == 1
    assert result.interval[1] == 1
    assert 0.2 < result.interval[0] < 0.21  # 1 / (1 + 1.96²)
    assert result.mistakes == ()
    assert len(result.classes) == len(result.calibration.bins) == 1


def test_an_empty_set_is_refused() -> None:
    with pytest.raises(InputError, match="at least one image"):
        evaluate(reader(), dataset([], [], []))


def test_a_label_without_an_output_is_refused() -> None:
    with pytest.raises(InputError, match="0 to 4"):
        evaluate(Network((784, 5)), dataset([7], [0], [255]))


def test_a_network_for_other_images_is_refused() -> None:
    with pytest.raises(ShapeError, match="100 pixels"):
        evaluate(Network((100, 10)), dataset([7], [0], [255]))


def test_outputs_that_overflow_are_refused_with_the_image() -> None:
    weights = [np.zeros((1, 785)), np.zeros((10, 2))]
    weights[0][0, 1] = 3e38
    weights[1][:, 0] = 3e38
    network = Network.from_weights(weights, hidden="relu", output="softmax", loss="cross_entropy")
    with pytest.raises(InputError, match="image 1"):
        evaluate(network, dataset([0, 0], [0, 1], [255, 255]))


@pytest.mark.parametrize(
    ("output", "loss"), [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")]
)
def test_other_losses_agree_with_their_definition(output: str, loss: str) -> None:
    network = Network(output=output, loss=loss, seed=4)
    data = glassnet.mnist().validation[:50]
    a3 = network.forward(data.images).astype(np.float64)
    t = np.eye(10)[data.labels]
    terms = -t * np.log(a3) - (0 if output == "softmax" else (1 - t) * np.log(1 - a3))
    assert evaluate(network, data).loss == pytest.approx(terms.sum(1).mean(), rel=1e-5)


def test_doubtful_labels_are_those_of_the_test_set() -> None:
    import hashlib

    test = glassnet.mnist().test
    assert sorted(DOUBTFUL) == MNIST_MD_LIST
    for index, digest in DOUBTFUL.items():
        image, label = test[index]
        assert hashlib.sha256(image.tobytes() + bytes([label])).hexdigest().startswith(digest)


def always(digit: int) -> Network:
    weights = np.zeros((10, 785), np.float32)
    weights[:, -1] = np.where(np.arange(10) == digit, 2, -2)
    return Network.from_weights([weights])


def test_doubtful_marks_need_mnist_s_own_images_and_labels() -> None:
    sets = glassnet.mnist()
    labels = sets.test.labels
    found = {m.index for m in evaluate(always(0), sets.test).mistakes if m.doubtful}
    assert found == {index for index in MNIST_MD_LIST if labels[index] != 0}
    # A part of the set keeps the marks on its images, under its own numbers.
    part = evaluate(always(0), sets.test[900:1000])
    assert [m.index for m in part.mistakes if m.doubtful] == ([47] if labels[947] != 0 else [])
    # Other sets of any name and size have none, nor has the test set with other labels.
    assert not any(m.doubtful for m in evaluate(always(0), sets.validation).mistakes)
    assert not any(
        m.doubtful for m in evaluate(always(0), DataSet("test", sets.train.images[:10_000], labels)).mistakes
    )
    other = DataSet("test", sets.test.images, (labels + 1) % 10)
    assert not any(m.doubtful for m in evaluate(always(0), other).mistakes)


def test_json_is_plain_and_exact() -> None:
    result = evaluate(reader(), dataset([0, 1, 4], [0, 7, 9], [255, 204, 255]))
    found = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert list(found) == [
        "set", "count", "accuracy", "interval", "loss", "confusion", "classes", "mistakes", "calibration",
        "fingerprint",
    ]  # fmt: skip
    assert found["interval"] == list(result.interval)
    assert found["confusion"] == result.confusion.tolist()
    assert found["fingerprint"] == reader().fingerprint
    for mistake, written in zip(result.mistakes, found["mistakes"], strict=True):
        assert np.float32(written["confidence"]) == np.float32(mistake.confidence)
        assert len(str(written["confidence"])) <= 12
        assert written["index"] == mistake.index
        assert written["doubtful"] is False


def test_repr_is_one_line() -> None:
    result = evaluate(reader(), dataset([0, 1], [0, 7], [255, 255]))
    assert repr(result).startswith("<Evaluation test: 1 of 2 right, loss 0.98")
    assert "\n" not in repr(result)
