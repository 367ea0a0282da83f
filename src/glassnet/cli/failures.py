"""Where every error of the command line ends: one sentence on standard error and an exit code.

    0  done     1  a check failed, a refused answer, no network, disk full     2  wrong use or bad input
    3  our fault     130  interrupted

With --json the error is also an object on standard output. A traceback is shown only with GLASSNET_DEBUG=1.
"""

import contextlib
import errno
import io
import json
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from glassnet._version import __version__
from glassnet.errors import GlassnetError, reason
from glassnet.locale import _

FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
INTERRUPTED = 130


def guarded(run: Callable[[], object], *, as_json: bool) -> int:
    """Call `run` and return the exit code: the whole number that it returns, else 0, or that of its error."""
    for name in ("stdout", "stderr"):  # closed by whoever started us: nobody wants to read
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for as long as we run
    if sys.stderr is sys.__stderr__ and isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _deaf(sys.stderr)
    _accept_any_letter()
    warnings.showwarning = _show_warning
    try:
        result = run()
        sys.stdout.flush()
        return result if type(result) is int else 0
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        _silence_stdout()
        return 1
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("interrupted"), err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return _told(error, error.format_message(), error.exit_code, as_json)
    except GlassnetError as error:
        _say(str(error))
        return _told(error, str(error), error.exit_code, as_json)
    except OSError as error:
        full = error.errno in FULL_DISK
        why = _("the disk is full; free some room and try again") if full else reason(error)
        sentence = f"{error.filename}: {why}" if error.filename else why
        _say(sentence)
        return _told(error, sentence, 1 if full else 2, as_json)
    except MemoryError as error:
        sentence = _("there is not enough memory for this")
        _say(sentence)
        return _told(error, sentence, 1, as_json)
    except Exception as error:
        if os.environ.get("GLASSNET_DEBUG") == "1":
            traceback.print_exc()
        sentence = _("this is a fault in glassnet ({kind}: {error})").format(
            kind=type(error).__name__, error=" ".join(str(error).split())[:200]
        )
        advice = _("please report it, with the command and what it prints after GLASSNET_DEBUG=1 is set")
        _say(_("{error}; {advice}").format(error=sentence, advice=advice))
        return _told(error, sentence, 3, as_json)


def _say(sentence: str) -> None:
    """Write the sentence on one line; what a file's name may hold that moves the cursor is spelled out."""
    letters = (letter if letter.isprintable() else ascii(letter)[1:-1] for letter in sentence)
    click.echo(_("Error: {message}").format(message="".join(letters)), err=True)


def _show_warning(message: Warning | str, *_where: object, **_and_line: object) -> None:
    """Write a warning as the sentence it is; where in the code it came from says nothing here."""
    click.echo(str(message), err=True)


def _told(error: BaseException, message: str, code: int, as_json: bool) -> int:
    """Print the error as JSON where that was asked for, and return the exit code."""
    fields: dict[str, object] = {"kind": type(error).__name__, "exit_code": code, "message": message}
    if isinstance(error, GlassnetError):
        fields["what"] = str(error.what)
        for key, value in (("expected", error.expected), ("found", error.found), ("advice", error.advice)):
            fields[key] = None if value is None else str(value)
    try:
        if as_json:
            click.echo(json.dumps({"glassnet": __version__, "schema": 1, "error": fields}))
        sys.stdout.flush()
    except OSError:  # standard output itself is what failed; standard error has said so
        _silence_stdout()
    return code


def _silence_stdout() -> None:
    """Keep the interpreter's last flush from failing once more."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Deaf(io.FileIO):
    """A file whose reader may go away: what is written then is lost, and nothing else."""

    def write(self, content: Any, /) -> int:
        try:
            return super().write(content)
        except BrokenPipeError:
            return len(content)


def _deaf(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """Return the stream again, for messages and progress: no training ends because nobody reads them."""
    try:
        file = _Deaf(stream.fileno(), "w", closefd=False)
    except (OSError, ValueError):
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(file), stream.encoding, stream.errors, line_buffering=True, write_through=True
    )


def _accept_any_letter() -> None:
    """Replace what the terminal's encoding cannot write, such as × in ASCII, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and stream.errors == "strict":
            reconfigure(errors="replace")
