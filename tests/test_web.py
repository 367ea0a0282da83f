"""The page's own checks, run from here so that one command runs everything: its types, and its tests under Node.

They are in web/tests and say themselves what they hold; here only their verdict is passed on.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from matplotlib.ft2font import FT2Font

ROOT = Path(__file__).parents[1]
WEB = ROOT / "web"
LOCK, INSTALLED = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"


def npm(*arguments: str, **environment: str) -> None:
    """Run npm in web/; what it says is shown if it fails."""
    program = shutil.which("npm")
    if program is None:
        pytest.fail("npm is missing: sudo apt install nodejs npm", pytrace=False)
    done = subprocess.run(
        [program, *arguments],
        cwd=WEB,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"npm {' '.join(arguments)}\n{done.stdout}\n{done.stderr}", pytrace=False)


@pytest.fixture(scope="module")
def _installed() -> None:
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < LOCK.stat().st_mtime:
        npm("ci")


@pytest.mark.usefixtures("_installed")
def test_types() -> None:
    npm("run", "check")


@pytest.mark.usefixtures("_installed")
def test_under_node(tmp_path: Path) -> None:
    wasm = tmp_path / "core.wasm"
    subprocess.run([sys.executable, ROOT / "tools/wasm.py", wasm], check=True, stdout=subprocess.DEVNULL)
    npm("test", GLASSNET_WASM=str(wasm))


def test_the_lock_names_no_host() -> None:
    """Whoever installs from a mirror is not sent elsewhere."""
    assert '"resolved"' not in LOCK.read_text(encoding="utf-8")


def files() -> list[Path]:
    return [path for folder in ("src", "tests") for path in sorted((WEB / folder).rglob("*.ts"))]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_a_file_says_what_it_is_and_stays_readable(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert re.match(r"// \w", lines[0]), "the first line says what a file is and what it refuses to be"
    assert len(lines) <= (500 if path.name == "protocol.ts" else 400)  # a contract is read in one place
    if path.name != "words.ts":  # a sentence is not broken
        assert max(map(len, lines)) <= 160


def test_the_font_of_the_page_has_every_syllable_of_its_words() -> None:
    font = ROOT / "src/glassnet/show/fonts/GlassnetSansKR-Regular.ttf"
    known = {chr(code) for code in FT2Font(str(font)).get_charmap()}
    words = "".join(
        path.read_text(encoding="utf-8")
        for ending in ("ts", "svelte", "json")
        for path in WEB.rglob(f"src/**/*.{ending}")
    )
    missing = {letter for letter in words if "가" <= letter <= "힣"} - known
    assert not missing, f"run tools/fonts.py: {''.join(sorted(missing))}"
