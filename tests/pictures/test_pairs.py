"""Two digits that stand close, alone on a sheet: not two strokes of one."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from glassnet.pictures import read

WIDTH = 17  # of the pen, in pixels
THREE = [
    (0, 30),
    (30, 4),
    (80, 0),
    (120, 40),
    (110, 85),
    (60, 110),
    (115, 140),
    (128, 190),
    (90, 235),
    (40, 240),
    (0, 215),
]
ONE = [(0, 0), (0, 240)]
SEVEN = [(0, 0), (145, 0), (60, 240)]
FIVE = [(120, 0), (15, 0), (5, 105), (60, 90), (115, 120), (125, 180), (90, 230), (40, 240), (0, 220)]


def drawing(*strokes: tuple[list[tuple[int, int]], int]) -> bytes:
    """Draw polylines (points, pixels from the left) with a round pen, and return the PNG."""
    image = Image.new("L", (620, 420), 255)
    draw = ImageDraw.Draw(image)
    for points, left in strokes:
        moved = [(x + left, y + 90) for x, y in points]
        draw.line(moved, 0, WIDTH, "curve")
        for x, y in moved:
            draw.ellipse((x - WIDTH / 2, y - WIDTH / 2, x + WIDTH / 2, y + WIDTH / 2), 0)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def photograph(content: bytes) -> bytes:
    """Make a drawing paler, in uneven light and with a camera's noise."""
    gray = np.asarray(Image.open(io.BytesIO(content)), float) / 255
    light = np.linspace(160, 220, gray.shape[1]) * (0.3 + 0.7 * gray)
    noisy = np.clip(light + np.random.default_rng(1).normal(0, 5, gray.shape), 0, 255)
    file = io.BytesIO()
    Image.fromarray(noisy.astype(np.uint8)).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize("gap", [3, 6, 10, 14, 20, 40])
def test_a_one_beside_a_three_is_read(gap: int) -> None:
    assert read(drawing((THREE, 180), (ONE, 180 + 128 + WIDTH + gap))).text == "31"


@pytest.mark.parametrize(
    ("text", "right", "gap"), [("17", SEVEN, 3), ("17", SEVEN, 6), ("17", SEVEN, 10), ("11", ONE, 14)]
)
def test_a_one_beside_another_digit_is_read_on_a_photograph(
    text: str, right: list[tuple[int, int]], gap: int
) -> None:
    assert read(photograph(drawing((ONE, 250), (right, 250 + WIDTH + gap)))).text == text


@pytest.mark.parametrize("gap", [3, 6, 10])
def test_a_bar_that_the_pen_was_lifted_for_is_part_of_its_digit(gap: int) -> None:
    body = [(5, 10), *FIVE[2:]]
    bar = [(5 + WIDTH + gap, 10), (125, 10)]
    assert read(drawing((body, 220), (bar, 220))).text == "5"
