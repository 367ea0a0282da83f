"""What starting costs: `import glassnet` beside `import numpy`, and `glassnet --help`; nothing is trained here.

Each is a fresh process, taken in turn (A B C A B C …) after one warm-up of each; median, and the middle half of the
times. Exits with 1 when a promise is broken.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time

import numpy as np

import glassnet

COMMANDS = {
    "python, nothing": ["-c", "pass"],
    "import numpy": ["-c", "import numpy"],
    "import glassnet": ["-c", "import glassnet"],
    "import glassnet, every public name": [
        "-c",
        "import glassnet; [getattr(glassnet, n) for n in glassnet.__all__]",
    ],
    "glassnet --help": ["-m", "glassnet", "--help"],
}
RATIO = 1.3  # import glassnet, at most, in import numpy
HELP = 0.3  # seconds, at most


def seconds(arguments: list[str]) -> float:
    """Run Python once; raises CalledProcessError when it fails."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - begun


def measured(rounds: int) -> dict[str, list[float]]:
    """Return the times of every command, sorted."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(rounds + 1):
        for name, arguments in COMMANDS.items():
            taken = seconds(arguments)
            if turn:  # the first is the warm-up
                times[name].append(taken)
    return {name: sorted(taken) for name, taken in times.items()}


def main() -> int:
    """Print the table and the two promises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    shown = subprocess.run(
        [sys.executable, "-m", "glassnet", "--lang", "en", "--help"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "forward" in shown.stdout

    times = measured(rounds)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}"
    )
    print(f"glassnet {glassnet.__version__}, median of {rounds} fresh processes and the middle half\n")
    for name, taken in times.items():
        low, middle, high = statistics.quantiles(taken, n=4)
        print(f"{name:<36} {middle * 1000:7.0f} ms   {low * 1000:.0f} to {high * 1000:.0f}")

    ratio = statistics.median(times["import glassnet"]) / statistics.median(times["import numpy"])
    whole = statistics.median(times["import glassnet, every public name"]) / statistics.median(
        times["import numpy"]
    )
    help_time = statistics.median(times["glassnet --help"])
    print(
        f"\nimport glassnet is {ratio:.2f} x import numpy (at most {RATIO}), with every public name {whole:.2f} x"
    )
    print(f"glassnet --help takes {help_time:.2f} s (at most {HELP})")
    return 0 if ratio <= RATIO and help_time <= HELP else 1


if __name__ == "__main__":
    sys.exit(main())
