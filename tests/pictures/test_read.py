"""Tests of `glassnet.pictures.read`: the formats, the polarity, the refusals, and hostile files."""

import os
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, features

from glassnet.data.picture import MAX_BYTES
from glassnet.errors import FileFormatError, GlassnetError, InputError, UnavailableError
from glassnet.pictures import read28
from glassnet.pictures.read import BLANK


def digit() -> np.ndarray:
    """A 7 with gray edges: white ink on black, box (5, 4, 17, 20)."""
    square = np.zeros((28, 28), np.uint8)
    square[4:6, 5:22] = 255
    for y in range(6, 24):
        x = 20 - (y - 6) // 2
        square[y, x - 1 : x + 2] = (90, 255, 130)
    return square


def write(folder: Path, name: str, picture: Image.Image, **options: Any) -> Path:
    file = folder / name
    picture.save(file, **options)
    return file


def png(width: int, height: int) -> bytes:
    """A PNG that declares a size and carries next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.pgm", "a.webp"])
def test_lossless_files_come_back_byte_for_byte(tmp_path: Path, name: str) -> None:
    assert features.check("webp")
    options = {"lossless": True} if name.endswith("webp") else {}
    picture = read28(write(tmp_path, name, Image.fromarray(digit()), **options))
    assert picture.image.shape == (784,)
    assert picture.image.dtype == np.uint8
    assert not picture.image.flags.writeable
    np.testing.assert_array_equal(picture.image.reshape(28, 28), digit())
    assert not picture.inverted
    assert picture.box == (5, 4, 17, 20)
    assert picture.source == str(tmp_path / name)


def test_jpeg_is_close_and_its_box_ignores_the_noise(tmp_path: Path) -> None:
    picture = read28(write(tmp_path, "a.jpg", Image.fromarray(255 - digit()), quality=80))
    assert picture.inverted
    assert np.abs(picture.image.reshape(28, 28).astype(int) - digit()).mean() < 6
    x, y, width, height = picture.box
    assert abs(x - 5) <= 1
    assert abs(y - 4) <= 1
    assert abs(x + width - 22) <= 1
    assert abs(y + height - 24) <= 1


def test_every_mode_gives_the_same_gray_levels(tmp_path: Path) -> None:
    gray = Image.fromarray(digit())
    opaque = Image.new("L", (28, 28), 255)
    wide = Image.fromarray(digit().astype(np.uint16) * 257)
    files = {
        "rgb.png": gray.convert("RGB"),
        "rgba.png": gray.convert("RGBA"),
        "la.png": Image.merge("LA", (gray, opaque)),
        "palette.png": gray.convert("P"),
        "wide.png": wide,
        "wide.pgm": wide,
    }
    for name, picture in files.items():
        found = read28(write(tmp_path, name, picture))
        np.testing.assert_array_equal(found.image.reshape(28, 28), digit(), err_msg=name)


def test_bilevel(tmp_path: Path) -> None:
    found = read28(write(tmp_path, "a.png", Image.fromarray(digit() > 127)))
    np.testing.assert_array_equal(found.image.reshape(28, 28), (digit() > 127) * 255)


def test_16_bit_transparent_gray_is_paper(tmp_path: Path) -> None:
    wide = np.where(digit() > 0, 0, 777).astype(np.uint16)
    found = read28(write(tmp_path, "a.png", Image.fromarray(wide), transparency=777))
    assert found.inverted
    np.testing.assert_array_equal(found.image.reshape(28, 28), (digit() > 0) * 255)


def test_transparency_lies_over_white(tmp_path: Path) -> None:
    black = Image.new("L", (28, 28), 0)
    found = read28(write(tmp_path, "a.png", Image.merge("LA", (black, Image.fromarray(digit())))))
    assert found.inverted
    np.testing.assert_array_equal(found.image.reshape(28, 28), digit())


def test_white_ink_on_transparency_is_blank(tmp_path: Path) -> None:
    white = Image.new("L", (28, 28), 255)
    with pytest.raises(UnavailableError):
        read28(write(tmp_path, "a.png", Image.merge("LA", (white, Image.fromarray(digit())))))


def test_the_phone_s_orientation_is_honored(tmp_path: Path) -> None:
    turned = Image.fromarray(digit()).transpose(
        Image.Transpose.ROTATE_90
    )  # 6: turn clockwise to see it upright
    exif = Image.Exif()
    exif[0x0112] = 6
    found = read28(write(tmp_path, "a.png", turned, exif=exif))
    np.testing.assert_array_equal(found.image.reshape(28, 28), digit())


def test_blue_ink_on_paper(tmp_path: Path) -> None:
    square = np.full((28, 28, 3), (250, 245, 230), np.uint8)
    square[digit() > 127] = (20, 30, 160)
    found = read28(write(tmp_path, "a.png", Image.fromarray(square)))
    assert found.inverted
    assert found.box == (5, 4, 17, 20)


@pytest.mark.parametrize("level", [0, 40, 127, 128, 255])
def test_a_blank_sheet_gets_no_answer(tmp_path: Path, level: int) -> None:
    noise = np.random.default_rng(1).integers(-12, 13, (28, 28))
    sheet = np.clip(level + noise, 0, 255).astype(np.uint8)
    for name, square in {"flat.png": np.full_like(sheet, level), "noisy.png": sheet}.items():
        with pytest.raises(UnavailableError, match="blank") as caught:
            read28(write(tmp_path, name, Image.fromarray(square)))
        assert caught.value.exit_code == 1


def test_a_speck_is_blank_and_a_thin_stroke_is_not(tmp_path: Path) -> None:
    speck = np.zeros((28, 28), np.uint8)
    speck[14, 14:17] = 255  # 765 < BLANK
    with pytest.raises(UnavailableError):
        read28(write(tmp_path, "speck.png", Image.fromarray(speck)))
    stroke = np.zeros((28, 28), np.uint8)
    stroke[9:19, 14] = 255
    assert read28(write(tmp_path, "stroke.png", Image.fromarray(stroke))).box == (14, 9, 1, 10)


@pytest.mark.parametrize("size", [(27, 28), (28, 27), (1, 1), (8, 8), (4032, 3024)])
def test_another_size_is_refused_with_the_size_found(tmp_path: Path, size: tuple[int, int]) -> None:
    file = write(tmp_path, "a.png", Image.new("L", size, 255))
    with pytest.raises(InputError, match=f"{size[0]} × {size[1]}"):
        read28(file)


@pytest.mark.parametrize("size", [(10_000, 10_000), (65_500, 65_500), (2**31 - 1, 2**31 - 1)])
def test_a_header_that_claims_too_much_is_refused_without_decoding(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    file = tmp_path / "bomb.png"
    file.write_bytes(png(*size))
    with pytest.raises(InputError, match="28 × 28"):
        read28(file)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "0 bytes"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 28 28\n", "EPS"),
        (b"%PDF-1.7\n", "PDF"),
        (b"GIF89a" + bytes(20), "GIF"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "HEIC"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\x80\x04\x95", "something else"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"P5 28 28 255 " + bytes(783), "damaged"),
        (png(28, 28), "damaged"),
    ],
)
def test_other_and_damaged_files_are_named(tmp_path: Path, content: bytes, named: str) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(content)
    with pytest.raises(FileFormatError, match=named):
        read28(file)


def test_floating_point_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.pfm"
    file.write_bytes(b"Pf\n28 28\n-1.0\n" + np.ones(784, "<f4").tobytes())
    with pytest.raises(FileFormatError, match="floating"):
        read28(file)


def test_missing_folder_pipe_and_null(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    cases: list[tuple[Path | str, str]] = [
        (tmp_path / "missing.png", "no such file"),
        (tmp_path, "a folder"),
        (tmp_path / "pipe", "a pipe"),
        ("a\0b.png", "no such file"),
        ("", "no such file"),
        ("x" * 5000, "name too long"),
    ]
    for file, named in cases:
        with pytest.raises(InputError, match=f"(?i){named}"):
            read28(file)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    with file.open("wb") as sparse:
        sparse.truncate(MAX_BYTES + 1)
    with pytest.raises(FileFormatError, match="16 MiB"):
        read28(file)


def valid() -> list[bytes]:
    contents = []
    options: dict[str, Any]
    for kind, picture, options in [
        ("PNG", Image.fromarray(digit()), {}),
        ("JPEG", Image.fromarray(digit()).convert("CMYK"), {}),
        ("WEBP", Image.fromarray(digit()).convert("RGBA"), {}),
        ("BMP", Image.fromarray(digit()).convert("P"), {}),
        ("PPM", Image.fromarray(digit()), {}),
    ]:
        buffer = BytesIO()
        picture.save(buffer, kind, **options)
        contents.append(buffer.getvalue())
    return contents


def total(file: Path) -> None:
    """Read the file: a picture, or one of our errors; never anything else."""
    try:
        picture = read28(file)
    except GlassnetError as error:
        assert error.exit_code in (1, 2)
        assert str(error)
    else:
        assert picture.image.shape == (784,)
        x, y, width, height = picture.box
        assert 0 <= x < x + width <= 28
        assert 0 <= y < y + height <= 28


def test_every_truncation_ends_in_a_clear_error_or_a_picture(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    for content in valid():
        for length in range(0, len(content), 1 + len(content) // 300):
            file.write_bytes(content[:length])
            total(file)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(which=st.integers(0, 4), data=st.data())
def test_any_damage_ends_in_a_clear_error_or_a_picture(
    tmp_path: Path, which: int, data: st.DataObject
) -> None:
    content = bytearray(valid()[which])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path / "a.png"
    file.write_bytes(content)
    total(file)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.binary(max_size=400), magic=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"BM", b"P5", b"RIFF"])
)
def test_any_bytes_end_in_a_clear_error_or_a_picture(tmp_path: Path, content: bytes, magic: bytes) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(magic + content)
    total(file)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 2**32 - 1), paper=st.integers(0, 60))
def test_a_picture_and_its_negative_are_read_alike(tmp_path: Path, seed: int, paper: int) -> None:
    square = np.full((28, 28), paper, np.uint8)
    square[6:22, 6:22] = np.random.default_rng(seed).integers(paper, 256, (16, 16))
    light = write(tmp_path, "light.png", Image.fromarray(255 - square))
    dark = write(tmp_path, "dark.png", Image.fromarray(square))
    np.testing.assert_array_equal(read28(light).image, read28(dark).image)
    assert read28(light).box == read28(dark).box


def test_the_blank_limit_is_a_fifth_of_the_faintest_digit() -> None:
    import glassnet

    sets = glassnet.mnist()
    faintest = min(int(s.images.sum(1, dtype=np.int64).min()) for s in sets)
    assert faintest == 5086
    assert faintest / 5 >= BLANK
