"""Where it was measured: the machine, its load and the versions, for the record; measures nothing."""

import os
import platform
from pathlib import Path
from typing import Any


def described() -> dict[str, Any]:
    """Return processor, cores, system and Python."""
    return {
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def load() -> float:
    """Return how many programs wanted to run in the last minute: what is above 0 before a run disturbs it."""
    return round(os.getloadavg()[0], 2)


def processor() -> str:
    """Return its name, with family and model: virtual machines shorten names."""
    fields: dict[str, str] = {}
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _colon, value = line.partition(":")
        fields.setdefault(name.strip(), value.strip())
    numbers = [f"{name} {fields[name]}" for name in ("cpu family", "model") if name in fields]
    return f"{fields.get('model name', platform.machine())} ({', '.join(numbers)})"
