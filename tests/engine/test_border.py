"""Whatever is handed to the compiled module, it computes or refuses: no crash, and no other error."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import glassnet
from glassnet.engine import core, native
from glassnet.engine.architecture import Architecture
from glassnet.errors import GlassnetError, InputError, ShapeError

pytestmark = pytest.mark.skipif(not native.available(), reason="the compiled core was not built")

REFUSED = (TypeError, ValueError, OverflowError, MemoryError)
KINDS = ["uint8", "float32", "float64", "uint32", "int64", ">f4", "bool"]
SPECIAL = [np.nan, np.inf, -np.inf, 1e38, 0.0]


@st.composite
def arrays(draw: st.DrawFn) -> Any:
    """An array of some number type, one or two dimensions, in one piece or not, aligned or not, writable or not."""
    kind = np.dtype(draw(st.sampled_from(KINDS)))
    shape = draw(st.lists(st.sampled_from([0, 1, 2, 3, 4, 6, 10, 18]), min_size=0, max_size=3))
    size = int(np.prod(shape))
    store = np.zeros(size * kind.itemsize * 2 + 9, np.uint8)
    place = draw(st.sampled_from([0, 8, 1]))
    array = store[place : place + size * kind.itemsize].view(kind).reshape(shape)
    array[...] = draw(st.sampled_from(SPECIAL)) if kind.kind == "f" else draw(st.integers(0, 3))
    how = draw(st.sampled_from(["whole", "whole", "whole", "turned", "sparse", "read-only"]))
    if how == "turned":
        array = array.T
    elif how == "sparse":
        array = np.repeat(array, 2, axis=0)[::2] if array.ndim else array
    elif how == "read-only":
        array.flags.writeable = False
    return array


NUMBERS = st.one_of(
    st.integers(-2, 4), st.sampled_from([2**31 - 1, 2**31, 2**63 - 1, 2**64 - 1, -(2**63), 10**30])
)
REALS = st.one_of(st.floats(), NUMBERS)
SIZES = st.one_of(
    st.sampled_from([[4, 3, 2], [4, 2], [9, 2]]),
    st.lists(st.sampled_from([0, -1, 1, 2, 3, 4, 2**31 - 1, 10**8, 10**9]), max_size=4),
)
ANYTHING = st.one_of(arrays(), NUMBERS, st.none(), st.text(max_size=3), st.binary(max_size=3))
ENTRIES: dict[str, list[st.SearchStrategy[Any]]] = {
    "use": [st.sampled_from(["", "baseline", "mmx"]), st.sampled_from([1, 2, 0, -1, 1025, 10**30])],
    "order": [NUMBERS, NUMBERS, arrays()],
    "initial_weights": [SIZES, st.booleans(), NUMBERS, arrays()],
    "distort": [arrays(), st.lists(REALS, max_size=7), NUMBERS, NUMBERS, arrays()],
    "frame": [arrays(), arrays()],
    "learning_rate": [NUMBERS, REALS, REALS, NUMBERS, NUMBERS],
    "steps": [SIZES, NUMBERS, NUMBERS, arrays(), arrays(), NUMBERS, arrays()],
    "Images": [arrays()],
    "Model": [SIZES, NUMBERS, NUMBERS, st.lists(arrays(), max_size=3)],
}


@pytest.fixture(autouse=True)
def _as_it_was() -> Any:
    before = native.info()
    yield
    native.use(before.isa, before.threads)


def tried(call: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except REFUSED:
        return None


@settings(deadline=None, max_examples=600)
@given(data=st.data())
def test_every_function_computes_or_refuses(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(ENTRIES)))
    arguments = [data.draw(entry) for entry in ENTRIES[name]]
    if data.draw(st.integers(0, 9)) == 0 and arguments:
        arguments[data.draw(st.integers(0, len(arguments) - 1))] = data.draw(ANYTHING)
    tried(getattr(core.loaded(), name), *arguments)


WEIGHTS = [np.ones((3, 5), np.float32), np.ones((2, 4), np.float32)]


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_a_model_s_methods_compute_or_refuse(data: st.DataObject) -> None:
    model = core.loaded().Model(
        [4, 3, 2], data.draw(st.integers(0, 2)), data.draw(st.integers(0, 2)), WEIGHTS
    )
    images, count = data.draw(arrays()), data.draw(st.integers(0, 70))
    if data.draw(st.booleans()):
        images = np.full(
            (count, 4), data.draw(st.integers(0, 255)), data.draw(st.sampled_from(["uint8", "float32"]))
        )
    outputs = data.draw(st.one_of(arrays(), st.just(np.zeros((count, 2), np.float32))))
    method = data.draw(st.sampled_from(["forward", "one", "evaluate", "labels"]))
    if method == "evaluate":
        labels = data.draw(
            st.one_of(arrays(), st.just(np.full(count, data.draw(st.integers(0, 3)), np.uint8)))
        )
        losses = data.draw(st.one_of(arrays(), st.just(np.zeros(count, np.float32))))
        tried(model.evaluate, images, labels, outputs, losses)
    elif method == "labels":
        tried(model.labels, images, data.draw(st.one_of(arrays(), st.just(np.zeros(count, np.uint8)))))
    else:
        tried(getattr(model, method), images, outputs)
    assert all((weight == 1).all() for weight in WEIGHTS)


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_a_trainer_s_methods_compute_or_refuse(data: st.DataObject) -> None:
    sizes, count, batch = [4, 3, 2], data.draw(st.integers(1, 40)), data.draw(st.integers(1, 50))
    small, rate = st.integers(0, 2), st.floats(0, 10)
    usual: list[st.SearchStrategy[Any]] = [
        *(st.just(sizes), small, small),
        st.just(core.loaded().Images(np.full((count, 4), 9, np.uint8))),
        st.just(np.zeros(count, np.uint8)),
        *(st.integers(0, 3), st.integers(0, 1), rate, rate, st.floats(0, 3)),
        *(st.integers(1, 9), st.integers(0, 9), st.just(batch)),
        st.sampled_from([[0.0] * 5 + [4.0], [8.0, 0.1, 0.1, 1.0, 2.0, 1.0]]),
    ]
    odd: list[st.SearchStrategy[Any]] = [
        *(SIZES, NUMBERS, NUMBERS, ANYTHING, arrays(), NUMBERS, NUMBERS, REALS, REALS, REALS),
        *(NUMBERS, NUMBERS, NUMBERS, st.lists(REALS, max_size=7)),
    ]
    wrong = data.draw(st.sets(st.integers(0, len(usual) - 1), max_size=2))
    chosen = [data.draw((odd if place in wrong else usual)[place]) for place in range(len(usual))]
    trainer = tried(core.loaded().Trainer, *chosen)
    if trainer is None:
        return
    for _call in range(data.draw(st.integers(1, 4))):
        method = data.draw(st.sampled_from(["write", "read", "run", "run"]))
        if method == "run":
            places = data.draw(st.one_of(arrays(), st.just(np.arange(count, dtype=np.uint32))))
            losses = data.draw(
                st.one_of(arrays(), st.just(np.zeros(-(-count // min(batch, count)), np.float32)))
            )
            tried(
                trainer.run,
                places,
                data.draw(st.one_of(small, NUMBERS)),
                data.draw(st.one_of(small, NUMBERS)),
                losses,
            )
        else:
            vector = data.draw(st.one_of(arrays(), st.just(np.ones(23, np.float32))))
            tried(getattr(trainer, method), data.draw(st.integers(-1, 4)), vector)


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_architectures_of_any_numbers_are_made_or_refused(data: st.DataObject) -> None:
    sizes: list[Any] = data.draw(st.lists(ANYTHING, max_size=4))
    try:
        architecture = Architecture(tuple(sizes), *data.draw(st.lists(st.text(max_size=7), max_size=3)))
    except InputError:
        return
    assert all(size >= 1 for size in architecture.sizes)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_one_image_and_batches_larger_than_the_set(size: int) -> None:
    some = glassnet.mnist().train[:size]
    run = glassnet.train(glassnet.Network(seed=0), some, glassnet.Recipe(2, size, learning_rate=1.0))
    assert run.update == 2
    with pytest.raises(InputError, match="batch_size"):
        glassnet.train(glassnet.Network(seed=0), some, glassnet.Recipe(2, size + 1, learning_rate=1.0))
    with pytest.raises(InputError, match="at least one image"):
        glassnet.train(glassnet.Network(seed=0), some[:0], glassnet.Recipe(2, 1, learning_rate=1.0))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers_are_named(value: float) -> None:
    network, digits = glassnet.Network(seed=0), glassnet.mnist()
    network.weights["w2"][3, 14] = value
    recipe = glassnet.Recipe(1, 10, learning_rate=1.0)
    calls: list[Callable[[], object]] = [
        lambda: glassnet.train(network, digits.train[:10], recipe),
        lambda: glassnet.evaluate(network, digits.test[:10]),
        lambda: network.forward(digits.test.images[:3]),
        lambda: network.save("nowhere"),
    ]
    for call in calls:
        with pytest.raises(GlassnetError, match=r"w2\[3, 14\]"):
            call()


BAD: list[NDArray[Any]] = [
    np.zeros((3, 784), ">f4"),
    np.zeros((3, 784), np.complex64),
    np.full((3, 784), np.nan, np.float32),
    np.zeros((3, 785), np.uint8),
    np.zeros((0, 783), np.uint8),
    np.zeros((3, 784), object),
]


@pytest.mark.parametrize("images", BAD, ids=lambda images: f"{images.dtype}{images.shape}")
def test_images_of_any_kind_are_read_or_refused(images: NDArray[Any]) -> None:
    try:
        outputs = glassnet.Network(seed=0).forward(images)
    except (InputError, ShapeError):
        return
    assert outputs.shape == (len(images), 10)
    assert np.isfinite(outputs).all()
