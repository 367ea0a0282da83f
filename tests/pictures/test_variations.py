"""Variations: of the same digit, framed like a picture, the same for the same seed."""

import numpy as np
import pytest

import glassnet
from glassnet.pictures.variations import Hand, fields, vary

TEST = glassnet.mnist().test
STILL = Hand(turn=0, slant=0, stretch=0, bow=0, elastic=0, proportion=0, own=1)


def test_fields_say_where_the_stroke_is() -> None:
    ink = fields(TEST.images[:120])
    assert len(ink) == 120
    side = ink.gray.shape[1]
    for number, image in enumerate(TEST.images[:120]):
        large = np.kron(np.pad(image.reshape(28, 28), 1), np.ones((2, 2)))
        assert large.shape == (side, side)
        assert (ink.edge[number][large > 200] > -8).all()  # inside, but for half a cell
        assert (ink.edge[number][large == 0] < 8).all()
        assert (ink.spine[number] >= 0).all()
        assert ink.spine[number][large > 200].mean() < ink.spine[number][large == 0].mean()


def test_variations_are_of_the_same_digit_and_framed() -> None:
    images = vary(fields(TEST.images[:500]), np.random.default_rng(0))
    assert images.dtype == np.uint8
    inked = images > 0
    assert inked.any(1).all()
    weight = images[inked.sum(1) > 20].reshape(-1, 28, 28).astype(float)
    middle = (weight.sum(2) * np.arange(28)).sum(1) / weight.sum((1, 2))
    assert ((middle > 13.49) & (middle < 14.51)).mean() > 0.98  # the rest is cut by the frame
    assert len(np.unique(images, axis=0)) == 500


def test_the_same_seed_gives_the_same_copies() -> None:
    ink = fields(TEST.images[:50])
    again = vary(ink, np.random.default_rng(7))
    np.testing.assert_array_equal(vary(ink, np.random.default_rng(7)), again)
    assert (vary(ink, np.random.default_rng(8)) != again).any()


@pytest.mark.parametrize("first", [0, 3])
def test_a_part_is_varied_like_the_whole(first: int) -> None:
    ink = fields(TEST.images[:8])
    np.testing.assert_array_equal(ink[first:].edge, fields(TEST.images[first:8]).edge)


def test_a_still_hand_with_its_own_pen_leaves_the_digit_readable() -> None:
    images = vary(fields(TEST.images[:300]), np.random.default_rng(1), STILL)
    likeness = [np.corrcoef(one, two)[0, 1] for one, two in zip(images, TEST.images[:300], strict=True)]
    assert np.median(likeness) > 0.85


def test_blank_images_stay_blank() -> None:
    assert not vary(fields(np.zeros((3, 784), np.uint8)), np.random.default_rng(0)).any()
    assert vary(fields(np.zeros((0, 784), np.uint8)), np.random.default_rng(0)).shape == (0, 784)
