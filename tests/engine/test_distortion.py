"""Distortions: known pictures, a naive pixel-by-pixel oracle, and the numbers they are drawn from."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import glassnet
from glassnet.engine import chosen
from glassnet.engine.distortion import GROUP, Distortion, changes, distort, elastic, move, resample
from glassnet.engine.numpy_training import Rule, start
from glassnet.engine.random import DISTORTION
from glassnet.errors import InputError, ShapeError

USUAL = Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7)


def naive(image: NDArray[np.uint8], numbers: NDArray[Any], field: Any = None) -> NDArray[np.float64]:
    """One picture (side, side), pixel by pixel, in float64; only the places are rounded, to sixteenths of a pixel."""
    side = len(image)
    middle = (side - 1) / 2
    a, b, c, d, shift_x, shift_y = (float(number) for number in numbers)

    def ink(row: int, column: int) -> float:
        return float(image[row, column]) if 0 <= row < side and 0 <= column < side else 0.0

    result = np.zeros((side, side))
    for i in range(side):
        for j in range(side):
            e_x, e_y = (0.0, 0.0) if field is None else field[:, i, j].tolist()
            column = a * (j - middle) + b * (i - middle) + middle + shift_x + e_x
            row = c * (j - middle) + d * (i - middle) + middle + shift_y + e_y
            column, row = math.floor(column * 16 + 0.5) / 16, math.floor(row * 16 + 0.5) / 16
            left, top = math.floor(column), math.floor(row)
            u, v = column - left, row - top
            above = (1 - u) * ink(top, left) + u * ink(top, left + 1)
            below = (1 - u) * ink(top + 1, left) + u * ink(top + 1, left + 1)
            result[i, j] = (1 - v) * above + v * below
    return result


def test_nothing_changes_without_distortion() -> None:
    images = np.random.default_rng(0).integers(0, 256, (300, 784), np.uint8)
    assert (distort(Distortion(), 5, 1, images) == images).all()


@pytest.mark.parametrize("most", [0, 6], ids=["affine", "elastic"])
def test_it_is_the_naive_picture_rounded(most: float) -> None:
    images, distortion = glassnet.mnist().train.images[:20], Distortion(20, 0.3, 0.5, 6, most, 3)
    got = distort(distortion, 1, 2, images).reshape(20, 28, 28)
    numbers = changes(distortion, 1, 2, 2).T
    for place in (0, 5, 19):
        group, field = place // GROUP, None
        if most:
            lines, spline = elastic(distortion, 1, 2, group, 28)
            field = lines.astype(np.float64) @ spline
        expected = naive(images[place].reshape(28, 28), numbers[group], field)
        # a place in float32 may lie on the other side of the middle between two sixteenths, once in thousands
        wrong = np.abs(got[place] - expected) > 0.5
        assert wrong.sum() <= 2
        assert np.abs(got[place] - expected).max() <= 0.5 + 255 / 16


def test_elastic_fields_are_smooth_and_of_the_stated_size() -> None:
    distortion = Distortion(elastic=4, smoothness=4)
    pairs = [elastic(distortion, 0, update, 0, 28) for update in range(1, 301)]
    fields = np.stack([lines @ spline for lines, spline in pairs])
    assert np.abs(fields).max() <= 4
    # uniform noise has variance 16/3; a cubic B-spline's squares add up to 151/315 in each direction
    assert fields.std() == pytest.approx(4 / math.sqrt(3) * 151 / 315, rel=0.03)
    assert np.abs(np.diff(fields, axis=-1)).max() < 1.2  # pixels stay in their order, or nearly


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


def test_one_change_for_all_is_that_of_each_group() -> None:
    images = glassnet.mnist().test.images[: 3 * GROUP + 5]
    change = np.array([0.9, -0.2, 0.1, 1.1, 0.5, -1.25], np.float32)
    assert (move(images, change) == resample(images, np.repeat(change[:, None], 4, axis=1))).all()


def test_the_numbers_are_numpy_s_philox() -> None:
    """A learner's way to the same six numbers, in float64."""
    group, update, seed = 41, 3, 9
    words = np.random.Philox(key=seed, counter=[0, group, update, DISTORTION]).random_raw(4)
    u = np.stack([words >> 40, (words >> 16) & 0xFFFFFF], axis=1).reshape(8) * 2.0**-24 * 2 - 1
    t, h = u[0] * math.tan(math.radians(8)), u[3] * 0.1
    turn = np.array([[1, -t], [t, 1]]) / math.sqrt(1 + t * t)
    matrix = turn @ np.array([[1, h], [0, 1]]) @ np.diag([1 + 0.08 * u[1], 1 + 0.08 * u[2]])
    expected = [*matrix.reshape(4), 0.7 * u[4], 0.7 * u[5]]
    np.testing.assert_allclose(changes(USUAL, seed, update, 42)[:, group], expected, atol=3e-7)


def test_they_depend_on_seed_update_and_place_and_on_nothing_else() -> None:
    images = np.tile(glassnet.mnist().train.images[:1], (40, 1))
    seen = distort(USUAL, 1, 1, images)
    assert (distort(USUAL, 1, 1, images[:17]) == seen[:17]).all()
    assert (seen[:16] == seen[0]).all()
    assert (seen[16:32] == seen[16]).all()
    assert (seen[0] != seen[16]).any()
    for seed, update in ((2, 1), (1, 2)):
        assert (distort(USUAL, seed, update, images)[::16] != seen[::16]).any(axis=1).all()


def test_a_shift_alone_moves_by_whole_pixels() -> None:
    a, b, c, d, *shifts = changes(Distortion(shift=1), 0, 1, 20_000)
    assert (np.stack([a, b, c, d]).T == [1, 0, 0, 1]).all()
    for shift in shifts:
        values, counts = np.unique(shift, return_counts=True)
        assert values.tolist() == [-1, 0, 1]
        np.testing.assert_allclose(counts / 20_000, [0.25, 0.5, 0.25], atol=0.018)  # 5 standard errors


@pytest.mark.parametrize("shift", [1, 3, 14])
def test_moving_packed_images_gives_the_bits_of_moved_ones(shift: int) -> None:
    some, network = glassnet.mnist().train[:40], glassnet.Network(seed=0)  # two groups and a half
    distortion, rule = Distortion(shift=shift), Rule(40, "sgd", 1.0, 0, "constant", 0, 1)
    state, order = start(rule, list(network.weights.values())), np.arange(40)
    a = network.architecture
    packed, _ = chosen.updates(a, rule, some.images, some.labels, distortion)(state, order, seed=7)
    moved = chosen.distort(distortion, 7, 1, some.images)
    assert not (moved == some.images).all()
    plain, _ = chosen.updates(a, rule, moved, some.labels)(state, order)
    assert (packed.weights == plain.weights).all()


def test_amounts_fill_their_range_and_stay_in_it() -> None:
    numbers = changes(USUAL, 0, 0, 20_000).astype(np.float64)
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
    got = resample(image, np.array([numbers], np.float32).T)
    assert got.shape == image.shape
    assert got.max() <= ink


def test_images_that_are_not_square_are_refused() -> None:
    with pytest.raises(ShapeError, match="square"):
        distort(USUAL, 0, 1, np.zeros((1, 10), np.uint8))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rotation", 46),
        ("scale", -0.1),
        ("shear", math.nan),
        ("shift", "much"),
        ("shift", True),
        ("elastic", 15),
        ("smoothness", 0),
    ],
)
def test_amounts_out_of_range_are_named(name: str, value: object) -> None:
    with pytest.raises(InputError, match=name):
        Distortion(**{name: value})  # type: ignore[arg-type]
