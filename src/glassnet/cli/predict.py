"""`glassnet predict`: the digits on pictures; a file that cannot be read is a line with its reason, not the end."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassnet.cli.common import argument, command, emit, option, say
from glassnet.errors import GlassnetError, InputError
from glassnet.locale import N_, _

if TYPE_CHECKING:
    from glassnet.pictures import Reading

MANY = 20  # files, from which a bar shows how far it is


@dataclass(frozen=True)
class Answer:
    """What became of one picture: what it says by both networks and its JSON; `reason` where there is no digit."""

    text: str
    lecture: str
    confidence: float
    inverted: bool
    reason: str | None
    fields: dict[str, Any]


@command(
    N_(
        "Read the digits on pictures: photos, scans, screenshots, drawings; PNG, JPEG, WebP, BMP or PGM.\n\n"
        "FILE is a file, a folder or a pattern such as '*.jpg'. Dark ink and light ink are told apart, shadows and "
        "printed lines removed, digits found, framed as MNIST frames them, and read in order. What does not look "
        "like a digit gets no answer, and the reason is said."
    ),
    examples=N_(
        "Exit code: 0 when every picture was read, 1 when one had no digit, 2 when one could not be opened.\n\n"
        "Examples:\n\n"
        "  glassnet predict number.jpg\n"
        "  glassnet predict number.jpg --draw answer.png\n"
        "  glassnet predict photos --json"
    ),
)
@argument("files", metavar=N_("FILE…"), nargs=-1, required=True)
@option(
    "--model",
    metavar=N_("FILE"),
    default="reader",
    show_default=True,
    help=N_("reader, the best that comes with glassnet; lecture, the network 784-14-10; or a saved model."),
)
@option(
    "--draw",
    metavar=N_("PNG|FOLDER"),
    help=N_("Draw the answers on the picture; of several pictures into this folder."),
)
def predict(files: Sequence[str], model: str, draw: str | None, as_json: bool) -> int:
    """Read every file and show the answers in order."""
    from glassnet.pictures.batch import files_of, read_many
    from glassnet.pictures.reader import Reader

    reader = Reader.load(model)
    found = files_of(files)
    single = len(found) == 1
    targets = {} if draw is None else _targets(draw, found)
    answers: list[tuple[str, Answer | GlassnetError]] = []
    with _bar(len(found)) as step:
        for file, answer in read_many(found, partial(_answered, targets), model):
            answers.append((file, answer))
            if not as_json:
                _print(file, answer, single)
            step()
    if as_json:
        network = {"sizes": reader.network.sizes, "fingerprint": reader.network.fingerprint}
        emit({"model": model, "network": network, "pictures": [_json(*one) for one in answers]})
    elif not single:
        _summarize([answer for _file, answer in answers])
    return max((_code(answer) for _file, answer in answers), default=0)


def _answered(targets: Mapping[str, Path], reading: "Reading") -> Answer:
    """Take from a reading what is shown; called in the process that read it."""
    if targets:
        from glassnet.files import write_whole
        from glassnet.show.reading import annotated

        write_whole(targets[reading.source], annotated(reading))
    lines = ["".join(str(digit.lecture[0]) for digit in line) for line in reading.lines]
    fields = reading.to_json() | {"lecture": "\n".join(lines), "error": reading.reason}
    lowest = min((digit.confidence for digit in reading), default=0.0)
    return Answer(reading.text, "\n".join(lines), lowest, reading.inverted, reading.reason, fields)


def _flat(source: str) -> str:
    """Return a file's name with its folders in it, so that equal names in different folders stay apart."""
    return "_".join(part for part in Path(source).with_suffix("").parts if part not in ("/", "..", "."))


def _targets(draw: str, files: Sequence[str]) -> dict[str, Path]:
    """Return where each file's drawing goes, before anything is read: all have to be places that may be written to."""
    from glassnet.data.picture import SUFFIXES
    from glassnet.files import check_place

    path = Path(draw)
    ends_as_picture = path.suffix.lower() == ".png"
    if len(files) == 1 and ends_as_picture and not path.is_dir():
        targets = {files[0]: path}
    else:
        if path.suffix.lower() in SUFFIXES and not path.is_dir():
            expected = _("a name that ends in .png") if len(files) == 1 else _("a folder")
            raise InputError(draw, expected=expected, found=path.suffix)
        if path.exists() and not path.is_dir():
            raise InputError(draw, expected=_("a folder"), found=_("a file"))
        path.mkdir(parents=True, exist_ok=True)
        names = Counter(map(_flat, files))
        targets = {
            file: path / f"{_flat(file)}{Path(file).suffix if names[_flat(file)] > 1 else ''}.png"
            for file in files
        }
    for target in targets.values():
        check_place(target)
    return targets


def _print(file: str, answer: Answer | GlassnetError, single: bool) -> None:
    name = _printable(file)
    if isinstance(answer, GlassnetError):
        click.echo(f"{name}: {_printable(_reason(answer))}")
        return
    if answer.reason is not None:
        click.echo(f"{name}: {_printable(answer.reason)}")
        return
    click.echo(answer.text if single else f"{name}: {answer.text.replace(chr(10), ' / ')}")
    if single:
        words = _("least confidence {confidence}; 784-14-10 reads {text}")
        say(words.format(confidence=f"{answer.confidence:.0%}", text=answer.lecture.replace("\n", " / ")))


def _json(file: str, answer: Answer | GlassnetError) -> dict[str, Any]:
    if isinstance(answer, GlassnetError):
        return {"file": file, "text": "", "lines": [], "refused": [], "error": _reason(answer)}
    return answer.fields


def _reason(error: GlassnetError) -> str:
    """Return the error's sentence without the file's name, which stands beside it."""
    return str(error).removeprefix(f"{error.what}: ")


def _code(answer: Answer | GlassnetError) -> int:
    if isinstance(answer, GlassnetError):
        return answer.exit_code
    return 0 if answer.reason is None else 1


def _summarize(answers: Sequence[Answer | GlassnetError]) -> None:
    bad = sum(isinstance(answer, GlassnetError) for answer in answers)
    refused = sum(isinstance(answer, Answer) and answer.reason is not None for answer in answers)
    words = _("{read} of {count} pictures read, {refused} without an answer, {bad} not readable")
    say(words.format(read=len(answers) - refused - bad, count=len(answers), refused=refused, bad=bad))


@contextmanager
def _bar(count: int) -> Iterator[Callable[[], None]]:
    """Give a function to call after each file; it moves a bar on standard error where there are many and a terminal."""
    from rich.console import Console

    screen = Console(stderr=True)
    if count < MANY or not screen.is_terminal or os.isatty(1):
        yield lambda: None  # on a terminal the answers themselves show how far it is
        return
    from rich.progress import Progress

    with Progress(console=screen, transient=True) as bars:
        task = bars.add_task(_("pictures"), total=count)
        yield lambda: bars.advance(task)


def _printable(text: str) -> str:
    """Write what a terminal would obey or cannot show, such as an escape in a file's name, as its code."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )
