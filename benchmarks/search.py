"""How the recipes were found: every trial as data, trained for its seeds, chosen by validation alone, kept as a record.

    python -m benchmarks.search                       what the record, benchmarks/search.json, does not have yet
    python -m benchmarks.search --only optimizer      a group of trials; --again measures it anew
    python -m benchmarks.search_page                  docs/*/search.md and its pictures, from the record

Each trial changes one thing of the one it is compared with. A run is one process on one thread; the bits, and so the
figures, do not depend on the number of threads. Only the seconds depend on the machine.
"""

import argparse
import json
import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import glassnet
from glassnet.engine.distortion import Distortion
from glassnet.training.recipe import RECIPES, Recipe

RECORD = Path(__file__).with_name("search.json")
LECTURE = (784, 14, 10)
FEW, TEN = range(4), range(10)
SHIFT, MILD = Distortion(shift=1), Distortion(rotation=5, scale=0.05, shear=0.05, shift=1)
STRONG = Distortion(rotation=8, scale=0.08, shear=0.1, shift=0.7)
RUBBER = Distortion(rotation=8, scale=0.1, shear=0.1, shift=1, elastic=3)
BASE = Recipe(
    epochs=100,
    batch_size=400,
    optimizer="momentum",
    learning_rate=2.0,
    schedule="cosine",
    warmup=2,
    evaluate_every=20,
    distortion=SHIFT,
)


@dataclass(frozen=True)
class Trial:
    """One recipe for one network, to be trained for each of `seeds`."""

    group: str
    name: str
    recipe: Recipe
    seeds: range = FEW
    sizes: tuple[int, ...] = LECTURE
    hidden: str = "sigmoid"
    loss: str = "squared_error"

    @property
    def described(self) -> dict[str, Any]:
        """All that decides what comes out, but for the seed."""
        return {
            "sizes": list(self.sizes),
            "hidden": self.hidden,
            "loss": self.loss,
            "recipe": self.recipe.to_json(),
        }


def trials() -> Iterator[Trial]:
    """Yield every trial, group by group."""

    def based(group: str, name: str, **changes: Any) -> Trial:
        return Trial(group, name, replace(BASE, **changes))

    for size, rate in ((100, 0.5), (200, 1.0), (400, 2.0), (800, 4.0), (1600, 8.0)):
        yield based("batch", f"{size}", batch_size=size, learning_rate=rate)
    for rate in (0.5, 1.0, 2.0, 4.0, 8.0):
        yield based("rate", f"{rate:g}", learning_rate=rate)
    for rate in (0.05, 0.1, 0.2, 0.3, 0.5, 1.0):
        yield based("rate, batches of 100", f"{rate:g}", batch_size=100, learning_rate=rate)
    for epochs in (10, 25, 50, 100, 200, 400):
        yield based("epochs", f"{epochs}", epochs=epochs, warmup=epochs / 50)
    yield based("optimizer", "sgd", optimizer="sgd", learning_rate=16.0)
    yield based("optimizer", "momentum")
    yield based("optimizer", "adam", optimizer="adam", learning_rate=0.01)
    yield based("schedule", "constant", schedule="constant")
    yield based("schedule", "constant, average 10", schedule="constant", average=10)
    yield based("schedule", "cosine")
    for name, distortion in (
        ("none", None),
        ("shift 0.7", Distortion(shift=0.7)),
        ("shift 1", SHIFT),
        ("shift 2", Distortion(shift=2)),
        ("mild", MILD),
        ("strong", STRONG),
        ("elastic", replace(MILD, elastic=1.5)),
    ):
        yield based("distortion", name, distortion=distortion)
    for epochs in (0, 5, 15, 25, 50):
        yield based("undistorted", f"{epochs}", undistorted=epochs)
    for name in RECIPES:
        yield Trial("recipes", name, RECIPES[name], TEN)
    default = RECIPES["default"]
    yield Trial("sizes", "784-14-10", default, TEN)
    thirty = replace(BASE, distortion=MILD, undistorted=20)
    yield Trial("sizes", "784-30-10", thirty, TEN, (784, 30, 10))
    hundred = replace(BASE, epochs=60, batch_size=200, learning_rate=1.0, distortion=RUBBER, undistorted=5)
    yield Trial("sizes", "784-100-10", hundred, TEN, (784, 100, 10))
    widest = replace(hundred, epochs=30, batch_size=100, learning_rate=0.1, evaluate_every=5, undistorted=0)
    yield Trial("sizes", "784-800-10", widest, range(3), (784, 800, 10), "relu", "binary_cross_entropy")


def trained(trial: Trial, seed: int) -> dict[str, Any]:
    """Return what a run of `trial` came to: accuracies of its best network by validation, and the way there."""
    data = glassnet.mnist()
    network = glassnet.Network(trial.sizes, hidden=trial.hidden, loss=trial.loss, seed=seed)
    began = time.process_time()
    run = glassnet.train(network, data, trial.recipe, seed)
    seconds = time.process_time() - began
    accuracies = [epoch.validation.accuracy for epoch in run.history.epochs if epoch.validation]
    best = run.best_epoch
    return {
        "seed": seed,
        "fingerprint": run.best.fingerprint,
        "validation": best.validation.accuracy if best and best.validation else 0.0,
        "test": glassnet.evaluate(run.best, data.test).accuracy,
        "train": best.train.accuracy if best else 0.0,
        "at": best.epoch if best else 0,
        "curve": [[e.epoch, a] for e, a in zip(run.history.epochs, accuracies, strict=True)],
        "cpu": round(seconds, 1),
    }


def _job(asked: tuple[Trial, int]) -> tuple[Trial, dict[str, Any]]:
    return asked[0], trained(*asked)


def read() -> list[dict[str, Any]]:
    """Return the record: one entry for each trial, with its runs."""
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else []


def write(record: list[dict[str, Any]]) -> None:
    """Keep what was trained, in the order of `trials`."""
    kept = [one for one in (entry(record, trial) for trial in trials()) if one["runs"]]
    text = json.dumps(kept, separators=(",", ":")).replace('{"group"', '\n{"group"')
    RECORD.write_text(text + "\n", encoding="utf-8")


def entry(record: list[dict[str, Any]], trial: Trial) -> dict[str, Any]:
    """Return the trial's entry, an empty one where it has none; one of an earlier recipe is replaced."""
    head = {"group": trial.group, "name": trial.name, **trial.described}
    for place, old in enumerate(record):
        if old["group"] == trial.group and old["name"] == trial.name:
            if {name: old.get(name) for name in head} != head:
                record[place] = {**head, "runs": []}
            return record[place]
    record.append({**head, "runs": []})
    return record[-1]


def _recorded(record: list[dict[str, Any]], trial: Trial) -> list[dict[str, Any]]:
    """Return the runs of `trial` that the record has, in whatever group: the same settings give the same weights."""
    alike = [one for one in record if all(one[name] == value for name, value in trial.described.items())]
    found = {run["seed"]: run for one in alike for run in one["runs"]}
    return [found[seed] for seed in trial.seeds if seed in found]


def main() -> None:
    """Train what is asked for and not yet recorded."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    groups = list(dict.fromkeys(trial.group for trial in trials()))
    parser.add_argument("--only", nargs="*", choices=groups, default=groups, help="groups of trials")
    parser.add_argument("--names", nargs="*", help="trials of these names alone")
    parser.add_argument("--again", action="store_true", help="also what the record has")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    os.environ["GLASSNET_THREADS"] = "1"

    record: list[dict[str, Any]] = read()
    wanted: list[tuple[Trial, int]] = []
    for trial in trials():
        known = entry(record, trial)
        if trial.group not in asked.only or (asked.names and trial.name not in asked.names):
            continue
        known["runs"] = [] if asked.again else _recorded(record, trial)
        done = {run["seed"] for run in known["runs"]}
        wanted += [(trial, seed) for seed in trial.seeds if seed not in done]
    # trials of several groups are the same run: trained once
    same: dict[tuple[str, int], list[Trial]] = {
        (json.dumps(trial.described), seed): [] for trial, seed in wanted
    }
    for trial, seed in wanted:
        same[json.dumps(trial.described), seed].append(trial)
    jobs = [(together[0], seed) for (_key, seed), together in same.items()]
    with multiprocessing.get_context("spawn").Pool(asked.processes, maxtasksperchild=1) as pool:
        for count, (trial, run) in enumerate(pool.imap_unordered(_job, jobs), 1):
            for each in same[json.dumps(trial.described), run["seed"]]:
                known = entry(record, each)
                known["runs"] = sorted([*known["runs"], run], key=lambda one: int(one["seed"]))
            write(record)
            print(
                f"{count}/{len(jobs)}  {trial.group}: {trial.name}, seed {run['seed']}: "
                f"validation {run['validation']:.2%}, test {run['test']:.2%}, {run['cpu']:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
