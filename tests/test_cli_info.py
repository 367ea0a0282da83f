"""`glassnet info`: what is really used, and for what is not, why."""

import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import glassnet
from glassnet.cli import group
from glassnet.cli.info import REASONS
from glassnet.engine import native


def answer(**environment: str) -> dict[str, Any]:
    """What a fresh process says: an engine is chosen once."""
    done = subprocess.run(
        [sys.executable, "-m", "glassnet", "info", "--json"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_versions_folders_and_models() -> None:
    found = answer()
    assert list(found)[:2] == ["glassnet", "schema"]
    assert found["version"] == glassnet.__version__
    assert found["numpy"] == np.__version__
    assert [model["name"] for model in found["models"]] == ["hand", "lecture", "reader"]
    for model, sizes in zip(
        found["models"], ([784, 14, 10], [784, 14, 10], [784, 640, 320, 10]), strict=True
    ):
        network = glassnet.Network.load(model["name"])
        assert model["fingerprint"] == network.fingerprint
        assert (model["sizes"], model["test_accuracy"]) == (sizes, float(network.metadata["test_accuracy"]))
    assert answer(GLASSNET_CACHE="/elsewhere")["cache_folder"] == "/elsewhere"


@pytest.mark.skipif(not native.available(), reason="the compiled core was not built")
def test_the_engine_that_is_used_and_why() -> None:
    engine = answer(GLASSNET_THREADS="3", GLASSNET_ISA="baseline")["engine"]
    assert (engine["name"], engine["instruction_set"], engine["threads"]) == ("core", "baseline", 3)
    assert [item["name"] for item in engine["instruction_sets"]] == ["baseline", "avx2", "avx512", "neon"]
    assert [item["name"] for item in engine["instruction_sets"] if item["used"]] == ["baseline"]
    runs = dict(native.info().compiled)
    for item in engine["instruction_sets"]:
        assert item["available"] == runs.get(item["name"], False)
        assert item["reason"] in REASONS
    numpy = answer(GLASSNET_ENGINE="numpy")["engine"]
    assert (numpy["name"], numpy["reason"], numpy["instruction_set"]) == ("numpy", "asked for", None)
    assert not any(item["used"] for item in numpy["instruction_sets"])


def test_text_in_both_languages() -> None:
    for language, word in (("en", "Packaged models"), ("ko", "모델")):
        result = CliRunner().invoke(group, ["info", "--lang", language])
        assert result.exit_code == 0
        assert word in result.stdout
        assert glassnet.Network.load("lecture").fingerprint in result.stdout
