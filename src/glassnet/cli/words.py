"""click in two languages: help texts translated when they are shown, click's own words, columns of Korean.

click asks the standard library's gettext for its words, and gettext knows one domain of the whole process:
here `locale/ko/LC_MESSAGES/click.mo`, apart from our own catalog. Nothing here knows a command.
"""
# ruff: noqa: ARG002 - the signatures are click's

import gettext
import os
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any

import click

import glassnet.locale
from glassnet.locale import LANGUAGES, N_, _, language, use_language

CATALOGS = Path(glassnet.locale.__file__).parent


def asked_language(words: Sequence[str]) -> str | None:
    """Return the language that ``--lang`` asks for anywhere in a command line, or None.

    It is looked for before anything is parsed, so that the parser's own complaints are in it too.

    >>> asked_language(["forward", "--bogus", "--lang", "ko"])
    'ko'
    """
    asked = None
    for index, word in enumerate(words):
        if word == "--":
            break
        value = word.removeprefix("--lang=")
        if word == "--lang" and index + 1 < len(words):
            value = words[index + 1]
        if value in LANGUAGES and word.startswith("--lang"):
            asked = value
    return asked


@contextmanager
def speaking(asked: str | None) -> Iterator[None]:
    """Speak `asked` inside, click included; None keeps the language of the environment."""
    before = {"LANGUAGE": os.environ.get("LANGUAGE")}
    domain = gettext.textdomain()
    if asked is not None:
        use_language(asked)
    gettext.bindtextdomain("click", str(CATALOGS))
    gettext.textdomain("click")
    os.environ["LANGUAGE"] = language()
    try:
        yield
    finally:
        gettext.textdomain(domain)
        for variable, value in before.items():
            if value is None:
                os.environ.pop(variable, None)
            else:
                os.environ[variable] = value
        if asked is not None:
            use_language(None)


def columns(text: str) -> int:
    """Return how many terminal columns `text` takes: Korean letters take two.

    >>> columns("w1"), columns("가중치")
    (2, 6)
    """
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def wrapped(text: str, width: int) -> list[str]:
    """Break `text` at spaces into lines of `width` terminal columns at most; a longer word stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and columns(lines[-1]) + 1 + columns(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


class Formatter(click.HelpFormatter):
    """click's formatter, counting terminal columns instead of characters."""

    def write_text(self, text: str) -> None:
        """Write paragraphs; one that begins with spaces is kept line by line."""
        indent = " " * self.current_indent
        paragraphs = []
        for paragraph in text.split("\n\n"):
            kept = paragraph.startswith(" ")
            lines = paragraph.splitlines() if kept else wrapped(paragraph, self.width - self.current_indent)
            paragraphs.append(textwrap.indent("\n".join(lines), indent))
        self.write("\n\n".join(paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write two columns, the second beginning at one place."""
        rows = list(rows)
        first = min(max(columns(term) for term, _text in rows), col_max) + col_spacing
        begin = self.current_indent + first
        for term, text in rows:
            lines = wrapped(text, max(self.width - begin, 20)) or [""]
            gap = first - columns(term)
            head = f"{' ' * self.current_indent}{term}"
            head += " " * gap if gap >= col_spacing else "\n" + " " * begin
            self.write(f"{head}{lines[0]}".rstrip() + "\n")
            for line in lines[1:]:
                self.write(f"{' ' * begin}{line}\n")


class Context(click.Context):
    """A context whose help is written by `Formatter`."""

    formatter_class = Formatter


class Option(click.Option):
    """An option whose help and metavar are English as given and translated when they are shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's two columns of help, in the current language."""
        spoken = copy(self)
        spoken.help = _(self.help) if self.help else None
        spoken.metavar = _(self.metavar) if self.metavar else None
        return super(Option, spoken).get_help_record(ctx)


class _Number(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.5
    """A number whose name and complaint are in the current language."""

    def __init__(self, kind: type[int] | type[float], meant: str) -> None:
        self.name = kind.__name__
        self._kind = kind
        self._meant = meant

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | float:
        """Return the number that `value` writes; a wrong one ends in click's message."""
        try:
            return self._kind(value)
        except ValueError:
            self.fail(_(self._meant).format(value=repr(value)), param, ctx)


WHOLE = _Number(int, N_("{value} is not a whole number."))
REAL = _Number(float, N_("{value} is not a number."))


class Argument(click.Argument):
    """An argument whose metavar is translated when it is shown."""

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the argument's name for people, in the current language."""
        metavar = _(self.metavar) if self.metavar else self.name or ""
        return metavar if self.required else f"[{metavar}]"


class Spoken(click.Command):
    """What commands and the group have in common: everything they say, in the current language."""

    context_class = Context
    _help: click.Option | None = None

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return our own --help; click's would keep the language in which it was first shown."""
        if self._help is None:
            self._help = Option(
                ["--help"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_help,
                help=N_("Show this message and exit."),
            )
        return self._help

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the words after the command's name in the line of usage."""
        pieces = [_("[OPTIONS]")]
        for parameter in self.get_params(ctx):
            pieces += parameter.get_usage_pieces(ctx)
        return [*pieces, _("COMMAND …")] if isinstance(self, click.Group) else pieces

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(_(self.help))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples below the options."""
        if self.epilog:
            formatter.write_paragraph()
            formatter.write_text(_(self.epilog))


def _show_help(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


def lang_option() -> Option:
    """Return ``--lang``, which `asked_language` has followed before click checks it."""
    return Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help=N_("Language of all messages; otherwise that of the locale."),
    )
