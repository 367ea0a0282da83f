"""The doctor: what is really wrong is found and named with its remedy, and healthy runs are not accused."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import glassnet
from glassnet.data import DataSet, DataSets
from glassnet.errors import InputError
from glassnet.network import Network
from glassnet.training import RECIPES, Finding, Recipe, Run, diagnose, train
from glassnet.training.doctor import KINDS
from glassnet.training.signs import neglected_digits
from glassnet.training.trial import Trial, trial


def as_in_textbooks(seed: int) -> Network:
    """784-14-10 with weights N(0, 1/inputs) and all biases 0."""
    rng = np.random.default_rng(seed)
    weights = [np.zeros((14, 785)), np.zeros((10, 15))]
    for weight in weights:
        inputs = weight.shape[1] - 1
        weight[:, :-1] = rng.normal(0, inputs**-0.5, (len(weight), inputs))
    return Network.from_weights(weights)


def only(findings: tuple[Finding, ...]) -> Finding:
    assert len(findings) == 1, [str(finding) for finding in findings]
    return findings[0]


def kinds(run: Run, data: DataSet | DataSets | None = None) -> list[str]:
    return [finding.kind for finding in diagnose(run, data)]


@pytest.fixture(scope="module")
def digits() -> DataSets:
    return glassnet.mnist()


@pytest.mark.parametrize(
    ("recipe", "better", "seed"),
    [
        (Recipe(3, 100, "momentum", learning_rate=0.5), "0.05", 0),
        (Recipe(3, 100, "momentum", learning_rate=0.5), "0.05", 1),
        (Recipe(2, 32, "momentum", learning_rate=0.5), "0.05", 1),
        (Recipe(2, 100, learning_rate=10), "1,", 0),
        (Recipe(2, 100, learning_rate=15), "1.5", 1),
    ],
)
def test_stuck_settings_are_named_with_a_remedy_that_works(
    digits: DataSets, recipe: Recipe, better: str, seed: int
) -> None:
    network = as_in_textbooks(seed)
    run = train(network, digits, recipe, seed=seed)
    last = run.history.epochs[-1].validation
    assert last is not None
    finding = only(diagnose(run))
    assert finding.kind == "saturated"
    assert finding.update is not None
    assert finding.update % run.recipe.updates_per_epoch(55_000) == 0
    assert better in finding.remedy
    assert "−2" in finding.remedy
    if last.accuracy < 0.85:
        never = [digit for digit in range(10) if last.predicted[digit] == 0]
        named = finding.evidence.partition(":")[2].partition(".")[0]
        assert [int(digit) for digit in named.split(",")] == never

    cured = train(network, digits, replace(recipe, learning_rate=recipe.learning_rate / 10), seed=seed)
    assert diagnose(cured, digits) == ()
    assert cured.history.epochs[-1].validation is not None
    assert cured.history.epochs[-1].validation.accuracy > 0.9


@pytest.mark.parametrize("rate", [0.5, 0.6])
def test_the_same_setting_from_our_initial_weights_is_healthy(digits: DataSets, rate: float) -> None:
    run = train(Network(seed=0), digits, Recipe(3, 100, "momentum", learning_rate=rate))
    assert diagnose(run) == diagnose(run, digits) == ()


@pytest.mark.parametrize("name", RECIPES)
def test_named_recipes_are_healthy(digits: DataSets, name: str) -> None:
    known = RECIPES[name]
    epochs = min(known.epochs, 12)  # what saturates does so early; the warm-up stays whole
    run = train(Network(seed=0), digits, Recipe.named(name, epochs=epochs, warmup=known.warmup))
    assert diagnose(run) == diagnose(run, digits) == ()


@pytest.mark.parametrize(
    ("network", "recipe"),
    [
        (Network((784, 30, 10)), Recipe.named("lecture", epochs=3)),
        (Network((784, 32, 16, 10)), Recipe.named("quick", epochs=6, warmup=2)),
        (Network((784, 10)), Recipe.named("quick", epochs=6, warmup=2)),
        (Network(hidden="relu", output="softmax", loss="cross_entropy"), Recipe(3, 100, learning_rate=0.1)),
        (Network(hidden="tanh", loss="binary_cross_entropy"), Recipe(3, 100, learning_rate=0.1)),
        (Network(hidden="relu"), Recipe(3, 100, "momentum", learning_rate=0.05)),
        (Network(), Recipe(1, 100, learning_rate=3.0)),
        (Network(), Recipe(3, 100, learning_rate=1.0, evaluate_every=0)),
    ],
    ids=repr,
)
def test_other_networks_that_learn_are_healthy(digits: DataSets, network: Network, recipe: Recipe) -> None:
    run = train(network, digits, recipe)
    assert diagnose(run) == diagnose(run, digits) == ()


@pytest.mark.parametrize(
    ("network", "recipe"),
    [
        (Network(), Recipe(3, 100, "adam", learning_rate=0.3)),
        (Network(hidden="relu", output="softmax", loss="cross_entropy"), Recipe(3, 100, learning_rate=3.0)),
        (Network(hidden="relu", loss="binary_cross_entropy"), Recipe(3, 100, learning_rate=3.0)),
        (Network(hidden="relu"), Recipe(3, 100, learning_rate=10.0)),
    ],
    ids=repr,
)
def test_too_large_rates_are_named(digits: DataSets, network: Network, recipe: Recipe) -> None:
    run = train(network, digits, recipe)
    finding = only(diagnose(run))
    assert finding.kind in ("rate_too_large", "saturated")
    assert f"learning_rate {recipe.learning_rate:g} → " in finding.remedy
    assert kinds(run, digits) == [finding.kind]


def test_a_rate_that_hides_from_the_history_is_found_by_trying(
    digits: DataSets, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = train(Network(), digits, Recipe(3, 500, learning_rate=1.0))
    assert diagnose(run) == ()
    monkeypatch.setattr(
        "glassnet.training.doctor.trial", lambda _run, _data: Trial(20, 0.2, 0.198, 0.15, 9.0)
    )
    finding = only(diagnose(run, digits))
    assert finding.kind == "rate_too_large"
    assert "20 more updates bring the loss from 0.2000 to 0.1980, with a tenth of the rate to 0.1500" in str(
        finding
    )


def test_the_trial_measures_what_another_rate_would_do(digits: DataSets) -> None:
    slow = trial(train(Network(), digits, Recipe(1, 100, learning_rate=0.01)), digits.train)
    assert slow.updates == 100
    assert slow.faster < slow.same < slow.slower < slow.before
    hot_network = Network(hidden="tanh", output="softmax", loss="cross_entropy")
    hot = trial(train(hot_network, digits, Recipe(1, 100, learning_rate=10.0)), digits.train)
    assert hot.slower < 0.5 * hot.same
    few = trial(train(Network(), digits.train[:30], Recipe(1, 30, learning_rate=1.0)), digits.train[:30])
    assert few.updates == 1


def test_hard_data_is_not_a_fault_of_the_rate(digits: DataSets) -> None:
    """Three labels in ten are wrong: the loss stays high, whatever the rate."""
    rng = np.random.default_rng(0)

    def wrong(data: DataSet) -> DataSet:
        chance = rng.integers(0, 10, len(data), np.uint8)
        return DataSet(data.name, data.images, np.where(rng.random(len(data)) < 0.3, chance, data.labels))

    data, judge = wrong(digits.train), wrong(digits.validation)
    for recipe in (Recipe.named("lecture", epochs=4), Recipe.named("quick", epochs=4)):
        run = train(Network(), data, recipe, validation=judge)
        assert diagnose(run) == diagnose(run, data) == ()


@pytest.mark.parametrize(
    ("network", "recipe"),
    [
        (Network(), Recipe(3, 100, learning_rate=0.01)),
        (Network(), Recipe(10, 500, learning_rate=0.1)),
        (Network(), Recipe(3, 100, "adam", learning_rate=1e-5)),
        (Network(), Recipe(3, 100, "adam", learning_rate=1e-4, schedule="cosine")),
        (Network(hidden="relu", output="softmax", loss="cross_entropy"), Recipe(3, 100, learning_rate=0.001)),
        (Network(loss="binary_cross_entropy"), Recipe(3, 100, "momentum", learning_rate=0.0005)),
    ],
    ids=repr,
)
def test_too_small_rates_are_named(digits: DataSets, network: Network, recipe: Recipe) -> None:
    run = train(network, digits, recipe)
    before = run.last.fingerprint
    for finding in (only(diagnose(run)), only(diagnose(run, digits))):
        assert finding.kind == "rate_too_small"
        new = float(finding.remedy.split("→")[1].split(",")[0])
        assert new >= 10 * recipe.learning_rate * 0.999
    assert "Tried" in only(diagnose(run, digits)).evidence
    assert run.last.fingerprint == before


@pytest.mark.parametrize("pair", [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")])
def test_a_loss_that_is_no_number_is_named_with_its_update(
    small: DataSet, judge: DataSet, pair: tuple[str, str]
) -> None:
    recipe = Recipe(50, 10, "momentum", learning_rate=1e5)
    run = train(Network((784, 16, 16, 16, 16, 10), "relu", *pair), small, recipe, validation=judge)
    finding = only(diagnose(run, small))
    assert finding.kind == "diverged"
    assert finding.update == run.diverged == len(run.history.loss)
    assert f"{run.diverged}" in finding.evidence
    assert "10000" in finding.remedy


def test_learning_by_heart_is_named(small: DataSet, judge: DataSet) -> None:
    run = train(Network(), small, Recipe(40, 10, learning_rate=1.0), validation=judge)
    finding = only(diagnose(run))
    assert finding.kind == "overfitting"
    assert "99" in finding.evidence
    assert "Distortion(" in finding.remedy


def test_an_unfinished_run_is_not_called_slow(small: DataSet) -> None:
    recipe = Recipe(30, 10, learning_rate=0.01)
    whole = train(Network(), small, recipe)
    assert kinds(whole) == ["rate_too_small"]
    assert kinds(replace(whole, recipe=replace(recipe, epochs=60))) == []


def test_digits_that_are_the_last_to_be_learned_are_not_called_neglected(small: DataSet) -> None:
    run = train(Network(seed=0), small, Recipe(60, 100, learning_rate=0.3))
    score = replace(
        run.history.epochs[-1].train,
        images=(50,) * 10,
        predicted=(60, 60, 60, 60, 60, 60, 60, 60, 10, 10),
        response=(0.8,) * 8 + (0.2, 0.3),
    )
    assert neglected_digits(score) == [8, 9]
    for epochs, expected in ((60, []), (120, ["rate_too_large"])):
        run = train(Network(seed=0), small, Recipe(epochs, 100, learning_rate=0.3))
        last = replace(run.history.epochs[-1], train=score)
        seen = replace(run, history=replace(run.history, epochs=(last,)))
        assert kinds(seen) == expected


def test_a_loss_that_rose_on_the_way_is_named_with_its_epochs(digits: DataSets) -> None:
    """The rate climbs to 6 and falls to 0: the last epochs look healthy, and 77 % is what is left."""
    network = Network(hidden="relu", output="softmax", loss="cross_entropy", seed=0)
    recipe = Recipe(6, 100, "momentum", learning_rate=0.6, schedule="cosine", warmup=1)
    finding = only(diagnose(train(network, digits, recipe)))
    assert finding.kind == "rate_too_large"
    assert re.search(r"The loss rose from 0\.\d+ in epoch 1 to [12]\.\d+ in epoch [3456]", finding.evidence)


@pytest.mark.parametrize("images", [1, 30])
def test_small_runs_are_left_alone(small: DataSet, images: int) -> None:
    run = train(Network(), small[:images], Recipe(2, 1, learning_rate=0.001))
    assert diagnose(run, small[:images]) == ()


def test_one_class_alone_is_not_accused(small: DataSet) -> None:
    ones = small.labels == 1
    data = DataSet("ones", small.images[ones], small.labels[ones])
    run = train(Network(), data, Recipe(20, 10, learning_rate=1.0))
    assert diagnose(run, data) == ()


def test_other_data_is_refused(small: DataSet, judge: DataSet) -> None:
    run = train(Network(), small, Recipe(1, 100, learning_rate=1.0))
    with pytest.raises(InputError, match="images of the run"):
        diagnose(run, judge)


def test_findings_are_text_and_json() -> None:
    finding = Finding("saturated", "Title.", "Evidence.", "Remedy.", 550)
    assert str(finding) == "Title. Evidence. Remedy."
    expected: dict[str, Any] = {
        "kind": "saturated",
        "title": "Title.",
        "evidence": "Evidence.",
        "remedy": "Remedy.",
        "update": 550,
    }
    assert finding.to_json() == expected
    assert finding.kind in KINDS
