"""Pieces of ink that are no writing: dust beside what is large, a notebook's holes."""

import numpy as np

from glassnet.pictures import pieces
from glassnet.pictures.ink import Ink, _surroundings


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


def test_a_thousand_specks_do_not_outweigh_a_digit() -> None:
    mask = np.zeros((900, 1200), bool)
    mask[300:600, 500:540] = True
    mask[100:800:4, 20:26:5] = mask[100:800:4, 21:27:5] = True  # along a sheet's edge
    mask[100:800:4, 1100:1105] = True
    _labels, found, tall = pieces.find(ink(mask))
    assert tall == 300
    assert [(piece.top, piece.left) for piece in found] == [(300, 500)]


def test_a_digit_whose_bar_lies_on_the_rim_of_the_sheet_stays() -> None:
    sheet = np.zeros((400, 400), bool)
    sheet[50:350, 50:350] = True
    mask = np.zeros_like(sheet)
    mask[342:350, 100:150] = mask[260:350, 140:148] = True  # the foot of a 2, or a 7 upside down
    mask[300:350, 200:230] = True  # a finger
    mask[200:350, 280:290] = True  # a pen
    gone = _surroundings(mask, sheet)
    assert not gone[:, :160].any()
    assert (gone == mask)[:, 160:].all()
