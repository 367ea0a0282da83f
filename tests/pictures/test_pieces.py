"""Pieces of ink that are no writing: dust beside what is large, a notebook's holes."""

import numpy as np

from glassnet.pictures import pieces
from glassnet.pictures.ink import Ink


def ink(mask: np.ndarray) -> Ink:
    return Ink(mask.astype(np.float32), mask, mask, 1.0, 0, clean=False)


def test_grain_beside_something_much_larger_is_dust() -> None:
    mask = np.zeros((1000, 1000), bool)
    mask[0:900:60, 0:700:60] = mask[1:900:60, 0:700:60] = mask[2:900:60, 0:700:60] = True
    mask[100:880, 800:830] = True
    _labels, found, tall = pieces.find(ink(mask))
    assert tall > 500
    assert len(found) == 1


def test_a_row_of_dots_is_no_writing_and_one_dot_may_be() -> None:
    y, x = np.mgrid[:400, :400]
    one = (abs(x - 250) < 6) & (abs(y - 200) < 60)
    dots = [np.hypot(x - 40, y - place) < 12 for place in (60, 140, 220, 300)]
    assert len(pieces.find(ink(one | np.any(dots, axis=0)))[1]) == 1
    assert len(pieces.find(ink(one | dots[0]))[1]) == 2
