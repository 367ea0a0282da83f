"""One update as arithmetic: its batch, forward, loss, gradients, and for any weight the rule with its numbers.

    b  images of the batch     P  weights in all     values: the letters and shapes of the ledger, b columns wide

The gradients are those that the engine used; old and new weights are the run's own. The ledger's update lines are
worked out in float64 beside them. It trains nothing and changes no run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glassnet.constraints import Whole
from glassnet.engine import chosen, numpy_training, reference
from glassnet.engine.numpy_training import State
from glassnet.errors import InputError, OutOfRangeError
from glassnet.lecture.steps import ledger
from glassnet.locale import _
from glassnet.network import Network
from glassnet.trace import Trace
from glassnet.training.weight import (
    Difference,
    Product,
    UpdateLine,
    WeightExplanation,
    shortest,
    with_numbers,
)

if TYPE_CHECKING:
    from glassnet.training.run import Run

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

MEMORY = {"sgd": "", "momentum": "v", "adam": "mv"}
"""The letters of what each update rule remembers, in the order of `State.memory`."""
STEP = 2.0**-17  # of a finite difference, times the weight's size where that is above 1
BLOCK = 1_000  # images at a time, in float64


@dataclass(frozen=True, eq=False, repr=False)
class UpdateExplanation:
    """One update of a run, made by `Run.explain`.

    `update` counts from 1; it is number `batch` (from 1) of `epoch` (from 1). `indices` int64 (b,) are the numbers
    of its images in the training set, `labels` uint8 (b,), `images` uint8 (b, pixels) as training saw them, that
    is distorted where the recipe distorts. `image` is the place in the batch of the one image that is explained,
    or None. `loss` is the batch's mean and `gradients` by name (d_w1, …) its gradients, the engine's float32.
    """

    run: "Run"
    update: int
    epoch: int
    batch: int
    learning_rate: float
    indices: NDArray[np.int64]
    labels: Bytes
    images: Bytes
    image: int | None
    loss: float
    gradients: Mapping[str, Floats]
    state_before: State
    state_after: State

    @cached_property
    def before(self) -> Network:
        """The network before the update, as `run.at(update - 1)` gives it."""
        return self.run.at(self.update - 1)

    @cached_property
    def after(self) -> Network:
        """The network after the update, as `run.at(update)` gives it."""
        return self.run.at(self.update)

    @cached_property
    def shown(self) -> NDArray[np.int64]:
        """The places in the batch of the images that are explained: all, or the one."""
        return np.arange(len(self.indices)) if self.image is None else np.array([self.image])

    @cached_property
    def values(self) -> dict[str, Floats]:
        """Every step of the ledger by its id, float32, a column for each image explained.

        `loss` and each `d_w` (neurons, inputs + 1) are means over these images.
        """
        a, weights = self.run.architecture, list(self.before.weights.values())
        found: dict[str, Floats] = {}
        for column, place in enumerate(self.shown):
            steps = chosen.steps(a, weights, self.images[place], int(self.labels[place]))
            for name, value in steps.items():
                if column == 0:
                    found[name] = self.image_gradients.get(
                        name, np.empty((len(value), len(self.shown)), np.float32)
                    )
                if name not in self.image_gradients:
                    found[name][:, column] = value[:, 0]
        found["loss"] = found["loss"].mean(axis=1, keepdims=True)
        return found

    @cached_property
    def image_gradients(self) -> dict[str, Floats]:
        """The gradients of the images explained, by name: the batch's `gradients`, or those of the one image."""
        if self.image is None:
            return dict(self.gradients)
        return _gradients(self.run, self.state_before, self.images[self.shown], self.labels[self.shown])[1]

    @cached_property
    def losses(self) -> Floats:
        """The loss of each image of the batch before the update, (b,) float32."""
        blocks = chosen.outputs_and_losses(
            self.run.architecture, list(self.before.weights.values()), self.images, self.labels
        )
        return np.concatenate([losses for _outputs, losses in blocks])

    @cached_property
    def predictions(self) -> NDArray[np.int64]:
        """The digit read in each image of the batch before the update, (b,)."""
        weights = list(self.before.weights.values())
        outputs = chosen.forward(self.run.architecture, weights, self.images)
        return np.asarray(outputs.argmax(axis=1), np.int64)

    @cached_property
    def trace(self) -> Trace | None:
        """Every step for the one image, or None where the whole batch is explained."""
        if self.image is None:
            return None
        return self.before.trace(self.images[self.image], int(self.labels[self.image]))

    def largest(self) -> tuple[str, int, int]:
        """Return (name, row, column) of the weight with the largest gradient of the images explained.

        Among equals the first one; entries that are no numbers are passed over.
        """
        best, place = -1.0, ("w1", 0, 0)
        for name, matrix in self.image_gradients.items():
            sizes = np.nan_to_num(np.abs(matrix), nan=-1.0)
            row, column = np.unravel_index(int(sizes.argmax()), sizes.shape)
            if sizes[row, column] > best:
                best, place = float(sizes[row, column]), (name.removeprefix("d_"), int(row), int(column))
        return place

    def weight(self, name: str, row: int, column: int) -> WeightExplanation:
        """Return what the update did to the weight `name`[row, column], such as w1[3, 405]; both count from 0.

        Raises `InputError` for a matrix, `OutOfRangeError` for a row or column that is not there.
        """
        shapes = dict(zip(self.before.weights, self.run.architecture.weight_shapes, strict=True))
        if name not in shapes:
            raise InputError(_("weights"), expected=", ".join(shapes), found=repr(name))
        row = _whole(_("row of {step}").format(step=name), row, shapes[name][0])
        column = _whole(_("column of {step}").format(step=name), column, shapes[name][1])
        number = int(name[1:])
        place = sum(rows * columns for rows, columns in self.run.architecture.weight_shapes[: number - 1])
        place += row * shapes[name][1] + column
        gradient = float(self.gradients[f"d_{name}"][row, column])
        one = float(self.image_gradients[f"d_{name}"][row, column])
        sizes = self.run.architecture.sizes
        pixel = divmod(column, 28) if number == 1 and column < sizes[0] == 784 else None
        return WeightExplanation(
            name=name,
            row=row,
            column=column,
            pixel=pixel,
            update=self.update,
            optimizer=self.run.recipe.optimizer,
            learning_rate=self.learning_rate,
            old=float(self.state_before.weights[place]),
            new=float(self.state_after.weights[place]),
            gradient=gradient,
            image_gradient=None if self.image is None else one,
            lines=self._lines(number, place, gradient),
            products=self._products(number, row, column),
            difference=self._difference(number, row, column),
        )

    def _lines(self, number: int, place: int, gradient: float) -> tuple[UpdateLine, ...]:
        """Work the ledger's lines out for the weight at `place` of all."""
        recipe, a = self.run.recipe, self.run.architecture
        numbers: dict[str, float] = {
            f"w{number}": float(self.state_before.weights[place]),
            f"d_w{number}": gradient,
            "learning_rate": self.learning_rate,
            "momentum": recipe.momentum,
            "beta1": numpy_training.BETA1,
            "beta2": numpy_training.BETA2,
            "epsilon": numpy_training.EPSILON,
            "update": self.update,
        }
        stored = {f"new_w{number}": float(self.state_after.weights[place])}
        for letter, before, after in zip(
            MEMORY[recipe.optimizer], self.state_before.memory, self.state_after.memory, strict=True
        ):
            numbers[f"{letter}{number}"] = float(before[place])
            stored[f"new_{letter}{number}"] = float(after[place])
        lines = []
        for step in ledger(a.sizes, a.hidden, a.output, a.loss, optimizer=recipe.optimizer):
            if step.part != "update" or step.layer != number + 1:
                continue
            with np.errstate(all="ignore"):
                exact = {name: np.float64(value) for name, value in numbers.items()}
                # the ledger's own line, on its own names alone
                value = float(eval(step.python, {"np": np, **exact}))
            lines.append(UpdateLine(step, with_numbers(step.python, numbers), value, stored.get(step.id)))
            numbers[step.id] = stored.get(step.id, value)  # the next line goes on from what the engine has
        return tuple(lines)

    def _products(self, number: int, row: int, column: int) -> tuple[Product, ...]:
        entering = self.values["a1" if number == 1 else f"a{number}_1"][column].tolist()
        slopes = self.values[f"d_z{number + 1}"][row].tolist()
        return tuple(
            Product(int(self.indices[place]), int(self.labels[place]), d_z, a, d_z * a)
            for place, d_z, a in zip(self.shown.tolist(), slopes, entering, strict=True)
        )

    def _difference(self, number: int, row: int, column: int) -> Difference:
        """Take the mean loss of the images explained, in float64, a little above and below the weight."""
        weights = [weight.astype(np.float64) for weight in self.before.weights.values()]
        old = float(weights[number - 1][row, column])
        step = STEP * max(1.0, abs(old))
        weights[number - 1][row, column] = old + step
        above = self._mean_loss(weights)
        weights[number - 1][row, column] = old - step
        below = self._mean_loss(weights)
        return Difference(step, above, below, (above - below) / ((old + step) - (old - step)))

    def _mean_loss(self, weights: list[NDArray[np.float64]]) -> float:
        a, total = self.run.architecture, 0.0
        images, labels = self.images[self.shown], self.labels[self.shown]
        for start in range(0, len(images), BLOCK):
            part = slice(start, start + BLOCK)
            t = np.eye(a.sizes[-1])[:, labels[part]]
            with np.errstate(all="ignore"):
                values = reference.forward(a, weights, images[part].T / 255)
                total += float(reference.loss(a, values, t)["loss"][0, 0]) * t.shape[1]
        return total / len(images)

    def to_json(self) -> dict[str, Any]:
        """Return everything as numbers and lists; for one image every step too, float32 as its shortest text."""
        fields: dict[str, Any] = {
            "update": self.update,
            "epoch": self.epoch,
            "batch": self.batch,
            "optimizer": self.run.recipe.optimizer,
            "learning_rate": shortest(self.learning_rate),
            "engine": self.run.engine,
            "address": self.run.address_at(self.update).to_json(),
            "before": self.before.fingerprint,
            "after": self.after.fingerprint,
            "loss": shortest(self.loss),
            "images": [
                {"index": index, "label": label, "prediction": prediction, "loss": shortest(loss)}
                for index, label, prediction, loss in zip(
                    self.indices.tolist(),
                    self.labels.tolist(),
                    self.predictions.tolist(),
                    self.losses.tolist(),
                    strict=True,
                )
            ],
            "gradients": {name: _rows(matrix) for name, matrix in self.gradients.items()},
            "image": self.image,
        }
        if self.image is not None:
            fields["steps"] = [
                {"id": name, "shape": list(value.shape), "value": _rows(value)}
                for name, value in self.values.items()
            ]
        return fields

    def __repr__(self) -> str:
        what = f"{len(self.indices)} images" if self.image is None else f"image {self.image}"
        return f"<UpdateExplanation {self.update:,}, epoch {self.epoch}: {what}, loss {self.loss:.4f}>"

    def __str__(self) -> str:
        from glassnet.show import update

        return update.text(self)

    def __rich__(self) -> object:
        from glassnet.show import update

        return update.renderable(self)

    def _repr_html_(self) -> str:
        from glassnet.show import html_update

        return html_update.written(self)


def explain(run: "Run", update: int, image: int | None = None) -> UpdateExplanation:
    """Return update number `update` of `run`, from 1 on, an accepted one; see `Run.explain`."""
    recipe = run.recipe
    epoch, batch = divmod(update - 1, recipe.updates_per_epoch(run.images))
    indices = run.replay.order(epoch)[batch * recipe.batch_size : (batch + 1) * recipe.batch_size]
    if image is not None:
        image = _whole(_("image of the batch"), image, len(indices))
    data, before = run.replay.data, run.replay.state(update - 1)
    images, labels = data.images[indices], data.labels[indices]
    distortion = recipe.distortion_in(epoch)
    if distortion is not None:
        images = chosen.distort(distortion, run.seed, update, images)
    loss, gradients = _gradients(run, before, images, labels)
    return UpdateExplanation(
        run=run,
        update=update,
        epoch=epoch + 1,
        batch=batch + 1,
        learning_rate=float(np.float32(chosen.learning_rate(run.replay.rule, update, run.engine))),
        indices=np.asarray(indices, np.int64),
        labels=labels,
        images=images,
        image=image,
        loss=loss,
        gradients=gradients,
        state_before=before,
        state_after=run.replay.state(update),
    )


def _gradients(run: "Run", state: State, images: Bytes, labels: Bytes) -> tuple[float, dict[str, Floats]]:
    """Return the mean loss of images at `state` and their gradients by name, in the bits of the run's engine."""
    loss, vector = chosen.gradient(run.architecture, state.weights, images, labels, run.engine)
    named = enumerate(numpy_training.matrices(run.architecture, vector), start=1)
    return float(np.float32(loss)), {f"d_w{number}": matrix for number, matrix in named}


def _rows(matrix: Floats) -> list[list[float]]:
    return [[shortest(number) for number in row] for row in matrix]


def _whole(what: str, value: int, count: int) -> int:
    accepted = Whole(0, count - 1).accept(value)
    if accepted is None:
        raise OutOfRangeError(what, expected=_("0 to {last}").format(last=count - 1), found=repr(value))
    return accepted
