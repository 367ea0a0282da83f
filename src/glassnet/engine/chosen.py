"""The engine that computes: the compiled core, or NumPy where it was not built; the one door for everybody above.

`GLASSNET_ENGINE=numpy` forces NumPy. Runs of the core are the same bits everywhere; NumPy's promise agreement.

    n  images     images  uint8 (n, pixels), or float32 0…1 for `forward`     labels  uint8 (n,)
"""

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from glassnet.engine import distortion as changing
from glassnet.engine import native, numpy_engine, numpy_training, random, reference
from glassnet.engine.architecture import Architecture
from glassnet.engine.distortion import Distortion
from glassnet.engine.numpy_training import Rule, State
from glassnet.errors import InputError, UnavailableError
from glassnet.locale import _

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


@cache
def compiled() -> bool:
    """Return whether the compiled core computes; the first time that it is missing, say so as a warning."""
    asked = os.environ.get("GLASSNET_ENGINE", "")
    if asked not in ("", "core", "numpy"):
        raise InputError("GLASSNET_ENGINE", expected="core, numpy", found=repr(asked))
    if asked == "numpy":
        return False
    if not native.available() and asked != "core":
        message = _(
            "the compiled core is not built: NumPy computes instead, more slowly (glassnet info says more)"
        )
        warnings.warn(message, RuntimeWarning, stacklevel=2)
        return False
    return True


def name() -> str:
    """Return the engine's name, as runs and models carry it: ``"core"`` or ``"numpy"``."""
    return native.NAME if compiled() else numpy_engine.NAME


def forward(architecture: Architecture, weights: Sequence[Floats], images: Bytes | Floats) -> Floats:
    """Return the outputs (n, outputs) float32."""
    engine = native.forward if compiled() else numpy_engine.forward
    return engine(architecture, weights, images)


def view(architecture: Architecture, weights: Sequence[Floats]) -> native.View | numpy_engine.View:
    """Return what labels images with `weights` and sees edits of them: made once, used for many calls."""
    return (native.View if compiled() else numpy_engine.View)(architecture, weights)


def outputs_and_losses(
    architecture: Architecture, weights: Sequence[Floats], images: Bytes, labels: Bytes
) -> Iterator[tuple[Floats, Floats]]:
    """Yield (outputs, losses) block by block, in the order of the images: (m, outputs) and (m,) float32."""
    if not compiled():
        return numpy_engine.outputs_and_losses(architecture, weights, images, labels)
    return native.outputs_and_losses(
        architecture, weights, np.ascontiguousarray(images), np.ascontiguousarray(labels)
    )


def steps(
    architecture: Architecture, weights: Sequence[Floats], image: Bytes | Floats, label: int | None = None
) -> dict[str, NDArray[np.floating]]:
    """Return every step of the ledger for one image (pixels,) by its id, each a float32 matrix.

    With a label (the output that should be 1) they go on to the loss and the gradients. Weights that overflow show
    as inf and nan.
    """
    if compiled():
        return native.steps(architecture, weights, image, label)
    column = numpy_engine.inputs(image[np.newaxis]).T
    t = None
    if label is not None:
        t = np.zeros((architecture.sizes[-1], 1), np.float32)
        t[label] = 1
    with np.errstate(over="ignore", invalid="ignore"):
        return reference.steps(architecture, weights, column, t)


def order(seed: int, epoch: int, count: int) -> NDArray[np.integer]:
    """Return the order (count,) in which an epoch (from 0) visits the images; see `random.order`."""
    return native.order(seed, epoch, count) if compiled() else random.order(seed, epoch, count)


def learning_rate(rule: Rule, update: int, engine: str | None = None) -> float:
    """Return the rate of update 1, 2, …, `rule.updates`; of `engine`, as for `run_updates`."""
    computed = native.learning_rate if _core_computes(engine) else numpy_training.learning_rate
    return computed(rule, update)


def gradient(
    architecture: Architecture,
    weights: Floats,
    images: Bytes,
    labels: Bytes,
    engine: str | None = None,
) -> tuple[float, Floats]:
    """Return the mean loss of images and its gradient (P,) at `weights` (P,), in the bits that an update uses."""
    if _core_computes(engine):
        return native.gradient(architecture, weights, images, labels)
    gradients = numpy_training.Gradients(architecture, len(images))
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"), settled(engine):
        return gradients(weights, images, labels), gradients.vector


def distort(distortion: Distortion, seed: int, update: int, images: Bytes) -> Bytes:
    """Return the images (n, side²) of a batch as update number `update` sees them; both engines agree."""
    if compiled():
        return native.distort(distortion, seed, update, np.ascontiguousarray(images))
    return changing.distort(distortion, seed, update, images)


def frame(ink: Bytes) -> Bytes | None:
    """Return `ink` (height, width) as MNIST would show it, (28, 28), or None without ink; see `native.frame`."""
    return native.frame(ink) if compiled() else numpy_engine.frame(ink)


class Update(Protocol):
    """What `updates` returns: from a state and the images to visit to the new state and each batch's loss."""

    def __call__(
        self,
        state: State,
        order: NDArray[np.integer],
        *,
        seed: int = 0,
        stop: Callable[[], bool] | None = None,
    ) -> tuple[State, Floats]:
        """Run one update for every batch of `order`; return the new state and each batch's loss."""


def updates(
    architecture: Architecture,
    rule: Rule,
    images: Bytes,
    labels: Bytes,
    distortion: Distortion | None = None,
    engine: str | None = None,
) -> Update:
    """Return a function that runs one update for every batch of an order; see `numpy_training.run_updates`.

    `engine` names the one that has to compute, so that a run of it is repeated to the bit; None is the chosen one.
    Raises `UnavailableError` where that engine is not built.
    """
    images, labels = np.ascontiguousarray(images), np.ascontiguousarray(labels)
    if _core_computes(engine):
        return native.Updates(architecture, rule, images, labels, distortion)

    def run(
        state: State,
        order: NDArray[np.integer],
        *,
        seed: int = 0,
        stop: Callable[[], bool] | None = None,
    ) -> tuple[State, Floats]:
        return numpy_training.run_updates(
            architecture, rule, state, images, labels, order, distortion=distortion, seed=seed, stop=stop
        )

    return run


def settled(engine: str | None = None) -> AbstractContextManager[object]:
    """Return a context in which training runs: NumPy's small products are fastest on one thread."""
    if _core_computes(engine):
        return nullcontext()
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    limits: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limits


def _core_computes(engine: str | None) -> bool:
    """Return whether the core computes for `engine`; raise `UnavailableError` for one that is not here."""
    if engine is None:
        return compiled()
    if engine == numpy_engine.NAME:
        return False
    if engine == native.NAME and native.available():
        return True
    raise UnavailableError(
        _("the engine {name}").format(name=engine),
        found=_("it is not built here"),
        advice=_("other engines compute other bits; install glassnet with a C++ compiler at hand"),
    )
