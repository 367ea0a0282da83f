"""What is measured, as data: each row's contenders, and the factor that glassnet promises over each of its peers."""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.task import Epoch
from benchmarks.timing import ROOT, Contender, python, threads

from glassnet.engine.numpy_training import flatten

OURS = "glassnet"
LECTURE = [784, 14, 10]


@dataclass(frozen=True)
class Row:
    """One job and those who do it.

    `promised`: at least so many times as fast as the best of a group. `figures`: seconds that others stated for one
    of the `per` parts of a run. `same_bits`: results are equal to the last bit, not just within a tolerance.
    `accuracy`: to be reached on the test images.
    """

    key: str
    what: Mapping[str, str]
    contenders: Sequence[Contender]
    promised: Mapping[str, float]
    per: int = 1
    figures: Mapping[str, float] = field(default_factory=dict)
    same_bits: bool = False
    accuracy: float = 0.0


@dataclass(frozen=True)
class Asked:
    """What the command line asks for.

    `peers` is the Python that has the peers, `folder` takes files that a contender reads, `images` are those of an
    epoch, `counts` the numbers of threads to try, `cold` asks for processes that find no file in memory, too.
    """

    peers: str
    folder: Path
    images: int = 55_000
    counts: tuple[int, ...] = (1, 2)
    cold: bool = False


def rows(asked: Asked) -> Iterator[Row]:
    """Yield every row."""
    peers, images, counts = asked.peers, asked.images, asked.counts
    small = {"sizes": LECTURE, "images": images}
    yield Row(
        "epoch",
        {"en": "one epoch, 784-14-10", "ko": "1에포크, 784-14-10"},
        [
            *_ours(small, counts),
            *_numpy(small, counts),
            *_torch(small, peers, counts, compiled=True),
            *_jax(small, peers, counts),
        ],
        {"PyTorch": 25, "PyTorch, by hand": 0, "NumPy": 8, "JAX": 9},
    )
    for sizes, factor in (([784, 128, 64, 10], 4.0), ([784, 800, 10], 1.5)):
        name = "-".join(map(str, sizes))
        job = {"sizes": sizes, "images": images}
        yield Row(
            name,
            {"en": f"one epoch, {name}", "ko": f"1에포크, {name}"},
            [*_ours(job, counts), *_torch(job, peers, counts)],
            {"PyTorch": factor, "PyTorch, by hand": 0},
        )
    alone = {"sizes": [784, 30, 10], "images": images, "batch": 1, "optimizer": "sgd", "rate": 0.1}
    yield Row(
        "one by one",
        {"en": "learning one image, 784-30-10", "ko": "이미지 한 장 학습, 784-30-10"},
        [*_ours(alone, counts), python("NumPy", "1 thread", "ours.numpy_epoch", alone, **threads(1))],
        {"fast-mnist-nn": 8, "NumPy": 0},
        per=images,
        figures={"fast-mnist-nn": 9.9e-6},
    )
    many = {"images": 10_000, "sizes": LECTURE}
    yield Row(
        "labels",
        {"en": "10,000 images to labels", "ko": "이미지 10,000장 판독"},
        [
            *(python(OURS, _n(n), "ours.labels", many, **threads(n)) for n in counts),
            *(
                python(
                    "ONNX Runtime",
                    f"{how}, {_n(n)}",
                    "peer_onnx.labels",
                    many | {"threads": n, "in_graph": g},
                    peers,
                )
                for n in counts
                for how, g in (("ArgMax in the graph", True), ("argmax of NumPy", False))
            ),
        ],
        {"ONNX Runtime": 10},
    )
    one = {"sizes": LECTURE}
    kinds = (
        (
            "one image",
            "ours.one_image",
            False,
            4,
            {"en": "one image, from Python", "ko": "이미지 한 장, 파이썬에서"},
        ),
        (
            "one image, bound",
            "ours.bound_image",
            True,
            0,
            {"en": "the same, bound before", "ko": "같은 일, 미리 묶어 두고"},
        ),
    )
    for key, function, bound, least, what in kinds:
        both = [
            python("ONNX Runtime", _n(n), "peer_onnx.one_image", one | {"threads": n, "bound": bound}, peers)
            for n in counts
        ]
        yield Row(key, what, [python(OURS, "", function, one, **threads(1)), *both], {"ONNX Runtime": least})
    yield from _processes(asked)
    yield Row(
        "wasm",
        {"en": "one epoch, WebAssembly under Node", "ko": "1에포크, Node의 WebAssembly"},
        [
            _wasm(Epoch(tuple(LECTURE), images), asked.folder),
            python("baseline build", "1 thread", "ours.epoch", small, GLASSNET_ISA="baseline", **threads(1)),
        ],
        {"baseline build": 0.7},
        same_bits=True,
    )


def _n(count: int) -> str:
    return f"{count} thread" + "s" * (count > 1)


def _ours(job: Mapping[str, object], counts: Sequence[int]) -> list[Contender]:
    return [python(OURS, _n(n), "ours.epoch", job, **threads(n)) for n in counts]


def _numpy(job: Mapping[str, object], counts: Sequence[int]) -> list[Contender]:
    return [python("NumPy", _n(n), "ours.numpy_epoch", job, **threads(n)) for n in counts]


def _jax(job: Mapping[str, object], peers: str, counts: Sequence[int]) -> list[Contender]:
    one = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}
    return [
        python("JAX", _n(n), "peer_jax.scan", job, peers, **threads(n), **(one if n == 1 else {}))
        for n in counts
    ]


def _torch(
    job: Mapping[str, object], peers: str, counts: Sequence[int], *, compiled: bool = False
) -> list[Contender]:
    """Compiling takes torch.compile most of a minute: only where it is asked for."""
    kinds: list[tuple[str, str, str, dict[str, object]]] = [
        ("PyTorch", "autograd", "peer_torch.autograd", {}),
        ("PyTorch, by hand", "eager", "peer_torch.by_hand", {}),
    ]
    if compiled:
        kinds.append(("PyTorch, by hand", "compiled", "peer_torch.by_hand", {"compiled": True}))
    return [
        python(group, f"{how}, {_n(n)}", function, {**job, **more, "threads": n}, peers, **threads(n))
        for n in counts
        for group, how, function, more in kinds
    ]


def _processes(asked: Asked) -> Iterator[Row]:
    glassnet = [sys.executable, "-m", "glassnet", "--lang", "en", "train", "--recipe", "quick", "--json"]
    commands = {
        OURS: [*glassnet, "--out", str(asked.folder / "model.safetensors")],
        "import torch": [asked.peers, "-c", "import torch"],
    }
    kinds = [("process", False, {"en": "files in memory", "ko": "파일은 메모리에"})]
    if asked.cold:
        kinds.append(("cold process", True, {"en": "files on the disk", "ko": "파일은 디스크에"}))
    for key, dropped, state in kinds:
        yield Row(
            key,
            {
                "en": f"the process `glassnet train --recipe quick`, {state['en']}",
                "ko": f"프로세스 `glassnet train --recipe quick` 전체, {state['ko']}",
            },
            [
                python(name, "", "process.run", {"command": line, "cold": dropped})
                for name, line in commands.items()
            ],
            {"import torch": 1},
            accuracy=0.95,
        )


def _wasm(job: Epoch, folder: Path) -> Contender:
    """Write what the program reads, as raw bytes."""
    contents = {
        "images": job.pixels,
        "labels": job.labels,
        "order": job.order.astype("<u4"),
        "weights": flatten(job.weights).astype("<f4"),
    }
    for name, values in contents.items():
        (folder / name).write_bytes(values.tobytes())
    rule = job.rule
    recipe = [
        1,
        0,
        rule.learning_rate,
        rule.momentum,
        rule.warmup,
        rule.updates,
        0,
        rule.batch_size,
        0,
        0,
        0,
        0,
    ]
    given = {"wasm": str(ROOT / "build/core.wasm"), "folder": str(folder), "pixels": 784}
    given_too = {"sizes": list(job.sizes), "recipe": recipe}
    node = shutil.which("node") or "node"
    program = str(ROOT / "benchmarks/epoch.mjs")
    return Contender(OURS, "WebAssembly", (node, program, json.dumps({**given, **given_too})))
