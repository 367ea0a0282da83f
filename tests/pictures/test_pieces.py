"""Pieces of ink that are no writing: dust beside what is large."""

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
