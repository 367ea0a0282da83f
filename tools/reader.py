"""Train the packaged reader: MNIST's 55,000 training images, as other hands and other pens would have written them.

    python -m tools.reader src/glassnet/models/reader.safetensors

Every epoch has fresh variations (glassnet.pictures.variations) of all training images, of some with flourishes and of
some signs that are no digit, and what is cut out of rows of touching digits (tools/touching.py); it is learned twice.
The network learns eleven outputs, the last for what is no digit; that one is cut away, and what remains says of a
scribble that all ten are small. Nothing is trained on the test set or on other writers' digits, but which flourishes
and letters there are was chosen after a look at what other writers' digits were taken for. All random numbers follow
from SEED.
"""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from tools.confidence import fit
from tools.flourishes import flourished
from tools.no_digits import LABEL, no_digits
from tools.touching import cut_rows

import glassnet
from glassnet.engine import chosen, numpy_training
from glassnet.engine.architecture import Architecture
from glassnet.engine.random import initial_weights
from glassnet.pictures.variations import Fields, fields, vary
from glassnet.training import Recipe

SEED = 0
SIZES = (784, 640, 320, LABEL + 1)
TIMES = 2  # that the images of an epoch are learned: making them takes longer
EPOCHS = 24
RECIPE = Recipe(
    EPOCHS * TIMES, 200, "adam", learning_rate=1.5e-3, schedule="cosine", warmup=0.5, evaluate_every=0
)
KEPT = 0.987  # of the digits that are read right, so many are answered; tools/refusing.py has what that costs
PARTS = 40  # of all work, so that the seeds do not depend on the number of processes
STRANGERS = 30_000  # signs that are no digit
TOUCHING = 2  # every so many-th training image stands in a row of touching digits
WRONG = 5000  # wrong cuts beside all right ones; six times as many make it refuse what is cut a little
CUT_SHARE = 0.7  # of all these in every epoch
SHARE = 0.6  # of the flourished digits and of the strangers in every epoch

Bytes = NDArray[np.uint8]

shared: list[Fields] = []  # of what is varied; the processes are forked from this one once it is filled


def main(path: str) -> None:
    began = time.perf_counter()
    train = glassnet.mnist().train
    fork = get_context("fork")
    with ProcessPoolExecutor(mp_context=fork) as pool:
        kept, kinds = zip(*pool.map(_prepared, range(PARTS)), strict=True)
        cut, cut_labels = _some_cuts(*zip(*pool.map(_cut, range(PARTS)), strict=True))
    shared.append(
        Fields(*(np.concatenate(kind) for kind in zip(*(_three(part) for part in kept), strict=True)))
    )
    labels = np.concatenate(kinds)
    said(began, f"{len(labels):,} digits and signs, {len(cut):,} cut out of rows")

    architecture = Architecture(SIZES, "relu", "sigmoid", "binary_cross_entropy")
    plain = np.concatenate([np.arange(len(part)) < -(-len(train) // PARTS) for part in kinds])
    epochs = [_visited(plain, epoch) for epoch in range(EPOCHS)]
    few = int(CUT_SHARE * len(cut))
    rule = RECIPE.rule(len(epochs[0]) + few)
    state = numpy_training.start(rule, initial_weights(architecture, SEED))
    with ProcessPoolExecutor(mp_context=fork) as pool:
        for epoch, images in enumerate(_variations(pool, epochs)):
            some = np.random.default_rng([SEED, epoch, 7]).choice(len(cut), few, replace=False)
            learned = (
                np.concatenate([images, cut[some]]),
                np.concatenate([labels[epochs[epoch]], cut_labels[some]]),
            )
            update = chosen.updates(architecture, rule, *learned)
            for again in range(TIMES):
                state, losses = update(state, chosen.order(SEED, epoch * TIMES + again, len(learned[0])))
            said(began, f"epoch {epoch + 1}/{len(epochs)}, loss {losses.mean():.4f}")

    weights = numpy_training.matrices(architecture, state.weights)
    weights[-1] = weights[-1][:LABEL]
    network = glassnet.Network.from_weights(weights, "relu", "sigmoid", "binary_cross_entropy")
    test = glassnet.mnist().test
    accuracy = float((network.predict(test.images) == test.labels).mean())
    about = {
        "data_sha256": train.sha256,
        "seed": SEED,
        "engine": chosen.name(),
        "test_accuracy": f"{accuracy:.4f}",
    }
    network.save(path, made_by="tools/reader.py", **about, **fit(network, KEPT).to_metadata())
    said(began, f"{path}: {accuracy:.2%} on MNIST's test set")


def _prepared(part: int) -> tuple[Fields, Bytes]:
    """Return one part of what is varied: training images in their order, flourished ones, strangers."""
    train = glassnet.mnist().train
    size = -(-len(train) // PARTS)
    images = train.images[part * size : (part + 1) * size]
    labels = train.labels[part * size : (part + 1) * size]
    adorned, kinds = flourished(images, labels, part, PARTS, SEED)
    others = no_digits(images, labels, STRANGERS // PARTS, np.random.default_rng([SEED, part, 1]))
    everything = np.concatenate([images, adorned, others])
    return fields(everything), np.concatenate([labels, kinds, np.full(len(others), LABEL, np.uint8)])


def _cut(part: int) -> tuple[Bytes, Bytes]:
    """Return what the pipeline cuts out of rows of one part's digits, and what each is."""
    train = glassnet.mnist().train
    size = -(-len(train) // PARTS)
    places = slice(part * size, min((part + 1) * size, len(train)), TOUCHING)
    rng = np.random.default_rng([SEED, part, 6])
    return cut_rows(vary(fields(train.images[places]), rng), train.labels[places], rng)


def _some_cuts(images: tuple[Bytes, ...], labels: tuple[Bytes, ...]) -> tuple[Bytes, Bytes]:
    """Return all right cuts and WRONG of the others, with their labels."""
    kinds = np.concatenate(labels)
    wrong = np.random.default_rng(9).permutation(np.flatnonzero(kinds == LABEL))[:WRONG]
    places = np.concatenate([np.flatnonzero(kinds < LABEL), wrong])
    return np.concatenate(images)[places], kinds[places]


def _three(some: Fields) -> tuple[NDArray[np.int8], ...]:
    return some.gray, some.edge, some.spine


def _visited(plain: NDArray[np.bool_], epoch: int) -> NDArray[np.int64]:
    """Return what an epoch visits: every training image, SHARE of what was made of them."""
    rng = np.random.default_rng([SEED, epoch, 2])
    made = np.flatnonzero(~plain)
    return np.concatenate([np.flatnonzero(plain), rng.choice(made, int(SHARE * len(made)), replace=False)])


def _variations(pool: Executor, epochs: list[NDArray[np.int64]]) -> Iterator[Bytes]:
    """Yield each epoch's images; those of the next are made while this one is learned."""

    def begin(epoch: int) -> list[Future[Bytes]]:
        return [
            pool.submit(_varied, places, [SEED, epoch, part, 3])
            for part, places in enumerate(np.array_split(epochs[epoch], PARTS))
        ]

    ahead = begin(0)
    for epoch in range(len(epochs)):
        now, ahead = ahead, begin(epoch + 1) if epoch + 1 < len(epochs) else []
        yield np.concatenate([future.result() for future in now])


def _varied(places: NDArray[np.int64], seed: list[int]) -> Bytes:
    return vary(shared[0][places], np.random.default_rng(seed))


def said(began: float, text: str) -> None:
    print(f"{time.perf_counter() - began:6.0f} s  {text}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
