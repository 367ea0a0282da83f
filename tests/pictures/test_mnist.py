"""MNIST's own images as picture files: they come out as they went in, and are read as from the data."""

import io

import numpy as np
import pytest
from PIL import Image

import glassnet
from glassnet.engine import native, numpy_engine
from glassnet.pictures import Reader, read


def test_an_image_of_mnist_as_a_picture_is_the_image() -> None:
    test = glassnet.mnist().test
    squares = test.images.reshape(-1, 28, 28) > 0
    sides = np.stack([squares.any(axis).sum(1) for axis in (1, 2)])  # no row or column of a digit is empty
    whole = np.flatnonzero(sides.max(0) == 20)[::33]  # 4530, 9300 and 9302 are the smaller ones
    expected = [answer.label for answer in Reader.load("lecture").read(test.images[whole])]
    same = 0
    for index, label in zip(whole, expected, strict=True):
        for image in (test.images[index], 255 - test.images[index]):
            reading = read(b"P5 28 28 255 " + image.tobytes(), "lecture")
            (found,) = (*reading.digits, *reading.refused)
            assert np.abs(found.image.astype(int) - test.images[index]).max() <= 1, index
        same += found.best == label
    assert same >= len(whole) - 1


@pytest.mark.parametrize(("kind", "quality"), [("JPEG", 100), ("JPEG", 90), ("JPEG", 75), ("WEBP", 80)])
def test_what_is_saved_with_losses_is_read_as_well(kind: str, quality: int) -> None:
    test = glassnet.mnist().test
    right = 0
    for index in range(60):
        for image in (test.images[index], 255 - test.images[index]):
            content = io.BytesIO()
            Image.fromarray(image.reshape(28, 28)).save(content, kind, quality=quality)
            right += read(content.getvalue()).text == str(test.labels[index])
    assert right >= 0.95 * 120


@pytest.mark.parametrize("quality", [95, 85, 75])
def test_ripples_of_a_jpeg_on_white_are_no_ink(quality: int) -> None:
    image = glassnet.mnist().test.images[4].reshape(28, 28)  # a 4, whose bay ripples fill
    sheet = np.pad(255 - np.kron(image, np.ones((4, 4), np.uint8)), 40, constant_values=255)
    content = io.BytesIO()
    Image.fromarray(sheet).save(content, "JPEG", quality=quality)
    assert read(content.getvalue()).text == "4"


def test_numpy_frames_as_the_core_does() -> None:
    rng = np.random.default_rng(3)
    for _ in range(60):
        ink = np.zeros((int(rng.integers(3, 90)), int(rng.integers(3, 90))), np.uint8)
        rows, columns = (int(rng.integers(1, side + 1)) for side in ink.shape)
        ink[:rows, -columns:] = rng.integers(0, 256, (rows, columns)) * (rng.random((rows, columns)) < 0.5)
        core, numpy = native.frame(ink), numpy_engine.frame(ink)
        assert (core is None) == (numpy is None)
        if core is not None and numpy is not None:
            assert np.abs(core.astype(int) - numpy).max() <= 1
    assert numpy_engine.frame(np.zeros((5, 4), np.uint8)) is None
