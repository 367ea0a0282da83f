"""What the studio's page has to say of runs and evaluations: tests/golden/studio.json, written by `make golden`.

Python's own answers, which the page's tests compare with. The runs are small, and each ails from something else.
"""

import json
from pathlib import Path
from typing import Any

import glassnet
from glassnet.data import DataSet
from glassnet.engine.distortion import Distortion
from glassnet.evaluation import evaluate
from glassnet.network import Network
from glassnet.training.doctor import diagnose
from glassnet.training.recipe import Recipe
from glassnet.training.run import Run

TARGET = Path(__file__).parents[1] / "tests" / "golden" / "studio.json"

LECTURE: dict[str, Any] = {}
RELU: dict[str, Any] = {"hidden": "relu", "output": "softmax", "loss": "cross_entropy"}
BINARY: dict[str, Any] = {"sizes": (784, 20, 12, 10), "hidden": "tanh", "loss": "binary_cross_entropy"}

FADING = Recipe(
    6,
    100,
    "momentum",
    learning_rate=0.5,
    distortion=Distortion(rotation=5, scale=0.05, shear=0.05, shift=1, elastic=2),
    undistorted=3,
)

# Each: network, recipe, seed, training images, updates to look at, a weight to explain.
RUNS: list[tuple[dict[str, Any], Recipe, int, int, list[int], tuple[str, int, int]]] = [
    (LECTURE, Recipe.named("lecture"), 0, 2_000, [0, 1, 119, 120, 200], ("w1", 3, 405)),
    (LECTURE, Recipe.named("quick"), 3, 1_000, [0, 37, 100], ("w2", 4, 14)),
    (
        BINARY,
        Recipe(3, 64, "adam", learning_rate=0.004, schedule="cosine"),
        1,
        900,
        [0, 20, 45],
        ("w2", 5, 7),
    ),
    (LECTURE, Recipe(10, 100, "momentum", learning_rate=50), 0, 2_000, [200], ("w2", 0, 0)),
    (RELU, Recipe(10, 50, "adam", learning_rate=0.005), 2, 600, [120], ("w1", 0, 300)),
    (LECTURE, Recipe(6, 10, learning_rate=0.002), 0, 2_000, [1200], ("w1", 7, 784)),
    (RELU, Recipe(4, 100, learning_rate=20), 0, 3_000, [30], ("w2", 1, 1)),
    # distorted up to update 30 of 60
    (LECTURE, FADING, 4, 1_000, [0, 29, 30, 31, 60, 25], ("w1", 5, 350)),
    # no number any more after three updates
    (
        RELU | {"sizes": (784, 20, 20, 20, 10)},
        Recipe(4, 100, "momentum", learning_rate=1e5),
        0,
        1_000,
        [0, 1, 2],
        ("w1", 0, 300),
    ),
]


def main() -> None:
    TARGET.write_text(json.dumps(golden(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def golden() -> dict[str, Any]:
    """Compute every part."""
    digits = glassnet.mnist()
    model = evaluate(Network.load("lecture"), digits.test).to_json()
    model["mistakes"] = model["mistakes"][:20] + [item for item in model["mistakes"] if item["doubtful"]]
    return {
        "evaluation": model,
        "runs": [described(*given, digits.train, digits.validation) for given in RUNS],
    }


def described(
    network: dict[str, Any],
    recipe: Recipe,
    seed: int,
    images: int,
    updates: list[int],
    weight: tuple[str, int, int],
    train: DataSet,
    validation: DataSet,
) -> dict[str, Any]:
    """Train one run and describe it."""
    run = glassnet.train(
        Network(seed=seed, **network), train[:images], recipe, validation=validation, seed=seed
    )
    update = min(updates[-1], run.update)
    whole, one = run.explain(update), run.explain(update, image=2)
    return {
        "sizes": list(run.architecture.sizes),
        "hidden": run.architecture.hidden,
        "output": run.architecture.output,
        "loss": run.architecture.loss,
        "recipe": recipe.to_json(),
        "seed": str(seed),
        "images": images,
        "data_sha256": run.data_sha256,
        "diverged": run.diverged,
        "at": [[number, run.at(number).fingerprint] for number in updates if number <= run.update],
        "scores": [
            [item.epoch, item.train.loss, item.train.accuracy, item.validation and item.validation.accuracy]
            for item in run.history.epochs
        ],
        "explain": {
            "update": update,
            "loss": whole.loss,
            "indices": whole.indices.tolist(),
            "largest": list(whole.largest()),
            "whole": whole.weight(*weight).to_json(),
            "one": one.weight(*weight).to_json(),
        },
        "findings": {language: findings(run, train, language) for language in ("en", "ko")},
    }


def findings(run: Run, train: DataSet, language: str) -> list[list[dict[str, Any]]]:
    """Return what the doctor says without and with a trial."""
    glassnet.use_language(language)
    try:
        data = train[: run.images]
        return [[item.to_json() for item in diagnose(run, *given)] for given in ((), (data,))]
    finally:
        glassnet.use_language(None)


if __name__ == "__main__":
    main()
