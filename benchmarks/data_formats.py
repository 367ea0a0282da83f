"""How MNIST should lie on the disk: time to have it in memory, with and without SHA-256, and room; decides nothing.

Every format is read back and compared with the original before it is timed. Rounds are interleaved, one of each
format after the other. Nibbles are not among them: MNIST has 256 levels of gray, four bits would lose some.

    python benchmarks/data_formats.py [--rounds 15]

To see a processor without SHA instructions: OPENSSL_ia32cap=":~0x20000000" before the command (x86, OpenSSL).
"""

import argparse
import gzip
import hashlib
import io
import os
import platform
import ssl
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glassnet.data.four_files import NAMES
from glassnet.data.packaged import FOLDER, SHA256, read_mnist

Arrays = list[NDArray[np.uint8]]
Reader = Callable[[Path, bool], Arrays]


def content_of(path: Path, hashed: bool) -> bytes:
    content = path.read_bytes()
    if hashed:
        hashlib.sha256(content).digest()
    return content


def parsed(content: bytes | NDArray[np.uint8]) -> NDArray[np.uint8]:
    values = np.frombuffer(content, np.uint8)
    return values[16:] if values[3] == 3 else values[8:]


def write_raw(folder: Path) -> None:
    for name in NAMES:
        (folder / name).write_bytes((FOLDER / name).read_bytes())


def read_raw(folder: Path, hashed: bool) -> Arrays:
    return [parsed(content_of(folder / name, hashed)) for name in NAMES]


def read_pieces(folder: Path, hashed: bool) -> Arrays:
    if not hashed:
        return read_raw(folder, hashed)
    train, validation, test = read_mnist(folder)
    images, labels = validation.images.base, validation.labels.base  # the whole files: nothing is copied here
    assert isinstance(images, np.ndarray)
    assert isinstance(labels, np.ndarray)
    assert len(train) == 55_000
    return [parsed(images), parsed(labels), test.images.reshape(-1), test.labels]


def write_gz(folder: Path) -> None:
    for name in NAMES:
        (folder / name).write_bytes(gzip.compress((FOLDER / name).read_bytes(), 9, mtime=0))


def read_gz(folder: Path, hashed: bool) -> Arrays:
    return [parsed(gzip.decompress(content_of(folder / name, hashed))) for name in NAMES]


def write_npz(folder: Path) -> None:
    np.savez(folder / "mnist.npz", **dict(zip("abcd", read_raw(FOLDER, False), strict=True)))  # type: ignore[arg-type]


def write_npz_deflated(folder: Path) -> None:
    arrays = dict(zip("abcd", read_raw(FOLDER, False), strict=True))
    np.savez_compressed(folder / "mnist.npz", **arrays)  # type: ignore[arg-type]


def read_npz(folder: Path, hashed: bool) -> Arrays:
    path = folder / "mnist.npz"
    source = io.BytesIO(content_of(path, hashed)) if hashed else path
    with np.load(source, allow_pickle=False) as file:
        return [file[key] for key in "abcd"]


def write_mask(folder: Path) -> None:
    for name, values in zip(NAMES, read_raw(FOLDER, False), strict=True):
        (folder / name).write_bytes(np.packbits(values > 0).tobytes() + values[values > 0].tobytes())


def read_mask(folder: Path, hashed: bool) -> Arrays:
    arrays = []
    for name, size in zip(NAMES, (47_040_000, 60_000, 7_840_000, 10_000), strict=True):
        packed = np.frombuffer(content_of(folder / name, hashed), np.uint8)
        mask = np.unpackbits(packed[: size // 8], count=size).view(bool)
        values = np.zeros(size, np.uint8)
        values[mask] = packed[size // 8 :]
        arrays.append(values)
    return arrays


FORMATS: dict[str, tuple[Callable[[Path], None], Reader]] = {
    "IDX, one sum a file": (write_raw, read_raw),
    "IDX, pieces on two threads": (write_raw, read_pieces),
    "IDX, gzip": (write_gz, read_gz),
    "npz": (write_npz, read_npz),
    "npz, deflated": (write_npz_deflated, read_npz),
    "bit mask and inked bytes": (write_mask, read_mask),
}


def megabytes(folder: Path) -> tuple[float, float]:
    """Room on the disk, and in a wheel, which deflates every file."""
    contents = [path.read_bytes() for path in folder.iterdir()]
    return sum(map(len, contents)) / 1e6, sum(len(zlib.compress(one, 6)) for one in contents) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    original = read_raw(FOLDER, False)
    assert [hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in NAMES] == list(SHA256)
    seconds: dict[tuple[str, bool], list[float]] = {
        (name, hashed): [] for name in FORMATS for hashed in (False, True)
    }
    with tempfile.TemporaryDirectory() as top:
        folders = {name: Path(top) / str(index) for index, name in enumerate(FORMATS)}
        for name, (write, read) in FORMATS.items():
            folders[name].mkdir()
            write(folders[name])
            for hashed in (False, True):  # also warms up the disk's cache
                for got, expected in zip(read(folders[name], hashed), original, strict=True):
                    np.testing.assert_array_equal(got.reshape(-1), expected)
        rooms = {name: megabytes(folder) for name, folder in folders.items()}
        for _round in range(rounds):
            for (name, hashed), times in seconds.items():
                start = time.perf_counter()
                FORMATS[name][1](folders[name], hashed)
                times.append(time.perf_counter() - start)

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    capabilities = os.environ.get("OPENSSL_ia32cap", "as they are")  # noqa: SIM112 - OpenSSL's own name
    print(f"{processor()}, {cores} cores, capabilities {capabilities}; {platform.system()}")
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {ssl.OPENSSL_VERSION}")
    print(f"{rounds} rounds, files in the disk's cache: median (fastest–slowest)")
    print()
    print("| format | disk, MB | wheel, MB | read, ms | read and SHA-256, ms |")
    print("|---|---|---|---|---|")
    for name, (disk, wheel) in rooms.items():
        print(
            f"| {name} | {disk:.1f} | {wheel:.1f} | {spread(seconds[name, False])} | {spread(seconds[name, True])} |"
        )


def spread(times: list[float]) -> str:
    """Median (fastest to slowest)."""
    low, middle, high = (1000 * value for value in (min(times), statistics.median(times), max(times)))
    return f"{middle:.0f} ({low:.0f}–{high:.0f})"


def processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or sys.platform


if __name__ == "__main__":
    main()
