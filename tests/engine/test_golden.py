"""The golden numbers: what the compiled engine gives now is what tests/golden/core.json says, to the last bit.

The same file is read by core/tests/test_golden.cpp and by web/tests/core/. `make golden` writes it anew.
"""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import glassnet
from glassnet.engine import native, numpy_training
from glassnet.engine import random as chance
from glassnet.engine.architecture import Architecture
from glassnet.engine.distortion import Distortion, distort
from glassnet.engine.numpy_training import Rule
from glassnet.modelfile import fingerprint

ROOT = Path(__file__).parents[2]
GOLDEN: dict[str, Any] = json.loads((ROOT / "tests/golden/core.json").read_text(encoding="utf-8"))
compiled = pytest.mark.skipif(not native.available(), reason="the compiled core was not built")


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("golden", ROOT / "tools" / "golden.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    if native.available():
        before = native.info()
        yield
        native.use(before.isa, before.threads)
    else:
        yield


@compiled
@pytest.mark.parametrize("threads", [1, 2])
def test_the_engine_gives_the_golden_numbers(threads: int) -> None:
    golden = tool()
    for isa, runs in native.info().compiled:
        if runs:
            native.use(isa, threads)
            now = json.loads(json.dumps(golden.golden()))
            for name, part in now.items():
                assert part == GOLDEN[name], f"{isa}: {name}; if that is meant: make golden"


def test_the_browser_speaks_the_catalog_s_korean() -> None:
    golden = tool()
    assert golden.PHRASES.read_text(encoding="utf-8") == golden.phrases(), "make golden brings it over"


def test_the_browser_has_the_recipes() -> None:
    golden = tool()
    assert golden.RECIPES_THERE.read_text(encoding="utf-8") == golden.recipes(), (
        "make golden brings them over"
    )


def test_numpy_alone_gives_the_numbers_of_chance() -> None:
    """Weights, order, distortion and rates need no compiled core: a learner can repeat them."""
    for given in GOLDEN["initial_weights"]:
        kind = Architecture(given["sizes"], given["hidden"], given["output"], given["loss"])
        assert fingerprint(chance.initial_weights(kind, int(given["seed"]))) == given["fingerprint"]
    for given in GOLDEN["order"]:
        order = chance.order(int(given["seed"]), given["epoch"], given["count"])
        assert tool()._sum(order.astype("<u4")) == given["sha256"]
    for given in GOLDEN["distort"]:
        images = glassnet.mnist().train.images[: given["count"]]
        changed = distort(Distortion(**given["distortion"]), int(given["seed"]), given["update"], images)
        assert tool()._sum(changed) == given["sha256"]
    for given in GOLDEN["learning_rate"]:
        rule = Rule(**given["rule"])
        rates = [numpy_training.learning_rate(rule, update) for update in range(1, rule.updates + 1)]
        assert rates == pytest.approx(given["rates"], rel=1e-12)
