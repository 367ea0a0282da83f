"""The network: its weights, and what it computes from images; knows no training.

n  images     images   uint8 0…255 or float 0…1, (n, pixels)
w1, w2, …     weights  float32, (neurons, inputs + 1), the bias in the last column
"""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassnet import modelfile
from glassnet.engine import chosen, native, numpy_engine
from glassnet.engine.architecture import Architecture
from glassnet.engine.random import initial_weights
from glassnet.errors import InputError, OutOfRangeError, ShapeError
from glassnet.lecture.steps import ledger
from glassnet.locale import _
from glassnet.trace import Trace

Floats = NDArray[np.float32]

PACKAGED = Path(__file__).parent / "models"


class Network:
    """A fully connected network, by default the lecture's 784-14-10 with sigmoids and the squared error.

    `sizes` are the neurons of each layer, the input's pixels first. `hidden` is sigmoid, tanh or relu; `output`
    and `loss` are sigmoid with squared_error or binary_cross_entropy, or softmax with cross_entropy. `seed` (0 to
    2⁶⁴ − 1) fixes the initial weights. Raises `InputError` for anything else.

    >>> network = Network(seed=0)
    >>> network.w1.shape, network.w2.shape
    ((14, 785), (10, 15))
    >>> network
    <Network 784-14-10 sigmoid, sigmoid, squared_error: 2d1f026ec60c435d>
    """

    def __init__(
        self,
        sizes: Sequence[int] = (784, 14, 10),
        hidden: str = "sigmoid",
        output: str = "sigmoid",
        loss: str = "squared_error",
        seed: int = 0,
    ) -> None:
        self.architecture = Architecture(sizes, hidden, output, loss)  # type: ignore[arg-type]
        self._weights = _named(initial_weights(self.architecture, seed))
        self.metadata: dict[str, str] = {}

    @classmethod
    def from_weights(
        cls,
        weights: Sequence[ArrayLike],
        hidden: str = "sigmoid",
        output: str = "sigmoid",
        loss: str = "squared_error",
    ) -> "Network":
        """Return a network with copies of the given w1, w2, … (neurons, inputs + 1), as float32.

        Raises `ShapeError` when one does not fit the one before, `InputError` for entries that are not finite.

        >>> Network.from_weights([np.zeros((14, 785)), np.zeros((10, 15))]).sizes
        (784, 14, 10)
        """
        matrices = [_float32(f"w{number}", weight) for number, weight in enumerate(weights, start=1)]
        if not matrices:
            raise ShapeError(_("weights"), expected="w1, w2, …", found=_("none"))
        _check_chain(matrices)
        sizes = (matrices[0].shape[1] - 1, *(matrix.shape[0] for matrix in matrices))
        network = cls.__new__(cls)
        network.architecture = Architecture(sizes, hidden, output, loss)
        network.architecture.check_weights(matrices)
        network._weights = _named(matrices)
        network.metadata = {}
        return network

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Network":
        """Return the network saved at `path`; ``"lecture"`` is the trained 784-14-10 that comes with the package.

        Raises `FileFormatError` for a file that is not a glassnet model, `InputError` when it is missing.

        >>> Network.load("lecture").sizes
        (784, 14, 10)
        """
        packaged = PACKAGED / f"{path}.safetensors"
        if isinstance(path, str) and path.isidentifier() and packaged.is_file():
            path = packaged
        architecture, weights, metadata = modelfile.read(path)
        network = cls.from_weights(weights, architecture.hidden, architecture.output, architecture.loss)
        network.metadata = metadata
        return network

    def save(self, path: str | os.PathLike[str], **metadata: object) -> None:
        """Write the network as a safetensors file; keyword arguments are added to its metadata as text.

        The file is whole or not there. Raises `UnavailableError` when the disk is full.
        """
        words = {key: str(value) for key, value in metadata.items()}
        modelfile.write(path, self.architecture, self._matrices(), self.metadata | words)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The neurons of each layer, the input's pixels first."""
        return self.architecture.sizes

    @property
    def hidden(self) -> str:
        """The activation of the hidden layers."""
        return self.architecture.hidden

    @property
    def output(self) -> str:
        """The activation of the output layer."""
        return self.architecture.output

    @property
    def loss(self) -> str:
        """The name of the loss."""
        return self.architecture.loss

    @property
    def weights(self) -> dict[str, Floats]:
        """The weights by name, ``{"w1": …, "w2": …}``; the arrays are the network's own and may be edited."""
        return dict(self._weights)

    @property
    def w1(self) -> Floats:
        """The first weights; further ones are `w2`, `w3`, …, as many as there are."""
        return self._weights["w1"]

    def __getattr__(self, name: str) -> Floats:
        weights: Mapping[str, Floats] = self.__dict__.get("_weights", {})
        if name in weights:
            return weights[name]
        raise AttributeError(f"Network has no {name!r}; its weights are {', '.join(weights)}")

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits of the weights' SHA-256 (little-endian float32, row by row, w1 first)."""
        return modelfile.fingerprint(self._matrices())

    def copy(self) -> "Network":
        """Return a network with the same weights that can be changed without changing this one."""
        network = Network.from_weights(self._matrices(), self.hidden, self.output, self.loss)
        network.metadata = dict(self.metadata)
        return network

    def edited(self, **entries: Mapping[tuple[int, int], float]) -> "Network":
        """Return a copy in which some weights are other numbers: ``w1={(row, column): number}`` and so on.

        Raises `InputError` for weights that are not there and numbers that float32 does not have, `OutOfRangeError`
        for a row or a column that is not there.

        >>> network = Network.load("lecture").edited(w1={(3, 784): 0.5}, w2={(0, 4): 0, (1, 4): 0})
        >>> network.w1[3, 784], network.w2[0, 4]
        (np.float32(0.5), np.float32(0.0))
        """
        network = self.copy()
        for name, numbers in entries.items():
            weight = network.weights.get(name)
            if weight is None:
                raise InputError(_("weights"), expected=", ".join(network.weights), found=name)
            for (row, column), number in numbers.items():
                if not (0 <= row < weight.shape[0] and 0 <= column < weight.shape[1]):
                    raise OutOfRangeError(name, expected=f"{weight.shape}", found=f"[{row}, {column}]")
                with np.errstate(over="ignore"):
                    weight[row, column] = number
                if not np.isfinite(weight[row, column]):
                    raise InputError(f"{name}[{row}, {column}]", expected=_("a finite number"), found=number)
        network.metadata = {}  # what the file said of its weights is no longer true of these
        return network

    def forward(self, images: ArrayLike) -> Floats:
        """Return the outputs (n, outputs) float32 for images (n, pixels), uint8 0…255 or float 0…1.

        One image may also be (pixels,), (pixels, 1) or 28 × 28; it gives (1, outputs).
        Raises `ShapeError` or `InputError` for anything else.

        >>> import glassnet
        >>> Network(seed=0).forward(glassnet.mnist().test.images[:3]).shape
        (3, 10)
        """
        if type(images) is np.ndarray and (outputs := self._view.forward_one(images)) is not None:
            return outputs
        rows = self._rows(images)
        return self._checked_view().forward(rows)

    def predict(self, images: ArrayLike) -> NDArray[np.integer]:
        """Return the digit (uint8, the row of the largest output) for each image, (n,); images as for `forward`.

        Millions of images in a memory map are read block by block; only their labels are kept. Beyond 256 outputs
        labels are int64.

        >>> import glassnet
        >>> Network.load("lecture").predict(glassnet.mnist().test.images[:3])
        array([7, 2, 1], dtype=uint8)
        """
        if type(images) is np.ndarray and (label := self._view.predict_one(images)) is not None:
            return label
        rows = self._rows(images)
        return self._checked_view().predict(rows)

    def trace(self, x: ArrayLike, target: int | ArrayLike | None = None) -> Trace:
        """Return every step for one image, and with a target (a digit or a one-hot column) on to the gradients.

        `x` is one image: (pixels,), (pixels, 1) or 28 × 28, uint8 0…255 or float 0…1.
        Raises `ShapeError` or `InputError` for anything else.

        >>> import glassnet
        >>> test = glassnet.mnist().test
        >>> trace = Network.load("lecture").trace(test.images[0], target=7)
        >>> trace.prediction, trace["a3"].shape
        (7, (10, 1))
        """
        rows = self._rows(x)
        if len(rows) != 1:
            raise ShapeError("x", expected=_("one image"), found=_("{count} images").format(count=len(rows)))
        label = None if target is None else self._label(target)
        matrices = self._matrices()
        self.architecture.check_weights(matrices)
        values = chosen.steps(self.architecture, matrices, rows[0], label)
        steps = ledger(self.sizes, self.hidden, self.output, self.loss, target=label is not None)
        return Trace(steps, values, self._weights, self.hidden, self.output, label)

    def __repr__(self) -> str:
        sizes = "-".join(str(size) for size in self.sizes)
        return f"<Network {sizes} {self.hidden}, {self.output}, {self.loss}: {self.fingerprint}>"

    def _matrices(self) -> list[Floats]:
        return list(self._weights.values())

    @cached_property
    def _view(self) -> native.View | numpy_engine.View:
        return chosen.view(self.architecture, self._matrices())

    def _checked_view(self) -> native.View | numpy_engine.View:
        """What the weights give, all of them finite; they may have been edited since the last call."""
        view = self._view
        if not view.finite():
            self.architecture.check_weights(self._matrices())
        return view

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_view"}

    def _rows(self, images: ArrayLike) -> NDArray[np.uint8] | NDArray[np.floating]:
        """Images of any accepted form as (n, pixels), uint8 or floats 0…1, checked but not copied."""
        pixels = self.architecture.sizes[0]
        array = _array(_("image"), images)
        side = round(pixels**0.5)
        single = [(pixels,), (pixels, 1)] + ([(side, side)] if side * side == pixels else [])
        if array.shape in single:
            array = array.reshape(1, pixels)
        elif array.ndim == 3 and array.shape[1:] == (side, side) and side * side == pixels:
            array = array.reshape(len(array), pixels)
        elif array.ndim != 2 or array.shape[1] != pixels:
            forms = ", ".join(str(shape).replace(" ", "") for shape in [*single, ("n", pixels)])
            raise ShapeError(_("image"), expected=forms.replace("'", ""), found=array.shape)
        if array.dtype == np.uint8:
            return array
        if array.dtype.kind in "iu" or array.dtype.kind != "f":
            raise InputError(
                _("image"),
                expected=_("uint8 from 0 to 255 or float from 0 to 1"),
                found=str(array.dtype),
                advice=_("convert it with .astype(np.uint8), or divide by 255"),
            )
        if array.size and not (array.min() >= 0 and array.max() <= 1):
            raise InputError(
                _("image"),
                expected=_("float from 0 to 1"),
                found=_("{low} to {high}").format(low=array.min(), high=array.max()),
                advice=_("divide by 255, or pass bytes as uint8"),
            )
        return array

    def _label(self, target: int | ArrayLike) -> int:
        outputs = self.sizes[-1]
        expected = _("a whole number from 0 to {last}, or a column with a single 1").format(last=outputs - 1)
        array = _array(_("target"), target)
        if array.ndim == 0 and array.dtype.kind in "iu" and 0 <= array < outputs:
            return int(array)
        is_column = array.size == outputs > 1 and array.ndim in (1, 2) and array.dtype.kind in "iufb"
        if is_column and np.count_nonzero(array) == 1 and array.max() == 1:
            return int(array.argmax())
        raise InputError(_("target"), expected=expected, found=_short(target))


def _array(what: str, value: Any) -> NDArray[Any]:
    try:
        return np.asarray(value)
    except (ValueError, TypeError) as error:
        raise ShapeError(what, expected=_("an array of numbers"), found=_short(value)) from error


def _float32(what: str, value: ArrayLike) -> Floats:
    array = _array(what, value)
    if array.dtype.kind not in "iuf":
        raise ShapeError(what, expected=_("an array of numbers"), found=_short(value))
    with np.errstate(over="ignore"):
        return np.array(array, np.float32, order="C")


def _check_chain(matrices: Sequence[Floats]) -> None:
    """Each matrix must have two dimensions and a column for every neuron before it, and one for the bias."""
    transpose = _("did you transpose it?")
    for number, matrix in enumerate(matrices, start=1):
        if matrix.ndim != 2 or matrix.shape[1] < 2:
            raise ShapeError(f"w{number}", expected=_("(neurons, inputs + 1)"), found=matrix.shape)
    for number, (before, matrix) in enumerate(pairwise(matrices), start=2):
        columns = before.shape[0] + 1
        if matrix.shape[1] == columns:
            continue
        if before.shape[1] + 1 == matrix.shape[1]:
            raise ShapeError(
                f"w{number - 1}", expected=before.shape[::-1], found=before.shape, advice=transpose
            )
        raise ShapeError(
            f"w{number}",
            expected=_("{columns} columns").format(columns=columns),
            found=matrix.shape,
            advice=transpose if matrix.shape[0] == columns else None,
        )


def _named(weights: Sequence[Floats]) -> dict[str, Floats]:
    return {f"w{number}": weight for number, weight in enumerate(weights, start=1)}


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
