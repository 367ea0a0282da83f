"""What a training run leaves behind: its address, history, snapshots and networks; trains nothing, writes no format.

update  one change of the weights; update 0 are the initial weights     P  weights in all (engine/numpy_training.py)
epoch   one visit to every training image
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engine import chosen, numpy_training
from glassnet.engine.architecture import Architecture
from glassnet.engine.numpy_training import Rule, State
from glassnet.errors import InputError
from glassnet.locale import _
from glassnet.network import Network
from glassnet.training.recipe import Recipe
from glassnet.training.score import Score

if TYPE_CHECKING:
    from glassnet.data import DataSet, DataSets
    from glassnet.training.explain import UpdateExplanation
    from glassnet.training.replay import Replay

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Address:
    """The name of one set of weights: what it takes to compute them again.

    `data_sha256` names the training images and labels (64 hex digits), `start` the initial weights (their
    fingerprint, 16 hex digits; those of `seed` unless the network was given others). `update` counts from 0.
    """

    data_sha256: str
    sizes: tuple[int, ...]
    hidden: str
    output: str
    loss: str
    recipe: Recipe
    seed: int
    update: int
    start: str

    def to_json(self) -> dict[str, Any]:
        """Return every field by name, the recipe as a dictionary."""
        return {
            "data_sha256": self.data_sha256,
            "sizes": list(self.sizes),
            "hidden": self.hidden,
            "output": self.output,
            "loss": self.loss,
            "recipe": self.recipe.to_json(),
            "seed": self.seed,
            "update": self.update,
            "start": self.start,
        }


@dataclass(frozen=True)
class Epoch:
    """What was measured after an epoch (counted from 1), that is after `update` updates.

    `train`: on the first 5,000 training images, undistorted. `validation`: None where there was no such set.
    """

    epoch: int
    update: int
    train: Score
    validation: Score | None


@dataclass(frozen=True, eq=False)
class History:
    """What was recorded while training.

    `loss` (updates,) float32: entry u is the mean loss of the batch of update u + 1, before that update.
    `epochs`: the evaluations, oldest first.
    """

    loss: Floats
    rule: Rule
    epochs: tuple[Epoch, ...]

    @cached_property
    def learning_rate(self) -> NDArray[np.float64]:
        """The rate of every update so far, (updates,) float64."""
        updates = range(1, len(self.loss) + 1)
        return np.array([chosen.learning_rate(self.rule, update) for update in updates], np.float64)

    def mean_losses(self, updates_per_epoch: int) -> NDArray[np.float64]:
        """Return the mean batch loss of every whole epoch so far: (epochs,), float64."""
        whole = len(self.loss) // updates_per_epoch
        rows = self.loss[: whole * updates_per_epoch].reshape(whole, updates_per_epoch)
        means: NDArray[np.float64] = rows.mean(axis=1, dtype=np.float64)
        return means


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """A training run, finished or not; made by `glassnet.train` and `Run.load`.

    `history`; `last` and `best`, networks; `finished`; `interrupted`, whether Ctrl-C ended it early; `diverged`, the
    update (from 1) whose loss was no finite number any more, or that left such weights, or None. `state` has the raw
    weights and the optimizer's memory after the last update, `snapshots` (by update) the same for earlier ones.
    `images` is the number of training images, `validation_sha256` empty without a validation set, `start` the
    fingerprint of the initial weights, `seconds` the time spent.
    """

    architecture: Architecture
    recipe: Recipe
    seed: int
    data_sha256: str
    validation_sha256: str
    images: int
    start: str
    history: History
    state: State
    snapshots: Mapping[int, State]
    best_epoch: Epoch | None
    best_weights: Floats
    seconds: float
    interrupted: bool
    diverged: int | None = None
    engine: str = numpy_training.NAME

    @property
    def update(self) -> int:
        """The updates made so far."""
        return self.state.update

    @property
    def updates(self) -> int:
        """The updates that the recipe asks for."""
        return self.recipe.epochs * self.recipe.updates_per_epoch(self.images)

    @property
    def finished(self) -> bool:
        """Whether every update of the recipe was made."""
        return self.update == self.updates and self.diverged is None

    @property
    def address(self) -> Address:
        """The address of the weights after the last update."""
        return self.address_at(self.update)

    def address_at(self, update: int) -> Address:
        """Return the address of the weights after `update` updates of this run."""
        a = self.architecture
        return Address(
            self.data_sha256, a.sizes, a.hidden, a.output, a.loss, self.recipe, self.seed, update, self.start
        )

    @property
    def last(self) -> Network:
        """The network after the last update (its averaged weights, if the recipe averages)."""
        return self._network(yielded(self.state), self.update)

    @property
    def best(self) -> Network:
        """The evaluated network with the best validation accuracy, the smaller loss among equals.

        Without a validation set, or before the first evaluation, it is `last`.
        """
        if self.best_epoch is None:
            return self.last
        return self._network(self.best_weights, self.best_epoch.update)

    def at(self, update: int, averaged: bool = False, *, data: "DataSet | DataSets | None" = None) -> Network:
        """Return the network as it was after `update` (0: before the first), bit for bit; forwards and backwards.

        Its raw weights, or with `averaged` the averaged ones of a recipe that has them. What no snapshot holds is
        learned again from `data`, the training images; MNIST is found without being named.

        Raises `OutOfRangeError` for an update that the run has not made, `InputError` for other data than its own
        and for averages that it does not have, `UnavailableError` where its engine is not built.

        >>> import glassnet
        >>> digits = glassnet.mnist()
        >>> run = glassnet.train(glassnet.Network(seed=0), digits.train[:500], glassnet.Recipe(2, 50, learning_rate=3))
        >>> run.at(20).fingerprint == run.last.fingerprint
        True
        >>> run.at(0)
        <Network 784-14-10 sigmoid, sigmoid, squared_error: 2d1f026ec60c435d>
        """
        update = self.replay.checked(update)
        self.replay.take(data)
        if averaged and not self.recipe.average:
            raise InputError(
                "averaged", expected=_("a run whose recipe averages weights"), found=_("one that does not")
            )
        state = self.replay.state(update)
        return self._network(state.average[0] if averaged else state.weights, update)

    def explain(
        self, update: int, image: int | None = None, *, data: "DataSet | DataSets | None" = None
    ) -> "UpdateExplanation":
        """Return one update (from 1) as arithmetic: its batch, or only image number `image` (from 0) of the batch.

        `data` and errors are as for `at`, and `OutOfRangeError` for an image that the batch does not have.

        >>> import glassnet
        >>> digits = glassnet.mnist()
        >>> run = glassnet.train(glassnet.Network(seed=0), digits.train[:500], glassnet.Recipe(2, 50, learning_rate=3))
        >>> weight = run.explain(20).weight("w2", 3, 14)
        >>> weight.lines[0].step.python, len(weight.products)
        ('w2 - learning_rate * d_w2', 50)
        >>> weight.new == float(run.at(20).w2[3, 14])
        True
        """
        from glassnet.training.explain import explain

        self.replay.take(data)
        return explain(self, self.replay.checked(update, lowest=1), image)

    @cached_property
    def replay(self) -> "Replay":
        """What finds the states between the snapshots."""
        from glassnet.training.replay import Replay

        return Replay(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the run as a safetensors file, from which training can go on; whole or not at all.

        Raises `UnavailableError` when the disk is full, `InputError` for a path that cannot be.
        """
        from glassnet.training import runfile

        runfile.write(path, self)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Run":
        """Return the run saved at `path`.

        Raises `FileFormatError` for a file that is not a run or is damaged, `InputError` when it is missing.
        """
        from glassnet.training import runfile

        return runfile.read(path)

    def _network(self, weights: Floats, update: int) -> Network:
        a = self.architecture
        matrices = numpy_training.matrices(a, weights)
        network = Network.from_weights(
            [np.zeros_like(matrix) for matrix in matrices], a.hidden, a.output, a.loss
        )
        for own, matrix in zip(network.weights.values(), matrices, strict=True):
            own[...] = matrix  # in this way also a diverged run has a network to look at
        network.metadata = {
            "data_sha256": self.data_sha256,
            "recipe": json.dumps(self.recipe.to_json()),
            "seed": str(self.seed),
            "update": str(update),
            "start": self.start,
            "engine": self.engine,
        }
        return network

    def __repr__(self) -> str:
        sizes = "-".join(str(size) for size in self.architecture.sizes)
        return f"<Run {sizes}, seed {self.seed}: {self.update:,} of {self.updates:,} updates>"

    def __str__(self) -> str:
        from glassnet.show import run

        return run.text(self)

    def __rich__(self) -> object:
        from glassnet.show import run

        return run.renderable(self)

    def _repr_html_(self) -> str:
        from glassnet.show import html_run

        return html_run.written(self)


def yielded(state: State) -> Floats:
    """Return the weights (P,) that a run yields at `state`: the averaged ones where there are such."""
    return state.average[0] if len(state.average) else state.weights
