"""Write tests/golden/core.json: what the engine must give, to the last bit, in Python, in C++ and in the browser.

`make golden` writes it anew after a change that is meant; the tests of all three languages read it and compare. It
also brings the catalog's Korean into web/src/core/ko.json, the phrases of the same errors in the browser, and the
recipes into web/src/worker/recipes.json.
Numbers are float32 or float64 in their shortest exact form, seeds are texts (they have 64 bits), `sha256` is that of
little-endian numbers one after the other. Training image N is image N + 5,000 of MNIST's training file.
"""

import hashlib
import json
import math
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import glassnet
from glassnet.engine import native
from glassnet.engine.architecture import Architecture
from glassnet.engine.distortion import Distortion
from glassnet.engine.numpy_training import Rule, State, matrices, start
from glassnet.errors import GlassnetError
from glassnet.locale import _
from glassnet.modelfile import fingerprint
from glassnet.training.recipe import ADAM_RATE, RATE_SHARES, RECIPES
from glassnet.training.weight import shortest_text

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "tests" / "golden" / "core.json"
PHRASES = ROOT / "web" / "src" / "core" / "ko.json"
RECIPES_THERE = ROOT / "web" / "src" / "worker" / "recipes.json"

LECTURE = Architecture()
DEEP = Architecture((784, 33, 20, 10), "tanh", "softmax", "cross_entropy")
RELU = Architecture((784, 30, 10), "relu", "sigmoid", "binary_cross_entropy")
USUAL = Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7)
ELASTIC = Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7, elastic=4)
WILD = Distortion(rotation=45, scale=0.9, shear=1, shift=14, elastic=14, smoothness=0.5)

# Each: architecture, rule, distortion, seed, training images 0 … count − 1, epochs.
RUNS: list[tuple[Architecture, Rule, Distortion | None, int, int, int]] = [
    (LECTURE, Rule(100, "sgd", 3.0, 0.9, "constant", 0, 10), None, 0, 450, 2),
    (LECTURE, Rule(100, "sgd", 3.0, 0.9, "constant", 0, 10), USUAL, 0, 450, 2),
    (LECTURE, Rule(1, "sgd", 0.3, 0.9, "constant", 0, 300), None, 7, 150, 2),
    (LECTURE, Rule(64, "momentum", 0.5, 0.9, "cosine", 2, 16, 3), None, 1, 500, 2),
    (LECTURE, Rule(64, "momentum", 0.5, 0.9, "cosine", 2, 16, 3), USUAL, 1, 500, 2),
    (LECTURE, Rule(50, "adam", 0.005, 0.9, "cosine", 3, 20, 40), None, 2, 500, 2),
    (LECTURE, Rule(50, "adam", 0.005, 0.9, "cosine", 3, 20, 40), ELASTIC, 2, 500, 2),
    (DEEP, Rule(7, "adam", 0.002, 0.9, "cosine", 5, 86), USUAL, 2**64 - 1, 300, 2),
    (RELU, Rule(16, "momentum", 0.05, 0.5, "constant", 0, 38, 1000), None, 3, 300, 2),
    (RELU, Rule(1000, "sgd", 0.5, 0.9, "constant", 4, 6), None, 3, 300, 6),
]

# Each: test image, its size, the paper's height and width, top, left, only black and white.
INKS = [
    (0, 1, 28, 28, 0, 0, False),
    (1, 3, 120, 100, 7, 11, False),
    (2, 7, 300, 260, 90, 40, True),
    (3, 1, 40, 31, 12, 1, True),
]


def main() -> None:
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text(), encoding="utf-8")
    PHRASES.write_text(phrases(), encoding="utf-8")
    RECIPES_THERE.write_text(recipes(), encoding="utf-8")


def phrases() -> str:
    """Return ko.json with what the catalog says now; what only the browser says stays."""
    known: dict[str, str] = json.loads(PHRASES.read_text(encoding="utf-8"))
    glassnet.use_language("ko")
    korean = {phrase: _(phrase) for phrase in known}
    glassnet.use_language(None)
    said = {phrase: known[phrase] if text == phrase else text for phrase, text in korean.items()}
    return json.dumps(said, ensure_ascii=False, indent=4) + "\n"


def recipes() -> str:
    """Return recipes.json: Python's recipes by name, with the fields' names as TypeScript writes them, and shares."""

    def camel(name: str) -> str:
        first, *others = name.split("_")
        return first + "".join(other.title() for other in others)

    named = {
        name: {camel(key): value for key, value in recipe.to_json().items()}
        for name, recipe in RECIPES.items()
    }
    return json.dumps({"named": named, "rateShares": RATE_SHARES, "adamRate": ADAM_RATE}, indent=4) + "\n"


def text() -> str:
    """Return the whole file."""
    parts = ",\n".join(
        f'"{name}": '
        + (_lines(part) if isinstance(part, list) else json.dumps(part, ensure_ascii=False, indent=1))
        for name, part in golden().items()
    )
    return f"{{\n{parts}\n}}\n"


def golden() -> dict[str, Any]:
    """Compute every part."""
    return {
        "initial_weights": [initial(a, seed) for a in (LECTURE, DEEP, RELU) for seed in (0, 12345)],
        "order": [order(*given) for given in [(0, 0, 55_000), (0, 1, 10), (2**64 - 1, 3, 1000), (5, 0, 1)]],
        "learning_rate": [rates(rule) for rule in (RUNS[0][1], RUNS[3][1], RUNS[9][1])],
        "distort": [
            distorted(USUAL, 5, 3),
            distorted(WILD, 0, 1),
            distorted(ELASTIC, 7, 2**40),
        ],
        "frame": [framed(*given) for given in INKS],
        "forward": forward(),
        "steps": [steps(a, label) for a in (LECTURE, DEEP, RELU) for label in (None, 7)],
        "gradient": [gradient(a, 100) for a in (LECTURE, DEEP, RELU)],
        "updates": [updates(*given) for given in RUNS],
        "written": written(),
        "errors": {"en": errors("en"), "ko": errors("ko")},
    }


def written() -> list[dict[str, Any]]:
    """Return numbers, as the eight bytes of a float64, with the text that stands for them in the rule of an update."""
    plain = [sign * digit * 10.0**power for power in range(-6, 18) for digit in (1, 1.5) for sign in (1, -1)]
    singles = np.random.default_rng(0).integers(0, 2**32, 100, np.uint32).view(np.float32)
    numbers = [*plain, *np.array(plain, np.float32), *singles, 0.0, -0.0, 1 / 3, math.inf, math.nan]
    return [
        {"float64": struct.pack(">d", number).hex(), "text": shortest_text(float(number))}
        for number in numbers
    ]


def initial(architecture: Architecture, seed: int) -> dict[str, Any]:
    weights = matrices(architecture, native.initial_weights(architecture, seed))
    return _described(architecture) | {"seed": str(seed), "fingerprint": fingerprint(weights)}


def order(seed: int, epoch: int, count: int) -> dict[str, Any]:
    places = native.order(seed, epoch, count).astype("<u4")
    given = {"seed": str(seed), "epoch": epoch, "count": count}
    return given | {"first": places[:8].tolist(), "sha256": _sum(places)}


def rates(rule: Rule) -> dict[str, Any]:
    numbers = range(1, rule.updates + 1)
    return {"rule": _rule(rule), "rates": [native.learning_rate(rule, update) for update in numbers]}


def distorted(distortion: Distortion, seed: int, update: int) -> dict[str, Any]:
    """Training images 0 … 49, one after the other."""
    images = glassnet.mnist().train.images[:50]
    changed = native.distort(distortion, seed, update, images)
    return {
        "distortion": distortion.to_json(),
        "seed": str(seed),
        "update": update,
        "count": 50,
        "sha256": _sum(changed),
    }


def ink(image: int, times: int, height: int, width: int, top: int, left: int, binary: bool) -> Any:
    """Test image `image` with each pixel `times` × `times` large, on paper; bytes above 127 black if `binary`."""
    large = np.kron(glassnet.mnist().test.images[image].reshape(28, 28), np.ones((times, times), np.uint8))
    paper = np.zeros((height, width), np.uint8)
    paper[top : top + len(large), left : left + len(large)] = large
    return np.where(paper > 127, 255, 0).astype(np.uint8) if binary else paper


def framed(*given: Any) -> dict[str, Any]:
    result = native.frame(ink(*given))
    assert result is not None
    names = ("test", "times", "height", "width", "top", "left", "binary")
    return dict(zip(names, given, strict=True)) | {"sha256": _sum(result)}


def forward() -> dict[str, Any]:
    """The first 1,000 test images through the packaged model."""
    network, test = glassnet.Network.load("lecture"), glassnet.mnist().test[:1000]
    blocks = list(
        native.outputs_and_losses(
            network.architecture, list(network.weights.values()), test.images, test.labels
        )
    )
    outputs, losses = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return _described(network.architecture) | {
        "fingerprint": network.fingerprint,
        "count": 1000,
        "first": outputs[0].tolist(),
        "outputs_sha256": _sum(outputs),
        "losses_sha256": _sum(losses),
        "right": int((outputs.argmax(axis=1) == test.labels).sum()),
    }


def steps(architecture: Architecture, label: int | None) -> dict[str, Any]:
    """Test image 4 at the weights of seed 0: every step's id and shape, and all their values end to end."""
    weights = matrices(architecture, native.initial_weights(architecture, 0))
    values = native.steps(architecture, weights, glassnet.mnist().test.images[4], label)
    return _described(architecture) | {
        "label": label,
        "shapes": [[name, *value.shape] for name, value in values.items()],
        "sha256": _sum(np.concatenate([value.ravel() for value in values.values()])),
    }


def gradient(architecture: Architecture, count: int) -> dict[str, Any]:
    """Training images 0 … count − 1 at the weights of seed 0."""
    train = glassnet.mnist().train[:count]
    weights = native.initial_weights(architecture, 0)
    loss, vector = native.gradient(architecture, weights, train.images, train.labels)
    return _described(architecture) | {"count": count, "mean_loss": loss, "sha256": _sum(vector)}


def updates(
    architecture: Architecture,
    rule: Rule,
    distortion: Distortion | None,
    seed: int,
    count: int,
    epochs: int,
) -> dict[str, Any]:
    """Weights, what the rule remembers, the average and the losses after a few epochs."""
    train = glassnet.mnist().train[:count]
    state: State = start(rule, matrices(architecture, native.initial_weights(architecture, seed)))
    losses = []
    for epoch in range(epochs):
        state, some = native.run_updates(
            architecture,
            rule,
            state,
            train.images,
            train.labels,
            native.order(seed, epoch, count),
            distortion=distortion,
            seed=seed,
        )
        losses.append(some)
    return _described(architecture) | {
        "rule": _rule(rule),
        "distortion": distortion.to_json() if distortion else None,
        "seed": str(seed),
        "count": count,
        "epochs": epochs,
        "update": state.update,
        "losses_sha256": _sum(np.concatenate(losses)),
        "last_loss": float(losses[-1][-1]),
        "weights": _sum(state.weights)[:16],
        "memory": [_sum(vector)[:16] for vector in state.memory],
        "average": _sum(state.average)[:16] if rule.average else None,
    }


def errors(language: str) -> dict[str, str]:
    """What is said about input that does not fit."""
    train = glassnet.mnist().train[:5]
    rule = RUNS[0][1]
    state = start(rule, matrices(LECTURE, native.initial_weights(LECTURE, 0)))

    def run(images: Any = train.images, labels: Any = train.labels, order: Any = (0, 1, 2, 3, 4)) -> None:
        native.run_updates(LECTURE, rule, state, images, labels, np.array(order))

    w1, w2 = (np.zeros(shape, np.float32) for shape in LECTURE.weight_shapes)
    spoiled = w1.copy()
    spoiled[3, 4] = np.nan
    cases: dict[str, Callable[[], object]] = {
        "transposed": lambda: LECTURE.check_weights([w1.T, w2]),
        "shape": lambda: LECTURE.check_weights([w1, w1]),
        "missing": lambda: LECTURE.check_weights([w1]),
        "nan": lambda: LECTURE.check_weights([spoiled, w2]),
        "sizes": lambda: Architecture((784,)),
        "most": lambda: Architecture((784, 10_000_000)),
        "hidden": lambda: Architecture(hidden="step"),
        "pair": lambda: Architecture(output="softmax"),
        "labels": lambda: run(labels=np.full(5, 10, np.uint8)),
        "fewer_labels": lambda: run(labels=train.labels[:4].copy()),
        "order": lambda: run(order=(0, 5)),
        "no_images": lambda: run(images=train.images[:0], labels=train.labels[:0]),
        "seed": lambda: native.order(-1, 0, 5),
        "batch_size": lambda: glassnet.Recipe(1, 0, learning_rate=1),
        "learning_rate": lambda: glassnet.Recipe(1, 1, learning_rate=0),
        "optimizer": lambda: glassnet.Recipe(1, 1, "newton", learning_rate=1),
        "rotation": lambda: Distortion(rotation=46),
        "square": lambda: native.distort(USUAL, 0, 1, np.zeros((1, 783), np.uint8)),
        "floats": lambda: glassnet.Network(seed=0).forward(np.full(784, 2.5)),
        "ink": lambda: native.frame(np.zeros((20_001, 1), np.uint8)),
    }
    glassnet.use_language(language)
    said = {}
    for name, case in cases.items():
        try:
            case()
        except GlassnetError as error:
            said[name] = str(error)
    glassnet.use_language(None)
    assert len(said) == len(cases), set(cases) - set(said)
    return said


def _described(architecture: Architecture) -> dict[str, Any]:
    return {
        "sizes": list(architecture.sizes),
        "hidden": architecture.hidden,
        "output": architecture.output,
        "loss": architecture.loss,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    names = (
        "batch_size",
        "optimizer",
        "learning_rate",
        "momentum",
        "schedule",
        "warmup",
        "updates",
        "average",
    )
    return {name: getattr(rule, name) for name in names}


def _sum(array: NDArray[Any]) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def _lines(rows: list[dict[str, Any]]) -> str:
    return "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]"


if __name__ == "__main__":
    if not native.available():
        sys.exit("the golden numbers are the compiled core's, which is not built here")
    main()
