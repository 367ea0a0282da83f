"""`glassnet teach`: what it says, saves and refuses; the teaching itself is in tests/pictures/test_teaching.py."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import glassnet
from commandline import CommandLine

COMMAND = CommandLine("teach")
TEST = glassnet.mnist().test


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in (("COPIES", 200), ("REMINDERS", 400), ("FOLDS", 2)):
        monkeypatch.setattr(f"glassnet.pictures.teaching.{name}", number)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for index in np.flatnonzero(TEST.labels != 5)[:22]:
        place = tmp_path / "mine" / str(TEST.labels[index])
        place.mkdir(parents=True, exist_ok=True)
        image = Image.fromarray(255 - TEST.images[index].reshape(28, 28))
        image.resize((140, 140), Image.Resampling.BICUBIC).save(place / f"{index}.png")
    (tmp_path / "mine" / "0" / "broken.png").write_bytes(b"")
    return tmp_path / "mine"


def test_json_has_the_figures_and_the_model_reads(folder: Path) -> None:
    found = COMMAND.answer(str(folder), "--model", "lecture", "--out", "taught.safetensors")
    assert (found["digits"], found["began_with"], found["model"]) == (22, "lecture", "taught.safetensors")
    assert found["counts"][5] == 0
    assert [Path(one["file"]).name for one in found["skipped"]] == ["broken.png"]
    assert 0 <= found["own"]["before"] <= 1
    network = glassnet.Network.load("taught.safetensors")
    assert network.fingerprint == found["network"]["fingerprint"]
    assert network.sizes == (784, 14, 10)


def test_text_says_before_and_after_in_both_languages(folder: Path) -> None:
    code, out, err = COMMAND.run(str(folder), "--model", "lecture", "--lang", "en")
    assert code == 0, err
    assert "Your digits: 22" in out
    assert "None of them shows 5" in out
    assert "mine.safetensors" in out
    assert "broken.png: " in err
    code, out, err = COMMAND.run(str(folder), "--model", "lecture", "--lang", "ko")
    assert code == 0, err
    assert "내 숫자: 22개" in out


@pytest.mark.parametrize(
    ("out", "why"),
    [
        ("nowhere/mine.safetensors", "expected an existing folder"),
        (".", "expected a file, found a folder"),
        (__file__, "another file, which is left as it is"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_before_anything_is_learned(
    folder: Path, out: str, why: str
) -> None:
    code, _out, err = COMMAND.run(str(folder), "--out", out, "--lang", "en")
    assert code == 2
    assert why in err
    assert "learning" not in err


def test_a_folder_without_labels_is_bad_input(tmp_path: Path) -> None:
    code, _out, err = COMMAND.run(str(tmp_path), "--lang", "en")
    assert code == 2
    assert "labels.csv" in err
