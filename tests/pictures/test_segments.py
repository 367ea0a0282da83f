"""Cutting a piece of ink: along the way that crosses least of it."""

import numpy as np

from glassnet.pictures.segments import _Seams


def test_a_cut_follows_the_gap_between_strokes_that_lean() -> None:
    inside = np.zeros((40, 60), bool)
    for row in range(40):
        inside[row, 10 + row // 2 : 14 + row // 2] = True
        inside[row, 22 + row // 2 : 26 + row // 2] = True
    inside[20, 20:36] = True  # where they touch
    seams = _Seams(inside)
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
    assert crossed <= seams.crossed[28] < 8  # the steps to the side cost a little too
