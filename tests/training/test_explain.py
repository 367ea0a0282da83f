"""One update as arithmetic: the run's own bits, the ledger's lines, finite differences, and what is shown of them."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import glassnet
from glassnet.data import DataSet
from glassnet.engine import reference
from glassnet.engine.architecture import OUTPUT_LOSS_PAIRS
from glassnet.errors import InputError, OutOfRangeError
from glassnet.network import Network
from glassnet.training import Distortion, Recipe, Run, train

SLIGHTLY = Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7)
RULES = {
    "sgd": Recipe(2, 100, learning_rate=2.0),
    "momentum": Recipe(2, 100, "momentum", learning_rate=0.5, momentum=0.8, schedule="cosine"),
    "adam": Recipe(2, 100, "adam", learning_rate=0.02, warmup=1, average=1, distortion=SLIGHTLY),
}
PLACES = [("w1", 3, 405), ("w1", 0, 784), ("w1", 13, 0), ("w2", 9, 14), ("w2", 0, 3)]


@pytest.fixture(scope="module", params=RULES)
def run(request: pytest.FixtureRequest, small: DataSet) -> Run:
    return train(Network(seed=1), small, RULES[request.param], seed=4)


@pytest.mark.parametrize("update", [1, 7, 11, 12, 22])
def test_old_gradient_and_new_are_the_run_s_own_bits(run: Run, update: int) -> None:
    explained = run.explain(update)
    before, after = run.at(update - 1), run.at(update)
    assert explained.before.fingerprint == before.fingerprint
    assert explained.after.fingerprint == after.fingerprint
    assert np.float32(explained.loss) == run.history.loss[update - 1]
    for name, row, column in PLACES:
        weight = explained.weight(name, row, column)
        assert np.float32(weight.old) == before.weights[name][row, column]
        assert np.float32(weight.new) == after.weights[name][row, column]
    if run.recipe.optimizer == "sgd":  # old − rate × gradient = new, in every bit
        rate = np.float32(explained.learning_rate)
        for name, matrix in explained.gradients.items():
            own = name.removeprefix("d_")
            assert (before.weights[own] - rate * matrix == after.weights[own]).all()


@pytest.mark.parametrize("update", [1, 12, 22])
def test_the_rule_s_lines_come_out(run: Run, update: int) -> None:
    """What is written can be worked out, and gives what the engine has, to float32's last digits."""
    explained = run.explain(update)
    ids = {
        "sgd": ["new_w1"],
        "momentum": ["new_v1", "new_w1"],
        "adam": ["new_m1", "new_v1", "m_hat1", "v_hat1", "new_w1"],
    }
    assert [line.step.id for line in explained.weight("w1", 3, 405).lines] == ids[run.recipe.optimizer]
    for place in PLACES:
        weight = explained.weight(*place)
        for line in weight.lines:
            assert eval(line.written, {"np": np}) == pytest.approx(line.value, rel=1e-6, abs=1e-9)
            if line.stored is not None:
                assert line.stored == pytest.approx(line.value, rel=1e-5, abs=1e-9)
        assert weight.lines[-1].stored == weight.new


def test_the_batch_is_the_one_that_was_learned_from(run: Run, small: DataSet) -> None:
    seen: list[int] = []
    for update in range(1, 12):
        explained = run.explain(update)
        assert (explained.epoch, explained.batch) == (1, update)
        assert (explained.labels == small.labels[explained.indices]).all()
        undistorted = (explained.images == small.images[explained.indices]).all()
        assert undistorted == (run.recipe.distortion is None)
        assert float(explained.losses.mean(dtype=np.float64)) == pytest.approx(explained.loss, rel=1e-5)
        seen += explained.indices.tolist()
    assert sorted(seen) == list(range(1030))
    assert len(run.explain(11).indices) == 30  # the last batch of an epoch is a small one
    assert (run.explain(12).epoch, run.explain(12).batch) == (2, 1)


def test_an_image_of_the_batch(run: Run) -> None:
    batch, one = run.explain(7), run.explain(7, image=5)
    assert one.trace is not None
    assert batch.trace is None
    label = int(batch.labels[5])
    assert one.trace.target == label
    np.testing.assert_array_equal(one.values["z2"], one.trace["z2"])
    assert one.values["a1"].shape == (785, 1)
    assert batch.values["a1"].shape == (785, 100)
    np.testing.assert_allclose(one.values["z2"][:, 0], batch.values["z2"][:, 5], rtol=1e-4, atol=1e-6)
    for name, matrix in one.image_gradients.items():
        np.testing.assert_allclose(matrix, one.trace[name], atol=1e-4 * float(np.abs(matrix).max()))
    weight = one.weight("w1", 3, 405)
    (product,) = weight.products
    assert (product.index, product.label) == (batch.indices[5], label)
    assert product.product == product.d_z * product.entering
    assert product.product == pytest.approx(weight.checked, rel=1e-4, abs=1e-9)
    assert weight.gradient == batch.weight("w1", 3, 405).gradient
    total = sum(item.product for item in batch.weight("w1", 3, 405).products)
    assert total / 100 == pytest.approx(weight.gradient, rel=1e-4, abs=1e-8)


@settings(max_examples=30)
@given(
    hidden=st.sampled_from(["sigmoid", "tanh"]),
    pair=st.sampled_from(OUTPUT_LOSS_PAIRS),
    middle=st.lists(st.integers(1, 8), max_size=2),
    optimizer=st.sampled_from(list(RULES)),
    count=st.integers(1, 30),
    seed=st.integers(0, 2**32),
    data=st.data(),
)
def test_finite_differences(
    hidden: str,
    pair: tuple[str, str],
    middle: list[int],
    optimizer: str,
    count: int,
    seed: int,
    data: st.DataObject,
) -> None:
    """They meet the float64 gradient within their own error, and the engine's within its bound."""
    digits = glassnet.mnist().train[200 : 200 + count]
    network = Network((784, *middle, 10), hidden, *pair, seed=seed)
    run = train(network, digits, Recipe(2, max(1, count // 2), optimizer, learning_rate=0.05), seed=seed)
    update = data.draw(st.integers(1, run.update))
    image = data.draw(st.none() | st.just(0))
    explained = run.explain(update, image, data=digits)
    name, row, column = data.draw(
        st.just(explained.largest())
        | st.sampled_from(list(explained.before.weights)).flatmap(
            lambda name: st.tuples(
                st.just(name), *(st.integers(0, size - 1) for size in explained.before.weights[name].shape)
            )
        )
    )
    weight = explained.weight(name, row, column)
    shown = explained.images[explained.shown]
    exact = reference.steps(
        network.architecture,
        [w.astype(np.float64) for w in explained.before.weights.values()],
        shown.T / 255,
        np.eye(10)[:, explained.labels[explained.shown]],
    )
    gradient = exact[f"d_{name}"]
    assert weight.difference.slope == pytest.approx(gradient[row, column], rel=1e-6, abs=1e-8)
    assert abs(weight.checked - gradient[row, column]) <= 1e-4 * np.abs(gradient).max() + 1e-9
    mean = sum(item.product for item in weight.products) / len(weight.products)
    assert mean == pytest.approx(gradient[row, column], rel=1e-4, abs=1e-6)


def test_the_largest_gradient(run: Run) -> None:
    for image in (None, 2):
        explained = run.explain(9, image)
        name, row, column = explained.largest()
        top = max(float(np.abs(matrix).max()) for matrix in explained.image_gradients.values())
        assert abs(float(explained.image_gradients[f"d_{name}"][row, column])) == top


def test_json_has_the_numbers(run: Run) -> None:
    explained = run.explain(9, image=4)
    found = json.loads(json.dumps(explained.to_json()))
    assert found["address"]["update"] == found["update"] == 9
    assert (found["before"], found["after"]) == (run.at(8).fingerprint, run.at(9).fingerprint)
    assert np.float32(found["loss"]) == run.history.loss[8]
    np.testing.assert_array_equal(
        np.array(found["gradients"]["d_w1"], np.float32), explained.gradients["d_w1"]
    )
    assert [item["index"] for item in found["images"]] == explained.indices.tolist()
    steps = {step["id"]: np.array(step["value"], np.float32) for step in found["steps"]}
    np.testing.assert_array_equal(steps["a3"], explained.values["a3"])
    weight = json.loads(json.dumps(explained.weight("w1", 3, 405).to_json()))
    assert np.float32(weight["new"]) == run.at(9).w1[3, 405]
    assert weight["pixel"] == [14, 13]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("image", [None, 3])
def test_it_shows_itself(run: Run, image: int | None, language: str) -> None:
    glassnet.use_language(language)
    explained = run.explain(9, image)
    weight = explained.weight(*explained.largest())
    for text in (str(explained), explained._repr_html_(), str(weight), weight._repr_html_()):
        for line in weight.lines:
            assert line.step.id in text
            assert line.step.sentence[language][:20] in text
        assert ("Checked by differences" in text) == (language == "en")
    assert max(len(line) for line in str(explained).splitlines()) <= 100
    assert explained.before.fingerprint in str(explained)


@pytest.mark.parametrize(
    ("arguments", "place", "told"),
    [
        ((0,), None, "from 1 to 22"),
        ((23,), None, "from 1 to 22"),
        ((5, 100), None, "0 to 99"),
        ((11, 30), None, "0 to 29"),
        ((5, -1), None, "0 to 99"),
        ((5,), ("w3", 0, 0), "w1, w2"),
        ((5,), ("w1", 14, 0), "0 to 13"),
        ((5,), ("w2", 0, 15), "0 to 14"),
    ],
    ids=str,
)
def test_what_is_not_there_is_told(
    run: Run, arguments: tuple[int, ...], place: tuple[str, int, int] | None, told: str
) -> None:
    def ask() -> None:
        run.explain(*arguments).weight(*(place or ("w1", 0, 0)))

    with pytest.raises(InputError, match=told) as caught:
        ask()
    assert isinstance(caught.value, OutOfRangeError) or place == ("w3", 0, 0)
