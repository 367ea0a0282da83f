"""What files `glassnet.pictures.read` takes: formats, modes, sizes, and hostile ones; scenes are elsewhere."""

import os
import struct
import subprocess
import sys
import textwrap
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, features

from glassnet.data.picture import MAX_PHOTO_BYTES, WORK_PIXELS, read_photo
from glassnet.engine import native
from glassnet.errors import FileFormatError, GlassnetError, InputError
from glassnet.pictures import Reading, read


def digit() -> np.ndarray:
    """A 7 with gray edges: white ink on black, box (5, 4, 17, 20)."""
    square = np.zeros((28, 28), np.uint8)
    square[4:6, 5:22] = 255
    for y in range(6, 24):
        x = 20 - (y - 6) // 2
        square[y, x - 1 : x + 2] = (90, 255, 130)
    return square


def framed() -> np.ndarray:
    """The 7 as the network sees it: moved, so that its center of mass is MNIST's."""
    image = native.frame(digit())
    assert image is not None
    return image


def seen(file: Path) -> tuple[Reading, np.ndarray]:
    """The reading of a picture with one digit, and the digit's image."""
    reading = read(file)
    (found,) = reading.digits + reading.refused
    return reading, found.image.reshape(28, 28)


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
def test_lossless_files_keep_every_gray_level(tmp_path: Path, name: str) -> None:
    assert features.check("webp")
    options = {"lossless": True} if name.endswith("webp") else {}
    reading, image = seen(write(tmp_path, name, Image.fromarray(digit()), **options))
    np.testing.assert_array_equal(image, framed())
    assert reading.text == "7"
    assert not reading.inverted
    assert reading.digits[0].box == (5, 4, 17, 20)
    assert reading.source == str(tmp_path / name)
    assert reading.size == (28, 28)


def test_a_file_s_bytes_are_read_like_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "a.png", Image.fromarray(digit()))
    np.testing.assert_array_equal(read(file.read_bytes()).digits[0].image, read(file).digits[0].image)


def test_jpeg_is_close(tmp_path: Path) -> None:
    reading, image = seen(write(tmp_path, "a.jpg", Image.fromarray(255 - digit()), quality=80))
    assert reading.inverted
    # its center of mass lies near the middle between two pixels, so that JPEG may move the image by one
    moved = [np.roll(image.astype(int), shift, 1) - framed() for shift in (-1, 0, 1)]
    assert min(np.abs(difference).mean() for difference in moved) < 2
    x, y, width, height = (*reading.digits, *reading.refused)[0].box
    assert abs(x - 5) <= 2
    assert abs(y - 4) <= 2
    assert abs(x + width - 22) <= 2
    assert abs(y + height - 24) <= 2


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
        np.testing.assert_array_equal(seen(write(tmp_path, name, picture))[1], framed(), err_msg=name)


def test_bilevel_and_transparency(tmp_path: Path) -> None:
    sharp = (digit() > 127) * np.uint8(255)
    expected = native.frame(sharp)
    assert expected is not None
    np.testing.assert_array_equal(seen(write(tmp_path, "1.png", Image.fromarray(digit() > 127)))[1], expected)
    wide = np.where(digit() > 127, 0, 777).astype(np.uint16)
    reading, image = seen(write(tmp_path, "16.png", Image.fromarray(wide), transparency=777))
    assert reading.inverted
    np.testing.assert_array_equal(image, expected)
    black = Image.new("L", (28, 28), 0)
    reading, image = seen(write(tmp_path, "over.png", Image.merge("LA", (black, Image.fromarray(digit())))))
    assert reading.inverted
    np.testing.assert_array_equal(image, framed())
    white = Image.new("L", (28, 28), 255)
    nothing = read(write(tmp_path, "white.png", Image.merge("LA", (white, Image.fromarray(digit())))))
    assert nothing.reason is not None


def test_the_phone_s_orientation_is_honored(tmp_path: Path) -> None:
    wide = np.pad(digit(), ((0, 0), (0, 40)))
    turned = Image.fromarray(wide).transpose(Image.Transpose.ROTATE_90)  # 6: turn clockwise to see it upright
    exif = Image.Exif()
    exif[0x0112] = 6
    for name in ("a.png", "a.jpg"):
        reading, image = seen(write(tmp_path, name, turned, exif=exif))
        assert reading.size == (68, 28)
        assert np.abs(image.astype(int) - framed()).mean() < 16
    assert reading.text == "7"


def test_colors_are_kept_small_and_upright(tmp_path: Path) -> None:
    turned = Image.new("RGB", (1300, 700), (200, 0, 0))
    turned.paste((0, 0, 200), (0, 0, 1300, 350))  # the upper half, which is the right one once it is upright
    exif = Image.Exif()
    exif[0x0112] = 6
    for name in ("a.png", "a.jpg"):
        color = read_photo(write(tmp_path, name, turned, exif=exif)).color
        assert color is not None
        assert color.shape == (650, 350, 3)
        np.testing.assert_allclose(color[300, [20, 330]], [[200, 0, 0], [0, 0, 200]], atol=4)
    for mode in ("L", "1", "P", "RGBA"):
        assert read_photo(write(tmp_path, f"{mode}.png", turned.convert(mode))).color is None


@pytest.mark.parametrize("level", [0, 40, 127, 128, 255])
def test_a_blank_sheet_gets_no_answer(tmp_path: Path, level: int) -> None:
    noise = np.random.default_rng(1).integers(-12, 13, (280, 280))
    sheet = np.clip(level + noise, 0, 255).astype(np.uint8)
    for name, square in {"flat.png": np.full_like(sheet, level), "noisy.png": sheet}.items():
        reading = read(write(tmp_path, name, Image.fromarray(square)))
        assert len(reading) == 0
        assert reading.reason
        assert reading.text == ""


def test_a_large_picture_is_looked_at_reduced_and_its_boxes_are_the_file_s(tmp_path: Path) -> None:
    page = Image.new("L", (4000, 3000), 250)
    large = Image.fromarray(255 - digit()).resize((420, 420), Image.Resampling.LANCZOS)
    page.paste(large, (2000, 1200))
    for name in ("a.png", "a.jpg"):
        reading = read(write(tmp_path, name, page))
        assert reading.stages["gray"].size <= WORK_PIXELS
        x, y, width, height = reading.digits[0].box
        assert reading.text == "7"
        assert abs(x - (2000 + 5 * 15)) < 12
        assert abs(y - (1200 + 4 * 15)) < 12
        assert abs(width - 17 * 15) < 16
        assert abs(height - 20 * 15) < 16


@pytest.mark.parametrize("size", [(10_000, 10_000), (65_500, 65_500), (2**31 - 1, 2**31 - 1)])
def test_a_header_that_claims_too_much_is_refused_without_decoding(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    file = tmp_path / "bomb.png"
    file.write_bytes(png(*size))
    with pytest.raises(InputError, match="64,000,000 pixels"):
        read(file)


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
        read(file)


def test_floating_point_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.pfm"
    file.write_bytes(b"Pf\n28 28\n-1.0\n" + np.ones(784, "<f4").tobytes())
    with pytest.raises(FileFormatError, match="floating"):
        read(file)


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
            read(file)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    with file.open("wb") as sparse:
        sparse.truncate(MAX_PHOTO_BYTES + 1)
    with pytest.raises(FileFormatError, match="256 MiB"):
        read(file)


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
        reading = read(file)
    except GlassnetError as error:
        assert error.exit_code in (1, 2)
        assert str(error)
    else:
        width, height = reading.size
        assert bool(reading.text) == (reading.reason is None)
        for found in (*reading.digits, *reading.refused):
            assert found.image.shape == (784,)
            x, y, wide, tall = found.box
            assert 0 <= x < x + wide <= width + 1
            assert 0 <= y < y + tall <= height + 1


def test_every_truncation_ends_in_a_clear_error_or_a_picture(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    for content in valid():
        for length in range(0, len(content), 1 + len(content) // 120):
            file.write_bytes(content[:length])
            total(file)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
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


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.binary(max_size=400), magic=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"BM", b"P5", b"RIFF"])
)
def test_any_bytes_end_in_a_clear_error_or_a_picture(tmp_path: Path, content: bytes, magic: bytes) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(magic + content)
    total(file)


READ = """
    import resource, sys
    from glassnet.pictures import read

    read("small.png")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(len(read("large.png").digits), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is counted in other units elsewhere")
@pytest.mark.parametrize("kind", ["RGBA", "16 bits"])
def test_the_largest_picture_takes_little_more_room_than_its_pixels(kind: str, tmp_path: Path) -> None:
    """56 million pixels: 225 MB as RGBA, 112 as 16 bits, and the file; many times that if converted at once."""
    gray = np.full((6900, 8192), 235, np.uint8)
    gray[1400:4200, 1400:4200] = 235 - np.kron(digit() // 2, np.ones((100, 100), np.uint8))
    picture = Image.fromarray(gray.astype(np.uint16) * 257 if kind == "16 bits" else gray)
    Image.fromarray(gray[::100, ::100]).save(tmp_path / "small.png")
    (picture.convert("RGBA") if kind == "RGBA" else picture).save(tmp_path / "large.png", compress_level=1)
    command = [sys.executable, "-c", textwrap.dedent(READ)]
    digits, megabytes = subprocess.check_output(command, cwd=tmp_path, text=True).split()
    assert int(digits) == 1
    assert int(megabytes) < 450
