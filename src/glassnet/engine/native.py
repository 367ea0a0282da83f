"""The compiled engine behind the same functions as the NumPy one; checks what goes in, computes nothing itself.

Everything here gives the same bits for any number of threads and on every instruction set. `GLASSNET_ISA` (baseline,
avx2, avx512, neon) and `GLASSNET_THREADS` force what is used. Where the core was not built, `available()` is False and
the functions raise `UnavailableError`; `numpy_engine` and `numpy_training` take over.

    n  images     images  uint8 (n, pixels), or float32 0…1 where floats are mentioned     labels  uint8 (n,)
"""

import os
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS, Architecture
from glassnet.engine.distortion import Distortion
from glassnet.engine.numpy_training import OPTIMIZERS, SCHEDULES, Rule, State
from glassnet.engine.random import check_seed
from glassnet.errors import InputError, ShapeError, UnavailableError
from glassnet.locale import _

NAME = "core"
BLOCK = 4096
MOST_THREADS = 1024
MOST_SIDE = 20_000

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

_WEIGHTS, _FIRST, _SECOND, _AVERAGE = range(
    4
)  # arrays of a Trainer: weights; Adam's m or the gradient; v; average
_GRADIENT = 3  # the rule that changes nothing
_MEMORIES = {"sgd": (), "momentum": (_SECOND,), "adam": (_FIRST, _SECOND)}


@dataclass(frozen=True)
class Info:
    """Which engine computes: `isa` and its `register_bytes`, `threads`, and every (isa, runs here) compiled in."""

    isa: str
    register_bytes: int
    threads: int
    compiled: tuple[tuple[str, bool], ...]


def available() -> bool:
    """Return whether the compiled core is there."""
    return _module() is not None


def info() -> Info:
    """Return what is used. Raises as `use` does, for what the environment asks for."""
    core = _core()
    isa, register_bytes, threads = core.in_use()
    return Info(isa, register_bytes, threads, tuple(core.engines()))


def use(isa: str = "", threads: int | None = None) -> None:
    """Use instruction set `isa` ("" for the best) and `threads` threads (None: as many as the process may use).

    Raises `UnavailableError` for an instruction set that is not compiled in or not run by this processor, and for
    a missing core; `InputError` for a number of threads that is not from 1 to 1024. No result depends on either.
    """
    core = _module()
    if core is None:
        raise UnavailableError(
            _("the compiled core"),
            expected=_("a build of it"),
            found=_("none"),
            advice=_("install glassnet with a C++ compiler at hand"),
        )
    if threads is None:
        affinity = getattr(os, "sched_getaffinity", None)
        threads = min(16, len(affinity(0)) if affinity else os.cpu_count() or 1)
    if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= MOST_THREADS:
        raise InputError("GLASSNET_THREADS", expected=_("a whole number from 1 to 1024"), found=repr(threads))
    here = [name for name, runs in core.engines() if runs]
    if isa and isa not in here:
        raise UnavailableError("GLASSNET_ISA", expected=", ".join(here), found=repr(isa))
    core.use(isa, threads)


def order(seed: int, epoch: int, count: int) -> NDArray[np.uint32]:
    """Return the order in which an epoch (from 0) visits `count` images, as `random.order` does."""
    if not 0 <= count < 2**32:
        raise InputError("count", expected=_("a whole number from 0 to 2³² − 1"), found=count)
    places = np.empty(count, np.uint32)
    _core().order(check_seed(seed), epoch, places)
    return places


def initial_weights(architecture: Architecture, seed: int) -> Floats:
    """Return the weights that training starts with, end to end (P,), as `random.initial_weights` does."""
    vector = np.empty(_total(architecture), np.float32)
    _core().initial_weights(
        list(architecture.sizes), architecture.output == "sigmoid", check_seed(seed), vector
    )
    return vector


def learning_rate(rule: Rule, update: int) -> float:
    """Return the rate of update 1, 2, …, `rule.updates`: the one that the core trains with."""
    schedule = SCHEDULES.index(rule.schedule)
    rate: float = _core().learning_rate(schedule, rule.learning_rate, rule.warmup, rule.updates, update)
    return rate


def model(architecture: Architecture, weights: Sequence[Floats]) -> Any:
    """Return the core's view of `weights` (neurons, inputs + 1), float32: it sees what is later written into them."""
    for number, (weight, shape) in enumerate(zip(weights, architecture.weight_shapes, strict=True), start=1):
        _check(f"w{number}", weight, np.float32, shape)
    return _core().Model(*_kind(architecture), list(weights))


def forward(architecture: Architecture, weights: Sequence[Floats], images: Bytes | Floats) -> Floats:
    """Return the outputs (n, outputs) for images (n, pixels), uint8, or float32 0…1."""
    images = images if images.dtype == np.uint8 else np.ascontiguousarray(images, np.float32)
    _check("images", images, images.dtype, (None, architecture.sizes[0]))
    outputs = np.empty((len(images), architecture.sizes[-1]), np.float32)
    view = model(architecture, weights)
    if len(images) == 1:
        view.one(images[0], outputs[0])
    elif len(images):
        view.forward(images, outputs)
    return outputs


def predict(architecture: Architecture, weights: Sequence[Floats], images: Bytes) -> Bytes:
    """Return the row of the largest output (the first of several) for images (n, pixels) uint8: (n,), at most 256."""
    _check("images", images, np.uint8, (None, architecture.sizes[0]))
    labels = np.empty(len(images), np.uint8)
    if len(images):
        model(architecture, weights).labels(images, labels)
    return labels


def outputs_and_losses(
    architecture: Architecture, weights: Sequence[Floats], images: Bytes, labels: Bytes
) -> Iterator[tuple[Floats, Floats]]:
    """Yield (outputs, losses) block by block, in the order of the images: (m, outputs) and (m,)."""
    _check_images(architecture, images, labels)
    view = model(architecture, weights)
    for start in range(0, len(images), BLOCK):
        block = slice(start, start + BLOCK)
        outputs = np.empty((len(images[block]), architecture.sizes[-1]), np.float32)
        losses = np.empty(len(outputs), np.float32)
        view.evaluate(images[block], labels[block], outputs, losses)
        yield outputs, losses


def gradient(
    architecture: Architecture, weights: Floats, images: Bytes, labels: Bytes
) -> tuple[float, Floats]:
    """Return the mean loss of images and its gradient (P,) at `weights` (P,)."""
    rule = Rule(max(1, len(images)), "sgd", 1.0, 0.0, "constant", 0, 1)
    trainer = _trainer(architecture, rule, images, labels, None, optimizer=_GRADIENT)
    losses, vector = np.empty(1, np.float32), np.empty(_total(architecture), np.float32)
    trainer.write(_WEIGHTS, weights)
    trainer.run(np.arange(len(images), dtype=np.uint32), 0, 0, 0, losses)
    trainer.read(_FIRST, vector)
    return float(losses[0]), vector


def distort(
    distortion: Distortion, seed: int, epoch: int, numbers: NDArray[np.integer], images: Bytes
) -> Bytes:
    """Return images (n, side²) as training sees images number `numbers` (n,) in an epoch."""
    _check("images", images, np.uint8, (len(numbers), None))
    _check_square(images)
    changed = np.empty_like(images)
    if len(images):
        _core().distort(
            images,
            _four(distortion),
            check_seed(seed),
            epoch,
            np.ascontiguousarray(numbers, np.int64),
            changed,
        )
    return changed


def frame(ink: Bytes) -> Bytes | None:
    """Return `ink` (height, width) uint8, 0 paper to 255, as MNIST would show it: (28, 28) uint8; None without ink.

    Tight box, square, 20 × 20 by exact area averaging, center of mass into pixel 14. At most 20,000 pixels a side.
    """
    _check("ink", ink, np.uint8, (None, None))
    if max(ink.shape) > MOST_SIDE:
        raise InputError("ink", expected=_("at most 20,000 pixels a side"), found=ink.shape)
    framed = np.empty((28, 28), np.uint8)
    return framed if ink.size and _core().frame(ink, framed) else None


def run_updates(
    architecture: Architecture,
    rule: Rule,
    state: State,
    images: Bytes,
    labels: Bytes,
    order: NDArray[np.integer],
    *,
    distortion: Distortion | None = None,
    seed: int = 0,
    epoch: int = 0,
    stop: Callable[[], bool] | None = None,
) -> tuple[State, Floats]:
    """Run one update for every `rule.batch_size` images of `order`; return the new state and each batch's loss.

    As `numpy_training.run_updates`, but `stop` is asked every few hundredths of a second rather than after every
    update. Read-only images (a `DataSet`'s) are packed once and remembered while they live.
    """
    trainer = _trainer(architecture, rule, images, labels, distortion)
    places = _places(order, len(images))
    arrays = [(_WEIGHTS, state.weights)]
    arrays += zip(_MEMORIES[rule.optimizer], state.memory, strict=True)
    arrays += [(_AVERAGE, average) for average in state.average[: bool(rule.average)]]
    for which, vector in arrays:
        _check("state", vector, np.float32, (_total(architecture),))
        trainer.write(which, vector)

    size = min(rule.batch_size, len(images))
    losses = np.empty(-(-len(places) // size), np.float32)
    done, some = 0, 1
    while done < len(losses):
        part = losses[done : done + some]
        began = time.perf_counter()
        finished = trainer.run(
            places[done * size : (done + some) * size], state.update + done, check_seed(seed), epoch, part
        )
        done += finished
        if finished < len(part) or not np.isfinite(part[-1]) or (stop is not None and stop()):
            break
        if time.perf_counter() - began < 0.02:
            some *= 2

    weights, memory, average = (
        np.empty_like(array) for array in (state.weights, state.memory, state.average)
    )
    results = [(_WEIGHTS, weights), *zip(_MEMORIES[rule.optimizer], memory, strict=True)]
    results += [(_AVERAGE, row) for row in average[: bool(rule.average)]]
    for which, vector in results:
        trainer.read(which, vector)
    return State(state.update + done, weights, memory, average), losses[:done].copy()


# ---- the core and what it is given ------------------------------------------------------------------------------


@cache
def _module() -> ModuleType | None:
    try:
        return import_module("glassnet.engine._core")
    except ImportError:
        return None


@cache
def _core() -> Any:
    """Return the compiled module, set up as the environment asks."""
    text = os.environ.get("GLASSNET_THREADS", "")
    if text and not (text.isascii() and text.isdigit()):
        raise InputError("GLASSNET_THREADS", expected=_("a whole number from 1 to 1024"), found=repr(text))
    use(os.environ.get("GLASSNET_ISA", ""), int(text) if text else None)
    return _module()


def _kind(architecture: Architecture) -> tuple[list[int], int, int]:
    pair = (architecture.output, architecture.loss)
    return list(architecture.sizes), HIDDEN.index(architecture.hidden), OUTPUT_LOSS_PAIRS.index(pair)


def _total(architecture: Architecture) -> int:
    return sum(rows * columns for rows, columns in architecture.weight_shapes)


def _four(distortion: Distortion | None) -> list[float]:
    d = distortion or Distortion()
    return [d.rotation, d.scale, d.shear, d.shift]


def _trainer(
    architecture: Architecture,
    rule: Rule,
    images: Bytes,
    labels: Bytes,
    distortion: Distortion | None,
    optimizer: int | None = None,
) -> Any:
    _check_images(architecture, images, labels)
    if len(images) == 0:
        raise InputError("images", expected=_("at least one image"), found="0")
    if distortion is not None:
        _check_square(images)
    return _core().Trainer(
        *_kind(architecture),
        _packed(images),
        labels,
        OPTIMIZERS_BY_NUMBER.index(rule.optimizer) if optimizer is None else optimizer,
        SCHEDULES.index(rule.schedule),
        rule.learning_rate,
        rule.momentum,
        rule.warmup,
        rule.updates,
        rule.average,
        rule.batch_size,
        _four(distortion),
    )


OPTIMIZERS_BY_NUMBER = tuple(OPTIMIZERS)

_remembered: dict[int, tuple[weakref.ref[Bytes], Any]] = {}


def _packed(images: Bytes) -> Any:
    """Return the core's packed copy of images (n, pixels); kept as long as they live, if they are read-only."""
    known = _remembered.get(id(images))
    if known is not None and known[0]() is images:
        return known[1]
    packed = _core().Images(images)
    if not images.flags.writeable:
        key = id(images)
        _remembered[key] = (weakref.ref(images, lambda _gone: _remembered.pop(key, None)), packed)
    return packed


def _places(order: NDArray[np.integer], count: int) -> NDArray[np.uint32]:
    if order.ndim != 1 or order.dtype.kind not in "iu":
        raise ShapeError("order", expected=_("whole numbers (m,)"), found=f"{order.dtype} {order.shape}")
    if len(order) and not (order.min() >= 0 and order.max() < count):
        raise InputError(
            "order",
            expected=_("numbers from 0 to {last}").format(last=count - 1),
            found=f"{order.min()}…{order.max()}",
        )
    return np.ascontiguousarray(order, np.uint32)


def _check_images(architecture: Architecture, images: Bytes, labels: Bytes) -> None:
    _check("images", images, np.uint8, (None, architecture.sizes[0]))
    _check("labels", labels, np.uint8, (len(images),))
    if len(labels) and labels.max() >= architecture.sizes[-1]:
        raise InputError(
            "labels",
            expected=_("numbers from 0 to {last}").format(last=architecture.sizes[-1] - 1),
            found=labels.max(),
        )


def _check_square(images: Bytes) -> None:
    side = round(images.shape[1] ** 0.5)
    if side * side != images.shape[1]:
        raise ShapeError(
            "images",
            expected=_("square images, to be distorted"),
            found=_("{count} pixels").format(count=images.shape[1]),
        )


def _check(name: str, array: NDArray[Any], dtype: Any, shape: tuple[int | None, ...]) -> None:
    """Raise `ShapeError` unless `array` has this dtype and shape (None: any length) and lies in one piece."""
    fits = isinstance(array, np.ndarray) and array.dtype == dtype and array.ndim == len(shape)
    if not fits or any(
        want is not None and want != got for want, got in zip(shape, array.shape, strict=True)
    ):
        want = ", ".join("n" if size is None else str(size) for size in shape) + (
            "," if len(shape) == 1 else ""
        )
        found = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
        raise ShapeError(name, expected=f"{np.dtype(dtype)} ({want})", found=found)
    if not array.flags.c_contiguous:
        raise ShapeError(
            name,
            expected=_("an array that lies in one piece"),
            found=_("strides {strides}").format(strides=array.strides),
            advice="np.ascontiguousarray",
        )
