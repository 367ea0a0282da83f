"""Recipes: what they may be, how errors read, and that JSON gives back the same recipe."""

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import glassnet
from glassnet.engine.architecture import Architecture
from glassnet.engine.numpy_training import OPTIMIZERS, SCHEDULES
from glassnet.errors import InputError
from glassnet.training import RECIPES, Distortion, Recipe

distortions = st.builds(
    Distortion,
    rotation=st.floats(0, 45),
    scale=st.floats(0, 0.9),
    shear=st.floats(0, 1),
    shift=st.floats(0, 14),
)
recipes = st.builds(
    Recipe,
    epochs=st.integers(5, 1000),
    batch_size=st.integers(1, 1000),
    optimizer=st.sampled_from(sorted(OPTIMIZERS)),
    learning_rate=st.floats(1e-9, 1e3),
    momentum=st.floats(0, 0.999),
    schedule=st.sampled_from(SCHEDULES),
    warmup=st.floats(0, 5),
    undistorted=st.integers(0, 5),
    evaluate_every=st.integers(0, 50),
    distortion=st.none() | distortions,
    average=st.floats(0, 10),
)


@given(recipes)
def test_json_gives_back_the_same_recipe(recipe: Recipe) -> None:
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("epochs", 0),
        ("epochs", 1.5),
        ("epochs", True),
        ("epochs", "ten"),
        ("batch_size", 0),
        ("batch_size", None),
        ("optimizer", "rmsprop"),
        ("optimizer", ["sgd"]),
        ("learning_rate", 0),
        ("learning_rate", -1),
        ("learning_rate", math.nan),
        ("learning_rate", math.inf),
        ("learning_rate", "0.1"),
        ("momentum", 1),
        ("schedule", "step"),
        ("warmup", -1),
        ("warmup", 3),  # of two epochs
        ("undistorted", 3),
        ("undistorted", 0.5),
        ("evaluate_every", -1),
        ("average", math.nan),
        ("distortion", {"rotation": 8}),
    ],
)
def test_a_field_out_of_range_is_named_with_what_it_may_be(field: str, value: object) -> None:
    arguments: dict[str, Any] = {"epochs": 2, "batch_size": 10, "learning_rate": 1.0, field: value}
    with pytest.raises(InputError) as caught:
        Recipe(**arguments)
    assert caught.value.what == field
    assert caught.value.expected
    assert caught.value.found


def test_numpy_s_numbers_become_python_s() -> None:
    recipe = Recipe(np.int64(2), np.uint8(10), learning_rate=np.float32(0.5))  # type: ignore[arg-type]
    assert json.dumps(recipe.to_json())
    assert (type(recipe.epochs), type(recipe.learning_rate)) == (int, float)


def test_the_error_reads_as_a_sentence() -> None:
    with pytest.raises(InputError) as caught:
        Recipe(1, 1, learning_rate=0.1, momentum=1)
    assert str(caught.value) == "momentum: expected a number in the range [0, 1), found 1"


def test_named_recipes_change_by_field() -> None:
    assert set(RECIPES) == {"lecture", "quick", "default"}
    changed = Recipe.named("lecture", epochs=3, learning_rate=1)
    assert (changed.epochs, changed.learning_rate, changed.batch_size) == (
        3,
        1.0,
        RECIPES["lecture"].batch_size,
    )
    with pytest.raises(InputError, match="lecture, quick, default"):
        Recipe.named("best")
    with pytest.raises(InputError, match="rate"):
        Recipe.named("lecture", rate=1)


@pytest.mark.parametrize(
    ("name", "kind", "rate"),
    [
        ("quick", Architecture(), 1.2),
        ("quick", Architecture(hidden="tanh"), 0.36),
        ("quick", Architecture(loss="binary_cross_entropy"), 0.36),
        ("quick", Architecture(hidden="tanh", output="softmax", loss="cross_entropy"), 0.12),
        ("default", Architecture(hidden="relu", output="softmax", loss="cross_entropy"), 0.02),
        ("lecture", Architecture(output="softmax", loss="cross_entropy"), 0.3),
    ],
)
def test_a_named_recipe_s_rate_suits_the_network(name: str, kind: Architecture, rate: float) -> None:
    assert Recipe.named(name, kind).learning_rate == rate
    assert Recipe.named(name, kind, learning_rate=7).learning_rate == 7
    assert Recipe.named(name, kind, optimizer="adam").learning_rate == 0.005


def test_momentum_takes_what_it_adds_up_off_the_rate_of_sgd() -> None:
    assert Recipe.named("lecture", optimizer="momentum").learning_rate == 0.1
    assert Recipe.named("lecture", Architecture(hidden="tanh"), optimizer="momentum").learning_rate == 0.03
    assert Recipe.named("quick", optimizer="sgd").learning_rate == RECIPES["quick"].learning_rate


def test_relu_learns_by_a_recipe_s_name_alone() -> None:
    """With the rate for sigmoids and the squared error it reads no more than every second digit."""
    digits = glassnet.mnist()
    network = glassnet.Network((784, 64, 32, 10), "relu", "softmax", "cross_entropy", seed=0)
    learned, spoiled = (
        glassnet.train(network, digits.train[:5000], recipe).history.epochs[-1].train.accuracy
        for recipe in ("quick", Recipe.named("quick"))
    )
    assert learned > 0.95 > 0.6 > spoiled


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        {**RECIPES["lecture"].to_json(), "rate": 1},
        {**RECIPES["default"].to_json(), "distortion": {"rotation": 8}},
        {**RECIPES["default"].to_json(), "distortion": 3},
        {key: value for key, value in RECIPES["lecture"].to_json().items() if key != "warmup"},
    ],
)
def test_json_of_another_shape_is_refused(broken: Any) -> None:
    with pytest.raises(InputError):
        Recipe.from_json(broken)


def test_warmup_and_average_are_counted_in_updates() -> None:
    recipe = Recipe(4, 100, learning_rate=1, warmup=0.5, average=2)
    assert recipe.updates_per_epoch(1001) == 11
    rule = recipe.rule(1001)
    assert (rule.updates, rule.warmup, rule.average) == (44, 6, 22)


def test_a_recipe_written_without_undistorted_epochs_has_none() -> None:
    older = {key: value for key, value in RECIPES["default"].to_json().items() if key != "undistorted"}
    assert Recipe.from_json(older) == replace(RECIPES["default"], undistorted=0)


def test_undistorted_epochs_keep_their_share_unless_named() -> None:
    known = RECIPES["default"]
    half = Recipe.named("default", epochs=known.epochs // 2)
    assert half.undistorted == known.undistorted // 2 > 0
    assert Recipe.named("default", epochs=3, undistorted=2).undistorted == 2


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_a_named_recipe_can_be_cut_to_one_epoch(name: str) -> None:
    known, short = RECIPES[name], Recipe.named(name, epochs=1)
    assert short.warmup == pytest.approx(known.warmup / known.epochs)
    assert Recipe.named(name) == known
    assert Recipe.named(name, warmup=0.5).warmup == 0.5
