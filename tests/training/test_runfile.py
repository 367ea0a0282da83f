"""Run files: what goes in comes out, and whatever was done to a file ends in one clear error."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from glassnet.data import DataSet
from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS
from glassnet.engine.numpy_training import OPTIMIZERS
from glassnet.errors import FileFormatError, GlassnetError, InputError
from glassnet.files import write_whole
from glassnet.modelfile import read_tensors
from glassnet.network import Network
from glassnet.training import Recipe, Run, train

Words = dict[str, str]
Tensors = dict[str, Any]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, small: DataSet, judge: DataSet) -> Path:
    file = tmp_path_factory.mktemp("runs") / "run.safetensors"
    recipe = Recipe(2, 300, "momentum", learning_rate=0.3, average=1)
    train(Network((784, 3, 10)), small, recipe, validation=judge, run_file=file)
    return file


def rewritten(saved: Path, target: Path, change: Callable[[Tensors, Words], None]) -> Path:
    tensors, words = read_tensors(saved)
    changed = dict(tensors)
    change(changed, words)
    write_whole(target, save({key: value.copy(order="C") for key, value in changed.items()}, words))
    return target


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    optimizer=st.sampled_from(sorted(OPTIMIZERS)),
    hidden=st.sampled_from(HIDDEN),
    pair=st.sampled_from(OUTPUT_LOSS_PAIRS),
    sizes=st.lists(st.integers(1, 5), max_size=2),
    count=st.integers(1, 40),
    batch=st.integers(1, 40),
    epochs=st.integers(1, 4),
    every=st.integers(0, 3),
    average=st.sampled_from([0.0, 0.4]),
    judged=st.booleans(),
    seed=st.integers(0, 2**64 - 1),
)
def test_any_run_comes_back_as_it_was(
    small: DataSet, judge: DataSet, tmp_path: Path, optimizer: str, hidden: str, pair: tuple[str, str],
    sizes: list[int], count: int, batch: int, epochs: int, every: int, average: float, judged: bool, seed: int,
) -> None:  # fmt: skip
    recipe = Recipe(
        epochs, min(batch, count), optimizer, learning_rate=0.1, evaluate_every=every, average=average
    )
    network = Network((784, *sizes, 10), hidden, *pair, seed=seed)
    run = train(network, small[:count], recipe, seed, judge[:30] if judged else None)
    run.save(tmp_path / "run")
    again = Run.load(tmp_path / "run")
    for name in (
        "architecture",
        "recipe",
        "seed",
        "data_sha256",
        "validation_sha256",
        "images",
        "start",
        "engine",
    ):
        assert getattr(again, name) == getattr(run, name)
    assert again.address == run.address
    assert again.history.epochs == run.history.epochs
    assert again.best_epoch == run.best_epoch
    assert (again.best.fingerprint, again.last.fingerprint) == (run.best.fingerprint, run.last.fingerprint)
    assert (again.history.loss == run.history.loss).all()
    assert (again.history.learning_rate == run.history.learning_rate).all()
    assert again.seconds == pytest.approx(run.seconds, abs=1e-3)
    assert list(again.snapshots) == list(run.snapshots)
    for update, state in run.snapshots.items():
        assert again.snapshots[update].weights.tobytes() == state.weights.tobytes()
        assert again.snapshots[update].memory.tobytes() == state.memory.tobytes()
    again.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "run").read_bytes()


def put(name: str, change: Callable[[Any], Any]) -> Callable[[Tensors, Words], None]:
    def act(tensors: Tensors, _words: Words) -> None:
        tensors[name] = change(tensors[name])

    return act


def with_nan(array: Any) -> Any:
    array = array.copy()
    array.flat[0] = np.nan
    return array


def word(name: str, value: str | None) -> Callable[[Tensors, Words], None]:
    def act(_tensors: Tensors, words: Words) -> None:
        if value is None:
            del words[name]
        else:
            words[name] = value

    return act


@pytest.mark.parametrize(
    ("named", "change"),
    [
        ("format", word("format", "glassnet-1")),
        ("format", word("format", None)),
        ("metadata", word("engine", None)),
        ("metadata", word("note", "hello")),
        ("state", word("sizes", "784-4-10")),  # fits the text, not the tensors
        ("sizes", word("sizes", "784x3x10")),
        ("hidden", word("hidden", "step")),
        ("recipe", word("recipe", "{}")),
        ("recipe", word("recipe", "{" * 5000 + "}")),
        ("recipe", word("recipe", "{NaN}")),
        ("seed", word("seed", str(2**64))),
        ("seed", word("seed", "-1")),
        ("loss", word("update", "7")),
        ("update", word("update", "9" * 15)),
        ("images", word("images", "10")),
        ("start", word("start", "0")),
        ("best_epoch", word("best_epoch", "9")),
        ("seconds", word("seconds", "nan")),
        ("interrupted", word("interrupted", "maybe")),
        ("diverged", word("diverged", "3")),
        ("state", put("state", lambda a: a[:-1])),
        ("state", put("state", lambda a: a.astype(np.float64))),
        ("state", put("state", with_nan)),
        ("snapshots", put("snapshots", with_nan)),
        ("best", put("best", with_nan)),
        ("loss", put("loss", with_nan)),
        ("train_response", put("train_response", with_nan)),
        ("snapshot_updates", put("snapshot_updates", lambda a: a[::-1])),
        ("snapshot_updates", put("snapshot_updates", lambda a: a + 1)),
        ("snapshot_updates", put("snapshot_updates", lambda a: a * 100)),
        ("snapshot_updates", put("snapshot_updates", lambda a: a.astype(np.int32))),
        ("snapshots", put("snapshot_updates", lambda _a: np.array(3))),
        ("evaluated", put("evaluated", lambda _a: np.array(3))),
        ("train", put("evaluated", lambda a: a[:0])),
        ("tensors", lambda tensors, _words: tensors.pop("best")),
        ("tensors", lambda tensors, _words: tensors.update(extra=np.zeros(1))),
        ("tensors", word("validation_sha256", "")),
    ],
)
def test_a_run_that_contradicts_itself_is_refused_by_name(
    saved: Path, tmp_path: Path, named: str, change: Callable[[Tensors, Words], None]
) -> None:
    file = rewritten(saved, tmp_path / "changed", change)
    with pytest.raises(FileFormatError) as caught:
        Run.load(file)
    assert str(file) in str(caught.value)
    assert named in str(caught.value)


def test_every_truncation_is_refused(saved: Path, tmp_path: Path) -> None:
    content = saved.read_bytes()
    header = 8 + int.from_bytes(content[:8], "little")
    file = tmp_path / "short"
    lengths = {
        *range(0, header, 41),
        header - 1,
        header,
        header + 1,
        *range(header, len(content), 9001),
        len(content) - 1,
    }
    for length in sorted(lengths):
        file.write_bytes(content[:length])
        with pytest.raises(FileFormatError):
            Run.load(file)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_byte_gives_a_run_or_one_clear_error(
    saved: Path, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(saved.read_bytes())
    header = 8 + int.from_bytes(content[:8], "little")
    for _change in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.one_of(st.integers(0, header - 1), st.integers(0, len(content) - 1)))
        content[place] = data.draw(st.integers(0, 255))
    file = tmp_path / "changed"
    file.write_bytes(content)
    try:
        run = Run.load(file)
    except FileFormatError:
        return
    assert run.last.sizes == (784, 3, 10)  # the recipe's numbers may have changed, or a weight


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x04\x95\x00",
        b"PK\x03\x04 a zip",
        b"\x00" * 8,
        b"\xff" * 8,
        (100).to_bytes(8, "little") + b"{}",
        (2).to_bytes(8, "little") + b"[]",
        (4).to_bytes(8, "little") + b"\xff\xfe\xfd\xfc",
        (20).to_bytes(8, "little") + b'{"a":1,"a":1,"b":{}}',
        save({"w1": np.zeros((10, 785), np.float32)}, {"format": "glassnet-1"}),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(FileFormatError):
        Run.load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing"):
        Run.load(tmp_path / "nothing")


def test_a_file_that_would_be_too_large_to_read_is_not_written(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run.load(saved)
    monkeypatch.setattr("glassnet.training.runfile.LARGEST_FILE", 2**20)
    with pytest.raises(InputError, match="too large"):
        run.save(tmp_path / "large")
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_leaves_the_older_file(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, file = Run.load(saved), tmp_path / "run"
    file.write_bytes(b"older")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("glassnet.files.os.fsync", full)
    with pytest.raises(GlassnetError, match="full"):
        run.save(file)
    assert file.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_the_file_says_what_it_is(saved: Path) -> None:
    """The metadata is text that any safetensors reader shows."""
    tensors, words = read_tensors(saved)
    assert words["format"] == "glassnet-run-1"
    assert words["sizes"] == "784-3-10"
    assert json.loads(words["recipe"])["optimizer"] == "momentum"
    assert load(saved.read_bytes()).keys() == tensors.keys()
