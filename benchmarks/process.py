"""A contender that is a whole process, from its start to its end; see worker.py for what it returns."""

import json
import os
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

Contender = tuple[Callable[[], Any], Callable[[Any], Any], dict[str, str]]
CACHES = Path("/proc/sys/vm/drop_caches")


def run(command: list[str], cold: bool = False) -> Contender:
    """Run `command`; what it prints is looked at if it is a JSON object.

    With `cold` the system forgets every file after each turn, so the next process reads from the disk (root only).
    Python may keep its bytecode, whatever this shell says: installers compile it, a checkout does at its first start.
    """
    there = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if subprocess.run(command, capture_output=True, check=False, env=there).returncode:
        raise ImportError(f"{' '.join(command)[:60]} fails")

    def once() -> str:
        return subprocess.run(command, capture_output=True, text=True, check=True, env=there).stdout

    def look(printed: str) -> Any:
        if cold:
            os.sync()
            CACHES.write_text("3")
        if not printed.startswith("{"):
            return {}
        said = json.loads(printed)
        return {"accuracy": said["accuracy"]["test"], "fingerprint": said["network"]["fingerprint"]}

    return once, look, {"python": platform.python_version()}
