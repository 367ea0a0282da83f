"""`glassnet forward`: its numbers are the trace's own, its text shows every step, and wrong use is told."""

from pathlib import Path

import numpy as np
import pytest

import glassnet
from commandline import CommandLine

FORWARD = ["x", "a1", "z2", "a2", "a2_1", "z3", "a3"]
LOSS = ["t", "e", "s", "loss"]
BACKWARD = ["d_a3", "d_z3", "d_w2", "d_a2", "d_z2", "d_w1"]


COMMAND = CommandLine("forward")
run, answer = COMMAND.run, COMMAND.answer


@pytest.fixture
def pgm(tmp_path: Path) -> Path:
    """Test image 0, a seven, as a picture file."""
    path = tmp_path / "seven.pgm"
    path.write_bytes(b"P5 28 28 255 " + glassnet.mnist().test.images[0].tobytes())
    return path


def test_json_is_the_trace_of_test_image_0() -> None:
    found = answer()
    network = glassnet.Network.load("lecture")
    trace = network.trace(glassnet.mnist().test.images[0], target=7)
    assert found["image"] == {"set": "test", "index": 0, "label": 7}
    assert found["network"] == {"sizes": [784, 14, 10], "fingerprint": network.fingerprint}
    assert [step["id"] for step in found["steps"]] == FORWARD + LOSS
    for step in found["steps"]:
        value = np.array(step["value"], np.float32)
        assert list(value.shape) == step["shape"]
        np.testing.assert_array_equal(value, trace[step["id"]])
    assert found["prediction"] == trace.prediction
    assert found["target"] == 7
    assert np.float32(found["loss"]) == trace["loss"][0, 0]
    assert list(found) == ["glassnet", "schema", "image", "network", "steps", "prediction", "target", "loss"]


@pytest.mark.parametrize(
    ("name", "index"), [("train", 0), ("train", 54_999), ("validation", 7), ("test", 9_999)]
)
def test_any_image_of_any_set(name: str, index: int) -> None:
    found = answer(f"--{name}", str(index))
    image, label = getattr(glassnet.mnist(), name)[index]
    assert found["image"] == {"set": name, "index": index, "label": label}
    np.testing.assert_array_equal(
        np.array(found["steps"][0]["value"], np.float32)[:, 0], image.astype(np.float32) / np.float32(255)
    )


def test_backward_goes_on_to_the_gradients() -> None:
    found = answer("--backward")
    assert [step["id"] for step in found["steps"]] == FORWARD + LOSS + BACKWARD
    trace = glassnet.Network.load("lecture").trace(glassnet.mnist().test.images[0], target=7)
    np.testing.assert_array_equal(np.array(found["steps"][-1]["value"], np.float32), trace["d_w1"])


def test_one_step_and_one_neuron() -> None:
    found = answer("--step", "z2", "--row", "3", "--top", "5")
    assert [step["id"] for step in found["steps"]] == ["z2"]
    neuron = found["explanation"]
    assert (neuron["id"], neuron["row"], len(neuron["terms"])) == ("z2", 3, 5)
    total = sum(term["product"] for term in neuron["terms"]) + neuron["rest"] + neuron["bias"]
    assert total == pytest.approx(neuron["total"], abs=1e-4)
    assert neuron["total"] == found["steps"][0]["value"][3][0]


def test_a_picture_file_gives_the_same_steps_without_a_loss(pgm: Path) -> None:
    found = answer(str(pgm))
    assert found["image"] == {"set": None, "index": None, "label": None, "file": str(pgm), "inverted": False}
    assert (found["target"], found["loss"]) == (None, None)
    assert [step["id"] for step in found["steps"]] == FORWARD
    assert found["steps"] == answer("--test", "0")["steps"][: len(FORWARD)]


def test_a_target_gives_a_file_its_loss(pgm: Path) -> None:
    found = answer(str(pgm), "--target", "7")
    assert found["loss"] == answer()["loss"]
    assert found["image"]["label"] == 7


def test_dark_ink_on_light_paper_is_inverted_and_said_so(tmp_path: Path) -> None:
    path = tmp_path / "paper.pgm"
    path.write_bytes(b"P5 28 28 255 " + (255 - glassnet.mnist().test.images[0]).tobytes())
    assert answer(str(path))["image"]["inverted"] is True
    assert "inverted" in run(str(path))[1].splitlines()[0]


def test_another_model(tmp_path: Path) -> None:
    path = tmp_path / "deep.safetensors"
    network = glassnet.Network((784, 20, 12, 10), "relu", "softmax", "cross_entropy", seed=5)
    network.save(path)
    found = answer("--model", str(path), "--test", "3")
    assert found["network"] == {"sizes": [784, 20, 12, 10], "fingerprint": network.fingerprint}
    assert "z4" in [step["id"] for step in found["steps"]]


def test_text_shows_every_step_and_says_which_image() -> None:
    code, out, err = run()
    assert code == 0
    assert out.startswith("Test image 0 of mnist, label 7\n")
    trace = glassnet.Network.load("lecture").trace(glassnet.mnist().test.images[0], target=7)
    for item in trace:
        shown = f"{item.step.id} = {item.step.python}" in out
        assert shown == (item.step.part != "backward"), item.step.id
    assert "this is test image 0" in err
    assert run("--test", "0")[2] == ""
    assert "d_w1 = " in run("--backward")[1]


def test_text_of_one_step_and_one_neuron() -> None:
    code, out, _err = run("--step", "a3")
    assert code == 0
    assert "a3 = sigmoid(z3)" in out
    assert "z2 = " not in out
    code, out, _err = run("--step", "a3", "--row", "7")
    assert code == 0
    assert "z3[7] = np.dot(w2[7], a2_1)" in out
    assert "sigmoid(z3[7])" in out


def test_korean() -> None:
    _code, out, _err = run("--lang", "ko", "--test", "0")
    assert "가중합 z2" in out
    assert "The weighted sums" not in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--step", "z9"], "expected x, a1, z2, a2, a2_1, z3, a3, t, e, s, loss"),
        (["--step", "z2", "--row", "14"], "expected 0 to 13, found 14"),
        (["--step", "z2", "--row", "-1"], "expected 0 to 13, found -1"),
        (["--step", "x", "--row", "0"], "expected z2, a2, z3, a3, found 'x'"),
        (["--row", "3"], "--row needs --step"),
        (["--step", "z2", "--row", "3", "--top", "0"], "Invalid value for '--top'"),
        (["--test", "10000"], "found 10000"),
        (["--test", "seven"], "'seven' is not a whole number"),
        (["--test", "1", "--train", "1"], "--train, --test"),
        (["picture.png", "--test", "1"], "not both"),
        (["--target", "7"], "--target is for a file"),
        (["picture.png"], "picture.png: expected a picture, found no such file"),
        (["--model", "nowhere.safetensors"], "nowhere.safetensors: expected a model file"),
        (["one.png", "two.png"], "two.png"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_and_nothing_is_shown(arguments: list[str], told: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert told in err
    error = answer(*arguments, code=2)["error"]
    assert error["exit_code"] == 2
    assert error["message"]


def test_a_target_that_is_no_output_is_told(pgm: Path) -> None:
    assert run(str(pgm), "--target", "10")[0] == 2


def test_a_file_of_zero_bytes_is_told(tmp_path: Path) -> None:
    path = tmp_path / "empty.png"
    path.touch()
    code, _out, err = run(str(path))
    assert code == 2
    assert "0 bytes" in err


def test_weights_so_large_that_nothing_is_a_number_are_shown_as_such(tmp_path: Path) -> None:
    path = tmp_path / "large.safetensors"
    rng = np.random.default_rng(0)
    weights = [rng.standard_normal((14, 785)) * 1e37, rng.standard_normal((10, 15)) * 1e37]
    glassnet.Network.from_weights(weights, "relu", "softmax", "cross_entropy").save(path)
    found = answer("--model", str(path), "--backward")
    assert (found["prediction"], found["loss"]) == (None, None)
    code, out, err = run("--model", str(path), "--backward", "--test", "0")
    assert (code, err) == (0, "")
    assert "No prediction" in out
    assert "right" not in out
    assert max(len(line) for line in out.splitlines()) <= 100
    assert run("--model", str(path), "--step", "z2", "--row", "1", "--test", "0")[2] == ""
