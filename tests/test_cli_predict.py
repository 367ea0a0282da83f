"""`glassnet predict`: answers, refusals and bad files side by side, each with its reason and the right exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import glassnet
from commandline import CommandLine


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two digits of the test set (7 and 2), a blank sheet, a photograph and an empty file."""
    monkeypatch.chdir(tmp_path)
    images = glassnet.mnist().test.images
    Image.fromarray(images[0].reshape(28, 28)).save("seven.png")
    Image.fromarray(255 - images[1].reshape(28, 28)).save("two.bmp")
    Image.new("L", (28, 28), 255).save("blank.png")
    Image.new("RGB", (4032, 3024), "white").save("photo.jpg")
    Path("empty.png").touch()
    return tmp_path


COMMAND = CommandLine("predict")
run, answer = COMMAND.run, COMMAND.answer


def test_a_digit_is_read_as_from_the_data() -> None:
    network = glassnet.Network.load("lecture")
    outputs = network.forward(glassnet.mnist().test.images[0])[0]
    found = answer("seven.png")
    assert (found["glassnet"], found["schema"]) == (glassnet.__version__, 1)
    assert found["network"] == {"sizes": [784, 14, 10], "fingerprint": network.fingerprint}
    (picture,) = found["pictures"]
    assert picture["file"] == "seven.png"
    assert picture["text"] == "7"
    assert picture["error"] is None
    assert picture["inverted"] is False
    (digit,) = picture["digits"]
    assert digit["label"] == 7
    assert np.float32(digit["outputs"]).tolist() == outputs.tolist()
    assert digit["confidence"] == max(digit["outputs"])
    rows, columns = np.nonzero(glassnet.mnist().test.images[0].reshape(28, 28))
    assert digit["box"] == [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]


def test_every_file_has_its_line_in_the_order_given() -> None:
    files = ["blank.png", "seven.png", "photo.jpg", "two.bmp", "empty.png", "missing.png", ".", "seven.png"]
    found = answer(*files, code=2)["pictures"]
    assert [picture["file"] for picture in found] == files
    assert [picture["text"] for picture in found] == ["", "7", "", "2", "", "", "", "7"]
    reasons = ["blank", None, "4032 × 3024", None, "0 bytes", "no such file", "a folder", None]
    for picture, reason in zip(found, reasons, strict=True):
        assert (picture["error"] is None) == (reason is None) == bool(picture["digits"])
        if reason is not None:
            assert reason in picture["error"]
            assert not picture["error"].startswith(picture["file"])
    code, out, err = run(*files)
    assert code == 2
    lines = out.splitlines()
    assert [line.split(": ")[0] for line in lines] == files
    assert lines[1].startswith("seven.png: 7, confidence 0.")
    assert lines[3].endswith("inverted: its ink was dark on light")
    assert "3 of 8 pictures read, 1 without an answer, 4 not readable" in err


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (("seven.png", "two.bmp"), 0),
        (("blank.png",), 1),
        (("seven.png", "blank.png"), 1),
        (("blank.png", "photo.jpg"), 2),
        (("photo.jpg", "blank.png", "seven.png"), 2),
    ],
)
def test_the_worst_file_decides_the_exit_code(files: tuple[str, ...], code: int) -> None:
    assert run(*files)[0] == code
    assert "error" not in answer(*files, code=code)


def test_one_good_file_says_nothing_more() -> None:
    code, out, err = run("seven.png")
    assert code == 0
    assert out.count("\n") == 1
    assert err == ""


def test_an_inverted_picture_is_the_same_digit() -> None:
    Image.fromarray(255 - glassnet.mnist().test.images[0].reshape(28, 28)).save("light.png")
    dark, light = answer("seven.png", "light.png")["pictures"]
    assert light["inverted"] is True
    assert light["digits"] == dark["digits"]


def test_pictures_from_mnist_are_read_as_well_as_the_data(here: Path) -> None:
    test = glassnet.mnist().test
    files = []
    for index in range(200):
        files.append(f"{index}.png")
        Image.fromarray(test.images[index].reshape(28, 28)).save(here / files[-1])
    found = answer(*files)["pictures"]
    expected = glassnet.Network.load("lecture").predict(test.images[:200])
    assert [picture["digits"][0]["label"] for picture in found] == expected.tolist()


def test_a_model_of_one_s_own_and_one_for_other_images(here: Path) -> None:
    network = glassnet.Network((784, 5, 10), "relu", "softmax", "cross_entropy", seed=3)
    network.save(here / "mine.safetensors")
    found = answer("seven.png", "--model", "mine.safetensors")
    assert found["network"]["fingerprint"] == network.fingerprint
    assert sum(found["pictures"][0]["digits"][0]["outputs"]) == pytest.approx(1, abs=1e-6)
    glassnet.Network((100, 10)).save(here / "small.safetensors")
    code, _out, err = run("seven.png", "--model", "small.safetensors")
    assert code == 2
    assert "28 × 28" in err


def test_outputs_that_overflow_are_no_answer(here: Path) -> None:
    weights = [np.full((1, 785), 3e38), np.full((10, 2), 3e38)]
    network = glassnet.Network.from_weights(weights, "relu", "softmax", "cross_entropy")
    network.save(here / "large.safetensors")
    code, _out, err = run("seven.png", "--model", "large.safetensors")
    assert code == 2
    assert "finite numbers" in err


def test_a_name_cannot_command_the_terminal(here: Path) -> None:
    name = "\x1b[31mred\n[bold].png"
    (here / "seven.png").rename(here / name)
    code, out, _err = run(name)
    assert code == 0
    assert out.startswith("\\x1b[31mred\\n[bold].png: 7")
    assert out.count("\n") == 1
    assert answer(name)["pictures"][0]["file"] == name


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such file names")
def test_a_name_that_is_no_text(here: Path) -> None:
    name = b"seven\xff.png"
    os.rename(b"seven.png", os.path.join(os.fsencode(here), name))
    command = [os.fsencode(sys.executable), b"-m", b"glassnet", b"predict", name]
    text = subprocess.run(command, capture_output=True, check=True, cwd=here)
    assert b": 7" in text.stdout
    found = subprocess.run([*command, b"--json"], capture_output=True, check=True, cwd=here)
    assert os.fsencode(json.loads(found.stdout)["pictures"][0]["file"]) == name


def test_no_file_is_wrong_use() -> None:
    code, _out, err = run()
    assert code == 2
    assert "FILE" in err


def test_korean() -> None:
    code, out, err = run("seven.png", "blank.png", "two.bmp", "--lang", "ko")
    assert code == 1
    assert "확신도" in out
    assert "빈 그림" in out
    assert "그림 3개 가운데 2개" in err
