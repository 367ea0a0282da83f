"""The ledger: forward propagation, the loss and the way back as a list of steps, read from `steps.json`.

It describes and computes nothing: each step names the line of Python that computes it.

    k  a layer, counted from 1 (the input)     n   its neurons      {a}  the column that enters it: a1, a2_1, …
    p  the layer before                        m1  the inputs of each neuron, the 1 included
    q  the layer after
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Part = Literal["forward", "loss", "backward", "update"]


@dataclass(frozen=True)
class Step:
    """One line of the ledger.

    `id` names the value (`z2`) and `python` is the line that computes it from the values before it; `shape` is
    (rows, columns); `title` and `sentence` are in both languages, by the keys ``"ko"`` and ``"en"``.
    """

    id: str
    part: Part
    layer: int
    python: str
    formula: str
    shape: tuple[int, int]
    title: dict[str, str]
    sentence: dict[str, str]


def ledger(
    sizes: Sequence[int] = (784, 14, 10),
    hidden: str = "sigmoid",
    output: str = "sigmoid",
    loss: str = "squared_error",
    *,
    target: bool = True,
    optimizer: str | None = None,
) -> tuple[Step, ...]:
    """Return the steps for a network, in the order in which they are computed.

    `sizes` are the neurons of each layer, the input's pixels first. `hidden` is an activation (sigmoid, tanh,
    relu), `output` sigmoid or softmax, `loss` squared_error, binary_cross_entropy or cross_entropy. Without
    `target` the list ends at the prediction. With `optimizer` (sgd, momentum, adam) it goes on to the new weights.
    Raises `ValueError` for a name that the ledger does not have.

    >>> [step.id for step in ledger(target=False)]
    ['x', 'a1', 'z2', 'a2', 'a2_1', 'z3', 'a3']
    >>> [step.id for step in ledger() if step.part == "backward"]
    ['d_a3', 'd_z3', 'd_w2', 'd_a2', 'd_z2', 'd_w1']
    >>> z2 = ledger()[2]
    >>> z2.python, z2.shape
    ('np.dot(w1, a1)', (14, 1))
    """
    templates = _templates()
    last = len(sizes)

    def written(part: Part, layer: int, entries: Iterable[dict[str, Any]]) -> list[Step]:
        return [_step(entry, part, layer, sizes) for entry in entries]

    def chosen(table: str, name: str) -> list[dict[str, Any]]:
        if name not in templates[table]:
            raise ValueError(f"{table}: expected one of {', '.join(templates[table])}, found {name!r}")
        entries = templates[table][name]
        return entries if isinstance(entries, list) else [entries]

    steps = written("forward", 1, templates["input"])
    for layer in range(2, last):
        steps += written(
            "forward", layer, templates["sum"] + chosen("activation", hidden) + templates["append"]
        )
    steps += written("forward", last, templates["sum"] + chosen("activation", output))
    if not target:
        return tuple(steps)

    steps += written("loss", last, templates["target"] + chosen("loss", loss))
    steps += written("backward", last, chosen("output_slope", loss) + templates["gradient"])
    for layer in range(last - 1, 1, -1):
        slopes = templates["carry"] + chosen("hidden_slope", hidden)
        steps += written("backward", layer, slopes + templates["gradient"])
    if optimizer is not None:
        for layer in range(last, 1, -1):
            steps += written("update", layer, chosen("update", optimizer))
    return tuple(steps)


@cache
def _templates() -> dict[str, Any]:
    path = Path(__file__).with_name("steps.json")
    templates: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return templates


def _step(entry: dict[str, Any], part: Part, layer: int, sizes: Sequence[int]) -> Step:
    neurons, inputs = sizes[layer - 1], sizes[layer - 2] + 1
    rows = {"n1": sizes[0], "n1 + 1": sizes[0] + 1, "n": neurons, "n + 1": neurons + 1, "m1": inputs}
    words = {
        "k": layer,
        "p": layer - 1,
        "q": layer + 1,
        "n": neurons,
        "n1": sizes[0],
        "m1": inputs,
        "a": "a1" if layer == 2 else f"a{layer - 1}_1",
    }
    height, width = (rows.get(extent, extent) for extent in entry["shape"])
    return Step(
        id=entry["id"].format(**words),
        part=part,
        layer=layer,
        python=entry["python"].format(**words),
        formula=entry["formula"].format(**words),
        shape=(height, width),
        title={language: text.format(**words) for language, text in entry["title"].items()},
        sentence={language: text.format(**words) for language, text in entry["sentence"].items()},
    )
