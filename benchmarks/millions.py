"""Labels for 8,100,000 images in an IDX file: how many a second, and how much memory of its own the process takes.

    python benchmarks/millions.py [--images 8100000] [--folder FOLDER]      the file takes 6.4 GB, and is removed

The file holds MNIST's training images again and again, so that every label is known beforehand. Pages of the file that
the system keeps in memory are not the process's own (RssAnon in /proc/self/status): they are given back when needed.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import glassnet
from glassnet.data.idx import read_images

PIXELS = 784


def own_memory() -> float:
    """Return the megabytes that belong to this process alone."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return 0.0


def write(path: Path, images: NDArray[np.uint8], count: int) -> None:
    """Write `count` images (n, 784), beginning anew when they end."""
    with path.open("wb") as file:
        for number in (2051, count, 28, 28):
            file.write(number.to_bytes(4, "big"))
        for first in range(0, count, len(images)):
            file.write(images[: min(len(images), count - first)].tobytes())


def main() -> None:
    """Write the file, label it, say what it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=8_100_000)
    parser.add_argument(
        "--folder", help="where the file is written (default: the system's folder for such files)"
    )
    asked = parser.parse_args()
    network, images = glassnet.Network(seed=0), glassnet.mnist().train.images
    known = network.predict(images)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        path = Path(folder) / "images-idx3-ubyte"
        write(path, images, asked.images)
        for turn in ("first", "second"):
            before, began = own_memory(), time.perf_counter()
            labels = network.predict(read_images(path).values.reshape(-1, PIXELS))
            seconds, grown = time.perf_counter() - began, own_memory() - before
            right = all(
                np.array_equal(part, known[: len(part)])
                for part in np.split(labels, range(len(known), len(labels), len(known)))
            )
            print(
                f"{turn} time: {len(labels):,} images in {seconds:.2f} s ({len(labels) / seconds / 1e6:.2f} million a "
                f"second), {grown:.0f} MB more memory, of which the labels {labels.nbytes / 2**20:.0f}; "
                f"labels {'as from memory' if right else 'WRONG'}",
                flush=True,
            )


if __name__ == "__main__":
    main()
