"""The time machine: after any update the very weights that training passed through, in any order, from any run."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import glassnet
from glassnet.data import DataSet, DataSets
from glassnet.engine import chosen, native
from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS
from glassnet.engine.numpy_training import State, start
from glassnet.errors import InputError, OutOfRangeError, UnavailableError
from glassnet.modelfile import fingerprint
from glassnet.network import Network
from glassnet.training import Distortion, Recipe, Run, train

SLIGHTLY = Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7)
RULES = {
    "sgd": Recipe(3, 100, learning_rate=2.0),
    "momentum": Recipe(3, 100, "momentum", learning_rate=0.5, schedule="cosine"),
    "adam": Recipe(3, 100, "adam", learning_rate=0.02, warmup=1),
    "averaged": Recipe(3, 100, "adam", learning_rate=0.02, average=1),
    "distorted": Recipe(3, 100, "momentum", learning_rate=0.5, distortion=SLIGHTLY, average=0.5),
    "undistorted at the end": Recipe(
        3, 100, "momentum", learning_rate=0.5, distortion=SLIGHTLY, undistorted=1
    ),
    "one image at a time": Recipe(2, 1, learning_rate=0.1),
}


def passed_through(network: Network, data: DataSet, recipe: Recipe, seed: int = 0) -> list[State]:
    """Every state of a training, recorded update by update."""
    rule, an_epoch = recipe.rule(len(data)), recipe.updates_per_epoch(len(data))
    states = [start(rule, list(network.weights.values()))]
    with chosen.settled():
        for epoch in range(recipe.epochs):
            order = chosen.order(seed, epoch, len(data))
            distortion = recipe.distortion if epoch < recipe.epochs - recipe.undistorted else None
            for batch in range(an_epoch):
                some = order[batch * recipe.batch_size : (batch + 1) * recipe.batch_size]
                update = chosen.updates(network.architecture, rule, data.images, data.labels, distortion)
                state, _loss = update(states[-1], some, seed=seed)
                states.append(state)
    return states


def raw(network: Network) -> bytes:
    return b"".join(weight.tobytes() for weight in network.weights.values())


def check(run: Run, states: list[State], data: DataSet | None = None, seed: int = 0) -> None:
    """Visit every update of `run` in a random order, then backwards and forwards, and compare the bits."""
    updates = list(range(run.update + 1))
    mixed = random.Random(seed).sample(updates, len(updates))
    for update in [*mixed, *reversed(updates), *updates]:
        assert raw(run.at(update, data=data)) == states[update].weights.tobytes(), update
        if run.recipe.average:
            assert raw(run.at(update, averaged=True)) == states[update].average[0].tobytes(), update


@pytest.mark.parametrize("name", RULES)
def test_every_update_is_what_training_passed_through(name: str, small: DataSet, tmp_path: Path) -> None:
    data, network = small[:150] if RULES[name].batch_size == 1 else small, Network(seed=2)
    run = train(network, data, RULES[name], seed=5, run_file=tmp_path / "run")
    states = passed_through(network, data, RULES[name], seed=5)
    assert states[-1].weights.tobytes() == run.state.weights.tobytes()
    check(run, states, data)
    check(Run.load(tmp_path / "run"), states)  # MNIST's first images are found without being named


@settings(max_examples=25)
@given(
    hidden=st.sampled_from(HIDDEN),
    pair=st.sampled_from(OUTPUT_LOSS_PAIRS),
    middle=st.lists(st.integers(1, 9), max_size=2),
    optimizer=st.sampled_from(["sgd", "momentum", "adam"]),
    count=st.integers(1, 40),
    batch=st.integers(1, 40),
    epochs=st.integers(1, 4),
    average=st.sampled_from([0, 0.5, 2]),
    distorted=st.booleans(),
    seed=st.integers(0, 2**64 - 1),
)
def test_every_update_of_any_small_run(
    hidden: str,
    pair: tuple[str, str],
    middle: list[int],
    optimizer: str,
    count: int,
    batch: int,
    epochs: int,
    average: float,
    distorted: bool,
    seed: int,
) -> None:
    data = glassnet.mnist().train[100 : 100 + count]
    network = Network((784, *middle, 10), hidden, *pair, seed=seed)
    recipe = Recipe(
        epochs,
        min(batch, count),
        optimizer,
        learning_rate=0.1,
        average=average,
        distortion=SLIGHTLY if distorted else None,
    )
    run = train(network, data, recipe, seed=seed)
    check(run, passed_through(network, data, recipe, seed=seed), data, seed)


def test_long_epochs_have_snapshots_on_the_way(small: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glassnet.training.session.APART", 400)
    recipe = Recipe(3, 50, learning_rate=1.0)  # 21 updates an epoch, in parts of 3 updates
    run = train(Network(seed=0), small, recipe)
    every = [0, 6, 12, 18, 21]
    assert list(run.snapshots) == sorted({at + epoch for epoch in (0, 21, 42) for at in every})
    check(run, passed_through(Network(seed=0), small, recipe), small)

    each = run.state.weights.nbytes
    for room, kept in ((9, [0, 12, 21, 33, 42, 54, 63]), (5, [0, 21, 42, 63]), (3, [0, 42]), (1, [0])):
        monkeypatch.setattr("glassnet.training.session.SNAPSHOT_BYTES", room * each)
        run = train(Network(seed=0), small, recipe)
        assert list(run.snapshots) == kept
        assert len(kept) <= room
    check(run, passed_through(Network(seed=0), small, recipe), small)


def test_an_interrupted_and_a_resumed_run(small: DataSet, everything: Recipe, tmp_path: Path) -> None:
    def interrupt(progress: glassnet.training.Progress) -> None:
        if progress.update >= 15:
            os.kill(os.getpid(), signal.SIGINT)

    states = passed_through(Network(seed=0), small, everything)
    run = train(Network(seed=0), small, everything, run_file=tmp_path / "run", progress=interrupt)
    assert run.interrupted
    check(run, states)
    with pytest.raises(OutOfRangeError, match="has not gone farther"):
        run.at(run.update + 1)
    run = train(Network(seed=0), small, everything, run_file=tmp_path / "run", resume=True)
    assert run.finished
    check(run, states)


def test_a_diverged_run(small: DataSet) -> None:
    network = Network((784, 16, 16, 10), "relu", "softmax", "cross_entropy")
    run = train(network, small, Recipe(50, 10, "momentum", learning_rate=1e5))
    assert run.diverged is not None
    assert raw(run.at(run.diverged)) == run.state.weights.tobytes()
    before = run.at(run.diverged - 1)
    assert fingerprint(list(before.weights.values())) == run.at(run.diverged - 1).fingerprint
    assert run.at(0).fingerprint == network.fingerprint
    assert "nan" in str(run.explain(run.diverged).loss) or run.explain(run.diverged).loss > 1e10


def test_a_run_of_numpy_is_repeated_by_numpy(small: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = RULES["distorted"]
    monkeypatch.setattr(chosen, "compiled", lambda: False)
    run = train(Network(seed=0), small, recipe)
    states = passed_through(Network(seed=0), small, recipe)
    monkeypatch.undo()
    assert run.engine == "numpy"
    check(run, states)


@pytest.mark.skipif(not chosen.compiled(), reason="the compiled core does not compute here")
def test_a_run_of_the_core_is_refused_without_it(small: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    run = train(Network(seed=0), small, RULES["sgd"])
    monkeypatch.setattr(native, "available", lambda: False)
    with pytest.raises(UnavailableError, match="engine core"):
        run.at(5)
    assert run.at(11).fingerprint == fingerprint([*_matrices(run, 11)])  # snapshots are there all the same


def _matrices(run: Run, update: int) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    w = run.snapshots[update].weights
    return [w[: 14 * 785].reshape(14, 785), w[14 * 785 :].reshape(10, 15)]


def test_other_losses_than_the_recorded_ones_are_told(small: DataSet) -> None:
    run = train(Network(seed=0), small, RULES["sgd"])
    loss = run.history.loss.copy()
    loss[3] = np.nextafter(loss[3], np.float32(9))
    other = replace(run, history=replace(run.history, loss=loss))
    assert other.at(3).fingerprint == run.at(3).fingerprint
    with pytest.raises(UnavailableError, match="recorded loss"):
        other.at(4)


def test_data_is_checked_and_found(small: DataSet, judge: DataSet) -> None:
    run = train(Network(seed=0), judge, RULES["sgd"])
    assert run.at(0).fingerprint == Network(seed=0).fingerprint  # a snapshot: no data is needed
    with pytest.raises(InputError, match="give its training images"):
        run.at(3)
    with pytest.raises(InputError, match="SHA-256"):
        run.at(0, data=small)
    with pytest.raises(InputError, match="DataSet"):
        run.at(3, data=judge.images)  # type: ignore[arg-type]
    sets = DataSets("some", judge, small, small, "a test")
    found = run.at(3, data=sets)
    assert found.fingerprint == run.at(3).fingerprint  # from now on the data is known
    assert found.metadata["update"] == "3"
    assert found.metadata["data_sha256"] == judge.sha256


@pytest.mark.parametrize("update", [-1, 34, 1.5, True, "3", None])
def test_an_update_that_is_not_there(small: DataSet, update: object) -> None:
    run = train(Network(seed=0), small, RULES["sgd"])
    with pytest.raises(OutOfRangeError, match="from 0 to 33"):
        run.at(update)  # type: ignore[arg-type]
    assert run.at(np.int64(33)).fingerprint == run.last.fingerprint  # type: ignore[arg-type]
    with pytest.raises(InputError, match="averages"):
        run.at(3, averaged=True)


def test_few_states_are_kept(small: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    run = train(Network(seed=0), small, RULES["adam"])
    monkeypatch.setattr("glassnet.training.replay.KEPT_BYTES", 5 * 3 * run.state.weights.nbytes)
    check(run, passed_through(Network(seed=0), small, RULES["adam"]))
    assert len(run.replay._kept) == 5


KILLED = """
    import sys
    import glassnet
    from glassnet.training import Distortion, Recipe, train

    recipe = Recipe(8, 50, "adam", learning_rate=0.01, schedule="cosine", warmup=1, average=1,
                    distortion=Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7))
    train(glassnet.Network(seed=0), glassnet.mnist().train[:5000], recipe, run_file=sys.argv[1], resume=True)
"""


def test_kill_9_at_random_moments_changes_no_bit(tmp_path: Path) -> None:
    """A process that is killed at any moment leaves a whole file, from which the same run comes."""
    code = textwrap.dedent(KILLED)
    file = tmp_path / "run.safetensors"
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    for _time in range(6):
        process = subprocess.Popen([sys.executable, "-c", code, str(file)])
        while not file.exists() and process.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.7))
        process.kill()
        process.wait(60)
        assert Run.load(file).update % 100 == 0, f"moments of seed {seed}"  # whole epochs, in a whole file
    assert subprocess.run([sys.executable, "-c", code, str(file)], check=False, timeout=300).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == [file.name], f"moments of seed {seed}"

    recipe = Recipe(
        8, 50, "adam", learning_rate=0.01, schedule="cosine", warmup=1, average=1, distortion=SLIGHTLY
    )
    undisturbed = train(Network(seed=0), glassnet.mnist().train[:5000], recipe)
    run = Run.load(file)
    assert run.finished
    assert run.last.fingerprint == undisturbed.last.fingerprint, f"moments of seed {seed}"
    assert run.state.memory.tobytes() == undisturbed.state.memory.tobytes()
    assert run.history.loss.tobytes() == undisturbed.history.loss.tobytes()
    for update in (800, 799, 401, 33, 0):
        assert raw(run.at(update)) == raw(undisturbed.at(update))
