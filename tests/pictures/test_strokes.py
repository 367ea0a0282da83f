"""Strokes as the reader gets them: thin ones made broader, the others as they are."""

import numpy as np

import glassnet
from glassnet.pictures.strokes import broadened, thickness


def test_only_thin_strokes_are_made_broader() -> None:
    images = np.zeros((3, 28, 28), np.uint8)
    images[0, 4:24, 14] = 255
    images[1, 4:24, 13:16] = 255
    made = broadened(images.reshape(3, 784)).reshape(3, 28, 28)
    assert (made[1:] == images[1:]).all()
    assert (made[0] == images[0]).all()  # a straight 1 keeps its box, which is one pixel wide
    images[0, 4, 8:15] = 255  # and now a 7
    made = broadened(images.reshape(3, 784)).reshape(3, 28, 28)
    assert (made[0] >= images[0]).all()
    assert (made[0, 6:24, 13] == 128).all()
    assert np.argwhere(made[0]).min(0).tolist() == [4, 8]
    assert np.argwhere(made[0]).max(0).tolist() == [23, 14]


def test_hardly_any_digit_of_mnist_is_thin() -> None:
    images = glassnet.mnist().train.images[:2000]
    changed = (broadened(images) != images).any(1).mean()
    assert 0.02 < changed < 0.1


def test_a_stroke_of_one_width_is_even_also_where_it_is_grainy() -> None:
    stroke = np.zeros((120, 40), bool)
    stroke[10:110, 12:28] = True
    even, thick = thickness(stroke)
    assert 1.7 < even < 2.2
    assert abs(thick - 0.16) < 0.01
    grainy = stroke.copy()
    grainy[14:106:5, 15:25:4] = False
    assert thickness(grainy) == (even, thick)
    blot = stroke.copy()
    blot[40:80, :] = True
    assert thickness(blot)[0] > even + 0.3
    assert thickness(np.zeros((5, 5), bool)) == (0.0, 0.0)
