"""The golden numbers on arm64: the core compiled for NEON gives them to the last bit under qemu's emulation."""

import platform
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = ("aarch64-linux-gnu-g++", "qemu-aarch64")


@pytest.mark.skipif(
    platform.machine().lower() in ("aarch64", "arm64"),
    reason="test_golden.py runs NEON here, no emulation is needed",
)
@pytest.mark.skipif(
    any(shutil.which(program) is None for program in NEEDED),
    reason="arm64 is not run here: sudo apt install g++-aarch64-linux-gnu qemu-user",
)
def test_arm64_gives_the_golden_numbers(tmp_path: Path) -> None:
    tools = Path(sysconfig.get_path("scripts"))
    toolchain = ROOT / "tools" / "arm64.cmake"
    configure = ["-S", str(ROOT), "-B", str(tmp_path), "-G", "Ninja", "--toolchain", str(toolchain)]
    commands: list[list[str | Path]] = [
        [tools / "cmake", *configure, f"-DCMAKE_MAKE_PROGRAM={tools / 'ninja'}"],
        [tools / "cmake", "--build", tmp_path, "--target", "test_golden"],
        [tools / "ctest", "--test-dir", tmp_path, "--tests-regex", "golden", "--output-on-failure"],
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "100% tests passed" in done.stdout
