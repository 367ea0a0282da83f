"""Small data sets on disk."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from glassnet.data.four_files import NAMES

FourFiles = Callable[..., list[np.ndarray]]


@pytest.fixture
def four_files() -> FourFiles:
    """A function that writes MNIST's four files into a folder and returns their arrays, in the order of NAMES."""

    def write(folder: Path, train: int = 24, test: int = 10, *, zipped: bool = False) -> list[np.ndarray]:
        random = np.random.default_rng(5)
        arrays = []
        for name, count in zip(NAMES, (train, train, test, test), strict=True):
            if "images" in name:
                values = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
            else:
                values = (np.arange(count) % 10).astype(np.uint8)
            content = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape) + values.tobytes()
            file = folder / (f"{name}.gz" if zipped else name)
            file.write_bytes(gzip.compress(content, mtime=0) if zipped else content)
            arrays.append(values)
        return arrays

    return write
