"""`glassnet evaluate`: the numbers of `evaluate` itself, as text, JSON and a picture, and clear refusals."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import glassnet
from commandline import CommandLine


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


COMMAND = CommandLine("evaluate")
run, answer = COMMAND.run, COMMAND.answer


@pytest.mark.parametrize("name", ["train", "validation", "test"])
def test_json_is_what_evaluate_finds(name: str) -> None:
    network = glassnet.Network.load("lecture")
    expected = glassnet.evaluate(network, glassnet.mnist()[name])
    found = answer("--set", name)
    assert (found["glassnet"], found["schema"]) == (glassnet.__version__, 1)
    assert found["set"] == name
    assert found["count"] == expected.count
    assert found["accuracy"] == expected.accuracy
    assert found["interval"] == list(expected.interval)
    assert found["loss"] == expected.loss
    assert found["confusion"] == expected.confusion.tolist()
    assert len(found["mistakes"]) == len(expected.mistakes)
    assert set(found["mistakes"][0]) == {"index", "label", "prediction", "confidence", "doubtful"}
    assert np.float32(found["mistakes"][0]["confidence"]) == np.float32(expected.mistakes[0].confidence)
    assert found["calibration"]["error"] == expected.calibration.error
    assert found["fingerprint"] == network.fingerprint
    assert (found["data"], found["sizes"], found["figure"]) == ("mnist", [784, 14, 10], None)


def test_the_test_set_is_the_default_and_its_doubtful_labels_are_marked() -> None:
    found = answer()
    assert found["set"] == "test"
    doubtful = [mistake["index"] for mistake in found["mistakes"] if mistake["doubtful"]]
    assert doubtful
    assert {*doubtful} <= {
        947,
        1621,
        1901,
        2130,
        2462,
        2597,
        2654,
        3520,
        3558,
        5937,
        6651,
        6783,
        8527,
        9679,
        9729,
    }


def test_text_says_the_accuracy_and_how_to_see_the_worst_mistake() -> None:
    code, out, err = run("--set", "validation")
    assert code == 0
    found = answer("--set", "validation")
    assert f"{found['accuracy'] * 100:.2f} %" in out
    assert f"glassnet forward --validation {found['mistakes'][0]['index']}\n" in err
    assert "Confusion" in out
    assert "\x1b" not in out


def test_a_model_of_one_s_own(here: Path) -> None:
    network = glassnet.Network((784, 5, 10), seed=3)
    network.save(here / "my model.safetensors")
    assert answer("my model.safetensors")["fingerprint"] == network.fingerprint
    _code, _out, err = run("my model.safetensors")
    assert "--model 'my model.safetensors'" in err


def test_data_of_one_s_own_without_a_doubtful_label(here: Path) -> None:
    test = glassnet.mnist().test
    for index in range(30):
        image, label = test[index]
        folder = here / "mine" / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image.reshape(28, 28)).save(folder / f"{index}.png")
    sets = glassnet.load("mine")
    name = next(part.name for part in sets if len(part))
    found = answer("--data", "mine", "--set", name)
    assert found["count"] == len(sets[name])
    assert not any(mistake["doubtful"] for mistake in found["mistakes"])


@pytest.mark.parametrize(("name", "start"), [("a.png", b"\x89PNG"), ("b.svg", b"<?xml"), ("c.PDF", b"%PDF-")])
def test_it_draws(here: Path, name: str, start: bytes) -> None:
    code, out, err = run("--draw", name)
    assert code == 0
    assert (here / name).read_bytes().startswith(start)
    assert name in err
    assert name not in out


def test_json_names_the_picture() -> None:
    assert answer("--draw", "a.svg")["figure"] == "a.svg"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--draw", "a.gif"), ".png, .svg or .pdf"),
        (("--draw", "none/a.png"), "folder"),
        (("none.safetensors",), "none.safetensors"),
        (("--set", "tset"), "tset"),
        (("--data", "nowhere"), "nowhere"),
        (("lecture", "more"), "more"),
    ],
)
def test_wrong_use_is_said_in_a_sentence(here: Path, arguments: tuple[str, ...], expected: str) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert expected in err
    assert "Traceback" not in out + err
    assert not list(here.iterdir())
    assert answer(*arguments, code=2)["error"]["exit_code"] == 2


def test_a_pickle_is_no_model(here: Path) -> None:
    (here / "model.pkl").write_bytes(b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00.")
    code, _out, err = run("model.pkl")
    assert code == 2
    assert "model.pkl" in err


def test_a_network_for_other_images(here: Path) -> None:
    glassnet.Network((100, 10)).save(here / "small.safetensors")
    code, _out, err = run("small.safetensors")
    assert code == 2
    assert "100 pixels" in err


def test_korean() -> None:
    code, out, _err = run("--lang", "ko")
    assert code == 0
    assert "혼동 행렬" in out
    assert "손실" in out
