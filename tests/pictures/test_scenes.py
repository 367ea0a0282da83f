"""Made-up photographs, a few of those that `benchmarks/scenes.py` measures: digits found, empty pictures refused."""

import io

import numpy as np
import pytest
from benchmarks.scenes import score
from PIL import Image, ImageDraw, ImageFont

import glassnet
from glassnet.locale import _
from glassnet.pictures import judge, read
from glassnet.pictures.result import Reading
from glassnet.show.drawing import FONT
from scenery import scene, without_digits


def photographed(text: str) -> Reading:
    """Read letters or digits that are printed on gray paper."""
    image = Image.new("L", (500, 400), 245)
    ImageDraw.Draw(image).text((250, 200), text, 40, ImageFont.truetype(FONT, 200), "mm")
    content = io.BytesIO()
    image.save(content, "JPEG", quality=85)
    return read(content.getvalue())


def test_most_digits_are_found_and_read() -> None:
    scores = [score(made, 0, read(made.content), 0) for made in map(scene, (2, 3, 6, 9, 12, 17))]
    written, found = sum(s.written for s in scores), sum(s.found for s in scores)
    # 98 % is what is wanted and not yet reached: benchmarks/scenes.py measures it on many more
    assert found >= 0.9 * written
    assert sum(s.right for s in scores) >= 0.93 * found
    assert max(s.false for s in scores) <= 1


@pytest.mark.parametrize(
    ("seed", "misread", "why"),
    [
        (5012, 1, "a faint grid, of which the crossings stay behind"),
        (5026, 0, "a digit that is joined to the edge by a line of which the writing leaves little to see"),
        (5060, 1, "strokes that are broken where the pen was faint"),
        (5020, 0, "a single 9 in two pieces"),
        (5047, 0, "two digits that touch, alone on the sheet"),
        (5059, 0, "two lines of two digits"),
        (5093, 0, "dark corners that are joined to the digit by a printed line"),
        (21046, 0, "a board so dark that a JPEG's colors mean nothing"),
        (31016, 0, "the edge of a shadow beside a digit that is sure"),
        (33002, 0, "digits that hang on the rim of their sheet by a printed line"),
        (33015, 2, "chalk that is dimmer in a shadow on the board"),
        (33036, 2, "four digits, three of which touch and are not held for one large one"),
    ],
)
def test_a_whole_picture_is_not_lost(seed: int, misread: int, why: str) -> None:
    made = scene(seed)
    result = score(made, seed, read(made.content), 0)
    assert (result.found, result.false) == (result.written, 0), why
    assert result.right >= result.written - misread, why


@pytest.mark.parametrize("seed", [5026, 5042, 5058])
def test_a_bright_sheet_on_a_dark_table_is_no_chalk(seed: int) -> None:
    reading = read(without_digits(seed).content)
    assert reading.text == ""


@pytest.mark.parametrize("seed", [32000, 20175])
def test_a_broad_pale_shadow_is_no_digit(seed: int) -> None:
    reading = read(without_digits(seed).content)
    assert reading.text == ""
    assert _("it is as thick as no pen's stroke") in {digit.reason for digit in reading.refused}


def test_two_digits_apart_are_not_made_one() -> None:
    made = scene(20083)
    result = score(made, 20083, read(made.content), 0)
    assert (result.found, result.right) == (2, 2)


@pytest.mark.parametrize("seed", [0, 5, 10, 15, 316, 325, 327, 420, 20036, 21117, 21238, 21283])
def test_pictures_without_digits_get_no_answer(seed: int) -> None:
    reading = read(without_digits(seed).content)
    assert reading.text == ""
    assert reading.reason


@pytest.mark.parametrize(
    ("seed", "why"),
    [
        (372, "it has more loops than any digit"),
        (492, "it has more loops than any digit"),
        (38008, "it is too faint to be told from a shadow"),
        (38005, "it is smaller than 8 pixels; take the picture from nearer"),
        (32006, "it is a line one pixel wide, not a stroke"),
        (404, "it is thick here and thin there, as shadows are and no pen's stroke"),
        (38013, judge.DOUBTFUL),
    ],
)
def test_scribbles_shadows_and_remains_of_lines_are_no_digits(seed: int, why: str) -> None:
    reading = read(without_digits(seed).content)
    assert reading.text == ""
    assert _(why) in {digit.reason for digit in reading.refused}


@pytest.mark.parametrize("text", ["W", "V", "N", "M", "가", "H", "K"])
def test_letters_are_no_digits(text: str) -> None:
    assert photographed(text).text == ""


@pytest.mark.parametrize("text", ["23", "47", "17"])
def test_two_digits_alone_are_read(text: str) -> None:
    assert photographed(text).text == text


def test_a_scene_is_made_by_its_seed_alone() -> None:
    assert scene(4).content == scene(4).content
    assert scene(4).content != scene(5).content


def test_six_ones_that_were_drawn_are_meant() -> None:
    test = glassnet.mnist().test
    ones = test.images[np.flatnonzero(test.labels == 1)[:6]].reshape(6, 28, 28)
    sheet = np.pad(255 - np.hstack([np.pad(image, 10) for image in ones]), 20, constant_values=255)
    content = io.BytesIO()
    Image.fromarray(sheet).save(content, "PNG")
    assert read(content.getvalue()).text == "111111"
