"""What every test finds: English messages, no display, reproducible examples; and the pages' code as tests.

In `README*.md` and `docs/` a ```python block is run (or compared, if it starts with >>>), and in a ```console
block every `$ glassnet …` line is run and compared with the lines below it, if there are any; `...` stands for
anything, and numbers are compared as far as they are written. The blocks of one page share their names and an empty
folder to work in. A ```sh block, or one after `<!-- skip: next -->`, is only shown.
"""

import doctest
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, chdir
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sybil import Example, Sybil
from sybil.evaluators.doctest import NUMBER, OutputChecker
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

import glassnet

# Before Matplotlib and rich are imported, and for the processes that tests start.
os.environ |= {"COLUMNS": "100", "GLASSNET_LANG": "en", "MPLBACKEND": "Agg", "NO_COLOR": "1"}
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# A shell that starts us in the background has Ctrl-C ignored, here and in every process that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("glassnet", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("glassnet")

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | NUMBER


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin and end every test with English messages."""
    monkeypatch.setenv("GLASSNET_LANG", "en")
    glassnet.use_language(None)
    yield
    glassnet.use_language(None)


def commands(block: str) -> list[tuple[str, str]]:
    """Split a console block into (command, expected output)."""
    found: list[tuple[str, str]] = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:].strip(), ""))
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def run_console(example: Example) -> str | None:
    """Run the commands of one block; the first that fails or prints something else is the message."""
    for command, expected in commands(example.parsed):
        program, *arguments = shlex.split(command)
        if program != "glassnet":
            return f"only glassnet is run in a console block, not {program}; show other commands as sh"
        done = subprocess.run(
            [sys.executable, "-m", "glassnet", *arguments],
            check=False,
            capture_output=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONUTF8": "1"},
        )
        if done.returncode != 0:
            return f"$ {command}\nexit code {done.returncode}\n{done.stderr}"
        if expected.strip() and not OutputChecker().check_output(expected, done.stdout, FLAGS):
            return f"$ {command}\nexpected:\n{expected}\nfound:\n{done.stdout}"
    return None


def pages(language: str, *patterns: str) -> Sybil:
    """The collector for the pages of one language."""
    stack = ExitStack()

    def enter(_namespace: dict[str, Any]) -> None:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(chdir(folder))
        os.environ["GLASSNET_LANG"] = language
        glassnet.use_language(None)

    def leave(_namespace: dict[str, Any]) -> None:
        stack.close()
        os.environ["GLASSNET_LANG"] = "en"

    return Sybil(
        parsers=[
            SkipParser(),
            PythonCodeBlockParser(doctest_optionflags=FLAGS),
            CodeBlockParser("console", run_console),
        ],
        patterns=patterns,
        path=str(Path(__file__).parent),
        setup=enter,
        teardown=leave,
        name=language,
    )


pytest_collect_file = (
    pages("en", "README.md", "CONTRIBUTING.md", "docs/en/*.md") + pages("ko", "README.ko.md", "docs/ko/*.md")
).pytest()
