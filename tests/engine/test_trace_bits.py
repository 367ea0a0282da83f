"""The steps of one image from the core: the reference's numbers, training's bits, the same bits however computed."""

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import glassnet
from glassnet.engine import chosen, core, native, numpy_engine, reference
from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS, Architecture
from glassnet.engine.numpy_training import flatten
from glassnet.errors import InputError, ShapeError
from glassnet.lecture.steps import ledger

pytestmark = pytest.mark.skipif(not native.available(), reason="the compiled core was not built")

KINDS = [(hidden, pair) for hidden in HIDDEN for pair in OUTPUT_LOSS_PAIRS]
SIZES = st.lists(st.integers(1, 40), min_size=2, max_size=5)


def some(
    architecture: Architecture, seed: int
) -> tuple[list[NDArray[np.float32]], NDArray[np.uint8], int, NDArray[np.float64]]:
    """Weights, an image of which about a third is inked, a label, and its column."""
    rng = np.random.default_rng(seed)
    weights = [
        rng.normal(0, 0.9 / np.sqrt(shape[1] / 4 + 1), shape).astype(np.float32)
        for shape in architecture.weight_shapes
    ]
    pixels, outputs = architecture.sizes[0], architecture.sizes[-1]
    image = rng.integers(0, 256, pixels, np.uint8) * (rng.random(pixels) < 0.35).astype(np.uint8)
    label = int(rng.integers(outputs))
    return weights, image, label, np.eye(outputs)[:, [label]]


@settings(deadline=None, max_examples=120)
@given(sizes=SIZES, kind=st.sampled_from(KINDS), seed=st.integers(0, 2**32), doubles=st.booleans())
def test_agreement_with_the_reference(
    sizes: list[int], kind: tuple[str, tuple[str, str]], seed: int, doubles: bool
) -> None:
    """Sums within c·n·ε·Σ|w·a|, gradients within 1e-4 (float64: 1e-12) of their largest entry."""
    architecture = Architecture(tuple(sizes), kind[0], *kind[1])
    weights, image, label, t = some(architecture, seed)
    exact_weights = [weight.astype(np.float64) for weight in weights]
    exact = reference.steps(architecture, exact_weights, image[:, np.newaxis] / 255, t)
    got = native.steps(architecture, exact_weights if doubles else weights, image, label)
    assert list(got) == list(exact) == [step.id for step in ledger(sizes, kind[0], *kind[1])]
    epsilon = np.finfo(np.float64 if doubles else np.float32).eps
    for name, value in got.items():
        assert value.dtype == (np.float64 if doubles else np.float32)
        assert value.shape == exact[name].shape
        error, largest = np.abs(value - exact[name]).max(), np.abs(exact[name]).max()
        if name.startswith("d_"):
            bound = (1e-12 if doubles else 1e-4) * largest + 1e-9 * epsilon
        elif name.startswith("z"):
            layer = int(name[1:])
            entering = exact["a1" if layer == 2 else f"a{layer - 1}_1"]
            bound = 8 * sum(sizes) * epsilon * (np.abs(exact_weights[layer - 2]) @ np.abs(entering)).max()
        else:
            bound = 8 * sum(sizes) * epsilon * max(1, largest)
        assert error <= bound, name
    forward = native.steps(architecture, weights, image)
    assert list(forward) == [step.id for step in ledger(sizes, kind[0], *kind[1], target=False)]


@settings(deadline=None, max_examples=120)
@given(sizes=SIZES, kind=st.sampled_from(KINDS), seed=st.integers(0, 2**32))
def test_the_bits_are_forward_s_and_training_s(
    sizes: list[int], kind: tuple[str, tuple[str, str]], seed: int
) -> None:
    architecture = Architecture(tuple(sizes), kind[0], *kind[1])
    weights, image, label, _t = some(architecture, seed)
    steps = native.steps(architecture, weights, image, label)
    loss, vector = native.gradient(architecture, flatten(weights), image[None], np.array([label], np.uint8))
    gradients = [steps[f"d_w{number}"] for number in range(1, len(sizes))]
    assert flatten(gradients).tobytes() == vector.tobytes()
    assert steps["loss"].item() == loss
    (outputs, losses), *_rest = native.outputs_and_losses(
        architecture, weights, image[None], np.array([label], np.uint8)
    )
    prediction = steps[f"a{len(sizes)}"]
    assert prediction.tobytes() == outputs.tobytes()
    assert prediction.tobytes() == native.forward(architecture, weights, image[None]).tobytes()
    assert losses[0] == loss
    without = native.steps(architecture, weights, image)
    assert all(value.tobytes() == steps[name].tobytes() for name, value in without.items())
    floats = native.steps(architecture, weights, numpy_engine.inputs(image), label)
    assert all(value.tobytes() == steps[name].tobytes() for name, value in floats.items())


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_line_but_sums_and_functions_is_its_python(kind: tuple[str, tuple[str, str]]) -> None:
    """Where a step is single products and differences, its line of the ledger gives the same bits in float32."""
    architecture = Architecture((30, 7, 5, 4), kind[0], *kind[1])
    weights, image, label, _t = some(architecture, 4)
    steps = native.steps(architecture, weights, image, label)
    known: dict[str, Any] = {"np": np, "image": image.astype(np.float32), "label": label, **steps}
    checked = 0
    for step in ledger(architecture.sizes, *kind[:1], *kind[1]):
        if any(word in step.python for word in ("w", "exp", "sigmoid", "tanh", "log", "sum", "eye")):
            continue
        expected = eval(step.python, known)  # the ledger's own text
        assert (np.asarray(expected, np.float32) == steps[step.id]).all(), step.python
        checked += 1
    assert checked >= 8


@settings(deadline=None, max_examples=15)
@given(
    sizes=st.lists(st.integers(1, 9), min_size=2, max_size=4),
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 2**32),
)
def test_every_gradient_entry_is_its_finite_difference(
    sizes: list[int], kind: tuple[str, tuple[str, str]], seed: int
) -> None:
    """Central differences in float64: truncation h² and rounding ε/h both stay below 1e-8 at h = 1e-5."""
    architecture = Architecture(tuple(sizes), kind[0], *kind[1])
    weights, image, label, _t = some(architecture, seed)
    doubles = [weight.astype(np.float64) for weight in weights]
    steps = native.steps(architecture, doubles, image, label)
    sums = [np.abs(steps[f"z{layer}"]).min() for layer in range(2, len(sizes))]
    assume(
        kind[0] != "relu" or not sums or min(sums) > 1e-3
    )  # a difference across relu's corner says nothing
    vector = np.concatenate([matrix.ravel() for matrix in doubles])
    gradient = np.concatenate([steps[f"d_w{number}"].ravel() for number in range(1, len(sizes))])
    images, labels, h = image[None], np.array([label], np.uint8), 1e-5
    assert native.loss64(architecture, vector, images, labels) == steps["loss"].item()
    for k, got in enumerate(gradient):
        up, down = vector.copy(), vector.copy()
        up[k] += h
        down[k] -= h
        rise = native.loss64(architecture, up, images, labels) - native.loss64(
            architecture, down, images, labels
        )
        expected = rise / (2 * h)
        assert abs(got - expected) <= 1e-7 * max(1, abs(expected)), (k, got, expected)


BITS = """
import hashlib, numpy as np
from glassnet.engine import native
from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS, Architecture
digest = hashlib.sha256()
for sizes in [(784, 14, 10), (784, 30, 20, 10), (30, 17, 16, 33, 3), (5, 1)]:
    rng = np.random.default_rng(sizes[1])
    image = rng.integers(0, 256, sizes[0], np.uint8) * (rng.random(sizes[0]) < 0.3).astype(np.uint8)
    for hidden in HIDDEN:
        for pair in OUTPUT_LOSS_PAIRS:
            architecture = Architecture(sizes, hidden, *pair)
            for kind in (np.float32, np.float64):
                weights = [rng.normal(0, 0.5, shape).astype(kind) for shape in architecture.weight_shapes]
                for value in native.steps(architecture, weights, image, sizes[-1] - 1).values():
                    digest.update(value.tobytes())
print(native.info().isa, native.info().threads, digest.hexdigest())
"""


def test_the_same_bits_for_every_instruction_set_and_any_number_of_threads() -> None:
    digests = set()
    for isa in (name for name, runs in native.info().compiled if runs):
        for threads in ("1", "3"):
            environment = os.environ | {"GLASSNET_ISA": isa, "GLASSNET_THREADS": threads}
            done = subprocess.run(
                [sys.executable, "-c", BITS], check=True, env=environment, capture_output=True, text=True
            )
            used, count, digest = done.stdout.split()
            assert (used, count) == (isa, threads)
            digests.add(digest)
    assert len(digests) == 1


def test_the_other_engine_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    architecture = Architecture((784, 14, 10), "tanh", "softmax", "cross_entropy")
    weights, image, label, _t = some(architecture, 9)
    expected = chosen.steps(architecture, weights, image, label)
    monkeypatch.setattr(chosen, "compiled", lambda: False)
    for name, value in chosen.steps(architecture, weights, image, label).items():
        assert value.dtype == np.float32
        np.testing.assert_allclose(value, expected[name], atol=1e-5, err_msg=name)


def test_what_overflows_shows_as_what_it_is() -> None:
    architecture = Architecture((4, 3, 2), "relu", "softmax", "cross_entropy")
    weights = [np.full((3, 5), 3e38, np.float32), np.ones((2, 4), np.float32)]
    steps = native.steps(architecture, weights, np.full(4, 255, np.uint8), 1)
    assert np.isinf(steps["z2"]).all()
    assert np.isnan(steps["a3"]).all()


def test_a_trace_of_the_lecture_s_network_adds_up() -> None:
    network, test = glassnet.Network.load("lecture"), glassnet.mnist().test
    trace = network.trace(test.images[0], target=int(test.labels[0]))
    assert trace["a3"].tobytes() == network.forward(test.images[0]).tobytes()
    total = np.float32(0)
    for square in trace["s"][:, 0]:
        total += square
    assert trace.loss == total


@pytest.mark.parametrize(
    ("image", "label", "error"),
    [
        (np.zeros(3, np.uint8), 0, ShapeError),
        (np.zeros((4, 1), np.uint8), 0, ShapeError),
        (np.zeros(4, np.uint8), 2, InputError),
        (np.zeros(4, np.uint8), -1, InputError),
    ],
    ids=str,
)
def test_what_does_not_fit_is_named(image: Any, label: int, error: type[Exception]) -> None:
    architecture = Architecture((4, 3, 2))
    weights = some(architecture, 0)[0]
    with pytest.raises(error):
        native.steps(architecture, weights, image, label)
    with pytest.raises((TypeError, ValueError)):
        core.loaded().steps([4, 3, 2], 0, 0, flatten(weights), image, label - 9, np.zeros(3, np.float32))
    with pytest.raises(ShapeError, match="w1"):
        native.steps(architecture, [weights[0].T, weights[1]], np.zeros(4, np.uint8))
