"""`glassnet train`: what it saves and says, and that no interruption and no wrong use loses anything."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import glassnet
from commandline import CommandLine
from glassnet.engine import chosen
from glassnet.training import RECIPES, Distortion

ONE_EPOCH = ("--recipe", "lecture", "--epochs", "1")
SMALL = (*ONE_EPOCH, "--sizes", "784-4-10", "--batch-size", "1000")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


COMMAND = CommandLine("train")
run, answer = COMMAND.run, COMMAND.answer


def test_it_trains_saves_and_reports() -> None:
    found = answer(*ONE_EPOCH, "--seed", "3", "--out", "mine.safetensors")
    network = glassnet.Network.load("mine.safetensors")
    digits = glassnet.mnist()
    assert found["network"] == {"sizes": [784, 14, 10], "fingerprint": network.fingerprint}
    assert (found["engine"], found["seed"], found["recipe"]) == (chosen.name(), 3, "lecture epochs=1")
    assert found["data_sha256"] == digits.train.sha256
    assert set(found["seconds"]) == {"load", "train"}
    assert found["model"] == "mine.safetensors"
    for name in ("train", "validation", "test"):
        result = glassnet.evaluate(network, getattr(digits, name))
        assert found["accuracy"][name] == result.accuracy
        assert found["loss"][name] == pytest.approx(result.loss, rel=1e-6)
    assert found["accuracy"]["test"] > 0.88
    low, high = found["test_interval"]
    assert low < found["accuracy"]["test"] < high
    assert network.metadata["test_accuracy"] == f"{found['accuracy']['test']:.4f}"
    assert (network.metadata["seed"], network.metadata["update"]) == ("3", "550")
    expected = glassnet.train(
        glassnet.Network(seed=3), digits, glassnet.Recipe.named("lecture", epochs=1), seed=3
    )
    assert network.fingerprint == expected.best.fingerprint


def test_training_images_are_distorted_as_asked() -> None:
    found = answer(*SMALL, "--distortion", "rotation=8, shift=0.7")
    assert found["recipe"] == "lecture epochs=1 batch_size=1000 distortion=rotation=8,shift=0.7"
    amounts = Distortion(rotation=8, shift=0.7)
    recipe = glassnet.Recipe.named("lecture", epochs=1, batch_size=1000, distortion=amounts)
    expected = glassnet.train(glassnet.Network((784, 4, 10), seed=0), glassnet.mnist(), recipe)
    assert found["network"]["fingerprint"] == expected.best.fingerprint


@pytest.mark.parametrize(
    "text", ["", "rotation", "rotation=x", "turn=3", "rotation=8,,", "rotation=99", "rotation=nan"]
)
def test_a_distortion_that_cannot_be_is_named(text: str) -> None:
    code, _out, err = run(*SMALL, "--distortion", text)
    assert code == 2
    assert "rotation" in err


def test_text_says_how_good_it_is_and_what_comes_next() -> None:
    code, out, err = run(*SMALL)
    assert code == 0
    assert "epoch 1  loss" in err
    assert "\x1b" not in err  # no bar where there is no terminal
    assert "Trained 784-4-10 by the recipe lecture epochs=1 batch_size=1000, seed 0: 55 updates" in out
    for images in ("55,000", "5,000", "10,000"):
        assert f" {images} " in out
    assert "Saved as model.safetensors" in out
    assert "glassnet forward --model model.safetensors" in out
    assert "replaced" not in out
    assert "(the older one is replaced)" in run(*SMALL)[1]


def test_the_named_recipe_unchanged_has_its_name_alone() -> None:
    recipe = RECIPES["lecture"]
    found = answer(*SMALL, "--learning-rate", str(recipe.learning_rate), "--optimizer", recipe.optimizer)
    assert found["recipe"] == "lecture epochs=1 batch_size=1000"
    assert found["settings"] == {**recipe.to_json(), "epochs": 1, "batch_size": 1000}


@pytest.mark.parametrize(
    ("given", "pair"),
    [
        (["--output", "softmax"], ("softmax", "cross_entropy")),
        (["--loss", "cross_entropy"], ("softmax", "cross_entropy")),
        (["--loss", "binary_cross_entropy"], ("sigmoid", "binary_cross_entropy")),
        (["--hidden", "tanh"], ("sigmoid", "squared_error")),
    ],
)
def test_output_and_loss_come_in_pairs(given: list[str], pair: tuple[str, str]) -> None:
    found = answer(*SMALL, "--learning-rate", "0.1", *given)
    network = glassnet.Network.load(found["model"])
    assert (network.output, network.loss) == pair


def test_a_run_goes_on_to_the_same_weights() -> None:
    whole = answer(*SMALL, "--epochs", "3", "--out", "whole.safetensors")
    process = subprocess.Popen(
        [sys.executable, "-m", "glassnet", "train", *SMALL, "--epochs", "3", "--run", "part.safetensors"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not Path("part.safetensors").exists() and process.poll() is None:
        time.sleep(0.01)
    process.kill()  # at whatever moment: the file is whole
    process.wait()
    assert glassnet.Run.load("part.safetensors").updates == 3 * 55
    found = answer("--run", "part.safetensors", "--resume", "--out", "part-model.safetensors")
    assert found["network"] == whole["network"]
    assert found["recipe"] == "lecture epochs=3 batch_size=1000"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for other processes")
@pytest.mark.parametrize("run_file", ["kept.safetensors", None])
def test_ctrl_c_leaves_a_run_and_the_command_that_goes_on(run_file: str | None) -> None:
    arguments = [
        "--recipe",
        "lecture",  # tells every epoch
        "--epochs",
        "400",
        "--json",
        *(["--run", run_file] if run_file else []),
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "glassnet", "train", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    told = process.stderr.readline()
    assert told.startswith("Training on 55,000 images")
    while not process.stderr.readline().startswith("epoch") and process.poll() is None:
        pass
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    found = json.loads(out)
    assert found["error"]["kind"] == "Interrupted"
    kept = glassnet.Run.load(found["run"])
    assert kept.update == found["update"] > 0
    assert found["run"] == (run_file or "model.run.safetensors")
    assert not Path("model.safetensors").exists()
    command = err.strip().splitlines()[-1].split("Go on with: ")[1]
    program, name, *again = shlex.split(command)
    assert (program, name) == ("glassnet", "train")
    assert again == ["--run", found["run"], "--resume"]
    assert "Traceback" not in err


def test_a_second_interrupted_run_does_not_replace_the_first(here: Path) -> None:
    from glassnet.cli.train import free_name

    assert free_name("model.safetensors") == "model.run.safetensors"
    (here / "model.run.safetensors").touch()
    assert free_name("model.safetensors") == "model.run2.safetensors"


def test_a_run_that_is_no_number_any_more_saves_no_model() -> None:
    deep = ("--sizes", "784-30-30-10", "--hidden", "relu", "--output", "softmax")
    arguments = (*ONE_EPOCH, *deep, "--learning-rate", "1000000")
    code, out, err = run(*arguments)
    assert code == 1
    assert "a loss that is not a number" in err
    assert "The loss is no longer a number." in out
    assert not Path("model.safetensors").exists()
    found = answer(*arguments, code=1)
    assert found["error"]["exit_code"] == 1
    assert [finding["kind"] for finding in found["findings"]] == ["diverged"]


def test_a_run_of_more_outputs_than_digits_can_be_resumed() -> None:
    recipe = glassnet.Recipe(1, 1000, "sgd", learning_rate=1.0)
    network = glassnet.Network((784, 3, 11), seed=0)
    glassnet.train(network, glassnet.mnist(), recipe, run_file="eleven.safetensors")
    code, _out, err = run("--run", "eleven.safetensors", "--resume")
    assert code == 0, err


def test_an_existing_run_is_neither_replaced_nor_mixed_with_another() -> None:
    run(*SMALL, "--run", "run.safetensors")
    before = Path("run.safetensors").read_bytes()
    code, out, err = run(*SMALL, "--run", "run.safetensors")
    assert (code, out) == (2, "")
    assert "add --resume" in err
    code, _out, err = run("--run", "run.safetensors", "--resume", "--seed", "9")
    assert code == 2
    assert "seed" in err
    assert "Training on" not in err
    assert Path("run.safetensors").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--resume"], 2, "--resume needs --run FILE"),
        (["--recipe", "best"], 2, "lecture, quick, default"),
        (["--epochs", "0"], 2, "epochs: expected a whole number from 1"),
        (["--epochs", "many"], 2, "'many' is not a whole number"),
        (["--batch-size", "0"], 2, "batch_size"),
        (["--learning-rate", "-1"], 2, "learning_rate"),
        (["--learning-rate", "nan"], 2, "learning_rate"),
        (["--optimizer", "newton"], 2, "sgd, momentum, adam"),
        (["--seed", "-1"], 2, "seed"),
        (["--sizes", "784"], 2, "at least two whole numbers"),
        (["--sizes", "784x14x10"], 2, "numbers joined by -"),
        (["--sizes", "100-14-10"], 2, "100 pixels"),
        (["--sizes", "784-14-3"], 2, "0 to 2"),
        (
            ["--sizes", "784-14"],
            2,
            "10 outputs at the end, one for each digit, found 784-14; --sizes 784-14-10",
        ),
        (["--hidden", "step"], 2, "sigmoid, tanh, relu"),
        (["--output", "softmax", "--loss", "squared_error"], 2, "softmax + cross_entropy"),
        (["--out", "nowhere/model.safetensors"], 2, "an existing folder"),
        (["--out", "."], 2, "a folder"),
        (["--out", "x.safetensors", "--run", "./x.safetensors"], 2, "another file than --run"),
        (["--data", "nowhere"], 2, "nowhere"),
        (["--run", "nowhere/run.safetensors"], 2, "nowhere"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_before_anything_is_written(
    arguments: list[str], code: int, told: str, here: Path
) -> None:
    exit_code, out, err = run(*arguments)
    assert (exit_code, out) == (code, "")
    assert told in err
    assert list(here.iterdir()) == []


def test_a_file_that_is_no_model_is_not_replaced() -> None:
    Path("thesis.txt").write_text("three years", encoding="utf-8")
    code, _out, err = run(*SMALL, "--out", "thesis.txt")
    assert code == 2
    assert "another file, which is left as it is" in err
    assert Path("thesis.txt").read_text(encoding="utf-8") == "three years"


def test_a_full_disk_is_told_before_anything_is_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(".")._replace(free=40_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    code, _out, err = run(*SMALL)
    assert code == 1
    assert "the disk is full" in err
    assert "Training on" not in err


def test_a_training_whose_progress_nobody_reads_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "model.safetensors"
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "glassnet", "train", *SMALL, "--out", str(out)]
    done = subprocess.run(command, stderr=writing, stdout=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.returncode == 0
    assert out.is_file()


def test_korean() -> None:
    code, out, err = run(*SMALL, "--lang", "ko")
    assert code == 0
    assert "epoch" not in err
    assert "glassnet forward --model model.safetensors" in out
    assert "Trained" not in out
