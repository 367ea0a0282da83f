"""glassnet's own contenders: the compiled core and the NumPy engine; see worker.py for what they return."""

from collections.abc import Callable
from typing import Any

import numpy as np

import glassnet
from benchmarks import task
from glassnet.engine import chosen, core, native, numpy_training

Contender = tuple[Callable[[], Any], Callable[[Any], Any], dict[str, str]]


def versions() -> dict[str, str]:
    used = core.info()
    return {"glassnet": glassnet.__version__, "isa": used.isa, "threads": str(used.threads)}


def epoch(**given: Any) -> Contender:
    """One epoch in the core: weights in, weights and losses out; the images are packed before."""
    return _epoch(task.epoch(given), native.run_updates, versions())


def numpy_epoch(**given: Any) -> Contender:
    """The same in vectorized float32 NumPy."""
    return _epoch(task.epoch(given), numpy_training.run_updates, {"numpy": np.__version__})


def _epoch(job: task.Epoch, run_updates: Callable[..., Any], used: dict[str, str]) -> Contender:
    start = numpy_training.start(job.rule, job.weights)
    order = job.order.astype(np.uint32)

    def run() -> Any:
        return run_updates(job.architecture, job.rule, start, job.pixels, job.labels, order)

    def look(result: Any) -> Any:
        state, losses = result
        return job.look(numpy_training.matrices(job.architecture, state.weights), losses)

    return run, look, used


def labels(images: int, sizes: list[int]) -> Contender:
    """Bytes to digits, by the public `Network.predict`."""
    network, test = glassnet.Network(sizes, seed=task.SEED), glassnet.mnist().test
    pixels = np.tile(test.images, (-(-images // len(test)), 1))[:images]
    return lambda: network.predict(pixels), seen_labels, versions()


def seen_labels(labels: Any) -> Any:
    """Accuracy would be an accident of untrained weights; how often each digit came is not."""
    return {"outputs": [int(n) for n in np.bincount(np.asarray(labels), minlength=10)]}


def one_image(sizes: list[int]) -> Contender:
    """One image, by the public `Network.forward`."""
    network, image = glassnet.Network(sizes, seed=task.SEED), glassnet.mnist().test.images[0]
    return lambda: network.forward(image), seen_outputs, versions()


def bound_image(sizes: list[int]) -> Contender:
    """One image, by the engine's view of the weights, which was made before."""
    network, image = glassnet.Network(sizes, seed=task.SEED), glassnet.mnist().test.images[:1]
    view = chosen.view(network.architecture, list(network.weights.values()))
    return lambda: view.forward_one(image), seen_outputs, versions()


def seen_outputs(outputs: Any) -> Any:
    return {"outputs": [float(value) for value in np.asarray(outputs).reshape(-1)]}
