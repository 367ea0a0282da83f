"""One call of `train`: epochs, evaluations, snapshots and the run's file around the engine; checks no input."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glassnet.data import DataSet
from glassnet.engine import chosen, numpy_training
from glassnet.errors import InputError
from glassnet.locale import N_, _
from glassnet.network import Network
from glassnet.training.recipe import Recipe
from glassnet.training.run import Epoch, Floats, History, Run, yielded
from glassnet.training.score import score

if TYPE_CHECKING:
    from glassnet.engine.distortion import Distortion

SAMPLE = 5_000  # of the training images, evaluated beside the validation images
SNAPSHOT_BYTES = 2**26  # 64 MiB
REPORTS_PER_EPOCH = 10  # and parts, after which there may be a snapshot
APART, APART_DISTORTED = 12_000, 18_000  # images between snapshots, at most: soon learned again (Run.at)


@dataclass(frozen=True)
class Progress:
    """How far training is: told a few times an epoch.

    `update` of `updates` are made, this is `epoch` of `epochs` (from 1). `loss` is the mean of the batches since the
    last report, `learning_rate` that of the last update, `seconds` the time so far (of earlier sessions too).
    `evaluated` is set where an epoch was just measured.
    """

    update: int
    updates: int
    epoch: int
    epochs: int
    loss: float
    learning_rate: float
    seconds: float
    evaluated: Epoch | None


class Session:
    """Everything that changes while a run grows; all arguments have been checked."""

    def __init__(
        self,
        network: Network,
        data: DataSet,
        validation: DataSet | None,
        recipe: Recipe,
        seed: int,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.architecture = network.architecture
        self.data, self.validation, self.recipe, self.seed = data, validation, recipe, seed
        self.progress = progress
        self.fingerprint = network.fingerprint
        self.rule = recipe.rule(len(data))
        self.an_epoch = recipe.updates_per_epoch(len(data))
        self.part = -(-self.an_epoch // REPORTS_PER_EPOCH)
        self.updates: dict[Distortion | None, chosen.Update] = {}
        self.state = numpy_training.start(self.rule, list(network.weights.values()))
        self.snapshots = {0: self.state}
        self.losses: list[Floats] = []
        self.epochs: list[Epoch] = []
        self.best_epoch: Epoch | None = None
        self.best_weights = self.state.weights
        self.seconds = 0.0
        self.diverged: int | None = None
        self._order: tuple[int, NDArray[np.integer]] = (-1, np.zeros(0, np.int64))

    def go_on_from(self, path: Path) -> None:
        """Take over the run at `path`; raises `InputError` naming what differs if it is another run."""
        saved, own = Run.load(path), self.result(interrupted=False)
        differences = list(_differences(saved, own))
        if differences:
            raise InputError(
                str(path),
                expected="; ".join(f"{name}: {theirs}" for name, theirs, _ours in differences),
                found="; ".join(f"{name}: {ours}" for name, _theirs, ours in differences),
                advice=_("a run goes on only with what it began with; give that, or another file"),
            )
        self.state, self.snapshots = saved.state, dict(saved.snapshots)
        self.losses, self.epochs = [saved.history.loss], list(saved.history.epochs)
        self.best_epoch, self.best_weights = saved.best_epoch, saved.best_weights
        self.seconds = saved.seconds
        self.diverged = saved.diverged

    def run(self, path: Path | None, stop: Callable[[], bool]) -> Run:
        """Train until the recipe is fulfilled, `stop` says so, or a loss is no number; keep `path` up to date."""
        before = self.seconds
        began = time.perf_counter()
        if path is not None and not path.exists():
            # a place that cannot be written to is better known before than after an hour
            self.result(interrupted=False).save(path)
        with chosen.settled():
            while self.state.update < self.rule.updates and self.diverged is None and not stop():
                ended = self._part_of_an_epoch(stop)
                self.seconds = before + time.perf_counter() - began
                if path is not None and (ended or stop() or self.diverged is not None):
                    self.result(interrupted=stop()).save(path)
            return self.result(interrupted=stop())

    def _part_of_an_epoch(self, stop: Callable[[], bool]) -> bool:
        """Go on to the next report, evaluate at the end of the epoch; return whether the epoch has ended."""
        epoch, done = divmod(self.state.update, self.an_epoch)
        end = (done // self.part + 1) * self.part  # also after an interruption between two parts
        size = self.recipe.batch_size
        self.state, losses = self._updates_of(epoch)(
            self.state, self._order_of(epoch)[done * size : end * size], seed=self.seed, stop=stop
        )
        self.losses.append(losses)
        ended = self.state.update % self.an_epoch == 0
        if not np.isfinite(losses[-1]) or (ended and not np.isfinite(self.state.weights).all()):
            self.diverged = self.state.update
        if self.diverged is None and (ended or self.state.update % self.an_epoch % self.part == 0):
            self._keep_snapshot()
        evaluated = self._end_of_epoch(epoch + 1) if ended and self.diverged is None else None
        self._report(epoch + 1, losses, evaluated)
        return ended

    def _updates_of(self, epoch: int) -> chosen.Update:
        distortion = self.recipe.distortion_in(epoch)
        if distortion not in self.updates:
            self.updates = {  # the one of earlier epochs gives its memory back
                distortion: chosen.updates(
                    self.architecture, self.rule, self.data.images, self.data.labels, distortion
                )
            }
        return self.updates[distortion]

    def _order_of(self, epoch: int) -> NDArray[np.integer]:
        if self._order[0] != epoch:
            self._order = (epoch, chosen.order(self.seed, epoch, len(self.data)))
        return self._order[1]

    def _end_of_epoch(self, number: int) -> Epoch | None:
        every = self.recipe.evaluate_every
        if number != self.recipe.epochs and not (every and number % every == 0):
            return None
        weights = yielded(self.state)
        matrices = numpy_training.matrices(self.architecture, weights)
        validation = score(self.architecture, matrices, self.validation) if self.validation else None
        epoch = Epoch(
            number, self.state.update, score(self.architecture, matrices, self.data[:SAMPLE]), validation
        )
        self.epochs.append(epoch)
        if validation is not None and (self.best_epoch is None or _rank(epoch) > _rank(self.best_epoch)):
            self.best_epoch, self.best_weights = epoch, weights
        return epoch

    def _keep_snapshot(self) -> None:
        """Keep the state of every few parts of an epoch and of its end, as long as these fit in 64 MiB.

        When they do not, every second part's, every fourth's, …, at last only those after epochs 0, 2, 4, …
        """
        self.snapshots[self.state.update] = self.state
        rows = 1 + len(self.state.memory) + len(self.state.average)
        room = max(1, SNAPSHOT_BYTES // (rows * self.state.weights.nbytes))
        epoch, within = divmod(self.state.update, self.an_epoch)
        images = APART if self.recipe.distortion is None else APART_DISTORTED
        updates = max(1, images // (self.part * self.recipe.batch_size)) * self.part
        while updates < self.an_epoch and epoch * -(-self.an_epoch // updates) + within // updates + 1 > room:
            updates *= 2
        epochs = 1
        while updates >= self.an_epoch and epoch // epochs + 1 > room:
            epochs *= 2
        self.snapshots = {
            update: state
            for update, state in self.snapshots.items()
            if update // self.an_epoch % epochs == 0
            and update % self.an_epoch % min(updates, self.an_epoch) == 0
        }

    def _report(self, epoch: int, losses: Floats, evaluated: Epoch | None) -> None:
        if self.progress is None:
            return
        self.progress(
            Progress(
                self.state.update,
                self.rule.updates,
                epoch,
                self.recipe.epochs,
                float(losses.mean(dtype=np.float64)),
                chosen.learning_rate(self.rule, self.state.update),
                self.seconds,
                evaluated,
            )
        )

    def result(self, interrupted: bool) -> Run:
        """Return the run as it stands."""
        losses = np.concatenate([np.zeros(0, np.float32), *self.losses])
        self.losses = [losses]
        return Run(
            architecture=self.architecture,
            recipe=self.recipe,
            seed=self.seed,
            data_sha256=self.data.sha256,
            validation_sha256=self.validation.sha256 if self.validation else "",
            images=len(self.data),
            start=self.fingerprint,
            history=History(losses, self.rule, tuple(self.epochs)),
            state=self.state,
            snapshots=dict(self.snapshots),
            best_epoch=self.best_epoch,
            best_weights=self.best_weights,
            seconds=self.seconds,
            interrupted=interrupted and self.state.update < self.rule.updates,
            diverged=self.diverged,
            engine=chosen.name(),
        )


def _rank(epoch: Epoch) -> tuple[float, float]:
    """The larger, the better: validation accuracy, then loss."""
    judged = epoch.validation or epoch.train
    return judged.accuracy, -judged.loss


def _differences(saved: Run, own: Run) -> Iterator[tuple[str, object, object]]:
    """Yield what makes `saved` another run than `own`: its name, and the value in either."""
    pairs: dict[str, tuple[object, object]] = {
        name: (getattr(saved.architecture, name), getattr(own.architecture, name))
        for name in ("sizes", "hidden", "output", "loss")
    }
    theirs, ours = saved.recipe.to_json(), own.recipe.to_json()
    pairs |= {f"recipe.{name}": (theirs[name], ours[name]) for name in ours}
    pairs |= {
        _(label): (getattr(saved, name), getattr(own, name))
        for label, name in (
            (N_("seed"), "seed"),
            (N_("training data"), "data_sha256"),
            (N_("validation data"), "validation_sha256"),
            (N_("initial weights"), "start"),
            (N_("engine"), "engine"),
        )
    }
    for name, (theirs_, ours_) in pairs.items():
        if theirs_ != ours_:
            yield name, _short(theirs_), _short(ours_)


def _short(value: object) -> object:
    """Return a number without what only its binary form has; anything else as it is."""
    return f"{value:.9g}" if isinstance(value, float) else value
