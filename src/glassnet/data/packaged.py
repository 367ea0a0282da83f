"""The MNIST that comes with glassnet, verified at first use; knows no other data.

The four files are the original ones, unzipped: reading them costs a fifth of inflating the .gz (docs/en/data.md).
A SHA-256 cannot be shared between threads, so the files are compared in pieces of 4 MB, each with its own sum.
"""

import functools
import hashlib
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassnet.data.four_files import NAMES, from_four
from glassnet.data.idx import LARGEST, PIXELS, Idx
from glassnet.data.sets import DataSets
from glassnet.errors import UnavailableError
from glassnet.locale import _

FOLDER = Path(__file__).parent / "mnist"
SOURCE = "MNIST, http://yann.lecun.com/exdb/mnist/ (Yann LeCun, Corinna Cortes; from NIST)"
LICENSE = "CC BY-SA 3.0"

SIZES = (47_040_016, 60_008, 7_840_016, 10_008)  # bytes of each file of `NAMES`
SHA256 = (  # of each whole file, as published
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
)
PIECE = 1 << 22
PIECES = (  # of each piece of each file; made from files that have the sums above, which a test repeats
    (
        "bf214b3890e9187fe5a75991a24c3572af78db5f932d639a57a07a5b209a5b7f",
        "08ac067ac25ea87b7c8affaf120bd833bb137942f066b27c2b340239bdc1fc86",
        "f42417e3494cf54673b780f4e11280e4cde158eb81fd3efa0b46b87a07fda03b",
        "733a44c25127cf18461eac8ce0a8c2695b7283c8ed69fea334b4c10ed6878a14",
        "bd16db99f4ea5f3a698bdf889ed544db753d40f61722ee4aa79b0525023c4b19",
        "8110bb733e7cf0c53fdf129498efea0c20ccab435074c41069dc575da7fafd2b",
        "608eda168ba1df5a68c1ea7bd735732dd7161c18aa6f1107b93dc9c945d7390c",
        "9c670e1a0534c60fd6f401e0536b945e2c8c9d3796e1864764aeef3e93b8055f",
        "aad9b9296eba5656cbaec6a81eab899aa8a9ed4742925e659da426ff93e50f07",
        "f33e745303b76a9f6a4b87e81ec3fd72f745bbe671e9affdc2acbb5bbb6b3d5a",
        "45d01b5a71210c2e32a40d8fab7b374a2d8f3c708bda04de8ed08d1b91996760",
        "9827b407e47e14b594deea781e2be155666a09d75f1a636740b159eaff65efe2",
    ),
    SHA256[1:2],
    (
        "6cd026ef67f5ace4714536a9afd3ce6499fd275af455eac59b821337fa93a74d",
        "2fd3d1effb6c8c391bb1d90d5b95c28290bf22dbbdbe502ecadc907a6c2d27e0",
    ),
    SHA256[3:4],
)
THREADS = 2


@functools.cache
def mnist() -> DataSets:
    """Return MNIST as the lecture has it: 55,000 training, 5,000 validation and 10,000 test images.

    All indices are 0-based. Validation is the first 5,000 images of the training file, so training image N is
    image N + 5,000 of that file. The first call reads 55 MB and compares all of it with known SHA-256 sums; later
    calls return the same object.

    Raises `UnavailableError` when a file is damaged or missing.
    Source: http://yann.lecun.com/exdb/mnist/, Creative Commons Attribution-ShareAlike 3.0.

    >>> import glassnet
    >>> data = glassnet.mnist()
    >>> data
    DataSets('mnist', 55,000 / 5,000 / 10,000 images)
    >>> data.validation.counts.tolist()
    [479, 563, 488, 493, 535, 434, 501, 550, 462, 495]
    """
    return read_mnist(FOLDER)


def read_mnist(folder: Path) -> DataSets:
    """Read MNIST's four files, raw, from `folder`; raises `UnavailableError` unless every byte is MNIST's own."""
    paths = [folder / name for name in NAMES]
    contents = [np.empty(size, np.uint8) for size in SIZES]
    for path, size, expected in zip(paths, SIZES, SHA256, strict=True):
        if not path.is_file() or path.stat().st_size != size:
            raise _damaged(path, expected)
    pieces = [(file, index) for file, sums in enumerate(PIECES) for index in range(len(sums))]
    bad: list[int] = []

    def work() -> None:
        """Take pieces until none is left; reading and hashing let the other thread run."""
        while pieces:
            try:
                file, index = pieces.pop()
            except IndexError:  # the other thread was quicker
                return
            if _read_piece(paths[file], contents[file], index) != PIECES[file][index]:
                bad.append(file)

    threads = [threading.Thread(target=work) for _ in range(THREADS - 1)]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()
    if bad:
        raise _damaged(paths[min(bad)], SHA256[min(bad)])
    return from_four(
        "mnist",
        paths,
        source=SOURCE,
        license_=LICENSE,
        verified=True,
        idx=[_without_header(content, sha256) for content, sha256 in zip(contents, SHA256, strict=True)],
    )


def _read_piece(path: Path, content: NDArray[np.uint8], index: int) -> str:
    """Fill piece `index` of `content` (uint8, the whole file) and return the piece's SHA-256, "" on failure."""
    view = content.data[index * PIECE : (index + 1) * PIECE]
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(index * PIECE)
            if file.readinto(view) != len(view):
                return ""
    except OSError:
        return ""
    return hashlib.sha256(view).hexdigest()


def _without_header(content: NDArray[np.uint8], sha256: str) -> Idx:
    """Return the values in an IDX file whose sum is known, so that its header need not be read."""
    dimensions = int(content[3])
    values = content[4 + 4 * dimensions :]
    values.flags.writeable = False
    return Idx(values.reshape(-1, PIXELS) if dimensions == 3 else values, sha256)


def _damaged(path: Path, expected: str) -> UnavailableError:
    found = _sha256(path)
    return UnavailableError(
        str(path),
        expected=f"SHA-256 {expected[:12]}…",
        found=f"SHA-256 {found[:12]}…" if found else _("no file that can be read"),
        advice=_("the file is damaged; reinstall: {command}").format(
            command="pip install --force-reinstall --no-deps glassnet"
        ),
    )


def _sha256(path: Path) -> str:
    """Return the sum of the file at `path` as it lies there, "" when it cannot be read."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return ""
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
