"""IDX files, the format of MNIST: reads unsigned bytes with one to three dimensions; writes nothing.

An IDX file is a header of big-endian numbers, then the bytes, row by row:

    0  2 bytes   zero
    2  1 byte    number type; 0x08 is the unsigned byte, the only one read here
    3  1 byte    number of dimensions d: 1 for labels, 3 for images
    4  4·d bytes the dimensions
"""

import hashlib
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import FileFormatError, InputError, reason
from glassnet.locale import _

LARGEST = 1 << 30
"""More bytes of data than this are looked at in the file instead of in memory (1 GiB; MNIST's largest has 47 MB)."""

SIDE = 28
PIXELS = SIDE * SIDE
CHUNK = 1 << 18  # read, then hash, while the bytes are still in the cache
DEFLATE_RATIO = 1032  # deflate cannot do better: a header that asks for more is lying


@dataclass(frozen=True, eq=False)
class Idx:
    """What an IDX file holds.

    `values`: uint8, read-only, of the file's own dimensions; beyond 1 GiB a memory map of the file, which must stay as
    it is meanwhile. `sha256`: of the whole file, unzipped, 64 hex digits.
    """

    values: NDArray[np.uint8]
    sha256: str


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readinto(self, buffer: memoryview, /) -> int | None: ...


def read_idx(path: str | os.PathLike[str]) -> Idx:
    """Read an IDX file of unsigned bytes, raw or gzipped (the first two bytes tell, not the name).

    Everything the header says is checked against the size of the file before memory is asked for. A raw file of more
    than 1 GiB is mapped: `Network.predict` labels millions of its images in the memory of a few thousand.

    Raises `FileFormatError` when the file is not IDX, cut short, too long or damaged, or holds more than 1 GiB
    gzipped; `InputError` when it is not a readable file. Source of the format: http://yann.lecun.com/exdb/mnist/

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "labels"
    ...     _ = path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3]) + bytes([7, 2, 1]))
    ...     read_idx(path).values
    array([7, 2, 1], dtype=uint8)
    """
    path = Path(path)
    if not path.exists():
        raise InputError(str(path), expected=_("an IDX file"), found=_("nothing there"))
    if not path.is_file():  # a pipe would make us wait for ever
        raise InputError(str(path), expected=_("an IDX file"), found=_("something that is not a file"))
    try:
        with path.open("rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            zipped = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if zipped:
                return _read_zipped(path, file, size)
            return _read(path, file, size, exact=True)
    except OSError as error:
        raise InputError(str(path), expected=_("a readable file"), found=reason(error)) from error


def _read_zipped(path: Path, file: BinaryIO, size: int) -> Idx:
    import gzip
    import zlib

    again = _("the file is damaged; copy or download it again")
    try:
        with gzip.GzipFile(fileobj=file) as stream:
            return _read(path, stream, size * DEFLATE_RATIO, exact=False)
    except EOFError as error:
        raise FileFormatError(
            str(path), expected=_("a whole gzip file"), found=_("one that is cut short"), advice=again
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise FileFormatError(str(path), expected=_("a gzip file"), found=str(error), advice=again) from error


def _read(path: Path, stream: _Stream, size: int, *, exact: bool) -> Idx:
    """Read from `stream`, which has `size` bytes (`exact`) or at most so many."""
    name = str(path)
    header, shape = _read_header(name, stream)
    count = math.prod(shape)  # Python's integers do not overflow
    total = len(header) + count
    expected = _("{count} bytes, as its header says").format(count=f"{total:,}")
    if count > LARGEST and not exact:
        raise FileFormatError(
            name,
            expected=_("at most {count} bytes").format(count=f"{LARGEST:,}"),
            found=f"{' × '.join(map(str, shape))}",
            advice=_("unzip it: a plain file may be larger"),
        )
    if total > size or (exact and total != size):
        raise FileFormatError(
            name,
            expected=expected,
            found=f"{size:,}" if exact else _("a compressed file that cannot hold them"),
            advice=_("the file is damaged; copy or download it again"),
        )
    if count > LARGEST:
        mapped = np.memmap(path, np.uint8, "r", offset=len(header), shape=shape)
        with path.open("rb") as file:
            return Idx(np.asarray(mapped), hashlib.file_digest(file, "sha256").hexdigest())
    values = np.empty(count, np.uint8)
    digest = hashlib.sha256(header)
    position = 0
    view = values.data
    while position < count:
        got = stream.readinto(view[position : position + CHUNK]) or 0
        if got == 0:
            break
        digest.update(view[position : position + got])
        position += got
    if position < count or stream.read(1):
        raise FileFormatError(
            name,
            expected=expected,
            found=f"{len(header) + position:,}" if position < count else _("more"),
            advice=_("the file is damaged; copy or download it again"),
        )
    values.flags.writeable = False
    return Idx(values.reshape(shape), digest.hexdigest())


def _read_header(name: str, stream: _Stream) -> tuple[bytes, tuple[int, ...]]:
    magic = _read_fully(stream, 4)
    if len(magic) < 4:
        raise FileFormatError(
            name, expected=_("an IDX file"), found=_("{count} bytes").format(count=len(magic))
        )
    dimensions = magic[3]
    if magic[:3] != b"\x00\x00\x08" or not 1 <= dimensions <= 3:
        raise FileFormatError(
            name,
            expected=_("an IDX file of bytes (magic 0x00000801 to 0x00000803)"),
            found=f"0x{magic.hex()}",
        )
    sizes = _read_fully(stream, 4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise FileFormatError(
            name,
            expected=_("a header of {count} bytes").format(count=4 + 4 * dimensions),
            found=f"{4 + len(sizes)}",
            advice=_("the file is damaged; copy or download it again"),
        )
    shape = tuple(int.from_bytes(sizes[i : i + 4], "big") for i in range(0, len(sizes), 4))
    return magic + sizes, shape


def _read_fully(stream: _Stream, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return data


def read_images(path: str | os.PathLike[str]) -> Idx:
    """Read an IDX file of 28 × 28 images: `values` uint8 (n, 784), 0 paper … 255 ink.

    Raises what `read_idx` raises, and `FileFormatError` for another size or another number of dimensions.
    """
    idx = read_idx(path)
    if idx.values.ndim != 3:
        raise FileFormatError(
            str(path),
            expected=_("images (three dimensions)"),
            found=_("{count} dimensions").format(count=idx.values.ndim),
        )
    count, height, width = idx.values.shape
    if (height, width) != (SIDE, SIDE):
        raise FileFormatError(str(path), expected=_("images of 28 × 28 pixels"), found=f"{width} × {height}")
    return Idx(idx.values.reshape(count, PIXELS), idx.sha256)


def read_labels(path: str | os.PathLike[str]) -> Idx:
    """Read an IDX file of labels: `values` uint8 (n,), 0 … 9.

    Raises what `read_idx` raises, and `FileFormatError` for more than one dimension or a label above 9.
    """
    idx = read_idx(path)
    if idx.values.ndim != 1:
        raise FileFormatError(
            str(path),
            expected=_("labels (one dimension)"),
            found=_("{count} dimensions").format(count=idx.values.ndim),
        )
    if idx.values.size and idx.values.max() > 9:
        raise FileFormatError(
            str(path),
            expected=_("labels from 0 to 9"),
            found=str(idx.values.max()),
            advice=_("the network has ten outputs, one a class"),
        )
    return idx
