"""Training on real images: it learns, repeats itself, stops and goes on to the same bits, refuses what cannot be."""

import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet
from glassnet.data import DataSet, DataSets
from glassnet.engine import chosen
from glassnet.errors import InputError, ShapeError
from glassnet.network import Network
from glassnet.training import Progress, Recipe, Run, train

SHORT = Recipe(2, 100, learning_rate=3.0)


def same(one: Run, other: Run) -> bool:
    """Whether two runs agree in every bit of weights, memory, averages and history."""
    return (
        one.last.fingerprint == other.last.fingerprint
        and one.best.fingerprint == other.best.fingerprint
        and one.state.weights.tobytes() == other.state.weights.tobytes()
        and one.state.memory.tobytes() == other.state.memory.tobytes()
        and one.state.average.tobytes() == other.state.average.tobytes()
        and one.history.loss.tobytes() == other.history.loss.tobytes()
        and one.history.epochs == other.history.epochs
        and list(one.snapshots) == list(other.snapshots)
    )


def test_the_memory_of_the_core_is_lent_once_for_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lent anew for each of the thousands of parts of a long run, it would lie in pieces, gigabytes at the end."""
    made: list[object] = []
    true = chosen.updates

    def counted(*given: Any) -> chosen.Update:
        made.append(given)
        return true(*given)

    monkeypatch.setattr(chosen, "updates", counted)
    run = train(Network(seed=0), glassnet.mnist().train[:2000], SHORT)
    assert len(made) == 1
    for update in (3, 17, 8, 30):
        run.at(update)
    assert len(made) == 2  # one more for the time machine


def test_two_threads_may_ask_a_run_for_its_updates() -> None:
    run = train(Network(seed=0), glassnet.mnist().train[:5000], SHORT)
    wanted = list(range(1, run.update, 7))
    alone = [run.at(update).fingerprint for update in wanted]
    again = train(Network(seed=0), glassnet.mnist().train[:5000], SHORT)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda update: again.at(update).fingerprint, wanted)) == alone


def test_it_learns_and_leaves_the_network_as_it_was(judge: DataSet) -> None:
    network = Network(seed=0)
    before = network.fingerprint
    run = train(network, glassnet.mnist().train[:5000], Recipe(4, 50, learning_rate=3.0), validation=judge)
    assert network.fingerprint == before
    assert run.finished
    assert not run.interrupted
    losses = [item.train.loss for item in run.history.epochs]
    assert losses == sorted(losses, reverse=True)
    assert run.history.epochs[-1].validation is not None
    assert run.history.epochs[-1].validation.accuracy > 0.85


def test_history_has_every_update_and_epoch(small: DataSet, judge: DataSet, everything: Recipe) -> None:
    run = train(Network(seed=0), small, everything, validation=judge)
    assert run.updates == run.update == 44
    assert run.history.loss.shape == run.history.learning_rate.shape == (44,)
    assert run.history.learning_rate.argmax() in (5, 6)  # half an epoch of warm-up, then down
    assert [(item.epoch, item.update) for item in run.history.epochs] == [(1, 11), (2, 22), (3, 33), (4, 44)]
    last = run.history.epochs[-1]
    assert last.validation is not None
    assert sum(last.validation.predicted) == sum(last.validation.images) == 500
    assert last.validation.accuracy == float((run.last.predict(judge.images) == judge.labels).mean())
    assert last.train.accuracy == float((run.last.predict(small.images) == small.labels).mean())
    outputs = run.last.forward(judge.images)
    for digit in range(10):
        assert last.validation.response[digit] == pytest.approx(
            outputs[judge.labels == digit, digit].mean(), abs=1e-6
        )


def test_the_best_has_the_best_validation(small: DataSet, judge: DataSet) -> None:
    run = train(Network(seed=0), small, Recipe(6, 10, learning_rate=6.0), validation=judge)
    ranks = [
        (item.validation.accuracy, -item.validation.loss) for item in run.history.epochs if item.validation
    ]
    assert run.best_epoch is run.history.epochs[ranks.index(max(ranks))]
    assert float((run.best.predict(judge.images) == judge.labels).mean()) == max(ranks)[0]
    assert run.best.metadata["update"] == str(run.best_epoch.update)


def test_the_address_names_the_weights(small: DataSet) -> None:
    run = train(Network((784, 5, 10), "relu", "softmax", "cross_entropy", seed=4), small, SHORT, seed=4)
    address = run.address.to_json()
    assert address == {
        "data_sha256": small.sha256,
        "sizes": [784, 5, 10],
        "hidden": "relu",
        "output": "softmax",
        "loss": "cross_entropy",
        "recipe": SHORT.to_json(),
        "seed": 4,
        "update": 22,
        "start": Network((784, 5, 10), "relu", "softmax", "cross_entropy", seed=4).fingerprint,
    }
    assert Recipe.from_json(address["recipe"]) == SHORT


def test_the_same_address_gives_the_same_bits(small: DataSet, judge: DataSet, everything: Recipe) -> None:
    one = train(Network(seed=0), small, everything, seed=3, validation=judge)
    assert same(one, train(Network(seed=0), small, everything, seed=3, validation=judge))
    for changed in (
        train(Network(seed=0), small, everything, seed=4, validation=judge),
        train(Network(seed=1), small, everything, seed=3, validation=judge),
        train(Network(seed=0), small, replace(everything, batch_size=103), seed=3, validation=judge),
    ):
        assert changed.last.fingerprint != one.last.fingerprint


def test_evaluations_do_not_change_the_weights(small: DataSet, judge: DataSet) -> None:
    often = train(Network(seed=0), small, SHORT, validation=judge)
    never = train(Network(seed=0), small, replace(SHORT, evaluate_every=0))
    assert often.last.fingerprint == never.last.fingerprint
    assert [item.epoch for item in never.history.epochs] == [2]
    assert never.best.fingerprint == never.last.fingerprint


def test_three_sets_bring_their_validation(small: DataSet, judge: DataSet) -> None:
    sets = DataSets("some", small, judge, judge, "a test")
    assert same(train(Network(seed=0), sets, SHORT), train(Network(seed=0), small, SHORT, validation=judge))


def test_progress_is_told_to_the_end(small: DataSet, judge: DataSet) -> None:
    told: list[Progress] = []
    run = train(Network(seed=0), small, SHORT, validation=judge, progress=told.append)
    assert [item.update for item in told] == sorted({item.update for item in told})
    assert (told[-1].update, told[-1].updates) == (22, 22)
    assert [item.evaluated for item in told if item.evaluated] == list(run.history.epochs)


def test_snapshots_are_every_epoch_s_state(small: DataSet, everything: Recipe) -> None:
    run = train(Network(seed=0), small, everything)
    assert list(run.snapshots) == [0, 11, 22, 33, 44]
    shorter = train(Network(seed=0), small, everything)
    assert run.snapshots[44].weights.tobytes() == shorter.state.weights.tobytes()
    assert (
        run.snapshots[0].weights == np.concatenate([w.ravel() for w in Network(seed=0).weights.values()])
    ).all()


def test_snapshots_are_thinned_by_doubling(
    small: DataSet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = 1 * 4 * (14 * 785 + 10 * 15)
    monkeypatch.setattr("glassnet.training.session.SNAPSHOT_BYTES", 4 * rows)
    recipe = Recipe(9, 515, learning_rate=1.0, evaluate_every=0)
    run = train(Network(seed=0), small, recipe, run_file=tmp_path / "run")
    assert list(run.snapshots) == [0, 8, 16]  # after epochs 4 and 8 of 9, two updates each
    assert list(Run.load(tmp_path / "run").snapshots) == [0, 8, 16]


@pytest.mark.parametrize("moments", [[11], [1, 2, 20], [7, 33, 43]])
def test_ctrl_c_stops_after_the_update_and_resumes_to_the_same_bits(
    small: DataSet, judge: DataSet, everything: Recipe, tmp_path: Path, moments: list[int]
) -> None:
    file = tmp_path / "run.safetensors"
    for moment in moments:

        def interrupt(progress: Progress, moment: int = moment) -> None:
            if progress.update >= moment:
                os.kill(os.getpid(), signal.SIGINT)

        run = train(
            Network(seed=0),
            small,
            everything,
            validation=judge,
            run_file=file,
            resume=True,
            progress=interrupt,
        )
        assert run.interrupted
        assert not run.finished
        assert moment <= run.update <= moment + 2  # it is told of every second update here
        assert same(run, Run.load(file))
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    run = train(Network(seed=0), small, everything, validation=judge, run_file=file, resume=True)
    assert run.finished
    assert not run.interrupted
    assert same(run, train(Network(seed=0), small, everything, validation=judge))


def test_a_second_ctrl_c_does_not_wait(small: DataSet) -> None:
    def twice(_progress: Progress) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        train(Network(seed=0), small, SHORT, progress=twice)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


KILLED = """
    import os, signal, sys
    import glassnet
    from glassnet.training import Distortion, Recipe, train

    recipe = Recipe(4, 100, "adam", learning_rate=0.02, schedule="cosine", warmup=0.5, average=1,
                    distortion=Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7))
    digits = glassnet.mnist()

    def kill(progress):
        if progress.update >= int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)

    train(glassnet.Network(seed=0), digits.train[:1030], recipe, validation=digits.validation[:500],
          run_file=sys.argv[1], resume=True, progress=kill)
"""


def test_kill_9_loses_at_most_the_epoch_and_resumes_to_the_same_bits(
    small: DataSet, judge: DataSet, everything: Recipe, tmp_path: Path
) -> None:
    file = tmp_path / "run.safetensors"
    for moment in (1, 13, 40):
        command = [sys.executable, "-c", textwrap.dedent(KILLED), str(file), str(moment)]
        assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL
        assert Run.load(file).update == moment // 11 * 11
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    run = train(Network(seed=0), small, everything, validation=judge, run_file=file, resume=True)
    assert same(run, train(Network(seed=0), small, everything, validation=judge))


SECOND = """
    import sys
    import glassnet
    from glassnet.training import Recipe, train

    data, recipe = glassnet.mnist().train[:100], Recipe(1, 100, learning_rate=1)
    train(glassnet.Network(seed=1), data, recipe, run_file=sys.argv[1], resume="resume" in sys.argv)
"""


def test_two_processes_do_not_write_one_run(small: DataSet, tmp_path: Path) -> None:
    """The second is refused before it has read or written anything, and the first goes on."""
    file, seen = tmp_path / "run", []

    def second(progress: Progress) -> None:
        if progress.update != 11:
            return
        before = file.read_bytes()
        for resume in (False, True):
            done = subprocess.run(
                [sys.executable, "-c", textwrap.dedent(SECOND), str(file), *(["resume"] if resume else [])],
                check=False,
                capture_output=True,
                text=True,
                env=os.environ | {"GLASSNET_LANG": "en"},
            )
            seen.append(done.stderr.splitlines()[-1])
        assert file.read_bytes() == before

    train(Network(seed=0), small, SHORT, run_file=file, progress=second)
    assert len(seen) == 2
    for line in seen:
        assert "found another process that is writing it; wait until it has ended" in line
    train(Network(seed=0), small, SHORT, run_file=file, resume=True)  # nothing is kept any longer


def test_a_finished_run_resumes_to_itself(small: DataSet, tmp_path: Path) -> None:
    run = train(Network(seed=0), small, SHORT, run_file=tmp_path / "run")
    again = train(Network(seed=0), small, SHORT, run_file=tmp_path / "run", resume=True)
    assert same(run, again)


def test_a_run_file_is_not_overwritten_and_not_mistaken(
    small: DataSet, judge: DataSet, tmp_path: Path
) -> None:
    file = tmp_path / "run"
    train(Network(seed=0), small, SHORT, validation=judge, run_file=file)
    content = file.read_bytes()
    with pytest.raises(InputError, match="resume"):
        train(Network(seed=0), small, SHORT, validation=judge, run_file=file)
    others: list[tuple[str, dict[str, Any]]] = [
        ("seed", {"seed": 1}),
        ("recipe.epochs", {"recipe": replace(SHORT, epochs=3)}),
        ("training data", {"data": judge}),
        ("validation data", {"validation": None}),
        ("initial weights", {"network": Network(seed=1)}),
        ("sizes", {"network": Network((784, 15, 10))}),
    ]
    for name, change in others:
        arguments: dict[str, Any] = {"network": Network(seed=0), "data": small, "recipe": SHORT}
        arguments |= {"validation": judge, **change}
        with pytest.raises(InputError, match=name):
            train(**arguments, run_file=file, resume=True)
    assert file.read_bytes() == content


@pytest.mark.parametrize("pair", [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")])
def test_a_run_that_is_no_number_any_more_ends_and_can_be_kept(
    small: DataSet, judge: DataSet, tmp_path: Path, pair: tuple[str, str]
) -> None:
    network = Network((784, 16, 16, 16, 16, 10), "relu", *pair)
    recipe = Recipe(50, 10, "momentum", learning_rate=1e5)
    run = train(network, small, recipe, validation=judge, run_file=tmp_path / "run")
    assert run.diverged is not None
    assert not run.finished
    assert run.update == run.diverged == len(run.history.loss)
    assert np.isfinite(run.history.loss[:-1]).all()
    assert same(run, Run.load(tmp_path / "run"))
    assert Run.load(tmp_path / "run").diverged == run.diverged
    assert same(run, train(network, small, recipe, validation=judge, run_file=tmp_path / "run", resume=True))


def test_what_cannot_be_is_said_clearly(small: DataSet, tmp_path: Path) -> None:
    network = Network(seed=0)
    broken = network.copy()
    broken.w1[3, 5] = np.nan
    none = DataSet("none", np.zeros((0, 784), np.uint8), np.zeros(0, np.uint8))
    cases: list[tuple[type[InputError], str, tuple[Any, ...], dict[str, Any]]] = [
        (InputError, "at least one image", (network, none, SHORT), {}),
        (InputError, "batch_size", (network, small[:99], SHORT), {}),
        (InputError, r"w1\[3, 5\]", (broken, small, SHORT), {}),
        (ShapeError, "pixels", (Network((100, 10)), small, SHORT), {}),
        (InputError, "labels", (Network((784, 3)), small, SHORT), {}),
        (InputError, "recipe", (network, small, "fast"), {}),
        (InputError, "recipe", (network, small, 3), {}),
        (InputError, "DataSet", (network, small.images, SHORT), {}),
        (InputError, "network", ("lecture", small, SHORT), {}),
        (InputError, "seed", (network, small, SHORT), {"seed": -1}),
        (InputError, "validation", (network, small, SHORT), {"validation": small.images}),
        (InputError, "folder", (network, small, SHORT), {"run_file": tmp_path / "none" / "run"}),
    ]
    for kind, word, arguments, options in cases:
        with pytest.raises(kind, match=word):
            train(*arguments, **options)


def test_one_image_is_enough(small: DataSet) -> None:
    run = train(Network(seed=0), small[:1], Recipe(30, 1, learning_rate=1.0))
    assert run.history.epochs[-1].train.accuracy == 1
    assert run.history.loss[-1] < run.history.loss[0] / 10
