"""WebAssembly under Node gives the bits of the compiled engine: one image's steps, and after training of every kind."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet
from glassnet.engine import native
from glassnet.engine.architecture import HIDDEN, OUTPUT_LOSS_PAIRS, Architecture
from glassnet.engine.distortion import Distortion
from glassnet.engine.numpy_training import SCHEDULES, Rule, flatten, start
from glassnet.engine.random import initial_weights
from glassnet.training.recipe import RECIPES

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not native.available(), reason="the compiled core was not built")


@pytest.fixture(scope="module")
def wasm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("node") is None:
        pytest.fail("Node is missing: sudo apt install nodejs npm", pytrace=False)
    target = tmp_path_factory.mktemp("wasm") / "core.wasm"
    subprocess.run([sys.executable, ROOT / "tools/wasm.py", target], check=True, stdout=subprocess.DEVNULL)
    return target


CASES: list[tuple[Architecture, Rule, Distortion | None]] = [
    *((Architecture(), recipe.rule(2000), recipe.distortion) for recipe in RECIPES.values()),
    (Architecture(), Rule(100, "momentum", 0.5, 0.9, "constant", 0, 100), None),
    (Architecture(), Rule(64, "adam", 0.005, 0.9, "cosine", 10, 100, 40), Distortion(8, 0.08, 0.1, 0.7, 4)),
    (
        Architecture((784, 33, 20, 10), "tanh", "softmax", "cross_entropy"),
        Rule(7, "sgd", 0.2, 0.9, "cosine", 9, 900),
        None,
    ),
    (
        Architecture((784, 30, 10), "relu", "sigmoid", "binary_cross_entropy"),
        Rule(1, "sgd", 0.01, 0.9, "constant", 0, 900),
        None,
    ),
]


@pytest.mark.parametrize(("architecture", "rule", "distortion"), CASES, ids=lambda part: str(part)[:24])
def test_the_same_bits(
    wasm: Path, tmp_path: Path, architecture: Architecture, rule: Rule, distortion: Distortion | None
) -> None:
    train = glassnet.mnist().train[:2000]
    weights = initial_weights(architecture, 3)
    arrays: dict[str, Any] = {"images": train.images, "labels": train.labels, "weights": flatten(weights)}
    for name, array in arrays.items():
        array.tofile(tmp_path / name)
    pair: Any = (architecture.output, architecture.loss)
    d = distortion or Distortion()
    optimizer = ["sgd", "momentum", "adam"].index(rule.optimizer)
    given = {name: str(tmp_path / name) for name in arrays} | {
        "wasm": str(wasm),
        "out": str(tmp_path / "out"),
        "pixels": 784,
        "sizes": architecture.sizes,
        "hidden": HIDDEN.index(architecture.hidden),
        "loss": OUTPUT_LOSS_PAIRS.index(pair),
        "recipe": [
            *(optimizer, SCHEDULES.index(rule.schedule), rule.learning_rate, rule.momentum, rule.warmup),
            *(rule.updates, rule.average, rule.batch_size, *d.to_json().values()),
        ],
        "seed": 6,
        "epochs": 2,
        "memories": [[], [2], [1, 2]][optimizer] + ([3] if rule.average else []),
    }
    program = ROOT / "core/tests/run_wasm.mjs"
    done = subprocess.run(
        ["node", program], input=json.dumps(given), capture_output=True, text=True, check=True
    )

    state = start(rule, weights)
    for epoch in range(2):
        order = native.order(6, epoch, len(train))
        state, losses = native.run_updates(
            architecture,
            rule,
            state,
            train.images,
            train.labels,
            order,
            distortion=distortion,
            seed=6,
        )
    assert (tmp_path / "out").read_bytes() == state.weights.tobytes()
    assert np.float32(json.loads(done.stdout)["loss"]) == losses[-1]
    assert (state.weights != flatten(weights)).any()


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("pair", OUTPUT_LOSS_PAIRS, ids=str)
def test_the_same_bits_in_every_step_of_a_trace(
    wasm: Path, tmp_path: Path, hidden: Any, pair: tuple[Any, Any]
) -> None:
    for sizes, label in (((784, 14, 10), 7), ((784, 30, 17, 10), 0), ((784, 14, 10), -1)):
        architecture = Architecture(sizes, hidden, *pair)
        weights, image = initial_weights(architecture, 5), glassnet.mnist().test.images[4]
        image.tofile(tmp_path / "image")
        flatten(weights).tofile(tmp_path / "weights")
        given = {name: str(tmp_path / name) for name in ("image", "weights", "out")} | {
            "wasm": str(wasm),
            "sizes": sizes,
            "hidden": HIDDEN.index(hidden),
            "loss": OUTPUT_LOSS_PAIRS.index(pair),
            "label": label,
        }
        program = ROOT / "core/tests/run_wasm.mjs"
        subprocess.run(["node", program], input=json.dumps(given), text=True, check=True)
        steps = native.steps(architecture, weights, image, None if label < 0 else label)
        expected = b"".join(value.tobytes() for value in steps.values())
        assert (tmp_path / "out").read_bytes() == expected
