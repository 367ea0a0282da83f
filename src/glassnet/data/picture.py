"""One picture file to 28 × 28 gray levels, safely; neither crops, centers nor inverts.

A file is treated as hostile: five formats, and one look at the header before a pixel is decoded.
"""

import os
import stat
import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glassnet.data.idx import SIDE
from glassnet.errors import FileFormatError, InputError, reason
from glassnet.locale import N_, _

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "PPM")  # Pillow's names; PPM reads PGM
MAX_BYTES = 16 * 1024 * 1024  # of the file: the largest sensible 28 x 28 picture has a few thousand
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


def read_gray(file: str | os.PathLike[str]) -> NDArray[np.uint8]:
    """Read a picture of 28 × 28 pixels: (28, 28) uint8, 0 black … 255 white, whatever the ink.

    PNG, JPEG, WebP, BMP or PGM. The phone's orientation is honored, transparency lies over white paper, color becomes
    luminance (ITU-R 601), 16 bits become 8.

    Raises `FileFormatError` for a file that is none of the five formats, damaged or larger than 16 MiB, `InputError`
    for a missing file, a folder or a picture of another size.
    """
    source = os.fsdecode(file)
    return _gray(source, _content(source))


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
        raise InputError(source, expected=_("a picture"), found=reason(error)) from error
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
