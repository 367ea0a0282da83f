"""Build the core for WebAssembly: `python tools/wasm.py [build/core.wasm]`, with the clang that comes with ziglang."""

import subprocess
import sys
from pathlib import Path

CORE = Path(__file__).parents[1] / "core"
FLAGS = [
    *("-target", "wasm32-freestanding", "-mcpu=generic+simd128+bulk_memory", "-std=c++20", "-O3"),
    *("-ffp-contract=off", "-fno-math-errno", "-ffreestanding", "-fno-exceptions", "-fno-rtti", "-nostdlib"),
    *("-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-Wl,--no-entry", "-Wl,--strip-all"),
]


def build(target: Path) -> Path:
    """Compile core/wasm.cpp to `target`; raises CalledProcessError with the compiler's messages on standard error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "ziglang", "c++", *FLAGS, str(CORE / "wasm.cpp"), "-o", str(target)]
    subprocess.run(command, check=True)
    return target


if __name__ == "__main__":
    made = build(Path(sys.argv[1] if len(sys.argv) > 1 else "build/core.wasm"))
    print(f"{made}: {made.stat().st_size:,} bytes")
