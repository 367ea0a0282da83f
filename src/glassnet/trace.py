"""One image's way through a network: every step of the ledger with its value; computes no network itself."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import InputError, OutOfRangeError
from glassnet.lecture.steps import Step
from glassnet.locale import _

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class TraceStep:
    """A step of the ledger and its `value`, a read-only float32 matrix of the step's shape."""

    step: Step
    value: Matrix


@dataclass(frozen=True)
class Term:
    """One product of a neuron's sum: `weight` × `entering` = `product`; `column` counts the inputs from 0."""

    column: int
    weight: float
    entering: float
    product: float


@dataclass(frozen=True)
class Explanation:
    """One neuron's sum written out: `terms` (largest first) + `rest` + `bias` = `total`; then `activation`.

    `id` is the sum's step (`z2`), `entering` the step that enters it (`a1`), `row` the neuron, counted from 0.
    `rest` adds up the `rest_count` products that `terms` leaves out. `total` and `activation` are the trace's own
    float32; products and `rest` are float64 of the same numbers, so they agree with `total` to about 1e-6.
    """

    id: str
    row: int
    entering: str
    terms: tuple[Term, ...]
    rest: float
    rest_count: int
    bias: float
    total: float
    activation_id: str
    activation: float
    activation_name: str
    image_width: int | None

    def position(self, term: Term) -> tuple[int, int] | None:
        """Return a term's (row, column) in the image, both from 0, or None where the inputs are no pixels."""
        return divmod(term.column, self.image_width) if self.image_width else None

    def to_json(self) -> dict[str, Any]:
        """Return the explanation as numbers and lists."""
        return {
            "id": self.id,
            "row": self.row,
            "entering": self.entering,
            "terms": [
                {
                    "column": term.column,
                    "position": self.position(term),
                    "weight": term.weight,
                    "entering": term.entering,
                    "product": term.product,
                }
                for term in self.terms
            ],
            "rest": self.rest,
            "rest_count": self.rest_count,
            "bias": self.bias,
            "total": self.total,
            "activation_id": self.activation_id,
            "activation": self.activation,
        }

    def __str__(self) -> str:
        from glassnet.show import terminal

        return terminal.text(self)

    def __rich__(self) -> object:
        from glassnet.show import terminal

        return terminal.renderable(self)

    def _repr_html_(self) -> str:
        from glassnet.show import html

        return html.explanation(self)


class Trace:
    """Every step from one image to its prediction, and with a target on to the loss and all gradients.

    Made by `Network.trace`. Values are read-only float32 matrices, columns as n × 1; `trace["z2"]` looks one up,
    iteration gives `TraceStep`s in the ledger's order.

    >>> import glassnet
    >>> test = glassnet.mnist().test
    >>> trace = glassnet.Network(seed=0).trace(test.images[0], target=7)
    >>> trace["z2"].shape, trace.target, len(trace)
    ((14, 1), 7, 17)
    >>> [step.id for step, value in [(item.step, item.value) for item in trace]][:4]
    ['x', 'a1', 'z2', 'a2']
    """

    def __init__(
        self,
        steps: tuple[Step, ...],
        values: Mapping[str, Matrix],
        weights: Mapping[str, Matrix],
        hidden: str,
        output: str,
        target: int | None = None,
    ) -> None:
        self._items = {step.id: TraceStep(step, _read_only(values[step.id])) for step in steps}
        self._weights = {name: _read_only(weight) for name, weight in weights.items()}
        self.hidden = hidden
        self.output = output
        self.target = target
        self.sizes = (
            next(iter(self._weights.values())).shape[1] - 1,
            *(weight.shape[0] for weight in self._weights.values()),
        )

    def __getitem__(self, step_id: str) -> Matrix:
        return self.step(step_id).value

    def __contains__(self, step_id: object) -> bool:
        return step_id in self._items

    def __iter__(self) -> Iterator[TraceStep]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def step(self, step_id: str) -> TraceStep:
        """Return the step called `step_id` with its value; raise `InputError` (a `KeyError` by nature) if unknown."""
        if step_id not in self._items:
            raise InputError(_("step"), expected=", ".join(self._items), found=repr(step_id))
        return self._items[step_id]

    @property
    def outputs(self) -> Matrix:
        """The network's outputs, the last activation (outputs × 1)."""
        return self[f"a{len(self.sizes)}"]

    @property
    def prediction(self) -> int:
        """The row of the largest output, counted from 0: the digit."""
        return int(self.outputs.argmax())

    @property
    def loss(self) -> float | None:
        """The loss of this image, or None without a target."""
        return float(self["loss"][0, 0]) if "loss" in self else None

    @property
    def weights(self) -> dict[str, Matrix]:
        """The weights that were used: w1, w2, … (neurons, inputs + 1), read-only."""
        return dict(self._weights)

    def explain(self, step_id: str, row: int, top: int = 10) -> Explanation:
        """Write out neuron `row` (from 0) of `step_id` (`z2`, `a2`, …): its `top` largest terms and the rest.

        Raises `InputError` for a step that is no neuron's sum or activation, or a row that it does not have.

        >>> import glassnet
        >>> trace = glassnet.Network(seed=0).trace(glassnet.mnist().test.images[0])
        >>> e = trace.explain("z2", row=3, top=5)
        >>> len(e.terms), e.rest_count
        (5, 779)
        >>> parts = sum(term.product for term in e.terms) + e.rest + e.bias
        >>> abs(parts - e.total) < 1e-5
        True
        """
        layer = self._neurons_layer(step_id)
        weight = self._weights[f"w{layer - 1}"]
        if isinstance(row, bool) or not isinstance(row, int | np.integer) or not 0 <= row < weight.shape[0]:
            raise OutOfRangeError(
                _("row of {step}").format(step=step_id),
                expected=_("0 to {last}").format(last=weight.shape[0] - 1),
                found=row,
            )
        entering_id = "a1" if layer == 2 else f"a{layer - 1}_1"
        entering = self[entering_id][:-1, 0].astype(np.float64)
        products = weight[row, :-1].astype(np.float64) * entering
        largest = np.argsort(-np.abs(products), kind="stable")[: max(0, top)]
        shown = set(largest.tolist())
        rest = math.fsum(product for column, product in enumerate(products.tolist()) if column not in shown)
        last = layer == len(self.sizes)
        return Explanation(
            id=f"z{layer}",
            row=int(row),
            entering=entering_id,
            terms=tuple(
                Term(column, float(weight[row, column]), float(entering[column]), float(products[column]))
                for column in largest.tolist()
            ),
            rest=rest,
            rest_count=len(products) - len(shown),
            bias=float(weight[row, -1]),
            total=float(self[f"z{layer}"][row, 0]),
            activation_id=f"a{layer}",
            activation=float(self[f"a{layer}"][row, 0]),
            activation_name=self.output if last else self.hidden,
            image_width=28 if layer == 2 and len(products) == 784 else None,
        )

    def _neurons_layer(self, step_id: str) -> int:
        known = [f"{letter}{layer}" for layer in range(2, len(self.sizes) + 1) for letter in "za"]
        if step_id not in known:
            raise InputError(_("step"), expected=", ".join(known), found=repr(step_id))
        return int(step_id[1:])

    def to_json(self) -> dict[str, Any]:
        """Return steps (id, shape, value as rows of float32), prediction, target and loss as lists and numbers."""
        return {
            "steps": [
                {"id": item.step.id, "shape": list(item.step.shape), "value": item.value.tolist()}
                for item in self
            ],
            "prediction": self.prediction,
            "target": self.target,
            "loss": self.loss,
        }

    def __repr__(self) -> str:
        sizes = "-".join(str(size) for size in self.sizes)
        return f"<Trace {sizes}: {len(self)} steps, prediction {self.prediction}, target {self.target}>"

    def __str__(self) -> str:
        from glassnet.show import terminal

        return terminal.text(self)

    def __rich__(self) -> object:
        from glassnet.show import terminal

        return terminal.renderable(self)

    def _repr_html_(self) -> str:
        from glassnet.show import html

        return html.trace(self)


def _read_only(matrix: Matrix) -> Matrix:
    view = np.array(matrix, np.float32)
    view.flags.writeable = False
    return view
