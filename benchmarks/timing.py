"""Timing contenders in turn: A B A B …, each in a process of its own; decides nothing about what they do.

A contender answers a line with a number of runs by the time that one took (see worker.py). The first round warms up
and is thrown away; `LEAST` seconds are filled by repeating what is shorter, so that the clock itself costs nothing.
"""

import json
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LEAST = 0.05  # seconds a turn lasts at least


@dataclass(frozen=True)
class Contender:
    """Who does a job and how: `group` is its row in the table (ours, PyTorch, …), `how` sets it apart in its group.

    `command` begins a process that speaks as worker.py does; `environment` is added to this process's own.
    """

    group: str
    how: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """One contender's seconds for one run, round by round; `missing` says why there are none."""

    group: str
    how: str
    seconds: tuple[float, ...] = ()
    cpu: tuple[float, ...] = ()
    seen: Any = None
    versions: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""

    @property
    def median(self) -> float:
        """The middle of the rounds, infinite if there are none."""
        return statistics.median(self.seconds) if self.seconds else math.inf


def python(
    group: str,
    how: str,
    function: str,
    task: Mapping[str, Any],
    interpreter: str = sys.executable,
    **environment: str,
) -> Contender:
    """Return a contender that is a function "module.name" of this folder, called with `task` by `interpreter`."""
    module, name = function.split(".")
    command = (interpreter, "-m", "benchmarks.worker", f"benchmarks.{module}", name, json.dumps(dict(task)))
    if (
        interpreter != sys.executable
    ):  # a peer's environment need not have glassnet, whose data everybody reads
        environment["PYTHONPATH"] = str(ROOT / "src")
    return Contender(group, how, command, environment)


def threads(count: int) -> dict[str, str]:
    """Return the environment variables by which libraries are told how many threads to use."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "GLASSNET_THREADS")
    return dict.fromkeys(names, str(count))


class _Process:
    """A contender at work."""

    def __init__(self, contender: Contender) -> None:
        self.contender, self.repeats = contender, 1
        self.process = subprocess.Popen(
            contender.command,
            cwd=ROOT,
            env=os.environ | contender.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.seconds: list[float] = []
        self.cpu: list[float] = []
        self.seen: Any = None
        first = self._answer()
        self.versions, self.missing = first.get("ready", {}), first.get("missing", "")

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        answer: dict[str, Any] = (
            json.loads(line) if line else {"missing": f"ended with {self.process.wait()}"}
        )
        return answer

    def turn(self, kept: bool) -> None:
        if self.missing:
            return
        assert self.process.stdin is not None
        self.process.stdin.write(f"{self.repeats}\n")
        self.process.stdin.flush()
        answer = self._answer()
        if "missing" in answer:
            self.missing, self.seconds = answer["missing"], []
            return
        self.seen = answer["seen"]
        if kept:
            self.seconds.append(answer["seconds"])
            self.cpu.append(answer["cpu"])
        else:
            self.repeats = max(self.repeats, math.ceil(LEAST / max(answer["seconds"], 1e-9)))

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def measured(self) -> Measured:
        c = self.contender
        return Measured(
            c.group, c.how, tuple(self.seconds), tuple(self.cpu), self.seen, self.versions, self.missing
        )


def in_turn(contenders: Sequence[Contender], rounds: int) -> list[Measured]:
    """Return what each contender took, all of them timed `rounds` times in turn, after two rounds to warm up."""
    processes: list[_Process] = []
    try:
        for contender in contenders:  # one after the other: starting up is work, too
            processes.append(_Process(contender))  # noqa: PERF401 - those begun end, if one cannot begin
        for turn in range(-2, rounds):
            for process in processes:
                process.turn(kept=turn >= 0)
    finally:
        for process in processes:
            process.end()
    return [process.measured() for process in processes]


def best(measured: Sequence[Measured]) -> Measured:
    """Return the fastest by its median; the first if none was timed."""
    return min(measured, key=lambda one: one.median)


def spread(seconds: Sequence[float]) -> str:
    """Write "median (fastest–slowest) unit".

    >>> spread([0.021, 0.020, 0.030])
    '21.0 (20.0–30.0) ms'
    """
    middle = statistics.median(seconds)
    unit, factor = next(
        (u, f) for u, f in (("s", 1), ("ms", 1e3), ("µs", 1e6)) if middle * f >= 1 or u == "µs"
    )
    digits = 3 if middle * factor < 3 else 2 if middle * factor < 10 else 1
    values = [f"{value * factor:.{digits}f}" for value in (middle, min(seconds), max(seconds))]
    return f"{values[0]} ({values[1]}–{values[2]}) {unit}"
