"""Cutting a piece of ink: along the way that crosses least of it."""

import numpy as np

from glassnet.pictures.cuts import Seams, parted


def test_a_cut_follows_the_gap_between_strokes_that_lean() -> None:
    inside = np.zeros((40, 60), bool)
    for row in range(40):
        inside[row, 10 + row // 2 : 14 + row // 2] = True
        inside[row, 22 + row // 2 : 26 + row // 2] = True
    inside[20, 20:36] = True  # where they touch
    seams = Seams(inside)
    way = seams.through(28)
    assert way.shape == (40,)
    left = np.arange(60)[None] <= way[:, None]
    first = np.zeros_like(inside)
    for row in range(40):
        first[row, 10 + row // 2 : 14 + row // 2] = True
    assert left[first].all()
    assert not left[inside & ~first & (np.arange(40) != 20)[:, None]].any()
    crossed = inside[np.arange(40), way].sum()
    assert crossed == 1
    assert crossed <= seams.crossed[28] < 12  # the steps to the side cost a little too


def test_a_thin_one_is_cut_from_its_neighbor_on_a_photograph() -> None:
    inside = np.zeros((60, 34), bool)
    inside[[0, 1, 2, 57, 58, 59], :24] = True  # a 0 …
    inside[:, [0, 1, 2, 21, 22, 23]] = True
    inside[:, 30:] = True  # … and a 1
    inside[30:32, 24:30] = True
    rows, columns = np.nonzero(inside)
    which = parted(inside, rows, columns, 60.0, clean=False)
    last = which[columns >= 30]
    assert len(set(last)) == 1
    assert last[0] not in which[columns < 24]
    assert not parted(inside, rows, columns, 60.0, clean=True).any()


def test_a_cut_leads_between_strokes_that_lie_along_each_other() -> None:
    one = np.zeros((60, 50), bool)
    one[:, 10:14] = True
    six = np.zeros_like(one)
    for row in range(20):
        six[row, 24 - row // 2 : 28 - row // 2] = True
    six[20:46, 14:18] = True  # here it lies along the 1
    six[[*range(28, 32), *range(56, 60)], 18:40] = True
    six[28:60, 36:40] = six[46:60, 16:20] = True
    way = Seams(one | six).through(14)
    left = np.arange(50)[None] <= way[:, None]
    assert left[one].mean() > 0.95
    assert left[six].mean() < 0.1
