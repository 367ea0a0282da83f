"""Boxes and circles around writing go; a 0 with a dot stays."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

import glassnet
from glassnet.pictures import read
from glassnet.pictures.frames import frames


def test_what_encloses_writing_is_a_frame_and_what_encloses_a_dot_is_none() -> None:
    mask = np.zeros((100, 200), bool)
    mask[10:90, 10:90] = True
    mask[13:87, 13:87] = False
    mask[30:70, 45:55] = True  # a 1 in a box
    mask[10:90, 110:170] = True
    mask[16:84, 116:164] = False
    mask[44:54, 136:144] = True  # a dot in a 0
    found = frames(mask)
    assert found[10, 10]
    assert not found[30:70, 45:55].any()
    assert not found[:, 100:].any()


def test_the_rim_of_a_board_is_a_frame_however_small_the_writing_on_it_is() -> None:
    mask = np.zeros((300, 400), bool)
    mask[5:295, 5:395] = True
    mask[20:280, 20:380] = False
    mask[100:140, 100:106] = True
    assert not frames(mask).any()  # one small thing may be a dot
    mask[100:140, 150:156] = True
    found = frames(mask)
    assert found[5, 5]
    assert not found[100:140, 100:160].any()


@pytest.mark.parametrize("line", [60, 150])
def test_digits_in_the_boxes_of_a_form_are_read(line: int) -> None:
    digits = glassnet.mnist().test
    image = Image.new("L", (600, 300), 250)
    draw = ImageDraw.Draw(image)
    for place in range(4):
        digit = Image.fromarray(255 - digits.images[place].reshape(28, 28)).resize(
            (70, 70), Image.Resampling.BICUBIC
        )
        image.paste(digit.point(lambda level: min(level, 250)), (110 + 90 * place, 100))
        draw.rectangle((100 + 90 * place, 90, 190 + 90 * place, 180), outline=line, width=2)
    file = io.BytesIO()
    image.save(file, "JPEG")
    assert read(file.getvalue()).text == "7210"
