"""The reader: what it says to digits, and to networks that are none of digits."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits
from tools.flourishes import flourished

import glassnet
from glassnet.engine import native
from glassnet.errors import InputError, ShapeError
from glassnet.evaluation import calibrate
from glassnet.network import Network
from glassnet.pictures import Confidence, Reader

TEST = glassnet.mnist().test
READS = {"test": 0.985, "8 x 8": 0.955}  # the packaged reader reads more, by a margin


def test_a_network_without_confidence_says_its_outputs_and_refuses_nothing(tmp_path: Path) -> None:
    network = Network(seed=3)
    network.save(tmp_path / "plain.safetensors")
    reader = Reader.load(tmp_path / "plain.safetensors")
    assert reader.confidence is None
    assert reader.threshold == 0
    outputs = network.forward(TEST.images[:50])
    for answer, output in zip(reader.read(TEST.images[:50]), outputs, strict=True):
        first, second = np.argsort(-output, kind="stable")[:2]
        assert (answer.label, answer.second, answer.refused) == (first, second, False)
        assert answer.confidence == pytest.approx(output.max(), abs=1e-6)
        np.testing.assert_array_equal(answer.outputs, output)


def test_what_is_below_the_threshold_is_refused(tmp_path: Path) -> None:
    confidence = Confidence(slope=0.5, intercept=0.25, threshold=0.6)
    Network.load("lecture").save(tmp_path / "sure.safetensors", **confidence.to_metadata())
    answers = Reader.load(tmp_path / "sure.safetensors").read(TEST.images)
    assert [answer.refused for answer in answers] == [answer.confidence < 0.6 for answer in answers]
    assert 0 < sum(answer.refused for answer in answers) < 2_000
    assert all(answer.second_confidence <= answer.confidence for answer in answers)


def test_no_images_have_no_readings() -> None:
    assert Reader.load("lecture").read(np.zeros((0, 784), np.uint8)) == []


def test_a_network_of_something_else_is_told_so() -> None:
    with pytest.raises(ShapeError, match="784-14-7"):
        Reader(Network((784, 14, 7)))


def test_weights_that_overflow_are_told_so() -> None:
    network = Network.from_weights([np.full((10, 785), 3e38)], output="softmax", loss="cross_entropy")
    with pytest.raises(InputError, match="finite"):
        Reader(network).read(TEST.images[:1])


def framed(images: np.ndarray) -> np.ndarray:
    """Pictures (n, h, w) uint8 of white ink as MNIST would show them."""
    found = [image for one in images if (image := native.frame(one)) is not None]
    return np.stack(found).reshape(len(images), 784)


def accuracy(model: str, images: np.ndarray, labels: np.ndarray) -> float:
    return float((Reader.load(model).network.predict(images) == labels).mean())


def test_the_reader_reads_what_it_was_made_for() -> None:
    assert accuracy("reader", TEST.images, TEST.labels) > READS["test"]
    digits = load_digits()
    images = framed(np.rint(digits.images * 255 / 16).astype(np.uint8))
    assert accuracy("reader", images, digits.target) > READS["8 x 8"]
    assert accuracy("lecture", images, digits.target) < 0.9  # the difference is the lesson


def test_the_small_reader_knows_the_shapes_that_the_lectures_network_never_saw() -> None:
    validation = glassnet.mnist().validation[:500]
    images, labels = flourished(validation.images, validation.labels, 0, 20, seed=9)
    small, slides = accuracy("lecture", images, labels), Network.load("lecture").predict(images) == labels
    assert small > slides.mean() + 0.25
    assert Reader.load("lecture").network.sizes == Network.load("lecture").sizes == (784, 14, 10)
    assert accuracy("lecture", TEST.images, TEST.labels) > 0.94


@pytest.mark.parametrize(("model", "most"), [("reader", 0.01), ("lecture", 0.03)])
def test_the_confidence_is_calibrated_on_images_nobody_chose_by(model: str, most: float) -> None:
    reader = Reader.load(model)
    outputs = reader.network.forward(TEST.images)
    right = outputs.argmax(1) == TEST.labels
    assert calibrate(reader.sure(outputs).max(1).astype(np.float32), right).error < most


def test_digits_are_answered_and_noise_is_not() -> None:
    reader = Reader.load("reader")
    refused = [answer.refused for answer in reader.read(TEST.images)]
    assert np.mean(refused) < 0.02
    noise = np.random.default_rng(0).integers(0, 256, (300, 40, 40), np.uint8)
    assert np.mean([answer.refused for answer in reader.read(framed(noise))]) > 0.99
