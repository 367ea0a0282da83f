"""The state of a run after any of its updates: the nearest snapshot before it, and the updates after that once more.

Nothing is approximated: the engine repeats what it did, and every loss on the way is compared with the recorded one.
"""

from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glassnet.constraints import Whole
from glassnet.data import DataSet, DataSets, mnist
from glassnet.engine import chosen
from glassnet.engine.numpy_training import Rule, State
from glassnet.errors import InputError, OutOfRangeError, UnavailableError
from glassnet.locale import _

if TYPE_CHECKING:
    from glassnet.engine.distortion import Distortion
    from glassnet.training.run import Run

KEPT_BYTES = 2**25  # 32 MiB of states that were asked for lately
NEIGHBORS = 8  # states before the one that is asked for are kept too: going back is as quick as going on


class Replay:
    """Finds states of `run`; the training data is loaded or taken when it is first needed."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._data: DataSet | None = None
        self._kept: OrderedDict[int, State] = OrderedDict()
        self._updates: dict[Distortion | None, chosen.Update] = {}
        self._order: tuple[int, NDArray[np.integer]] = (-1, np.zeros(0, np.int64))

    @cached_property
    def rule(self) -> Rule:
        """What an update needs of the recipe."""
        return self._run.recipe.rule(self._run.images)

    def checked(self, update: int, lowest: int = 0) -> int:
        """Return `update` as an int; raise `OutOfRangeError` unless the run has made it."""
        accepted = Whole(lowest, self._run.update).accept(update)
        if accepted is None:
            advice = None if self._run.finished else _("the run has not gone farther")
            raise OutOfRangeError(
                _("update"),
                expected=_("a whole number from {low} to {high:,}").format(low=lowest, high=self._run.update),
                found=repr(update),
                advice=advice,
            )
        return accepted

    def take(self, data: DataSet | DataSets | None) -> None:
        """Use `data` from now on; raises `InputError` unless it is what the run was trained with."""
        if data is None:
            return
        part = data.train if isinstance(data, DataSets) else data
        if not isinstance(part, DataSet):
            raise InputError(
                "data", expected=_("a DataSet, such as glassnet.mnist().train"), found=type(data).__name__
            )
        if part.sha256 != self._run.data_sha256:
            raise InputError(
                _("training data"),
                expected=f"SHA-256 {self._run.data_sha256[:16]}…",
                found=f"SHA-256 {part.sha256[:16]}…",
                advice=_("give the images that the run was trained with"),
            )
        self._data = part
        self._updates.clear()

    @property
    def data(self) -> DataSet:
        """The training images: those given, or the packaged MNIST (its first ones) if the run was trained with them.

        Raises `InputError` when neither is at hand.
        """
        if self._data is None:
            first = mnist().train[: self._run.images]
            if first.sha256 != self._run.data_sha256:
                raise InputError(
                    _("training data"),
                    expected=f"SHA-256 {self._run.data_sha256[:16]}…",
                    found=_("none"),
                    advice=_("the run was not trained with MNIST: give its training images as data"),
                )
            self._data = first
        return self._data

    def state(self, update: int) -> State:
        """Return the state after `update`, a number that `checked` has accepted."""
        known = self._known(update)
        if known is not None:
            return known
        states = {**self._run.snapshots, **self._kept}
        found = states[max(at for at in states if at < update)]  # there is one: update 0 is always kept
        with chosen.settled(self._run.engine):
            for state in self._onward(found, update):
                self._keep(state)
        return self._kept[update]

    def order(self, epoch: int) -> NDArray[np.integer]:
        """Return the order in which an epoch (from 0) visits the images."""
        if self._order[0] != epoch:
            self._order = (epoch, chosen.order(self._run.seed, epoch, self._run.images))
        return self._order[1]

    def _known(self, update: int) -> State | None:
        if update == self._run.update:
            return self._run.state
        if update in self._kept:
            self._kept.move_to_end(update)
            return self._kept[update]
        return self._run.snapshots.get(update)

    def _onward(self, state: State, update: int) -> Iterator[State]:
        """Learn from `state` on to `update`; yield the states that are worth keeping, the last one last."""
        an_epoch = self._run.recipe.updates_per_epoch(self._run.images)
        near = max(state.update, update - NEIGHBORS + 1)
        while state.update < update:
            epoch = state.update // an_epoch
            goal = near if state.update < near else state.update + 1
            state = self._learned(state, min(goal, (epoch + 1) * an_epoch), epoch, an_epoch)
            if state.update >= near:
                yield state

    def _learned(self, state: State, goal: int, epoch: int, an_epoch: int) -> State:
        """Make the updates from `state` to `goal`, all of one epoch."""
        run, size = self._run, self._run.recipe.batch_size
        visited = self.order(epoch)[
            (state.update - epoch * an_epoch) * size : (goal - epoch * an_epoch) * size
        ]
        learned, losses = self._updates_of(epoch)(state, visited, seed=run.seed)
        recorded = run.history.loss[state.update : goal]
        if learned.update != goal or not np.array_equal(losses, recorded, equal_nan=True):
            raise UnavailableError(
                _("update {update}").format(update=f"{goal:,}"),
                expected=_("the recorded loss, to the last bit"),
                found=_("another one"),
                advice=_("this machine computes other bits than the one that trained, as NumPy may do"),
            )
        return learned

    def _updates_of(self, epoch: int) -> chosen.Update:
        run, data = self._run, self.data
        distortion = run.recipe.distortion_in(epoch)
        if distortion not in self._updates:
            self._updates[distortion] = chosen.updates(
                run.architecture, self.rule, data.images, data.labels, distortion, run.engine
            )
        return self._updates[distortion]

    def _keep(self, state: State) -> None:
        self._kept[state.update] = state
        each = state.weights.nbytes + state.memory.nbytes + state.average.nbytes
        while len(self._kept) > max(2, KEPT_BYTES // each):
            self._kept.popitem(last=False)
