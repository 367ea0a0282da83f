"""What a network is, before it has weights: its sizes, activations and loss, checked; computes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import InputError, ShapeError
from glassnet.locale import _

HIDDEN = ("sigmoid", "tanh", "relu")
OUTPUT_LOSS_PAIRS = (
    ("sigmoid", "squared_error"),
    ("sigmoid", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
)
MOST_WEIGHTS = 100_000_000


@dataclass(frozen=True)
class Architecture:
    """The shape of a network: `sizes` from the input's pixels to the outputs, its activations and its loss.

    `hidden` is one of sigmoid, tanh, relu; `output` and `loss` are one of the pairs sigmoid with squared_error,
    sigmoid with binary_cross_entropy, softmax with cross_entropy.
    Raises `InputError` naming the part that does not fit.

    >>> Architecture((784, 14, 10)).weight_shapes
    ((14, 785), (10, 15))
    """

    sizes: tuple[int, ...] = (784, 14, 10)
    hidden: str = "sigmoid"
    output: str = "sigmoid"
    loss: str = "squared_error"

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", _checked_sizes(self.sizes))
        if self.hidden not in HIDDEN:
            raise InputError("hidden", expected=", ".join(HIDDEN), found=repr(self.hidden))
        if (self.output, self.loss) not in OUTPUT_LOSS_PAIRS:
            pairs = ", ".join(f"{output} + {loss}" for output, loss in OUTPUT_LOSS_PAIRS)
            raise InputError("output + loss", expected=pairs, found=f"{self.output} + {self.loss}")

    @property
    def weight_shapes(self) -> tuple[tuple[int, int], ...]:
        """The shapes of w1, w2, …: (neurons, inputs + 1), the bias in the last column."""
        return tuple((neurons, inputs + 1) for inputs, neurons in pairwise(self.sizes))

    def check_weights(self, weights: Sequence[NDArray[np.generic]]) -> None:
        """Raise `ShapeError` or `InputError` unless `weights` are w1, w2, … of this architecture, all finite."""
        if len(weights) != len(self.weight_shapes):
            raise ShapeError(
                _("weights"),
                expected=_("{count} matrices").format(count=len(self.weight_shapes)),
                found=len(weights),
            )
        for number, (weight, shape) in enumerate(zip(weights, self.weight_shapes, strict=True), start=1):
            if weight.shape != shape:
                raise ShapeError(
                    f"w{number}",
                    expected=shape,
                    found=weight.shape,
                    advice=_("did you transpose it?") if weight.shape == shape[::-1] else None,
                )
            if weight.dtype.kind != "f":
                raise ShapeError(f"w{number}", expected="float32", found=weight.dtype)
            if not np.isfinite(weight).all():
                row, column = (int(index) for index in np.argwhere(~np.isfinite(weight))[0])
                raise InputError(
                    f"w{number}[{row}, {column}]", expected=_("a finite number"), found=weight[row, column]
                )


def _checked_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    expected = _("at least two whole numbers of 1 or more, such as (784, 14, 10)")
    try:
        whole = tuple(int(size) for size in sizes)
        exact = all(size == given for size, given in zip(whole, sizes, strict=True))
    except (TypeError, ValueError, OverflowError):
        exact = False
    if not exact or len(whole) < 2 or min(whole) < 1:
        raise InputError("sizes", expected=expected, found=repr(sizes))
    weights = sum((inputs + 1) * neurons for inputs, neurons in pairwise(whole))
    if weights > MOST_WEIGHTS:
        raise InputError(
            "sizes",
            expected=_("at most {most:,} weights").format(most=MOST_WEIGHTS),
            found=f"{weights:,}",
            advice=_("use fewer or smaller layers"),
        )
    return whole
