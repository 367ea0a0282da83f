"""How far from the limit: what a job must read and compute, what this machine can do at best, and instructions.

The limit is the longer of two times, each at this machine's best measured rate on one thread (peak.cpp):
    reading     an epoch's packed images once, two bytes an inked pixel; images to label, a byte a pixel
    computing   16-lane products with their additions: each inked pixel with each panel of 16 neurons, forward and,
                in an epoch, back; each input of the layers above with each panel, forward and (twice) back
Instructions are counted by Valgrind's callgrind, without a clock: many epochs' less one epoch's.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.task import Epoch
from benchmarks.timing import ROOT

import glassnet
from glassnet.engine import core

FLAGS = {"avx512": ["-mavx512f", "-mprefer-vector-width=512"], "avx2": ["-mavx2"], "baseline": [], "neon": []}
COUNTED = 5_000  # images
EPOCHS = (1, 6)  # their difference leaves out all that happens once


def panels(neurons: int) -> int:
    """Return how many panels of 16 neurons there are."""
    return -(-neurons // 16)


def work(job: Epoch) -> dict[str, float]:
    """Return what one epoch must do: inked pixels, bytes of packed images, 16-lane products."""
    ink = int(np.count_nonzero(job.pixels))
    first, *above = pairwise(job.sizes)
    products = 2 * ink * panels(first[1])
    products += sum(3 * job.images * inputs * panels(neurons) for inputs, neurons in above)
    return {"ink": ink, "bytes": 2 * ink, "products": products}


def labeling(images: int, sizes: tuple[int, ...]) -> dict[str, float]:
    """Return the same for labels of so many test images, from their bytes."""
    pixels = glassnet.mnist().test.images[:images]
    ink = int(np.count_nonzero(pixels))
    first, *above = pairwise(sizes)
    products = ink * panels(first[1]) + sum(images * inputs * panels(neurons) for inputs, neurons in above)
    return {"ink": ink, "bytes": pixels.size, "products": products}


def peak() -> dict[str, float]:
    """Return the machine's rates (peak.cpp) for the instruction set in use; empty without a C++ compiler."""
    compiler = os.environ.get("CXX") or shutil.which("c++")
    if compiler is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        program = str(Path(folder) / "peak")
        flags = ["-O3", "-std=c++20", "-ffp-contract=off", *FLAGS[core.info().isa]]
        subprocess.run([compiler, *flags, str(ROOT / "benchmarks/peak.cpp"), "-o", program], check=True)
        runs = [
            json.loads(subprocess.run([program], check=True, capture_output=True).stdout) for _ in range(5)
        ]
    return {name: max(run[name] for run in runs) for name in runs[0]}


def instructions(sizes: tuple[int, ...], batch: int = 100) -> dict[str, Any]:
    """Return instructions for one image of an epoch, and the instruction set; empty without Valgrind."""
    if shutil.which("valgrind") is None:
        return {}
    isa = "avx2" if ("avx2", True) in core.info().compiled else core.info().isa  # Valgrind knows no AVX-512
    counts = []
    for epochs in EPOCHS:
        code = (
            f"from benchmarks import ours; run, look, _ = ours.epoch(sizes={list(sizes)}, images={COUNTED}, "
            f"batch={batch}, optimizer={'sgd' if batch == 1 else 'momentum'!r})\nfor _ in range({epochs}): run()"
        )
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"GLASSNET_ISA": isa, "GLASSNET_THREADS": "1", "PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            check=True,
        )
        found = re.search(r"Collected : (\d+)", done.stderr)
        assert found is not None, done.stderr[-500:]
        counts.append(int(found[1]))
    return {"isa": isa, "an image": (counts[1] - counts[0]) / (EPOCHS[1] - EPOCHS[0]) / COUNTED}


def measured() -> dict[str, Any]:
    """Return everything this file knows, for the record."""
    epochs = [
        ("epoch", (784, 14, 10), 100),
        ("784-128-64-10", (784, 128, 64, 10), 100),
        ("784-800-10", (784, 800, 10), 100),
        ("one by one", (784, 30, 10), 1),
    ]
    jobs = [
        {
            "row": row,
            "sizes": list(sizes),
            "batch": batch,
            **work(Epoch(sizes)),
            "instructions": instructions(sizes, batch) if row != "784-800-10" else {},
        }
        for row, sizes, batch in epochs
    ]
    labels = {"row": "labels", "sizes": [784, 14, 10], **labeling(10_000, (784, 14, 10)), "instructions": {}}
    return {"peak": peak(), "jobs": [*jobs, labels]}
