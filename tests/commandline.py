"""The command line as the tests of its commands call it: in this process, its exit code and both outputs in hand."""

import json
from typing import Any

from click.testing import CliRunner

from glassnet.cli import group


class CommandLine:
    """One command of glassnet, such as ``CommandLine("train")``."""

    def __init__(self, command: str) -> None:
        self.command = command

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Return the exit code, standard output and standard error."""
        result = CliRunner().invoke(group, [self.command, *arguments])
        return result.exit_code, result.stdout, result.stderr

    def answer(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Return the JSON object that the command prints, having ended with `code`."""
        exit_code, out, err = self.run(*arguments, "--json")
        assert exit_code == code, err
        found: dict[str, Any] = json.loads(out)
        return found
