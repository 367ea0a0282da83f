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
