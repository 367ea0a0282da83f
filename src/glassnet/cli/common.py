"""What every command shares: its decorator, the options for data and models, and how an answer leaves.

A command is a function that returns None or its exit code. Its answer goes to standard output (`emit` with
--json, `console` without); progress and messages go to standard error (`say`, `download_bar`). Knows no command.
"""

import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from glassnet._version import __version__
from glassnet.cli.words import WHOLE, Argument, Option, Spoken, lang_option
from glassnet.errors import InputError
from glassnet.locale import N_, _

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from glassnet.data import DataSet, DataSets
    from glassnet.network import Network

SCHEMA = 1
Function = TypeVar("Function", bound=Callable[..., Any])


class Command(Spoken):
    """A command with --json (the parameter `as_json`), --lang and --help after its own options."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.params += [
            Option(["--json", "as_json"], is_flag=True, help=N_("Print one JSON object instead of text.")),
            lang_option(),
        ]


def command(purpose: str, *, examples: str | None = None) -> Callable[[Callable[..., int | None]], Command]:
    """Make a function a command. `purpose` and `examples` are English marked with `N_`, translated when shown."""
    return click.command(cls=Command, help=purpose, epilog=examples)


def option(*names: str, **attributes: Any) -> Callable[[Function], Function]:
    """Add an option, as `click.option` does; `help` and `metavar` are English, marked with `N_`."""
    return click.option(*names, cls=Option, **attributes)


def argument(*names: str, **attributes: Any) -> Callable[[Function], Function]:
    """Add an argument, as `click.argument` does; `metavar` is English, marked with `N_`."""
    return click.argument(*names, cls=Argument, **attributes)


def data_options(function: Function) -> Function:
    """Add --data and --mirror: the parameters `data` and `mirror`, for `load_data`."""
    function = option("--mirror", metavar="URL", help=N_("Download from this address instead."))(function)
    return option(
        "--data",
        metavar=N_("NAME|FOLDER"),
        default="mnist",
        show_default=True,
        help=N_("mnist, fashion-mnist, kmnist, or a folder of IDX files or of pictures."),
    )(function)


IMAGE_TITLES = {
    "train": N_("Training image {index} of {data}, label {label}"),
    "validation": N_("Validation image {index} of {data}, label {label}"),
    "test": N_("Test image {index} of {data}, label {label}"),
}


def image_options(function: Function) -> Function:
    """Add --train, --validation and --test N: three parameters of type int or None, for `chosen_image`."""
    for name in ("test", "validation", "train"):
        sentence = {
            "train": N_("Image N of the training set, counted from 0."),
            "validation": N_("Image N of the validation set, counted from 0."),
            "test": N_("Image N of the test set, counted from 0."),
        }[name]
        function = option(f"--{name}", type=WHOLE, metavar="N", help=sentence)(function)
    return function


def model_option(function: Function) -> Function:
    """Add --model: the parameter `model`, for `load_model`."""
    return option(
        "--model",
        metavar=N_("FILE"),
        default="lecture",
        show_default=True,
        help=N_("A model that glassnet saved; lecture is the trained network that comes with it."),
    )(function)


@dataclass(frozen=True)
class ChosenImage:
    """An image of a data set: `set` is train, validation or test, `index` counts from 0."""

    set: str
    index: int


def chosen_image(train: int | None, validation: int | None, test: int | None) -> ChosenImage | None:
    """Return what --train, --validation and --test choose, or None.

    Raises `click.UsageError` when two are given, `InputError` for a number below 0.
    """
    given = {
        name: index
        for name, index in (("train", train), ("validation", validation), ("test", test))
        if index is not None
    }
    if len(given) > 1:
        raise click.UsageError(
            _("choose one image: {options} exclude each other").format(
                options=", ".join(f"--{name}" for name in given)
            ),
            click.get_current_context(),
        )
    for name, index in given.items():
        if index < 0:  # Python would count from the end; an answer must say which image it is about
            raise InputError(f"--{name}", expected=_("0 or more"), found=str(index))
        return ChosenImage(name, index)
    return None


def load_data(data: str, mirror: str | None = None) -> "DataSets":
    """Return the data sets that --data and --mirror name; a download shows its progress on standard error."""
    from glassnet.data import load, mnist

    if data == "mnist" and mirror is None:
        return mnist()
    with download_bar() as progress:
        return load(data, mirror=mirror, progress=progress)


def part_of(sets: "DataSets", name: str) -> "DataSet":
    """Return the set called train, validation or test; raise `InputError` where there is none with images."""
    part: DataSet = getattr(sets, name)
    if len(part) == 0:
        raise InputError(_("the {set} set of {data}").format(set=name, data=sets.name), found=_("no images"))
    return part


def load_model(model: str) -> "Network":
    """Return the network that --model names."""
    from glassnet.network import Network

    return Network.load(model)


def emit(fields: Mapping[str, Any]) -> None:
    """Print one JSON object on standard output: the version, the schema and `fields`.

    float32 numbers, alone or in arrays, become the shortest text that gives the same float32; NaN and
    infinity, which JSON does not have, become null.
    """
    whole: dict[str, Any] = {"glassnet": __version__, "schema": SCHEMA}
    whole |= {key: plain(value) for key, value in fields.items()}
    text = json.dumps(whole, allow_nan=False, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # another encoding, or a file name that is no text
        text = json.dumps(whole, allow_nan=False)
    click.echo(text)


def plain(value: Any) -> Any:
    """Return `value` as what JSON has: numbers, text, lists, objects, null.

    >>> import numpy as np
    >>> plain({"loss": np.float32(0.1), "row": np.arange(2), "rate": float("nan")})
    {'loss': 0.1, 'row': [0, 1], 'rate': None}
    """
    if isinstance(value, str | bool | int) or value is None:
        return value
    if isinstance(value, float) and not hasattr(value, "dtype"):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    return shortest(value)


def shortest(value: Any) -> Any:
    """Return a NumPy number or array (as nested lists) as JSON numbers; float32 as its shortest text.

    >>> import numpy as np
    >>> shortest(np.array([[0.1], [2.0]], np.float32))
    [[0.1], [2.0]]
    """
    if getattr(value, "ndim", 0):
        return [shortest(item) for item in value]
    number = value.item()
    if not isinstance(number, float):
        return number
    return float(str(value)) if math.isfinite(number) else None


def say(text: str) -> None:
    """Write a message to standard error."""
    click.echo(text, err=True)


def show_all(*things: "RenderableType") -> None:
    """Print on standard output, one below the other; into a pipe without the spaces that fill lines."""
    screen = console()
    if screen.is_terminal:
        screen.print(*things, sep="\n")
        return
    with screen.capture() as sheet:
        screen.print(*things, sep="\n")
    click.echo("\n".join(line.rstrip() for line in sheet.get().rstrip("\n").split("\n")))


def console() -> "Console":
    """Return the console of standard output: as wide as the terminal, or 100 columns, plain, into a pipe."""
    from rich.console import Console

    screen = Console(highlight=False, soft_wrap=False)
    return screen if screen.is_terminal else Console(highlight=False, width=_asked_width(), no_color=True)


def _asked_width() -> int:
    width = os.environ.get("COLUMNS", "")
    return int(width) if width.isdecimal() and 20 <= int(width) <= 1000 else 100


@contextmanager
def download_bar() -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a function `progress(name, done, total)` that draws a bar, or None where there is no terminal."""
    from rich.console import Console

    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=screen,
    ) as bars:
        tasks: dict[str, Any] = {}

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total or None)
            bars.update(tasks[name], completed=done, total=total or None)

        yield progress
