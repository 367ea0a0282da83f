"""Picture files of 28 x 28 pixels; never resizes, centers or cleans one.

    image   (784,) uint8, row by row from the top left: paper 0, full ink 255, as MNIST has it
    border  the 108 outermost pixels; their median is the background

A file is treated as hostile: five formats, one look at the header before a pixel is decoded, no answer for a blank.
"""

import os
import stat
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import FileFormatError, InputError, UnavailableError
from glassnet.locale import N_, _

if TYPE_CHECKING:
    from PIL import Image

SIDE = 28
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "PPM")  # Pillow's names; PPM reads PGM
MAX_BYTES = 16 * 1024 * 1024  # of the file: the largest sensible 28 x 28 picture has a few thousand

STROKE = 64  # gray levels above the background from which a pixel counts as a stroke
BLANK = 1_000  # a fifth of the ink (gray levels added) in the faintest of MNIST's 70,000 digits, 5,086

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
class Picture:
    """A 28 x 28 picture as the network reads it.

    `image` is (784,) uint8 and read-only: background near 0, ink up to 255. `inverted` says that the file had dark
    ink on light paper and was turned round. `source` is the file's name as it was given.
    """

    image: NDArray[np.uint8]
    inverted: bool
    source: str

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The ink's bounding box: x, y, width and height in pixels, from the top left."""
        square = self.image.reshape(SIDE, SIDE)
        border = _border(square)
        background = int(np.median(border))
        # A clean background (MNIST, a drawing) counts every gray pixel; a noisy one (JPEG) only the strokes.
        clean = np.mean(border == background) >= 0.9
        ink = square > background + (0 if clean else STROKE)
        rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
        x, y = int(columns[0]), int(rows[0])
        return x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1


def read28(file: str | os.PathLike[str]) -> Picture:
    """Read a 28 x 28 picture from a PNG, JPEG, WebP, BMP or PGM file.

    The phone's orientation is honored, transparency lies over white paper, color becomes luminance (ITU-R 601),
    16 bits become 8. A picture whose border is light (median above 127) is inverted, since MNIST's ink is white on
    black; the result says so. Nothing else is changed: a picture saved from MNIST comes back byte for byte.

    Raises `FileFormatError` for a file that is none of the five formats, damaged or larger than 16 MiB,
    `InputError` for a missing file, a folder or a picture of another size, and `UnavailableError` for a blank
    picture: it gets no answer.

    >>> import tempfile
    >>> square = np.full((28, 28), 255, np.uint8)  # a 1 in black on white, as a PGM file
    >>> square[4:24, 13:15] = 0
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "one.pgm"
    ...     count = file.write_bytes(b"P5 28 28 255 " + square.tobytes())
    ...     picture = read28(file)
    >>> picture.inverted, picture.box, int(picture.image.max())
    (True, (13, 4, 2, 20), 255)
    """
    source = os.fsdecode(file)
    square = _gray(source, _content(source))
    background = int(np.median(_border(square)))
    inverted = background > 127
    if inverted:
        square = 255 - square
        background = 255 - background
    above = np.clip(square.astype(np.int32) - background, 0, None)
    if int(above[above >= STROKE].sum()) < BLANK:
        raise UnavailableError(
            source,
            found=_("a blank picture"),
            advice=_("without ink there is no digit, so there is no answer"),
        )
    image = np.ascontiguousarray(square).reshape(SIDE * SIDE)
    image.setflags(write=False)
    return Picture(image, inverted, source)


def _border(square: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.concatenate([square[0], square[-1], square[1:-1, 0], square[1:-1, -1]])


def _content(source: str) -> bytes:
    """Return the file's bytes; looks before it opens, since opening a pipe would wait forever."""
    try:
        status = os.stat(source)
        if stat.S_ISDIR(status.st_mode):
            raise InputError(source, expected=_("a picture"), found=_("a folder"))
        if not stat.S_ISREG(status.st_mode):
            raise InputError(source, expected=_("a picture"), found=_("a pipe or device"))
        if status.st_size > MAX_BYTES:
            raise FileFormatError(
                source,
                expected=_("at most {count} MiB").format(count=MAX_BYTES // 2**20),
                found=_("{count} bytes").format(count=f"{status.st_size:,}"),
            )
        return Path(source).read_bytes()
    except FileNotFoundError:
        raise InputError(source, expected=_("a picture"), found=_("no such file")) from None
    except OSError as error:
        raise InputError(source, expected=_("a picture"), found=error.strerror or str(error)) from error
    except ValueError as error:  # a null character in the name; our own errors above pass through
        if isinstance(error, InputError):
            raise
        raise InputError(repr(source), expected=_("a picture"), found=_("no such file")) from error


def _gray(source: str, content: bytes) -> NDArray[np.uint8]:
    """Return the picture as (28, 28) gray levels of its own polarity."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if not content:
        raise FileFormatError(source, expected=_(_FORMATS_READ), found=_("an empty file (0 bytes)"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # oddities in the metadata
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(content), formats=FORMATS) as picture:
                if picture.size != (SIDE, SIDE):
                    raise _other_size(source, "{} × {}".format(*picture.size))
                return _levels(source, ImageOps.exif_transpose(picture))
        except InputError:
            raise
        except UnidentifiedImageError as error:
            raise FileFormatError(source, expected=_(_FORMATS_READ), found=_kind(content)) from error
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _other_size(source, _("far more")) from error
        except Exception as error:  # a hostile file can make a decoder raise anything
            raise FileFormatError(
                source,
                expected=_("a whole picture"),
                found=_("a damaged one ({reason})").format(reason=error),
            ) from error


def _levels(source: str, picture: "Image.Image") -> NDArray[np.uint8]:
    from PIL import Image

    if picture.mode == "F":
        raise FileFormatError(source, expected=_("8 or 16 bits a pixel"), found=_("floating-point numbers"))
    if picture.mode.startswith("I"):  # 16 bits; Pillow's own conversion would clip at 255
        wide = np.asarray(picture).astype(np.int64)
        levels = np.clip((wide + 128) // 257, 0, 255).astype(np.uint8)
        if isinstance(key := picture.info.get("transparency"), int):
            levels[wide == key] = 255
        return levels
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    if picture.mode not in ("1", "L"):
        picture = picture.convert("RGB")
    return np.array(picture.convert("L"))


_FORMATS_READ = N_("a PNG, JPEG, WebP, BMP or PGM picture")


def _other_size(source: str, found: str) -> InputError:
    return InputError(
        source,
        expected=_("28 × 28 pixels with one digit"),
        found=found,
        advice=_("photographs and other sizes are not read yet; crop and scale the digit first"),
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
