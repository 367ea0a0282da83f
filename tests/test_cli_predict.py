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
from glassnet.pictures import Reader


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
    network = Reader.load("lecture").network
    image = glassnet.mnist().test.images[0]
    found = answer("seven.png", "--model", "lecture")
    assert (found["glassnet"], found["schema"]) == (glassnet.__version__, 1)
    assert found["network"] == {"sizes": [784, 14, 10], "fingerprint": network.fingerprint}
    assert found["model"] == "lecture"
    (picture,) = found["pictures"]
    assert picture["file"] == "seven.png"
    assert picture["text"] == picture["lecture"] == "7"
    assert picture["error"] is None
    assert picture["inverted"] is False
    assert picture["size"] == [28, 28]
    ((digit,),) = picture["lines"]
    assert digit["label"] == digit["lecture"]["label"] == 7
    assert digit["second"]["label"] != 7
    assert digit["second"]["confidence"] <= digit["confidence"] <= 1
    assert np.abs(np.array(digit["image"]) - image).max() <= 1
    assert digit["outputs"] == pytest.approx(network.forward(image)[0].tolist(), abs=0.02)
    rows, columns = np.nonzero(image.reshape(28, 28))
    assert digit["box"] == [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]


def test_every_file_has_its_line_in_the_order_given() -> None:
    files = ["blank.png", "seven.png", "photo.jpg", "two.bmp", "empty.png", "missing.png", "seven.png"]
    found = answer(*files, code=2)["pictures"]
    assert [picture["file"] for picture in found] == files
    assert [picture["text"] for picture in found] == ["", "7", "", "2", "", "", "7"]
    reasons = ["blank", None, "blank", None, "0 bytes", "no such file", None]
    for picture, reason in zip(found, reasons, strict=True):
        assert (picture["error"] is None) == (reason is None) == bool(picture["lines"])
        if reason is not None:
            assert reason in picture["error"]
            assert not picture["error"].startswith(picture["file"])
    code, out, err = run(*files)
    assert code == 2
    lines = out.splitlines()
    assert [line.split(": ")[0] for line in lines] == files
    assert lines[1] == "seven.png: 7"
    assert "3 of 7 pictures read, 2 without an answer, 2 not readable" in err


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (("seven.png", "two.bmp"), 0),
        (("blank.png",), 1),
        (("seven.png", "blank.png"), 1),
        (("blank.png", "empty.png"), 2),
        (("empty.png", "blank.png", "seven.png"), 2),
    ],
)
def test_the_worst_file_decides_the_exit_code(files: tuple[str, ...], code: int) -> None:
    assert run(*files)[0] == code
    assert "error" not in answer(*files, code=code)


def test_one_file_gives_its_text_alone() -> None:
    code, out, err = run("seven.png")
    assert code == 0
    assert out == "7\n"
    assert "784" in err or "lecture" in err


def test_an_inverted_picture_is_the_same_digit() -> None:
    Image.fromarray(255 - glassnet.mnist().test.images[0].reshape(28, 28)).save("light.png")
    dark, light = answer("seven.png", "light.png")["pictures"]
    assert light["inverted"] is True
    assert light["lines"] == dark["lines"]


def test_a_folder_a_pattern_and_an_empty_one(here: Path) -> None:
    (here / "inner" / "deep").mkdir(parents=True)
    for name in ("b.png", "a.png", "deep/c.PNG", "note.txt"):
        (here / "inner" / name).write_bytes((here / "seven.png").read_bytes())
    found = [picture["file"] for picture in answer("inner")["pictures"]]
    assert [Path(file).name for file in found] == ["a.png", "b.png", "c.PNG"]
    assert [picture["file"] for picture in answer("inn*/[ab].png")["pictures"]] == found[:2]
    (here / "nothing").mkdir()
    for name in ("nothing", "no*.png"):
        code, _out, err = run(name)
        assert code == 2
        assert "pictures" in err


def test_a_row_is_read_in_order_and_drawn(here: Path) -> None:
    images = glassnet.mnist().test.images[:4].reshape(4, 28, 28)  # 7 2 1 0
    Image.fromarray(255 - np.concatenate(list(images), axis=1)).resize((448, 112)).save(here / "row.png")
    code, out, _err = run("row.png", "--draw", "drawn.png")
    assert code == 0
    assert out == "7210\n"
    with Image.open(here / "drawn.png") as drawn:
        assert drawn.format == "PNG"
        assert len(set(np.asarray(drawn).reshape(-1, 3)[:, 2])) > 2
    assert run("row.png", "seven.png", "--draw", "drawings")[0] == 0
    assert sorted(file.name for file in (here / "drawings").iterdir()) == ["row.png", "seven.png"]
    assert run("row.png", "--draw", "drawn.jpg")[0] == 2


def test_a_drawing_never_replaces_a_photograph(here: Path) -> None:
    photo = (here / "seven.png").read_bytes()
    (here / "only").mkdir()
    (here / "only" / "nine.png").write_bytes(photo)
    for arguments in (
        ("seven.png", "--draw", "seven.png"),
        ("seven.png", "only/nine.png", "--draw", "."),
        ("only", "--draw", "seven.png"),
    ):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert "seven.png: expected a new file" in err
    assert (here / "seven.png").read_bytes() == photo
    assert run("only", "--draw", "drawings")[0] == 0  # one picture is drawn into a folder, too
    assert [file.name for file in (here / "drawings").iterdir()] == ["only_nine.png"]


def test_a_folder_may_have_a_dot_in_its_name(here: Path) -> None:
    assert run("seven.png", "--draw", "drawings.v2")[0] == 0
    assert [file.name for file in (here / "drawings.v2").iterdir()] == ["seven.png"]


def test_drawings_of_equal_names_stay_apart(here: Path) -> None:
    Image.open(here / "seven.png").convert("L").save(here / "seven.jpg")
    assert run("seven.png", "seven.jpg", "--draw", "drawings")[0] == 0
    names = sorted(file.name for file in (here / "drawings").iterdir())
    assert names == ["seven.jpg.png", "seven.png.png"]


def test_many_files_keep_their_order_in_several_processes(here: Path) -> None:
    files = ["seven.png", "two.bmp", "empty.png"] * 12
    found = answer(*files, code=2)["pictures"]
    assert [picture["file"] for picture in found] == files
    assert [picture["text"] for picture in found] == ["7", "2", ""] * 12


def test_pictures_from_mnist_are_read_as_well_as_the_data(here: Path) -> None:
    test = glassnet.mnist().test
    files = []
    for index in range(200):
        files.append(f"{index}.png")
        Image.fromarray(test.images[index].reshape(28, 28)).save(here / files[-1])
    code, out, err = run(*files, "--json")
    assert code in (0, 1), err  # 1: the reader refused some
    found = json.loads(out)["pictures"]
    assert sum(not picture["lines"] for picture in found) <= 5
    expected = Reader.load("lecture").network.predict(test.images[:200])
    got = [(picture["lines"] or [picture["refused"]])[0][0]["lecture"]["label"] for picture in found]
    assert sum(np.array(got) != expected) <= 1


def test_a_model_of_one_s_own_and_one_for_other_images(here: Path) -> None:
    network = glassnet.Network((784, 5, 10), "relu", "softmax", "cross_entropy", seed=3)
    network.save(here / "mine.safetensors")
    found = answer("seven.png", "--model", "mine.safetensors")
    assert found["network"]["fingerprint"] == network.fingerprint
    digit = (found["pictures"][0]["lines"] or [found["pictures"][0]["refused"]])[0][0]
    assert sum(digit["outputs"]) == pytest.approx(1, abs=1e-6)
    glassnet.Network((100, 10)).save(here / "small.safetensors")
    code, _out, err = run("seven.png", "--model", "small.safetensors")
    assert code == 2
    assert "784" in err


def test_outputs_that_overflow_are_no_answer(here: Path) -> None:
    weights = [np.full((1, 785), 3e38), np.full((10, 2), 3e38)]
    network = glassnet.Network.from_weights(weights, "relu", "softmax", "cross_entropy")
    network.save(here / "large.safetensors")
    code, out, _err = run("seven.png", "--model", "large.safetensors")
    assert code == 2
    assert "finite numbers" in out


def test_a_name_cannot_command_the_terminal(here: Path) -> None:
    name = "\x1b[31mred\n[bold].png"
    (here / "seven.png").rename(here / name)
    code, out, _err = run(name)
    assert code == 0
    assert out == "7\n"
    code, out, _err = run(name, "two.bmp")
    assert out.splitlines()[0] == "\\x1b[31mred\\n[bold].png: 7"
    assert answer(name)["pictures"][0]["file"] == name


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such file names")
def test_a_name_that_is_no_text(here: Path) -> None:
    name = b"seven\xff.png"
    os.rename(b"seven.png", os.path.join(os.fsencode(here), name))
    command = [os.fsencode(sys.executable), b"-m", b"glassnet", b"predict", name]
    text = subprocess.run([*command, b"two.bmp"], capture_output=True, check=True, cwd=here)
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
    assert "빈 종이" in out
    assert "그림 3개 가운데 2개" in err
