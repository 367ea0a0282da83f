"""One weight in one update, as `UpdateExplanation.weight` finds it: numbers and how they are written; computes none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from glassnet.lecture.steps import Step


@dataclass(frozen=True)
class UpdateLine:
    """A line of the update rule for one weight: the ledger's `step`, and its Python `written` with numbers.

    `value` is worked out in float64 from the engine's numbers; `stored` is what the engine has of it in float32, or
    None where it keeps no such number.
    """

    step: Step
    written: str
    value: float
    stored: float | None


@dataclass(frozen=True)
class Product:
    """What one image has to say about a weight: the slope `d_z` of its neuron × the number `entering` over it.

    `index` is the image's number in the training set. The gradient is the mean of the products.
    """

    index: int
    label: int
    d_z: float
    entering: float
    product: float


@dataclass(frozen=True)
class Difference:
    """A central difference in float64: the mean loss of the images with the weight `step` larger and smaller."""

    step: float
    above: float
    below: float
    slope: float


@dataclass(frozen=True)
class WeightExplanation:
    """One weight in one update: w`p`[row, column], its gradient, the rule's lines, and the check by differences.

    `old`, `new`, `gradient` (of the batch, which the rule uses) are the engine's float32; `image_gradient` is that
    of the one image, or None where the whole batch is explained. `products` (one for each image explained) have
    the mean `difference.slope` approximates too.
    """

    name: str
    row: int
    column: int
    pixel: tuple[int, int] | None
    update: int
    optimizer: str
    learning_rate: float
    old: float
    new: float
    gradient: float
    image_gradient: float | None
    lines: tuple[UpdateLine, ...]
    products: tuple[Product, ...]
    difference: Difference

    @property
    def checked(self) -> float:
        """The gradient that `difference` checks: the batch's, or the one image's."""
        return self.gradient if self.image_gradient is None else self.image_gradient

    def to_json(self) -> dict[str, Any]:
        """Return everything as numbers, text and lists."""
        return {
            "name": self.name,
            "row": self.row,
            "column": self.column,
            "pixel": self.pixel,
            "learning_rate": shortest(self.learning_rate),
            "old": shortest(self.old),
            "gradient": shortest(self.gradient),
            "new": shortest(self.new),
            "image_gradient": None if self.image_gradient is None else shortest(self.image_gradient),
            "lines": [
                {
                    "id": line.step.id,
                    "python": line.step.python,
                    "written": line.written,
                    "value": line.value,
                    "stored": None if line.stored is None else shortest(line.stored),
                }
                for line in self.lines
            ],
            "difference": vars(self.difference),
            "products": [
                {
                    "index": item.index,
                    "label": item.label,
                    "d_z": shortest(item.d_z),
                    "entering": shortest(item.entering),
                    "product": item.product,
                }
                for item in self.products
            ],
        }

    def __str__(self) -> str:
        from glassnet.show import update

        return update.text(self)

    def __rich__(self) -> object:
        from glassnet.show import update

        return update.renderable(self)

    def _repr_html_(self) -> str:
        from glassnet.show import html_update

        return html_update.weight(self)


def with_numbers(python: str, numbers: Mapping[str, float]) -> str:
    """Replace the names in a line of Python by their numbers.

    >>> with_numbers("w1 - learning_rate * d_w1", {"w1": -0.5, "learning_rate": 1.0, "d_w1": 0.25})
    '-0.5 - 1 * 0.25'
    """

    def number(match: re.Match[str]) -> str:
        text = shortest_text(numbers[match[0]]) if match[0] in numbers else match[0]
        return f"({text})" if text.startswith("-") and match.start() else text

    return re.sub(r"[a-z_]\w*(?:\.\w+)?", number, python)


def shortest_text(value: float) -> str:
    """Write a number as the shortest text that gives the same float32, a float64 that is none with 9 digits.

    >>> shortest_text(float(np.float32(0.1))), shortest_text(0.9), shortest_text(120.0), shortest_text(1 / 3)
    ('0.1', '0.9', '120', '0.333333333')
    >>> shortest_text(1e6), shortest_text(float(np.float32(1e-4)))
    ('1000000', '0.0001')
    """
    with np.errstate(over="ignore"):
        is_single = float(np.float32(value)) == value
    # Python's text of a number, since NumPy's changes to powers of ten elsewhere in each of its versions
    text = repr(shortest(value)) if is_single else f"{value:.9g}"
    return text.removesuffix(".0")


def shortest(value: float) -> float:
    """Return a float32's shortest text as a number."""
    return float(str(np.float32(value)))
