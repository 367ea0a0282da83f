"""The sheet on a table, the canvas in a window: what lies beside it is not read."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

import glassnet
from glassnet.pictures import read, sheet

Floats = NDArray[np.float64]

SHAPE = (600, 800)


def table(kind: str) -> Floats:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    rng = np.random.default_rng(3)
    if kind == "stripes":
        return np.asarray(60 + 10 * np.sin(x / 9))
    if kind == "wood":
        grain = ndimage.gaussian_filter(rng.normal(size=SHAPE), (1.2, 40))
        return np.asarray(110 * (1 + 0.08 * grain / grain.std()))
    return np.asarray(90 + 25 * ((x // 40 + y // 40) % 2))


def lying(turn: float, part: float) -> Floats:
    """Where the sheet is, turned by degrees; `part` of the picture's sides is its own."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    angle = np.deg2rad(turn)
    u = (x - 400) * np.cos(angle) + (y - 300) * np.sin(angle)
    v = (y - 300) * np.cos(angle) - (x - 400) * np.sin(angle)
    return np.asarray((abs(u) < 400 * part) & (abs(v) < 300 * part), float)


def photograph(surface: Floats, where: Floats, number: int) -> bytes:
    image = glassnet.mnist().test.images[number].reshape(28, 28)
    ink = np.zeros(SHAPE)
    ink[160:440, 260:540] = (
        np.asarray(Image.fromarray(image).resize((280, 280), Image.Resampling.BICUBIC)) / 255
    )
    where = ndimage.gaussian_filter(where, 1)
    gray = 200 * (1 - 0.7 * ink) * where + surface * (1 - where)
    return saved(gray + np.random.default_rng(5).normal(0, 4, SHAPE), "JPEG")


def in_color(gray: bytes, where: Floats, beside: tuple[float, float, float]) -> bytes:
    """Return a photograph with the colors of `beside`, as parts of its brightness, where no sheet lies."""
    levels = np.asarray(Image.open(io.BytesIO(gray)).convert("L"), float)[..., None]
    where = ndimage.gaussian_filter(where, 1)[..., None]
    return saved(levels * (where + np.array(beside) * (1 - where)), "JPEG")


def saved(gray: Floats, kind: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.asarray(np.clip(gray, 0, 255), np.uint8)).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["stripes", "wood", "cloth"])
@pytest.mark.parametrize(("turn", "part"), [(0, 0.93), (8, 0.8), (-14, 0.75)])
def test_a_digit_on_a_sheet_on_a_table_is_read(kind: str, turn: float, part: float) -> None:
    reading = read(photograph(table(kind), lying(turn, part), 0))
    assert (reading.text, reading.refused) == ("7", ())


@pytest.mark.parametrize(("turn", "part"), [(0, 0.93), (8, 0.8), (-14, 0.75)])
def test_a_sheet_is_told_from_wood_that_is_as_bright_by_its_color(turn: float, part: float) -> None:
    where = lying(turn, part)
    gray = photograph(table("wood") * 200 / 110, where, 0)
    colored = in_color(gray, where, (1.12, 1.0, 0.7))  # 0.3, 0.6 and 0.1 of them are the brightness
    picture = Image.open(io.BytesIO(colored))
    levels = np.asarray(picture.convert("L"))
    assert sheet.find(levels) is None
    found = sheet.find(levels, np.asarray(picture))
    assert found is not None
    assert not (found & (where == 0)).any()
    assert found.sum() > 0.93 * where.sum()
    reading = read(colored)
    assert (reading.text, reading.refused) == ("7", ())


@pytest.mark.parametrize(("turn", "part"), [(8, 0.7), (-14, 0.65)])
def test_a_sheet_that_lies_wholly_on_a_light_desk_is_found(turn: float, part: float) -> None:
    where = lying(turn, part)
    reading = read(photograph(np.full(SHAPE, 172.0), where, 0))
    assert (reading.text, reading.refused) == ("7", ())
    found = sheet.find(np.asarray(200 * where + 172 * (1 - where), np.uint8))
    assert found is not None
    assert not (found & (where == 0)).any()


def test_a_pale_shadow_on_a_sheet_is_no_sheet() -> None:
    where = lying(8, 0.7)
    assert sheet.find(np.asarray(172 * where + 200 * (1 - where), np.uint8)) is None


def test_what_reaches_over_the_edge_of_the_sheet_is_not_read() -> None:
    where = lying(0, 0.85)
    where[470:, 380:420] = 0  # a finger
    assert read(photograph(np.full(SHAPE, 120.0), where, 0)).text == "7"


def test_an_empty_sheet_on_a_table_is_blank() -> None:
    where = lying(8, 0.8)
    reading = read(saved(200 * where + table("stripes") * (1 - where), "JPEG"))
    assert (reading.text, reading.refused) == ("", ())


def test_what_stands_in_a_window_beside_the_canvas_is_not_read() -> None:
    image = Image.new("L", (800, 600), 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 800, 30), 225)
    draw.text((20, 8), "Untitled 1", 20)
    draw.rectangle((788, 31, 800, 600), 230)
    draw.rectangle((790, 150, 798, 250), 180)
    draw.line([(330, 150), (480, 150), (380, 450)], 0, 14, "curve")
    assert read(saved(np.asarray(image, float), "PNG")).text == "7"


def test_a_soft_shadow_parts_no_sheet() -> None:
    x = np.mgrid[:600, :800][1]
    assert sheet.find(np.asarray(200 - 80 / (1 + np.exp((x - 400) / 16)), np.uint8)) is None


def test_a_broad_stroke_is_no_sheet() -> None:
    gray = np.full(SHAPE, 200, np.uint8)
    gray[40:560, 330:450] = 60
    assert sheet.find(gray) is None


def test_the_sheet_is_found_where_it_lies() -> None:
    where = lying(8, 0.8)
    found = sheet.find(np.asarray(200 * where + table("cloth") * (1 - where), np.uint8))
    assert found is not None
    assert not (found & (where == 0)).any()
    assert found.sum() > 0.93 * where.sum()
