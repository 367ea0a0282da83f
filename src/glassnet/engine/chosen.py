"""The engine that computes: the compiled core, or NumPy where it was not built; the one door for everybody above.

`GLASSNET_ENGINE=numpy` forces NumPy. Runs of the core are the same bits everywhere; NumPy's promise agreement.

    n  images     images  uint8 (n, pixels), or float32 0…1 for `forward`     labels  uint8 (n,)
"""

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache

import numpy as np
from numpy.typing import NDArray

from glassnet.engine import native, numpy_engine, numpy_training, random
from glassnet.engine.architecture import Architecture
from glassnet.engine.distortion import Distortion
from glassnet.engine.numpy_training import Rule, State
from glassnet.errors import InputError
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


def outputs_and_losses(
    architecture: Architecture, weights: Sequence[Floats], images: Bytes, labels: Bytes
) -> Iterator[tuple[Floats, Floats]]:
    """Yield (outputs, losses) block by block, in the order of the images: (m, outputs) and (m,) float32."""
    if not compiled():
        return numpy_engine.outputs_and_losses(architecture, weights, images, labels)
    return native.outputs_and_losses(
        architecture, weights, np.ascontiguousarray(images), np.ascontiguousarray(labels)
    )


def order(seed: int, epoch: int, count: int) -> NDArray[np.integer]:
    """Return the order (count,) in which an epoch (from 0) visits the images; see `random.order`."""
    return native.order(seed, epoch, count) if compiled() else random.order(seed, epoch, count)


def learning_rate(rule: Rule, update: int) -> float:
    """Return the rate of update 1, 2, …, `rule.updates`."""
    engine = native.learning_rate if compiled() else numpy_training.learning_rate
    return engine(rule, update)


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
    """Run one update for every batch of `order`; see `numpy_training.run_updates`."""
    engine = native.run_updates if compiled() else numpy_training.run_updates
    return engine(
        architecture,
        rule,
        state,
        np.ascontiguousarray(images),
        np.ascontiguousarray(labels),
        order,
        distortion=distortion,
        seed=seed,
        epoch=epoch,
        stop=stop,
    )


def settled() -> AbstractContextManager[object]:
    """Return a context in which training runs: NumPy's small products are fastest on one thread."""
    if compiled():
        return nullcontext()
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    limits: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limits
