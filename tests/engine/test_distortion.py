"""Distortions: known pictures, a naive pixel-by-pixel oracle, and the numbers they are drawn from."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import glassnet
from glassnet.engine.distortion import Distortion, places, resample
from glassnet.engine.random import DISTORTION
from glassnet.errors import InputError, ShapeError

USUAL = Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7)


def naive(image: NDArray[np.uint8], numbers: NDArray[Any]) -> NDArray[np.float64]:
    """One picture (side, side), pixel by pixel, in float64 and without rounding."""
    side = len(image)
    middle = (side - 1) / 2
    a, b, c, d, shift_x, shift_y = (float(number) for number in numbers)

    def ink(row: int, column: int) -> float:
        return float(image[row, column]) if 0 <= row < side and 0 <= column < side else 0.0

    result = np.zeros((side, side))
    for i in range(side):
        for j in range(side):
            column = a * (j - middle) + b * (i - middle) + middle + shift_x
            row = c * (j - middle) + d * (i - middle) + middle + shift_y
            left, top = math.floor(column), math.floor(row)
            u, v = column - left, row - top
            above = (1 - u) * ink(top, left) + u * ink(top, left + 1)
            below = (1 - u) * ink(top + 1, left) + u * ink(top + 1, left + 1)
            result[i, j] = (1 - v) * above + v * below
    return result


def test_nothing_changes_without_distortion() -> None:
    images = np.random.default_rng(0).integers(0, 256, (300, 784), np.uint8)
    assert (resample(images, places(Distortion(), 5, 1, np.arange(300))) == images).all()


def test_it_is_the_naive_picture_rounded() -> None:
    images = glassnet.mnist().train.images[:6]
    numbers = places(Distortion(rotation=20, scale=0.3, shear=0.5, shift=6), 1, 2, np.arange(6))
    got = resample(images, numbers).reshape(6, 28, 28)
    for picture, image, own in zip(got, images.reshape(6, 28, 28), numbers.T, strict=True):
        # float32 places err by some 1e-6 of a pixel, and an edge has 255 grey levels in one
        assert np.abs(picture - naive(image, own)).max() <= 0.5 + 1e-3


def test_whole_pixels_move_exactly() -> None:
    image = np.random.default_rng(0).integers(0, 256, (1, 784), np.uint8)
    numbers = np.array([[1, 0, 0, 1, -2, 3]], np.float32).T  # looks 2 left and 3 down
    expected = np.zeros((28, 28), np.uint8)
    expected[:25, 2:] = image.reshape(28, 28)[3:, :26]
    assert (resample(image, numbers).reshape(28, 28) == expected).all()


def test_a_quarter_turn_is_exact() -> None:
    image = np.random.default_rng(0).integers(0, 256, (1, 784), np.uint8)
    numbers = np.array([[0, -1, 1, 0, 0, 0]], np.float32).T
    assert (resample(image, numbers).reshape(28, 28) == np.rot90(image.reshape(28, 28))).all()


def test_the_numbers_are_numpy_s_philox() -> None:
    """A learner's way to the same six numbers, in float64."""
    image, epoch, seed = 41, 3, 9
    words = np.random.Philox(key=seed, counter=[0, image, epoch, DISTORTION]).random_raw(4)
    u = np.stack([words >> 40, (words >> 16) & 0xFFFFFF], axis=1).reshape(8) * 2.0**-24 * 2 - 1
    t, h = u[0] * math.tan(math.radians(8)), u[3] * 0.1
    turn = np.array([[1, -t], [t, 1]]) / math.sqrt(1 + t * t)
    matrix = turn @ np.array([[1, h], [0, 1]]) @ np.diag([1 + 0.08 * u[1], 1 + 0.08 * u[2]])
    expected = [*matrix.reshape(4), 0.7 * u[4], 0.7 * u[5]]
    np.testing.assert_allclose(places(USUAL, seed, epoch, np.array([image]))[:, 0], expected, atol=3e-7)


def test_they_depend_on_seed_epoch_and_image_and_on_nothing_else() -> None:
    indices = np.array([3, 900, 12])
    numbers = places(USUAL, 1, 0, indices)
    assert (places(USUAL, 1, 0, indices[::-1]) == numbers[:, ::-1]).all()
    for seed, epoch, other in ((2, 0, indices), (1, 1, indices), (1, 0, indices + 1)):
        assert (places(USUAL, seed, epoch, other) != numbers).any(axis=0).all()


def test_amounts_fill_their_range_and_stay_in_it() -> None:
    numbers = places(USUAL, 0, 0, np.arange(20_000)).astype(np.float64)
    a, _b, c, _d, shift_x, shift_y = numbers
    degrees = np.degrees(np.arctan2(c, a))
    assert np.abs(degrees).max() <= 8.0001
    assert degrees.max() > 7.9
    assert degrees.min() < -7.9
    assert abs(degrees.mean()) < 0.15  # 5 standard errors of 8/√3/√20,000
    width = np.hypot(a, c)
    assert 0.92 - 1e-6 <= width.min() < 0.921
    assert 1.079 < width.max() <= 1.08 + 1e-6
    for shift in (shift_x, shift_y):
        assert 0.699 < np.abs(shift).max() <= 0.7
    assert abs(np.corrcoef(shift_x, shift_y)[0, 1]) < 0.04


@settings(deadline=None)
@given(
    numbers=st.lists(st.floats(-1e9, 1e9, width=32), min_size=6, max_size=6),
    side=st.integers(1, 9),
    ink=st.integers(0, 255),
)
def test_any_numbers_give_a_picture_between_paper_and_its_ink(
    numbers: list[float], side: int, ink: int
) -> None:
    image = np.full((2, side * side), ink, np.uint8)
    got = resample(image, np.array([numbers, numbers], np.float32).T)
    assert got.shape == image.shape
    assert got.max() <= ink


def test_images_that_are_not_square_are_refused() -> None:
    with pytest.raises(ShapeError, match="square"):
        resample(np.zeros((1, 10), np.uint8), places(USUAL, 0, 0, np.arange(1)))


@pytest.mark.parametrize(
    ("name", "value"),
    [("rotation", 46), ("scale", -0.1), ("shear", math.nan), ("shift", "much"), ("shift", True)],
)
def test_amounts_out_of_range_are_named(name: str, value: object) -> None:
    with pytest.raises(InputError, match=name):
        Distortion(**{name: value})  # type: ignore[arg-type]
