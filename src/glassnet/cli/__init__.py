"""The command `glassnet`: which sub-commands there are, and a group that imports one only when it is called.

Nothing here computes, and NumPy is not imported for `glassnet --help`.
"""
# ruff: noqa: ARG002 - the signatures are click's

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from glassnet._version import __version__
from glassnet.cli.failures import guarded
from glassnet.cli.words import Option, Spoken, asked_language, lang_option, speaking
from glassnet.locale import N_, _

# One file a command: glassnet/cli/<name>.py has the click command, a function called <name>.
COMMANDS = {
    "data": N_("Show the data: how many images, and one of them as picture and numbers."),
    "forward": N_("Show forward propagation for one image, step by step, and its loss."),
    "train": N_("Train a network and save the best of the run."),
    "explain": N_("Show one update of a training run as arithmetic."),
    "evaluate": N_("Measure a network: accuracy, confusion, mistakes."),
    "predict": N_("Read digits from picture files."),
    "studio": N_("Open the studio: see in the browser how the network computes."),
    "picture": N_(
        "Show what becomes of one digit on a picture, stage by stage, and what is unusual about it."
    ),
    "teach": N_("Teach a network your own handwriting."),
    "info": N_("Show versions, the engine, folders, packaged models."),
}

# Shown by `glassnet` alone: what to try first, one line each.
FIRST_STEPS = (
    ("glassnet studio", N_("see the network compute, in the browser")),
    ("glassnet forward", N_("follow one handwritten digit through the network")),
    ("glassnet data --test 0", N_("see a digit as the matrix it is")),
    ("glassnet train", N_("train the lecture's network")),
    ("glassnet evaluate", N_("see how often it is right, and where it is wrong")),
)


class Group(Spoken, click.Group):
    """The group: a table of commands, both languages, and one place where errors end."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's file and return its command, or None for a name that is not in the table."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"glassnet.cli.{cmd_name}"), cmd_name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that `args` begin with; one that is almost a name is asked about."""
        near = get_close_matches(args[0], COMMANDS, n=1)
        if args[0] not in COMMANDS and near:
            raise click.UsageError(
                _("No such command '{name}'. Did you mean '{near}'?").format(name=args[0], near=near[0]), ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table; click's own would import every command for its short help."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(sentence)) for name, sentence in COMMANDS.items()])

    def main(  # type: ignore[override]  # it returns or exits with a code, as click's does
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> int:
        """Run the command line; exits with the code, or returns it when `standalone_mode` is False."""
        words = list(sys.argv[1:] if args is None else args)

        def run() -> object:
            return super(Group, self).main(
                words, prog_name or "glassnet", complete_var, standalone_mode=False, **extra
            )

        with speaking(asked_language(words)):
            code = guarded(run, as_json="--json" in words)
        if standalone_mode:
            sys.exit(code)
        return code


def _version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"glassnet {__version__}")
        ctx.exit()


@click.group(
    "glassnet",
    cls=Group,
    invoke_without_command=True,
    help=N_("The MNIST forward-propagation lecture as a working instrument: a network you can see through."),
    params=[
        Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help=N_("Show the version and exit."),
        ),
        lang_option(),
    ],
)
@click.pass_context
def group(ctx: click.Context) -> None:
    """Show the overview when no command was given."""
    if ctx.invoked_subcommand is None:
        click.echo(_overview())


def _overview() -> str:
    width = max(len(line) for line, _sentence in FIRST_STEPS)
    lines = [
        _("glassnet {version}: a neural network for handwritten digits that you can see through.").format(
            version=__version__
        ),
        "",
        _("To begin with:"),
        *(f"  {line:<{width}}  {_(sentence)}" for line, sentence in FIRST_STEPS),
        "",
        _("All commands:"),
        *(f"  {name:<{width}}  {_(sentence)}" for name, sentence in COMMANDS.items()),
        "",
        _("Details of a command: glassnet forward --help. Korean or English: --lang ko, --lang en."),
    ]
    return "\n".join(lines)


def main() -> None:
    """Run `glassnet` as a program; the entry point of the package."""
    # Products of this size run best on one BLAS thread; it must be said before NumPy is imported.
    for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ.setdefault(variable, "1")
    group.main()
