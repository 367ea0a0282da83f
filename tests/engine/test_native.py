"""The compiled engine: the reference's numbers, NumPy's chance, and the same bits however it is run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import glassnet
from glassnet.engine import core, native, numpy_engine, numpy_training, reference
from glassnet.engine import random as chance
from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS, Architecture
from glassnet.engine.distortion import Distortion, distort
from glassnet.engine.numpy_training import Rule, flatten, matrices, start
from glassnet.errors import InputError, ShapeError
from glassnet.training.recipe import RECIPES, Recipe

pytestmark = pytest.mark.skipif(not native.available(), reason="the compiled core was not built")

LECTURE = Architecture()
USUAL = Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7)
KINDS = [(hidden, pair) for hidden in HIDDEN for pair in OUTPUT_LOSS_PAIRS]


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = native.info()
    yield
    native.use(before.isa, before.threads)


def every_way() -> Iterator[None]:
    """Choose every instruction set that runs here, with one and with two threads, one after the other."""
    for isa, runs in native.info().compiled:
        for threads in (1, 2):
            if runs:
                native.use(isa, threads)
                yield


def some_weights(architecture: Architecture, seed: int = 0) -> list[NDArray[np.float32]]:
    rng = np.random.default_rng(seed)
    return [
        rng.normal(0, 0.7 / np.sqrt(shape[1] / 4 + 1), shape).astype(np.float32)
        for shape in architecture.weight_shapes
    ]


def some_images(
    architecture: Architecture, count: int, seed: int = 0
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images of which about a fifth is inked."""
    rng = np.random.default_rng(seed)
    shape = (count, architecture.sizes[0])
    images = rng.integers(0, 256, shape, np.uint8) * (rng.random(shape) < 0.2).astype(np.uint8)
    return images, rng.integers(0, architecture.sizes[-1], count, np.uint8)


@pytest.mark.parametrize(
    ("seed", "epoch", "count"), [(0, 0, 0), (0, 0, 1), (3, 7, 1000), (2**64 - 1, 2, 55_000)]
)
def test_order_is_numpy_s(seed: int, epoch: int, count: int) -> None:
    assert (native.order(seed, epoch, count) == chance.order(seed, epoch, count)).all()


@pytest.mark.parametrize("sizes", [(784, 14, 10), (3, 1), (20, 5, 40, 2)])
def test_initial_weights_are_numpy_s(sizes: tuple[int, ...]) -> None:
    for output, loss in OUTPUT_LOSS_PAIRS:
        architecture = Architecture(sizes, "tanh", output, loss)
        for seed in (0, 12345):
            expected = flatten(chance.initial_weights(architecture, seed))
            assert native.initial_weights(architecture, seed).tobytes() == expected.tobytes()


@pytest.mark.parametrize(
    "distortion", [USUAL, Distortion(45, 0.9, 1, 14, 14, 0.5), Distortion(elastic=5), Distortion()], ids=str
)
def test_distortions_are_numpy_s(distortion: Distortion) -> None:
    images = glassnet.mnist().train.images[2000:2500]
    expected = distort(distortion, 5, 3, images)
    for _way in every_way():
        assert (native.distort(distortion, 5, 3, images) == expected).all()


@settings(deadline=None, max_examples=80)
@given(
    sizes=st.lists(st.integers(1, 50), min_size=2, max_size=5),
    kind=st.sampled_from(KINDS),
    count=st.integers(1, 70),
    seed=st.integers(0, 2**32),
)
def test_agreement_with_the_reference(
    sizes: list[int], kind: tuple[str, tuple[str, str]], count: int, seed: int
) -> None:
    """Outputs within c·n·ε of the reference, each gradient matrix within 1e-4 of its largest entry."""
    architecture = Architecture(tuple(sizes), kind[0], *kind[1])
    weights = some_weights(architecture, seed)
    images, labels = some_images(architecture, count, seed)
    t = np.eye(sizes[-1])[:, labels]
    exact = reference.steps(architecture, [w.astype(np.float64) for w in weights], images.T / 255, t)
    epsilon = np.finfo(np.float32).eps
    outputs = native.forward(architecture, weights, images)
    np.testing.assert_allclose(outputs.T, exact[f"a{len(sizes)}"], atol=float(8 * sum(sizes) * epsilon))
    loss, vector = native.gradient(architecture, flatten(weights), images, labels)
    assert loss == pytest.approx(exact["loss"][0, 0], rel=1e-4, abs=1e-6)
    for number, got in enumerate(matrices(architecture, vector), start=1):
        expected = exact[f"d_w{number}"]
        assert np.abs(got - expected).max() <= 1e-4 * np.abs(expected).max() + 1e-9
    blocks = list(native.outputs_and_losses(architecture, weights, images, labels))
    assert (np.concatenate([block for block, _losses in blocks]) == outputs).all()
    mean = np.concatenate([losses for _block, losses in blocks]).mean(dtype=np.float64)
    assert mean == pytest.approx(exact["loss"][0, 0], rel=1e-4, abs=1e-6)


def test_bytes_floats_one_image_and_many_give_the_same_bits() -> None:
    images = glassnet.mnist().test.images[:300]
    for hidden, pair in KINDS:
        architecture = Architecture((784, 17, 10), hidden, *pair)
        weights = some_weights(architecture)
        expected = native.forward(architecture, weights, images)
        floats = numpy_engine.inputs(images)
        for _way in every_way():
            assert native.forward(architecture, weights, images).tobytes() == expected.tobytes()
            assert native.forward(architecture, weights, floats).tobytes() == expected.tobytes()
            for i in (0, 7):
                assert (
                    native.forward(architecture, weights, images[i : i + 1]).tobytes()
                    == expected[i].tobytes()
                )
                assert (
                    native.forward(architecture, weights, floats[i : i + 1]).tobytes()
                    == expected[i].tobytes()
                )
            assert (native.predict(architecture, weights, images) == expected.argmax(axis=1)).all()


RULES = [
    Rule(100, "sgd", 3.0, 0.9, "constant", warmup=0, updates=80),
    Rule(1, "sgd", 0.3, 0.9, "constant", warmup=0, updates=8000),
    Rule(64, "momentum", 0.3, 0.9, "cosine", warmup=20, updates=125, average=30),
    Rule(100, "adam", 0.005, 0.9, "cosine", warmup=10, updates=90, average=1000),
]


@pytest.mark.parametrize("distortion", [None, USUAL], ids=["plain", "distorted"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.optimizer}-{rule.batch_size}")
def test_updates_are_numpy_s_and_their_bits_are_the_same_every_way(
    rule: Rule, distortion: Distortion | None
) -> None:
    train = glassnet.mnist().train
    places_ = chance.order(1, 0, len(train))[: 30 * rule.batch_size + rule.batch_size // 2]
    arguments: tuple[Any, ...] = (train.images, train.labels, places_)
    options: dict[str, Any] = {"distortion": distortion, "seed": 4}
    state = start(rule, chance.initial_weights(LECTURE, 0))
    expected, expected_losses = numpy_training.run_updates(LECTURE, rule, state, *arguments, **options)
    first = None
    for _way in every_way():
        got, losses = native.run_updates(LECTURE, rule, state, *arguments, **options)
        assert got.update == expected.update == len(losses)
        np.testing.assert_allclose(losses, expected_losses, rtol=2e-5)
        for mine, theirs in zip(_arrays(got), _arrays(expected), strict=True):
            np.testing.assert_allclose(mine, theirs, atol=3e-6)
        first = first or got
        for mine, theirs in zip(_arrays(got), _arrays(first), strict=True):
            assert mine.tobytes() == theirs.tobytes()


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_gives_one_fingerprint_every_way(name: str) -> None:
    recipe, some = Recipe.named(name, epochs=3), glassnet.mnist().train[:12_000]
    found = {
        native.info(): glassnet.train(glassnet.Network(seed=0), some, recipe, seed=7).last.fingerprint
        for _way in every_way()
    }
    assert len(found) >= 2
    assert len(set(found.values())) == 1, found


def _arrays(state: numpy_training.State) -> list[NDArray[np.float32]]:
    return [state.weights, *state.memory, *state.average]


def test_stopped_and_resumed_is_the_same_run() -> None:
    train = glassnet.mnist().train
    rule = replace(RULES[3], batch_size=10)
    places_ = chance.order(1, 0, len(train))[:900]
    state = start(rule, chance.initial_weights(LECTURE, 0))
    whole, losses = native.run_updates(LECTURE, rule, state, train.images, train.labels, places_)
    part, first = native.run_updates(
        LECTURE, rule, state, train.images, train.labels, places_, stop=lambda: True
    )
    assert 0 < part.update < whole.update
    rest, second = native.run_updates(
        LECTURE, rule, part, train.images, train.labels, places_[part.update * 10 :]
    )
    assert (np.concatenate([first, second]) == losses).all()
    for mine, theirs in zip(_arrays(rest), _arrays(whole), strict=True):
        assert mine.tobytes() == theirs.tobytes()


def test_a_loss_that_is_no_number_ends_the_run() -> None:
    architecture = Architecture((784, 20, 10), "relu", "softmax", "cross_entropy")
    train = glassnet.mnist().train
    rule = Rule(10, "sgd", 1e30, 0.9, "constant", warmup=0, updates=1000)
    state = start(rule, chance.initial_weights(architecture, 0))
    got, losses = native.run_updates(architecture, rule, state, train.images, train.labels, np.arange(5000))
    assert got.update == len(losses) < 500
    assert np.isfinite(losses[:-1]).all()
    assert not np.isfinite(losses[-1])


def test_learning_rate_is_numpy_s() -> None:
    for rule in RULES:
        for update in (1, 2, 10, 11, 40, 79, rule.updates):
            assert native.learning_rate(rule, update) == pytest.approx(
                numpy_training.learning_rate(rule, update), rel=1e-12, abs=1e-15
            )


def test_changed_images_are_packed_anew() -> None:
    images, labels = some_images(LECTURE, 10)
    weights = flatten(some_weights(LECTURE))
    before = native.gradient(LECTURE, weights, images, labels)[0]
    images[:] = 255 - images
    assert native.gradient(LECTURE, weights, images, labels)[0] != before


BAD: list[tuple[str, Any]] = [
    ("images", np.zeros((5, 783), np.uint8)),
    ("images", np.zeros((5, 784), np.int8)),
    ("images", np.zeros((784, 5), np.uint8).T),
    ("images", np.zeros((5, 28, 28), np.uint8)),
    ("images", [[0] * 784] * 5),
    ("labels", np.zeros(4, np.uint8)),
    ("labels", np.zeros(5, np.int64)),
    ("labels", np.full(5, 10, np.uint8)),
    ("order", np.array([0, 5])),
    ("order", np.array([-1])),
    ("order", np.zeros(3)),
]


@pytest.mark.parametrize(("name", "value"), BAD, ids=lambda value: str(getattr(value, "shape", value))[:20])
def test_what_does_not_fit_is_named(name: str, value: Any) -> None:
    rule = RULES[0]
    given_: dict[str, Any] = {
        "images": np.zeros((5, 784), np.uint8),
        "labels": np.zeros(5, np.uint8),
        "order": np.arange(5),
    }
    given_[name] = value
    state = start(rule, some_weights(LECTURE))
    with pytest.raises((InputError, ShapeError), match=name):
        native.run_updates(LECTURE, rule, state, **given_)


def test_the_core_itself_refuses_what_would_lead_outside() -> None:
    weights = some_weights(LECTURE)
    view = native.View(LECTURE, weights).core
    out = np.zeros((3, 10), np.float32)
    for bad in (np.zeros((3, 10)), np.zeros((3, 20), np.float32)[:, ::2], np.zeros((2, 10), np.float32)):
        with pytest.raises((TypeError, ValueError)):
            view.forward(np.zeros((3, 784), np.uint8), bad)
    with pytest.raises((TypeError, ValueError)):
        view.forward(np.zeros((3, 783), np.uint8), out)
    with pytest.raises(ValueError, match="labels"):
        view.evaluate(np.zeros((3, 784), np.uint8), np.full(3, 10, np.uint8), out, np.zeros(3, np.float32))
    with pytest.raises(ValueError, match="images"):
        core.loaded().Images(np.zeros((0, 784), np.uint8))
    with pytest.raises(ValueError, match="sizes"):
        core.loaded().Model([784], 0, 0, [])
    read_only = np.zeros((3, 10), np.float32)
    read_only.flags.writeable = False
    with pytest.raises(TypeError):
        view.forward(np.zeros((3, 784), np.uint8), read_only)


def test_the_one_weight_that_is_not_finite_is_found_wherever_it_is() -> None:
    architecture = Architecture((36, 3, 2))
    weights = some_weights(architecture)
    weights[0][0, 0], weights[0][1, 1] = np.finfo(np.float32).max, 1e-45  # finite, however large or small
    view = native.View(architecture, weights)
    for _way in every_way():
        assert view.finite()
        for place in range(3 * 37 + 2 * 4):
            flat, k = (weights[0].ravel(), place) if place < 111 else (weights[1].ravel(), place - 111)
            for value in (np.nan, np.inf, -np.inf):
                kept, flat[k] = flat[k], value
                assert not view.finite(), (place, value)
                assert view.forward_one(np.ones(36, np.uint8)) is None, (place, value)
                flat[k] = kept


def test_one_image_in_any_of_its_forms_gives_the_bits_of_many() -> None:
    for sizes in ((784, 14, 10), (784, 3), (16, 9, 8, 7), (1, 1)):
        architecture = Architecture(sizes)
        view = native.View(architecture, some_weights(architecture))
        images = np.random.default_rng(0).integers(0, 256, (5, sizes[0]), np.uint8)
        side = round(sizes[0] ** 0.5)
        for _way in every_way():
            outputs, labels = view.forward(images), view.predict(images)
            for image, output, label in zip(images, outputs, labels, strict=True):
                forms = [(-1,), (-1, 1), (1, -1), (side, side)]
                for shape in forms if side * side == sizes[0] else forms[:3]:
                    one, named = (
                        view.forward_one(image.reshape(shape)),
                        view.predict_one(image.reshape(shape)),
                    )
                    assert one is not None
                    assert named is not None
                    np.testing.assert_array_equal(one, output[np.newaxis], strict=True)
                    np.testing.assert_array_equal(named, [label])


@pytest.mark.parametrize(
    "image",
    [
        np.zeros(783, np.uint8),
        np.zeros((2, 392), np.uint8),
        np.zeros((2, 784), np.uint8),
        np.zeros((1, 28, 28), np.uint8),
        np.zeros(784, np.int8),
        np.zeros(784, np.float32),
        np.zeros(1568, np.uint8)[::2],
        np.zeros(196, np.float32),
        np.zeros(784, "S1"),
        np.zeros(784, object),
    ],
)
def test_the_way_for_one_image_leaves_everything_else_to_the_way_for_many(image: np.ndarray) -> None:
    view = native.View(LECTURE, some_weights(LECTURE))
    assert view.forward_one(image) is None
    assert view.predict_one(image) is None


def test_weights_that_are_no_numbers_do_no_harm() -> None:
    weights = some_weights(LECTURE)
    images = glassnet.mnist().test.images[:5]
    for value in (np.nan, np.inf, -np.inf):
        weights[0][:] = value
        assert native.forward(LECTURE, weights, images).shape == (5, 10)


@pytest.mark.parametrize(
    ("variable", "value", "error"),
    [
        ("GLASSNET_ISA", "mmx", InputError),
        ("GLASSNET_THREADS", "none", InputError),
        ("GLASSNET_THREADS", "0", InputError),
    ],
)
def test_the_environment_s_mistakes_are_named(variable: str, value: str, error: type[Exception]) -> None:
    program = "from glassnet.engine import native\nnative.info()"
    environment = os.environ | {variable: value, "GLASSNET_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert error.__name__ in done.stderr
    assert variable in done.stderr


def test_it_works_after_a_fork() -> None:
    """A child has none of its parent's threads and must not wait for them."""
    program = (
        "import os, sys, numpy as np\n"
        "from glassnet.engine import native\n"
        "from glassnet.engine.architecture import Architecture\n"
        "from glassnet.engine.random import initial_weights\n"
        "native.use('', 2)\n"
        "a = Architecture(); w = initial_weights(a, 0); x = np.full((5000, 784), 9, np.uint8)\n"
        "native.forward(a, w, x)\n"
        "child = os.fork()\n"
        "y = native.forward(a, w, x)\n"
        "if child == 0: os._exit(0 if y.shape == (5000, 10) else 1)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    assert (
        subprocess.run([sys.executable, "-W", "ignore", "-c", program], timeout=60, check=False).returncode
        == 0
    )
