"""A digit in the terminal shows the image's own pixels, in color and without, at any width."""

import io
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import glassnet
from glassnet.show.digit import Matrix, half_blocks, tenths

SEVEN = glassnet.mnist().test.images[0].reshape(28, 28)


def shown(thing: object, width: int = 100, *, encoding: str = "utf-8", **how: Any) -> list[str]:
    sheet = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    Console(file=sheet, width=width, highlight=False, **how).print(thing)
    sheet.seek(0)
    return [line.rstrip() for line in sheet.read().splitlines()]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLASSNET_LANG", "en")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_in_color_every_pixel_has_its_own_gray() -> None:
    lines = shown(half_blocks(SEVEN), force_terminal=True, color_system="truecolor")
    assert len(lines) == 14
    for number, line in enumerate(lines):
        grays = re.findall(r"\x1b\[38;2;(\d+);\1;\1;48;2;(\d+);\2;\2m(▀+)", line)
        pixels = [(int(upper), int(lower)) for upper, lower, blocks in grays for _block in blocks]
        assert pixels == list(zip(SEVEN[2 * number].tolist(), SEVEN[2 * number + 1].tolist(), strict=True))


@pytest.mark.parametrize("how", [{}, {"force_terminal": True, "color_system": "truecolor", "no_color": True}])
def test_without_color_shades_stand_for_pixels(how: dict[str, Any]) -> None:
    lines = shown(half_blocks(SEVEN), **how)
    assert lines[3] == "      ░▄▄▄"
    assert lines[4] == "      ▀▓▀▓▓██▓████▓█▓░"
    assert not any("\x1b" in line for line in lines)


def test_where_there_are_no_blocks_letters_stand_for_pixels() -> None:
    lines = shown(half_blocks(SEVEN), encoding="ascii")
    assert len(lines) == 14
    assert set("".join(lines)) <= set(" .:+#@")
    assert "@" in lines[4]


def test_shades_are_the_nearest_pairs() -> None:
    pairs = np.array([[0, 64, 128, 191, 255, 255, 0], [0, 64, 128, 191, 255, 0, 255]], np.uint8)
    assert shown(half_blocks(pairs)) == [" ░▒▓█▀▄"]


def test_an_odd_number_of_rows_loses_none() -> None:
    assert shown(half_blocks(np.full((3, 2), 255, np.uint8))) == ["██", "▀▀"]


def test_the_matrix_is_the_slides() -> None:
    lines = shown(Matrix(SEVEN))
    assert len(lines) == 28
    assert lines[0].split() == ["0"] * 28
    assert " ".join(lines[7].split()[5:13]) == "0 .3 .7 .6 .6 .2 .1 0"
    for row, line in zip(SEVEN, lines, strict=True):
        for level, text in zip(row, line.split(), strict=True):
            assert abs(float(text) - level / 255) <= 0.05 + 1e-9


def test_columns_stand_below_each_other() -> None:
    lines = shown(Matrix(SEVEN))
    assert {len(line) for line in lines} == {83}
    assert all(line[2::3].strip() == "" for line in lines)


@given(st.integers(0, 255))
def test_tenths_are_rounded(level: int) -> None:
    text = tenths(level)
    assert abs(float(text) - level / 255) <= 0.05
    assert text in {"0", "1"} | {f".{digit}" for digit in range(1, 10)}


@pytest.mark.parametrize("width", [82, 60, 40, 20])
def test_a_narrow_terminal_loses_no_ink(width: int) -> None:
    lines = shown(Matrix(SEVEN), width)
    assert max(map(len, lines)) <= width
    rebuilt = np.zeros((28, 28))
    row, first, last = 0, 0, -1
    pending = ""
    for line in lines:
        pending = f"{pending} {line}".strip() if pending or line.startswith("columns") else ""
        if heading := re.match(r"columns (\d+) to (\d+)", pending):
            first, last, row, pending = int(heading[1]), int(heading[2]), 0, ""
            continue
        numbers = line.split()
        if (
            len(numbers) == last - first + 1
            and row < 28
            and all(re.fullmatch(r"[01]|\.\d", n) for n in numbers)
        ):
            rebuilt[row, first : last + 1] = [float(number) for number in numbers]
            row += 1
    assert np.abs(rebuilt - SEVEN / 255).max() <= 0.05 + 1e-9


def test_a_blank_image_has_a_matrix_too() -> None:
    lines = shown(Matrix(np.zeros((28, 28), np.uint8)), 40)
    assert lines[0].startswith("columns 0 to 12")
    assert all(line.split() == ["0"] * 13 for line in lines[-28:])
