"""`glassnet explain` and `glassnet forward --run`: the run's own numbers, and wrong use told."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import glassnet
from glassnet.cli import group
from glassnet.training import Recipe, Run, train


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of ten updates with averaged weights."""
    path = tmp_path_factory.mktemp("runs") / "run.safetensors"
    recipe = Recipe(2, 100, "momentum", learning_rate=0.5, average=1)
    train(glassnet.Network(seed=0), glassnet.mnist().train[:500], recipe).save(path)
    return path


def call(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(group, [*arguments])
    return result.exit_code, result.stdout, result.stderr


def answer(*arguments: str) -> dict[str, Any]:
    code, out, err = call(*arguments, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    assert list(found)[:2] == ["glassnet", "schema"]
    return found


def test_json_is_the_run_s_own(file: Path) -> None:
    run = Run.load(file)
    found = answer("explain", str(file), "--at", "7", "--weight", "w1,3,405")
    assert (found["run"], found["update"], found["epoch"], found["batch"]) == (str(file), 7, 2, 2)
    assert (found["before"], found["after"]) == (run.at(6).fingerprint, run.at(7).fingerprint)
    assert np.float32(found["loss"]) == run.history.loss[6]
    assert found["weight"]["name"] == "w1"
    assert np.float32(found["weight"]["new"]) == run.at(7).w1[3, 405]
    assert [line["id"] for line in found["weight"]["lines"]] == ["new_v1", "new_w1"]
    one = answer("explain", str(file), "--at", "7", "--image", "4")
    assert one["image"] == 4
    assert [step["id"] for step in one["steps"]][:3] == ["x", "a1", "z2"]
    assert len(one["weight"]["products"]) == 1


def test_text_without_a_number_is_about_the_last_update_and_the_largest_gradient(file: Path) -> None:
    run = Run.load(file)
    code, out, err = call("explain", str(file))
    assert code == 0
    assert out.startswith("Update 10 of 10: batch 5 of epoch 2\n")
    name, row, column = run.explain(10).largest()
    assert f"The weight {name}[{row}, {column}] in update 10" in out
    assert "momentum * v" in out
    assert "this is the last" in err
    assert call("explain", str(file), "--at", "10")[2] == ""
    korean = call("explain", str(file), "--at", "10", "--lang", "ko")[1]
    assert "기울기" in korean
    assert "The " not in korean


def test_a_network_of_a_run_goes_forward(file: Path) -> None:
    run = Run.load(file)
    image, label = glassnet.mnist().test[7]
    for at, flag, network in (
        ("3", [], run.at(3)),
        ("3", ["--averaged"], run.at(3, averaged=True)),
        ("0", [], run.at(0)),
    ):
        found = answer("forward", "--run", str(file), "--at", at, "--test", "7", *flag)
        assert found["network"] == {
            "sizes": [784, 14, 10],
            "fingerprint": network.fingerprint,
            "run": str(file),
            "update": int(at),
            "averaged": bool(flag),
        }
        assert np.float32(found["loss"]) == np.float32(network.trace(image, label).loss or 0)
    assert answer("forward", "--run", str(file))["network"]["fingerprint"] == run.at(10).fingerprint
    title = call("forward", "--run", str(file), "--at", "3", "--test", "7")[1].splitlines()[0]
    assert title == "Test image 7 of mnist, label 9, after update 3"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["explain", "FILE", "--at", "0"], "from 1 to 10, found 0"),
        (["explain", "FILE", "--at", "11"], "from 1 to 10, found 11"),
        (["explain", "FILE", "--at", "1", "--image", "100"], "0 to 99"),
        (["explain", "FILE", "--weight", "w1,3"], "w1,3,405"),
        (["explain", "FILE", "--weight", "w1,a,3"], "w1,3,405"),
        (["explain", "FILE", "--weight", "w3,1,3"], "w1, w2"),
        (["explain", "FILE", "--weight", "w1,14,3"], "0 to 13"),
        (["explain", "nowhere"], "nowhere"),
        (["explain"], "RUN"),
        (["forward", "--run", "FILE", "--at", "11"], "from 0 to 10, found 11"),
        (["forward", "--at", "1"], "need --run"),
        (["forward", "--averaged"], "need --run"),
        (["forward", "--run", "FILE", "--model", "lecture"], "not both"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_and_nothing_is_shown(file: Path, arguments: list[str], told: str) -> None:
    code, out, err = call(*(str(file) if word == "FILE" else word for word in arguments))
    assert (code, out) == (2, "")
    assert told in err
