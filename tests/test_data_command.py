"""`glassnet data` in both languages, as text and as JSON, and what it says when something does not fit."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

import glassnet
from glassnet.cli import group
from glassnet.data import packaged
from glassnet.data.four_files import NAMES


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("GLASSNET_LANG", "en")
    monkeypatch.setenv("COLUMNS", "100")
    return lambda *words: CliRunner().invoke(group, ["data", *words], prog_name="glassnet")


def test_the_overview_says_what_there_is(run: Callable[..., Result]) -> None:
    done = run()
    assert done.exit_code == 0, done.output
    assert "mnist: 70,000 images of 28 × 28 pixels, values 0 to 255" in done.output
    for words in ("55,000   0 … 54,999", "5,000    0 … 4,999", "10,000    0 … 9,999", "CC BY-SA 3.0"):
        assert words in done.output
    assert f"train-images-idx3-ubyte  SHA-256 {packaged.SHA256[0][:16]}…" in done.output
    assert "Training image N is image N + 5,000 of the file" in done.output
    classes = [
        line.split() for line in done.output.splitlines() if line[:2] in {f"{digit} " for digit in range(10)}
    ]
    counts = [[int(cell.replace(",", "")) for cell in row[1::2]] for row in classes]
    assert counts == np.stack([part.counts for part in glassnet.mnist()], axis=1).tolist()
    assert max(len(line) for line in done.output.splitlines()) <= 100


def test_the_overview_as_json(run: Callable[..., Result]) -> None:
    done = run("--json")
    fields = json.loads(done.stdout)
    data = glassnet.mnist()
    assert (fields["glassnet"], fields["schema"]) == (glassnet.__version__, 1)
    assert (fields["name"], fields["train"], fields["validation"], fields["test"]) == (
        "mnist",
        55_000,
        5_000,
        10_000,
    )
    assert (fields["image"], fields["range"]) == ([28, 28], [0, 255])
    assert fields["counts"] == {part.name: part.counts.tolist() for part in data}
    assert fields["sha256"] == {part.name: part.sha256 for part in data}
    assert fields["files"]["t10k-labels-idx1-ubyte"] == packaged.SHA256[3]
    assert fields["source"].startswith("MNIST")
    assert "pixels" not in fields


@pytest.mark.parametrize(("name", "index"), [("train", 0), ("validation", 4_999), ("test", 1)])
def test_one_image_as_json(run: Callable[..., Result], name: str, index: int) -> None:
    fields = json.loads(run(f"--{name}", str(index), "--json").stdout)
    image, label = glassnet.mnist()[name][index]
    assert (fields["set"], fields["index"], fields["label"]) == (name, index, label)
    assert fields["pixels"] == image.reshape(28, 28).tolist()


def test_one_image_as_picture_and_matrix(run: Callable[..., Result]) -> None:
    output = run("--train", "7").output
    assert output.startswith(
        "Training image 7 of mnist, label 0\nimage 5,007 of the file train-images-idx3-ubyte\n"
    )
    matrix = [line.split() for line in output.splitlines() if len(line) == 83]
    shares = np.array([[float(number) for number in row] for row in matrix])
    np.testing.assert_allclose(shares, glassnet.mnist().train.images[7].reshape(28, 28) / 255, atol=0.0501)
    assert "█" in output
    assert "image 3 of the file" in run("--validation", "3").output
    assert "of the file" not in run("--test", "3").output


def test_in_korean(run: Callable[..., Result]) -> None:
    done = run("--lang", "ko")
    assert done.exit_code == 0
    assert "훈련 세트" in done.output
    assert "training set" not in done.output


def test_a_folder_of_ones_own(run: Callable[..., Result], tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for index in range(3):
            Image.new("L", (28, 28), 200 + index).save(tmp_path / name / f"{index}.png")
    done = run("--data", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert "6 images" in done.output
    assert "1 dog" in done.output
    assert "inverted" in done.output
    assert "label 1 (dog)" in run("--data", str(tmp_path), "--test", "1").output
    fields = json.loads(run("--data", str(tmp_path), "--json").stdout)
    assert (fields["train"], fields["classes"], fields["range"]) == (2, ["cat", "dog"], [53, 55])
    assert fields["counts"]["test"] == [1, 1] + [0] * 8


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("--test", "10000"), 2, "expected 0 to 9999, found 10000"),
        (("--test", "-1"), 2, "--test: expected 0 or more, found -1"),
        (("--test", "1", "--train", "1"), 2, "exclude each other"),
        (("--test", "seven"), 2, "not a whole number"),
        (("--data", "no-such-set"), 2, "one of mnist, fashion-mnist, kmnist, or a folder"),
        (("--mirror", "http://127.0.0.1:9/"), 2, "a data set that is fetched"),
        (("--data", "kmnist", "--mirror", "ftp://127.0.0.1/"), 2, "http:// or https://"),
        (("--data", "kmnist", "--mirror", "http://127.0.0.1:9/"), 1, "no connection; check the network"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(
    run: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: tuple[str, ...],
    code: int,
    reason: str,
) -> None:
    monkeypatch.setenv("GLASSNET_CACHE", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "*")
    done = run(*words)
    assert done.exit_code == code
    assert reason in done.stderr
    assert "Traceback" not in done.output
    assert done.stdout == ""
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_damaged_data_is_named(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in NAMES[:3]:
        (tmp_path / name).symlink_to(packaged.FOLDER / name)
    (tmp_path / NAMES[3]).write_bytes(bytes(10_008))
    monkeypatch.setattr(packaged, "FOLDER", tmp_path)
    packaged.mnist.cache_clear()
    done = run()
    monkeypatch.undo()
    assert done.exit_code == 1
    assert "t10k-labels-idx1-ubyte" in done.stderr
    assert "expected SHA-256 ff7bcfd416de…" in done.stderr
    assert "pip install --force-reinstall" in done.stderr
