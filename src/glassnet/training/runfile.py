"""A run as a safetensors file: what is in it, written whole, checked on the way in; never unpickles anything.

    P  weights in all    S  snapshots    R  1 + rows of memory + rows of average    E  evaluations    d  outputs

    state              (R, P) float32  weights, optimizer's memory, averaged weights after the last update
    snapshots          (S, R, P) float32, snapshot_updates (S,) int64, the first 0
    best               (P,) float32    the weights of the best evaluation (of the start, before there is one)
    loss               (updates,) float32
    evaluated          (E, 2) int64    epoch and update
    train, validation  (E, 2) float64  mean loss and accuracy; then train_predicted, train_images (E, d) int64 and
                                       train_response (E, d) float64; no validation… without a validation set

Metadata, all strings: `format: glassnet-run-1`, the address (`recipe` as JSON), `images`, `validation_sha256`,
`best_epoch` and `diverged` (0 for none), `seconds`, `interrupted`, `engine`.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet import modelfile
from glassnet.engine import numpy_training
from glassnet.engine.architecture import Architecture
from glassnet.engine.numpy_training import State
from glassnet.engine.random import check_seed
from glassnet.errors import FileFormatError, InputError
from glassnet.locale import _
from glassnet.modelfile import LARGEST_FILE, parse_sizes, read_tensors, write_tensors
from glassnet.training.recipe import Recipe
from glassnet.training.run import Epoch, History, Run
from glassnet.training.score import Score

FORMAT = "glassnet-run-1"
MARK = f'"format":"{FORMAT}"'
METADATA = {
    "format": FORMAT,
    "sizes": r"[0-9]+(-[0-9]+)+",
    "hidden": r"[a-z_]+",
    "output": r"[a-z_]+",
    "loss": r"[a-z_]+",
    "recipe": r"\{.*\}",
    "seed": r"[0-9]{1,20}",
    "update": r"[0-9]{1,15}",
    "start": r"[0-9a-f]{16}",
    "data_sha256": r"[0-9a-f]{64}",
    "validation_sha256": r"([0-9a-f]{64})?",
    "images": r"[0-9]{1,12}",
    "best_epoch": r"[0-9]{1,9}",
    "seconds": r"[0-9]{1,12}(\.[0-9]+)?",
    "interrupted": r"yes|no",
    "diverged": r"[0-9]{1,15}",
    "engine": r"[a-z]+",
}
"""Every key of the metadata and the form of its text."""

Tensors = Mapping[str, NDArray[Any]]


def write(path: str | os.PathLike[str], run: Run) -> None:
    """Write `run` beside `path` and rename it into place.

    Raises `InputError` for a run of more than 1 GiB, `UnavailableError` when the disk is full.
    """
    updates = sorted(run.snapshots)
    tensors: dict[str, NDArray[Any]] = {
        "state": _rows(run.state),
        "snapshots": np.stack([_rows(run.snapshots[update]) for update in updates]),
        "snapshot_updates": np.array(updates, np.int64),
        "best": run.best_weights,
        "loss": run.history.loss,
        "evaluated": np.array([(item.epoch, item.update) for item in run.history.epochs], np.int64).reshape(
            -1, 2
        ),
        **_from_scores("train", [item.train for item in run.history.epochs], run.architecture.sizes[-1]),
    }
    if run.validation_sha256:
        scores = [item.validation for item in run.history.epochs if item.validation is not None]
        tensors |= _from_scores("validation", scores, run.architecture.sizes[-1])
    size = sum(tensor.nbytes for tensor in tensors.values())
    if size > LARGEST_FILE - 2**20:
        raise InputError(
            str(path),
            expected=_("at most {most:,} bytes").format(most=LARGEST_FILE),
            found=f"{size:,}",
            advice=_("this network is too large for a run file; train it without one"),
        )
    address = run.address.to_json()
    words = {
        name: address[name] for name in ("hidden", "output", "loss", "seed", "update", "start", "data_sha256")
    }
    words |= {
        "format": FORMAT,
        "sizes": "-".join(str(size) for size in run.architecture.sizes),
        "recipe": json.dumps(address["recipe"]),
        "validation_sha256": run.validation_sha256,
        "images": run.images,
        "best_epoch": run.best_epoch.epoch if run.best_epoch else 0,
        "seconds": f"{run.seconds:.3f}",
        "interrupted": "yes" if run.interrupted else "no",
        "diverged": run.diverged or 0,
        "engine": run.engine,
    }
    write_tensors(path, tensors, {key: str(value) for key, value in words.items()}, MARK)


def read(path: str | os.PathLike[str]) -> Run:
    """Return the run in the file at `path`.

    Raises `FileFormatError` for a file that is not a run, is damaged or contradicts itself, `InputError` for one
    that is missing or larger than 1 GiB.
    """
    tensors, words = read_tensors(path)
    try:
        return _run(tensors, words)
    except InputError as error:
        raise FileFormatError(
            f"{path}, {error.what}",
            expected=error.expected,
            found=error.found,
            advice=error.advice or _("the file is damaged or of another kind"),
        ) from error


def _run(tensors: Tensors, words: Mapping[str, str]) -> Run:
    _check_metadata(words)
    architecture = Architecture(parse_sizes(words["sizes"]), words["hidden"], words["output"], words["loss"])
    recipe = Recipe.from_json(_recipe_text(words["recipe"]))
    images, update = int(words["images"]), int(words["update"])
    rule = recipe.rule(max(1, images))
    _require(recipe.batch_size <= images, "images", _("at least one batch"), images)
    _require(update <= rule.updates, "update", f"0 … {rule.updates:,}", f"{update:,}")
    check_seed(int(words["seed"]))
    _require(int(words["diverged"]) in (0, update), "diverged", f"0, {update:,}", words["diverged"])
    broken = words["diverged"] != "0"
    _check_tensors(
        tensors, architecture, rule, update, judged=bool(words["validation_sha256"]), broken=broken
    )

    memory = numpy_training.OPTIMIZERS[rule.optimizer]
    updates = tensors["snapshot_updates"].tolist()
    epochs = _epochs(tensors, judged=bool(words["validation_sha256"]))
    best = [item for item in epochs if item.epoch == int(words["best_epoch"])]
    _require(
        bool(best) or words["best_epoch"] == "0", "best_epoch", _("an evaluated epoch"), words["best_epoch"]
    )
    return Run(
        architecture=architecture,
        recipe=recipe,
        seed=int(words["seed"]),
        data_sha256=words["data_sha256"],
        validation_sha256=words["validation_sha256"],
        images=images,
        start=words["start"],
        history=History(tensors["loss"], rule, epochs),
        state=_state(update, tensors["state"], memory),
        snapshots={
            at: _state(at, rows, memory) for at, rows in zip(updates, tensors["snapshots"], strict=True)
        },
        best_epoch=best[0] if best else None,
        best_weights=tensors["best"],
        seconds=float(words["seconds"]),
        interrupted=words["interrupted"] == "yes",
        diverged=update if broken else None,
        engine=words["engine"],
    )


def _check_metadata(words: Mapping[str, str]) -> None:
    if words.get("format") == modelfile.FORMAT:
        raise InputError("format", expected=_("the file of a training run"), found=_("a model"))
    _require(words.get("format") == FORMAT, "format", FORMAT, words.get("format"))
    _require(set(words) == set(METADATA), _("metadata"), ", ".join(METADATA), ", ".join(words))
    for key, form in METADATA.items():
        _require(re.fullmatch(form, words[key], re.ASCII) is not None, key, form, words[key][:60])


def _recipe_text(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("recipe", expected="JSON", found=repr(text[:60])) from None


def _check_tensors(
    tensors: Tensors,
    architecture: Architecture,
    rule: numpy_training.Rule,
    update: int,
    *,
    judged: bool,
    broken: bool,
) -> None:
    weights = sum(rows * columns for rows, columns in architecture.weight_shapes)
    rows = 1 + numpy_training.OPTIMIZERS[rule.optimizer] + bool(rule.average)
    kept, measured = _length(tensors, "snapshot_updates"), _length(tensors, "evaluated")
    outputs = architecture.sizes[-1]
    expected: dict[str, tuple[type[Any], tuple[int, ...]]] = {
        "state": (np.float32, (rows, weights)),
        "snapshots": (np.float32, (kept, rows, weights)),
        "snapshot_updates": (np.int64, (kept,)),
        "best": (np.float32, (weights,)),
        "loss": (np.float32, (update,)),
        "evaluated": (np.int64, (measured, 2)),
    }
    for name in ("train", "validation") if judged else ("train",):
        expected[name] = (np.float64, (measured, 2))
        expected[f"{name}_predicted"] = expected[f"{name}_images"] = (np.int64, (measured, outputs))
        expected[f"{name}_response"] = (np.float64, (measured, outputs))
    _require(
        set(tensors) == set(expected), _("tensors"), ", ".join(sorted(expected)), ", ".join(sorted(tensors))
    )
    for name, (number, shape) in expected.items():
        tensor = tensors[name]
        fits = tensor.dtype == number and tensor.shape == shape
        _require(fits, name, f"{np.dtype(number)} {shape}", f"{tensor.dtype} {tensor.shape}")
        if not (broken and name in ("state", "loss")):
            _require(bool(np.isfinite(tensor).all()), name, _("finite numbers"), "NaN")
    _require(
        bool(np.isfinite(tensors["loss"][:-1]).all()), "loss", _("finite numbers before the last"), "NaN"
    )
    for name, at in (
        ("snapshot_updates", tensors["snapshot_updates"]),
        ("evaluated", tensors["evaluated"][:, 1]),
    ):
        climbs = bool((np.diff(at) > 0).all()) and (len(at) == 0 or (at[0] >= 0 and at[-1] <= update))
        _require(climbs, name, _("updates in order, up to {most:,}").format(most=update), at[:5])
    _require(kept > 0 and tensors["snapshot_updates"][0] == 0, "snapshot_updates", _("update 0 first"), kept)


def _length(tensors: Tensors, name: str) -> int:
    return tensors[name].shape[0] if name in tensors and tensors[name].ndim else 0


def _require(holds: bool, what: str, expected: object, found: object) -> None:
    if not holds:
        raise InputError(what, expected=expected, found=found)


def _rows(state: State) -> NDArray[np.float32]:
    return np.concatenate([state.weights[None], state.memory, state.average])


def _state(update: int, rows: NDArray[np.float32], memory: int) -> State:
    return State(update, rows[0], rows[1 : 1 + memory], rows[1 + memory :])


def _from_scores(name: str, scores: Sequence[Score], outputs: int) -> dict[str, NDArray[Any]]:
    return {
        name: np.array([(item.loss, item.accuracy) for item in scores], np.float64).reshape(-1, 2),
        f"{name}_predicted": np.array([item.predicted for item in scores], np.int64).reshape(-1, outputs),
        f"{name}_images": np.array([item.images for item in scores], np.int64).reshape(-1, outputs),
        f"{name}_response": np.array([item.response for item in scores], np.float64).reshape(-1, outputs),
    }


def _epochs(tensors: Tensors, *, judged: bool) -> tuple[Epoch, ...]:
    def score(name: str, row: int) -> Score:
        loss, accuracy = tensors[name][row].tolist()
        counts = (
            tuple(tensors[f"{name}_{part}"][row].tolist()) for part in ("predicted", "images", "response")
        )
        return Score(loss, accuracy, *counts)

    return tuple(
        Epoch(epoch, update, score("train", row), score("validation", row) if judged else None)
        for row, (epoch, update) in enumerate(tensors["evaluated"].tolist())
    )
