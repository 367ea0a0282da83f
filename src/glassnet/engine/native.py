"""The compiled engine behind the same functions as the NumPy one; checks what goes in, computes nothing itself.

Everything here gives the same bits for any number of threads and on every instruction set; `core.py` says which are
used. Where the core was not built, they raise `UnavailableError`; `numpy_engine` and `numpy_training` take over.

    n  images     images  uint8 (n, pixels), or float32 0…1 where floats are mentioned     labels  uint8 (n,)
"""

import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engine.architecture import Architecture
from glassnet.engine.core import available, check_array, info, kind_of, loaded, use
from glassnet.engine.distortion import Distortion
from glassnet.engine.numpy_training import OPTIMIZERS, SCHEDULES, Rule, State
from glassnet.engine.random import check_seed
from glassnet.engine.view import View
from glassnet.errors import InputError, ShapeError
from glassnet.lecture.steps import ledger
from glassnet.locale import _

__all__ = [
    "BLOCK",
    "NAME",
    "Updates",
    "View",
    "available",
    "distort",
    "forward",
    "frame",
    "gradient",
    "info",
    "initial_weights",
    "learning_rate",
    "loss64",
    "order",
    "outputs_and_losses",
    "predict",
    "run_updates",
    "steps",
    "use",
]

NAME = "core"
BLOCK = 4096
MOST_SIDE = 20_000

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Numbers = NDArray[np.floating]

# arrays of a Trainer: weights; Adam's m or the gradient; v; average
_WEIGHTS, _FIRST, _SECOND, _AVERAGE = range(4)
_GRADIENT = 3  # the rule that changes nothing
_MEMORIES = {"sgd": (), "momentum": (_SECOND,), "adam": (_FIRST, _SECOND)}


def order(seed: int, epoch: int, count: int) -> NDArray[np.uint32]:
    """Return the order in which an epoch (from 0) visits `count` images, as `random.order` does."""
    if not 0 <= count < 2**32:
        raise InputError("count", expected=_("a whole number from 0 to 2³² − 1"), found=count)
    places = np.empty(count, np.uint32)
    loaded().order(check_seed(seed), epoch, places)
    return places


def initial_weights(architecture: Architecture, seed: int) -> Floats:
    """Return the weights that training starts with, end to end (P,), as `random.initial_weights` does."""
    vector = np.empty(_total(architecture), np.float32)
    loaded().initial_weights(
        list(architecture.sizes), architecture.output == "sigmoid", check_seed(seed), vector
    )
    return vector


def learning_rate(rule: Rule, update: int) -> float:
    """Return the rate of update 1, 2, …, `rule.updates`: the one that the core trains with."""
    schedule = SCHEDULES.index(rule.schedule)
    rate: float = loaded().learning_rate(schedule, rule.learning_rate, rule.warmup, rule.updates, update)
    return rate


def forward(architecture: Architecture, weights: Sequence[Floats], images: Bytes | Numbers) -> Floats:
    """Return the outputs (n, outputs) for images (n, pixels), uint8, or floats 0…1."""
    return View(architecture, weights).forward(images)


def predict(
    architecture: Architecture, weights: Sequence[Floats], images: Bytes | Numbers
) -> NDArray[np.integer]:
    """Return the row of the largest output (the first of several) for images (n, pixels): (n,)."""
    return View(architecture, weights).predict(images)


def outputs_and_losses(
    architecture: Architecture, weights: Sequence[Floats], images: Bytes, labels: Bytes
) -> Iterator[tuple[Floats, Floats]]:
    """Yield (outputs, losses) block by block, in the order of the images: (m, outputs) and (m,)."""
    _check_images(architecture, images, labels)
    view = View(architecture, weights).core
    for start in range(0, len(images), BLOCK):
        block = slice(start, start + BLOCK)
        outputs = np.empty((len(images[block]), architecture.sizes[-1]), np.float32)
        losses = np.empty(len(outputs), np.float32)
        view.evaluate(images[block], labels[block], outputs, losses)
        yield outputs, losses


def steps(
    architecture: Architecture,
    weights: Sequence[Numbers],
    image: Bytes | Numbers,
    label: int | None = None,
) -> dict[str, Numbers]:
    """Return every step of the ledger for one image by its id, as `reference.steps` does, in training's own bits.

    `image` is uint8 (pixels,), or numbers 0…1; `label` is the output that should be 1, or None for the steps up to
    the prediction. Values are float32; with float64 weights everything is computed in float64 instead.

    >>> steps(Architecture((2, 1)), [np.ones((1, 3), np.float32)], np.array([0, 255], np.uint8))["z2"]
    array([[2.]], dtype=float32)
    """
    kind = np.dtype(np.float64 if weights[0].dtype == np.float64 else np.float32)
    for number, (weight, shape) in enumerate(zip(weights, architecture.weight_shapes, strict=True), start=1):
        check_array(f"w{number}", weight, kind, shape)
    return _steps(architecture, np.concatenate([weight.ravel() for weight in weights]), image, label)


def loss64(architecture: Architecture, weights: NDArray[np.float64], images: Bytes, labels: Bytes) -> float:
    """Return the mean loss at `weights` (P,) in float64, for finite differences: in float32 they say little."""
    check_array("weights", weights, np.float64, (_total(architecture),))
    _check_images(architecture, images, labels)
    losses = [
        _steps(architecture, weights, image, label)["loss"].item()
        for image, label in zip(images, labels.tolist(), strict=True)
    ]
    return sum(losses) / len(losses)


def gradient(
    architecture: Architecture, weights: Floats, images: Bytes, labels: Bytes
) -> tuple[float, Floats]:
    """Return the mean loss of images and its gradient (P,) at `weights` (P,)."""
    rule = Rule(max(1, len(images)), "sgd", 1.0, 0.0, "constant", 0, 1)
    trainer = _trainer(architecture, rule, images, labels, None, optimizer=_GRADIENT)
    losses, vector = np.empty(1, np.float32), np.empty(_total(architecture), np.float32)
    trainer.write(_WEIGHTS, weights)
    trainer.run(np.arange(len(images), dtype=np.uint32), 0, 0, losses)
    trainer.read(_FIRST, vector)
    return float(losses[0]), vector


def distort(distortion: Distortion, seed: int, update: int, images: Bytes) -> Bytes:
    """Return the images (n, side²) of a batch as update number `update` sees them, as `distortion.distort` does."""
    check_array("images", images, np.uint8, (None, None))
    _check_square(images)
    changed = np.empty_like(images)
    if len(images):
        loaded().distort(images, _amounts(distortion), check_seed(seed), update, changed)
    return changed


def frame(ink: Bytes) -> Bytes | None:
    """Return `ink` (height, width) uint8, 0 paper to 255, as MNIST would show it: (28, 28) uint8; None without ink.

    Tight box, square, 20 × 20 by exact area averaging, center of mass into pixel 14. At most 20,000 pixels a side.
    """
    check_array("ink", ink, np.uint8, (None, None))
    if max(ink.shape) > MOST_SIDE:
        raise InputError("ink", expected=_("at most 20,000 pixels a side"), found=ink.shape)
    framed = np.empty((28, 28), np.uint8)
    return framed if ink.size and loaded().frame(ink, framed) else None


class Updates:
    """Updates of a network's weights from the same images: made once, used for every part of a run.

    The core's memory for them, megabytes where batches are large, is lent once and not again for every part.
    """

    def __init__(
        self,
        architecture: Architecture,
        rule: Rule,
        images: Bytes,
        labels: Bytes,
        distortion: Distortion | None = None,
    ) -> None:
        self._trainer = _trainer(architecture, rule, images, labels, distortion)
        self._rule, self._images, self._total = rule, len(images), _total(architecture)
        self._alone = threading.Lock()  # two threads may ask the same run for its updates

    def __call__(
        self,
        state: State,
        order: NDArray[np.integer],
        *,
        seed: int = 0,
        stop: Callable[[], bool] | None = None,
    ) -> tuple[State, Floats]:
        """Run one update for every batch of `order`; return the new state and each batch's loss.

        As `numpy_training.run_updates`, but `stop` is asked every few hundredths of a second rather than after every
        update.
        """
        with self._alone:
            return self._run(state, order, seed, stop)

    def _run(
        self, state: State, order: NDArray[np.integer], seed: int, stop: Callable[[], bool] | None
    ) -> tuple[State, Floats]:
        trainer, rule = self._trainer, self._rule
        places = _places(order, self._images)
        arrays = [(_WEIGHTS, state.weights)]
        arrays += zip(_MEMORIES[rule.optimizer], state.memory, strict=True)
        arrays += [(_AVERAGE, average) for average in state.average[: bool(rule.average)]]
        for which, vector in arrays:
            check_array("state", vector, np.float32, (self._total,))
            trainer.write(which, vector)

        size = min(rule.batch_size, self._images)
        losses = np.empty(-(-len(places) // size), np.float32)
        done, some = 0, 1
        while done < len(losses):
            part = losses[done : done + some]
            began = time.perf_counter()
            finished = trainer.run(
                places[done * size : (done + some) * size], state.update + done, check_seed(seed), part
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
    stop: Callable[[], bool] | None = None,
) -> tuple[State, Floats]:
    """Run one update for every `rule.batch_size` images of `order`; return the new state and each batch's loss.

    As `Updates`, for once. Read-only images (a `DataSet`'s) are packed once and remembered while they live.
    """
    return Updates(architecture, rule, images, labels, distortion)(state, order, seed=seed, stop=stop)


# ---- what the core is given ----------------------------------------------------------------------------------------


def _steps(
    architecture: Architecture, vector: Numbers, image: Bytes | Numbers, label: int | None
) -> dict[str, Numbers]:
    """The values of all steps, cut out of one array; `vector` (P,) gives the precision."""
    if image.dtype != np.uint8:
        image = np.ascontiguousarray(image, vector.dtype)
    check_array("image", image, image.dtype, (architecture.sizes[0],))
    if label is not None and not 0 <= label < architecture.sizes[-1]:
        last = architecture.sizes[-1] - 1
        raise InputError("label", expected=_("numbers from 0 to {last}").format(last=last), found=label)
    shapes, total = _step_shapes(architecture, label is not None)
    values = np.empty(total, vector.dtype)
    loaded().steps(*kind_of(architecture), vector, image, -1 if label is None else label, values)
    return {name: values[start : start + shape[0] * shape[1]].reshape(shape) for name, start, shape in shapes}


@lru_cache(maxsize=64)
def _step_shapes(
    architecture: Architecture, target: bool
) -> tuple[tuple[tuple[str, int, tuple[int, int]], ...], int]:
    """Return (id, start, shape) of the ledger's steps laid end to end, and their total length."""
    places, start = [], 0
    lines = ledger(
        architecture.sizes, architecture.hidden, architecture.output, architecture.loss, target=target
    )
    for line in lines:
        places.append((line.id, start, line.shape))
        start += line.shape[0] * line.shape[1]
    return tuple(places), start


def _total(architecture: Architecture) -> int:
    return sum(rows * columns for rows, columns in architecture.weight_shapes)


def _amounts(distortion: Distortion | None) -> list[float]:
    return list((distortion or Distortion()).to_json().values())


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
    return loaded().Trainer(
        *kind_of(architecture),
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
        _amounts(distortion),
    )


OPTIMIZERS_BY_NUMBER = tuple(OPTIMIZERS)

_remembered: dict[int, tuple[weakref.ref[Bytes], Any]] = {}


def _packed(images: Bytes) -> Any:
    """Return the core's packed copy of images (n, pixels); kept as long as they live, if they are read-only."""
    known = _remembered.get(id(images))
    if known is not None and known[0]() is images:
        return known[1]
    packed = loaded().Images(images)
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
    check_array("images", images, np.uint8, (None, architecture.sizes[0]))
    check_array("labels", labels, np.uint8, (len(images),))
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
