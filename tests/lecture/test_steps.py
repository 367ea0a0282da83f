"""The ledger says what the code does: every line is evaluated on real data and compared."""

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet
from glassnet.engine import reference
from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS, Architecture
from glassnet.engine.random import initial_weights
from glassnet.lecture import gradients, neural_network, sigmoid, squared_error, steps
from glassnet.lecture.steps import ledger

SIZES = [(784, 10), (784, 14, 10), (784, 20, 12, 10), (784, 9, 8, 7, 10)]


def namespace(architecture: Architecture, index: int) -> dict[str, Any]:
    """What a learner has before the first line: an image, its label and the weights."""
    test = glassnet.mnist().test
    weights = initial_weights(architecture, seed=index)
    names: dict[str, Any] = {f"w{n}": w.astype(np.float64) for n, w in enumerate(weights, 1)}
    return names | {
        "np": np,
        "sigmoid": sigmoid,
        "image": test.images[index],
        "label": int(test.labels[index]),
    }


@pytest.mark.parametrize(
    ("sizes", "hidden", "pair"), list(product(SIZES, HIDDEN, OUTPUT_LOSS_PAIRS)), ids=str
)
def test_every_line_computes_its_step(sizes: tuple[int, ...], hidden: str, pair: tuple[str, str]) -> None:
    architecture = Architecture(sizes, hidden, *pair)
    known = namespace(architecture, index=len(sizes))
    weights = [known[f"w{n}"] for n in range(1, len(sizes))]
    x = glassnet.mnist().test.column(len(sizes))
    t = np.eye(10)[:, [known["label"]]]
    expected = reference.steps(architecture, weights, x, t)

    lines = ledger(sizes, hidden, *pair)
    assert [step.id for step in lines] == list(expected)
    for step in lines:
        value = np.reshape(eval(step.python, known), step.shape)
        known[step.id] = value
        assert expected[step.id].shape == step.shape, step.id
        np.testing.assert_allclose(expected[step.id], value, rtol=1e-12, atol=1e-15, err_msg=step.id)


def test_lecture_code_and_ledger_agree() -> None:
    architecture = Architecture()
    known = namespace(architecture, index=7)
    for step in ledger(optimizer="sgd"):
        known["learning_rate"] = 0.5
        known[step.id] = eval(step.python, known)
    x, w1, w2, t = (known[name] for name in ("x", "w1", "w2", "t"))
    np.testing.assert_array_equal(known["a3"], neural_network(x, w1, w2))
    assert known["loss"] == squared_error(known["a3"], t)
    d_w1, d_w2 = gradients(x, w1, w2, t)
    np.testing.assert_array_equal(known["d_w1"], d_w1)
    np.testing.assert_array_equal(known["d_w2"], d_w2)
    np.testing.assert_array_equal(known["new_w1"], w1 - 0.5 * d_w1)
    np.testing.assert_array_equal(known["new_w2"], w2 - 0.5 * d_w2)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_update_lines_run_and_keep_the_weights_shapes(optimizer: str) -> None:
    known = namespace(Architecture(), index=3)
    known |= {
        "learning_rate": 0.1,
        "momentum": 0.9,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
        "update": 1,
    }
    for name in ("w1", "w2"):
        known |= {f"{state}{name[1]}": np.zeros_like(known[name]) for state in "mv"}
    for step in ledger(optimizer=optimizer):
        known[step.id] = np.reshape(eval(step.python, known), step.shape)
    for name in ("w1", "w2"):
        moved = known[f"new_{name}"] - known[name]
        assert (np.sign(moved) == -np.sign(known[f"d_{name}"])).all()


def test_the_lectures_list_is_the_designs() -> None:
    ids = [step.id for step in ledger(optimizer="sgd")]
    forward = ["x", "a1", "z2", "a2", "a2_1", "z3", "a3"]
    loss = ["t", "e", "s", "loss"]
    backward = ["d_a3", "d_z3", "d_w2", "d_a2", "d_z2", "d_w1"]
    assert ids == [*forward, *loss, *backward, "new_w2", "new_w1"]
    assert [step.id for step in ledger(target=False)] == forward


def test_slides_shapes() -> None:
    shapes = {step.id: step.shape for step in ledger()}
    expected = {"x": (784, 1), "a1": (785, 1), "z2": (14, 1), "a2": (14, 1), "a2_1": (15, 1), "z3": (10, 1)}
    assert expected.items() <= shapes.items()
    assert shapes["a3"] == (10, 1)


def test_both_languages_say_something_everywhere() -> None:
    path = Path(steps.__file__).with_name("steps.json")

    def entries(node: Any) -> list[dict[str, Any]]:
        if isinstance(node, dict) and "id" in node:
            return [node]
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
        return [entry for child in children for entry in entries(child)]

    found = entries(json.loads(path.read_text(encoding="utf-8")))
    assert len(found) > 25
    for entry in found:
        assert set(entry) == {"id", "python", "formula", "shape", "title", "sentence"}
        for part in ("title", "sentence"):
            assert set(entry[part]) == {"ko", "en"}
            assert re.search("[가-힣]", entry[part]["ko"]), entry["id"]
            assert not re.search("[가-힣]", entry[part]["en"]), entry["id"]
            holes = {language: set(re.findall(r"\{\w+\}", text)) for language, text in entry[part].items()}
            assert holes["ko"] == holes["en"], entry["id"]


def test_no_template_is_left_unfilled() -> None:
    for sizes, optimizer in product(SIZES, ["sgd", "momentum", "adam"]):
        for step in ledger(sizes, optimizer=optimizer):
            text = " ".join(
                [step.id, step.python, step.formula, *step.title.values(), *step.sentence.values()]
            )
            assert "{" not in text


@pytest.mark.parametrize(
    "wrong", [{"hidden": "swish"}, {"output": "linear"}, {"loss": "hinge"}, {"optimizer": "x"}]
)
def test_unknown_names_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        ledger(**wrong)
