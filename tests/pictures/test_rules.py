"""Printed lines: followed and taken out, a darker pen along them kept."""

import numpy as np

from glassnet.pictures.rules import without_rules


def ruled(pen: float) -> tuple[np.ndarray, np.ndarray]:
    """Contrast of ruled paper with a stroke of `pen` along one line and one across it; and where the pen was."""
    contrast = np.zeros((200, 300), np.float32)
    contrast[30::40] = contrast[31::40] = 0.2
    written = np.zeros(contrast.shape, bool)
    written[70:72, 100:140] = True
    written[50:92, 200:206] = True
    contrast[written] = pen
    return contrast, written


def test_lines_go_and_a_darker_pen_stays_along_and_across_them() -> None:
    contrast, written = ruled(pen=0.6)
    rules, number = without_rules(contrast > 0.1, contrast)
    assert number == 5
    assert not (rules & written).any()
    assert not ((contrast > 0.1) & ~rules & ~written).any()


def test_a_pen_as_faint_as_the_lines_stays_where_it_crosses_them() -> None:
    contrast, _written = ruled(pen=0.2)
    rules, _number = without_rules(contrast > 0.1, contrast)
    assert not (rules[50:92, 202:204]).any()
    assert rules[70:72, 100:140].all()  # along a line nothing tells it from the line


def test_of_crossing_lines_nothing_stays_and_a_line_under_writing_is_told_from_the_others() -> None:
    contrast = np.zeros((240, 400), np.float32)
    for first in range(3):
        contrast[20 + first :: 40] = 0.2
        contrast[:, 20 + first :: 40] = 0.2
    written = np.zeros(contrast.shape, bool)
    written[92:110, 30:290] = True  # over most of the third line
    contrast[written] = 0.2
    rules, number = without_rules(contrast > 0.1, contrast)
    assert number == 16
    assert not ((contrast > 0.1) & ~rules & ~written).any()


def test_a_pen_that_goes_from_end_to_end_of_a_track_stays() -> None:
    contrast = np.zeros((240, 400), np.float32)
    contrast[20::40] = contrast[21::40] = 0.2
    contrast[119:125, 150:330] = 0.7  # between two lines, nearly half as long
    rules, _number = without_rules(contrast > 0.1, contrast)
    assert not rules[119:125, 150:330].any()
    assert rules[100:102].all()


def test_a_small_picture_has_no_printed_lines() -> None:
    line = np.zeros((28, 28), np.float32)
    line[14] = 1
    rules, number = without_rules(line > 0, line)
    assert number == 0
    assert not rules.any()
