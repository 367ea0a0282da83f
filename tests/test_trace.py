"""A trace answers by name, in order, and writes a neuron's sum out so that it adds up."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import glassnet
from glassnet import InputError, Network, Trace


@pytest.fixture(scope="module")
def trace() -> Trace:
    test = glassnet.mnist().test
    return Network.load("lecture").trace(test.images[0], target=7)


def test_order_and_lookup(trace: Trace) -> None:
    ids = [item.step.id for item in trace]
    assert ids[:11] == ["x", "a1", "z2", "a2", "a2_1", "z3", "a3", "t", "e", "s", "loss"]
    assert len(trace) == len(ids) == 17
    assert "z2" in trace
    assert "z9" not in trace
    assert trace["a1"][784, 0] == 1
    assert trace.loss == pytest.approx(float(((trace["a3"] - trace["t"]) ** 2).sum()), rel=1e-6)
    with pytest.raises(InputError, match="z9"):
        trace["z9"]


def test_without_target_it_ends_at_the_prediction() -> None:
    trace = Network().trace(np.zeros(784))
    assert [item.step.id for item in trace][-1] == "a3"
    assert trace.loss is None
    assert trace.target is None


def test_values_cannot_be_changed(trace: Trace) -> None:
    with pytest.raises(ValueError, match="read-only"):
        trace["z2"][0] = 1


def test_trace_keeps_the_weights_it_was_made_with() -> None:
    network = Network()
    trace = network.trace(np.ones(784))
    before = trace.explain("z2", 0)
    network.w1[:] = 0
    assert trace.explain("z2", 0) == before


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(1, 30), min_size=2, max_size=4), st.integers(0, 2**32), st.integers(0, 50), st.data()
)
def test_terms_rest_and_bias_add_up(sizes: list[int], seed: int, top: int, data: st.DataObject) -> None:
    network = Network(tuple(sizes), seed=seed)
    image = np.random.default_rng(seed).random(sizes[0])
    trace = network.trace(image)
    layer = data.draw(st.integers(2, len(sizes)))
    row = data.draw(st.integers(0, sizes[layer - 1] - 1))
    explanation = trace.explain(f"z{layer}", row, top)
    products = [abs(term.product) for term in explanation.terms]
    assert products == sorted(products, reverse=True)
    assert len(products) + explanation.rest_count == sizes[layer - 2]
    total = sum(term.product for term in explanation.terms) + explanation.rest + explanation.bias
    assert total == pytest.approx(explanation.total, abs=1e-5)
    assert explanation.activation == trace[f"a{layer}"][row, 0]


def test_explains_pixels_by_their_place(trace: Trace) -> None:
    explanation = trace.explain("a2", row=3, top=4)
    assert explanation.id == "z2"
    term = explanation.terms[0]
    place = explanation.position(term)
    assert place is not None
    row, column = place
    assert row * 28 + column == term.column
    assert trace.explain("z3", row=7).position(term) is None
    assert json.loads(json.dumps(explanation.to_json()))["terms"][0]["position"] == [row, column]


@pytest.mark.parametrize(
    ("step", "row"), [("z2", 14), ("z2", -1), ("z3", 10), ("x", 0), ("loss", 0), ("z2", 1.5)]
)
def test_explains_only_what_exists(trace: Trace, step: str, row: int) -> None:
    with pytest.raises(InputError):
        trace.explain(step, row)


def test_json_gives_back_every_float32(trace: Trace) -> None:
    read = json.loads(json.dumps(trace.to_json()))
    assert read["prediction"] == 7
    for item, step in zip(trace, read["steps"], strict=True):
        assert step["shape"] == list(item.step.shape)
        np.testing.assert_array_equal(np.array(step["value"], np.float32), item.value)
