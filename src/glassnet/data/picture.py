"""Picture files to gray levels, safely: 28 × 28, or a photograph; neither crops, centers nor inverts.

A file is treated as hostile: five formats, and one look at the header before a pixel is decoded.
"""

import os
import stat
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glassnet.data.idx import SIDE
from glassnet.errors import FileFormatError, InputError, reason
from glassnet.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "PPM")  # Pillow's names; PPM reads PGM
MAX_BYTES = 16 * 1024 * 1024  # of the file: the largest sensible 28 x 28 picture has a few thousand
MAX_PHOTO_BYTES = 256 * 1024 * 1024  # 64 million pixels of 16-bit color as BMP, and no more
MAX_PIXELS = 64_000_000  # of a photograph; phones have up to 50 million
WORK_PIXELS = 3_200_000  # what is looked at: beyond it a photograph is reduced by a whole factor
SMALL_COLOR = 600  # pixels of the longer side at which colors are kept, about
STRIP = 256  # rows of what is looked at that are converted at once: whole pictures would take many times their room
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".pgm")

# First bytes of what people send by mistake, so that the error can name it. Each is at offset 0.
_OTHERS = (
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"%PDF", "PDF"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
    (b"PK\3\4", "ZIP"),
)


@dataclass(frozen=True)
class Levels:
    """A photograph as `gray` (height, width) uint8, 0 black … 255 white, of at most 3.2 million pixels.

    `factor` is how many pixels of the file, along either side, became one; `size` the file's (width, height) as it
    is looked at, its orientation honored. `lossy`: the file keeps no exact grays, as JPEG does not. `color` (h, w, 3)
    uint8 is the same in red, green and blue, made small (about 600 pixels a side); None where the file has none.
    """

    gray: NDArray[np.uint8]
    factor: int
    size: tuple[int, int]
    lossy: bool
    color: NDArray[np.uint8] | None = None


def read_gray(file: str | os.PathLike[str]) -> NDArray[np.uint8]:
    """Read a picture of 28 × 28 pixels: (28, 28) uint8, 0 black … 255 white, whatever the ink.

    PNG, JPEG, WebP, BMP or PGM. The phone's orientation is honored, transparency lies over white paper, color becomes
    luminance (ITU-R 601), 16 bits become 8.

    Raises `FileFormatError` for a file that is none of the five formats, damaged or larger than 16 MiB, `InputError`
    for a missing file, a folder or a picture of another size.
    """
    source = os.fsdecode(file)
    with _opened(source, _content(source, MAX_BYTES)) as picture:
        if picture.size != (SIDE, SIDE):
            raise _other_size(source, "{} × {}".format(*picture.size))
        return _levels(source, _upright(picture))


def read_photo(file: str | os.PathLike[str] | bytes) -> Levels:
    """Read a picture of any size from a file or from a file's bytes, as `read_gray` does; a large one is reduced.

    Raises `FileFormatError` for what is none of the five formats, damaged, larger than 256 MiB or of more than 64
    million pixels, `InputError` for a missing file or a folder.
    """
    if isinstance(file, bytes):
        source, content = _("the picture"), file
    else:
        source = os.fsdecode(file)
        content = _content(source, MAX_PHOTO_BYTES)
    with _opened(source, content) as picture:
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise _too_large(source, f"{width} × {height}")
        factor = 1
        while width * height > WORK_PIXELS * factor * factor:
            factor += 1
        picture.draft(None, (-(-width // factor), -(-height // factor)))  # a JPEG is decoded at a fraction
        rest = max(1, round(width / picture.width))
        gray = _levels(source, _upright(picture), max(1, factor // rest))
        color = _small_color(picture)
        lossy = picture.format == "JPEG" or (picture.format == "WEBP" and b"VP8L" not in content[:64])
    turned = (gray.shape[1] > gray.shape[0]) != (width > height) and width != height
    size = (height, width) if turned else (width, height)
    return Levels(gray, max(1, factor // rest) * rest, size, lossy, color)


def _content(source: str, most: int) -> bytes:
    """Return the file's bytes; looks before it opens, since opening a pipe would wait forever."""
    try:
        status = os.stat(source)
        if stat.S_ISDIR(status.st_mode):
            raise InputError(source, expected=_("a picture"), found=_("a folder"))
        if not stat.S_ISREG(status.st_mode):
            raise InputError(source, expected=_("a picture"), found=_("a pipe or device"))
        if status.st_size > most:
            raise FileFormatError(
                source,
                expected=_("at most {count} MiB").format(count=most // 2**20),
                found=_("{count} bytes").format(count=f"{status.st_size:,}"),
            )
        return Path(source).read_bytes()
    except FileNotFoundError:
        raise InputError(source, expected=_("a picture"), found=_("no such file")) from None
    except OSError as error:
        raise InputError(source, expected=_("a picture"), found=reason(error)) from error
    except ValueError as error:  # a null character in the name; our own errors above pass through
        if isinstance(error, InputError):
            raise
        raise InputError(repr(source), expected=_("a picture"), found=_("no such file")) from error


@contextmanager
def _opened(source: str, content: bytes) -> "Iterator[Image.Image]":
    """Give the picture with its header read; whatever a decoder raises inside becomes one of our errors."""
    from PIL import Image, UnidentifiedImageError

    if not content:
        raise FileFormatError(source, expected=_(_FORMATS_READ), found=_("an empty file (0 bytes)"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # oddities in the metadata
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(content), formats=FORMATS) as picture:
                yield picture
        except InputError:
            raise
        except UnidentifiedImageError as error:
            raise FileFormatError(source, expected=_(_FORMATS_READ), found=_kind(content)) from error
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large(source, _("far more")) from error
        except Exception as error:  # a hostile file can make a decoder raise anything
            raise FileFormatError(
                source,
                expected=_("a whole picture"),
                found=_("a damaged one ({reason})").format(reason=error),
            ) from error


def _upright(picture: "Image.Image") -> "Image.Image":
    from PIL import ImageOps

    ImageOps.exif_transpose(picture, in_place=True)  # a copy of a large picture would double its room
    return picture


def _levels(source: str, picture: "Image.Image", factor: int = 1) -> NDArray[np.uint8]:
    if picture.mode == "F":
        raise FileFormatError(source, expected=_("8 or 16 bits a pixel"), found=_("floating-point numbers"))
    rows = STRIP * factor
    tops = range(0, picture.height, rows)
    boxes = [(0, top, picture.width, min(top + rows, picture.height)) for top in tops]
    return np.concatenate([_strip(picture.crop(box), factor) for box in boxes])


def _small_color(picture: "Image.Image") -> NDArray[np.uint8] | None:
    """Return a color picture (h, w, 3), made small by a whole factor; None for any other, also with transparency."""
    if picture.mode != "RGB" or picture.has_transparency_data:
        return None
    return np.array(picture.reduce(max(1, round(max(picture.size) / SMALL_COLOR))))


def _strip(picture: "Image.Image", factor: int) -> NDArray[np.uint8]:
    """Gray levels of a few rows, each square of `factor` × `factor` pixels as their mean."""
    from PIL import Image

    if picture.mode.startswith("I"):  # 16 bits; Pillow's own conversion would clip at 255
        wide = np.clip(np.asarray(picture), 0, 65535).astype(np.int32)
        levels = ((wide + 128) // 257).astype(np.uint8)
        if isinstance(key := picture.info.get("transparency"), int):
            levels[wide == key] = 255
        return levels if factor == 1 else np.array(Image.fromarray(levels).reduce(factor))
    if picture.mode in ("L", "RGB") and factor > 1 and not picture.has_transparency_data:
        picture = picture.reduce(
            factor
        )  # the mean of whole pixels, before color becomes gray: less to convert
        factor = 1
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    if picture.mode not in ("1", "L"):
        picture = picture.convert("RGB")
    gray = picture.convert("L")
    return np.array(gray if factor == 1 else gray.reduce(factor))


_FORMATS_READ = N_("a PNG, JPEG, WebP, BMP or PGM picture")


def _other_size(source: str, found: str) -> InputError:
    return InputError(
        source,
        expected=_("28 × 28 pixels with one digit"),
        found=found,
        advice=_("glassnet predict reads photographs and other sizes"),
    )


def _too_large(source: str, found: str) -> FileFormatError:
    return FileFormatError(
        source,
        expected=_("at most {count:,} pixels").format(count=MAX_PIXELS),
        found=found,
        advice=_("make the picture smaller, or cut out the part with the digits"),
    )


def _kind(content: bytes) -> str:
    head = content[:64].lstrip()
    if content[4:8] == b"ftyp":
        return "HEIC"
    for magic, kind in _OTHERS:
        if head.startswith(magic):
            return kind
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"BM", b"P5", b"P2")):
        return _("a damaged one ({reason})").format(reason=_("its beginning is broken"))
    return _("something else")
