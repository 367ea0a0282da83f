"""`glassnet predict`: the digits on picture files; one that cannot be read is a line with its reason, not the end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from glassnet.cli.common import argument, command, emit, load_model, model_option, say
from glassnet.errors import GlassnetError, InputError, ShapeError, UnavailableError
from glassnet.locale import N_, _

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from glassnet.network import Network
    from glassnet.pictures import Picture

MANY = 20  # files, from which a bar shows how far it is


@dataclass(frozen=True)
class Answer:
    """What became of one file: a picture with the network's outputs (10,) float32, or the error."""

    file: str
    picture: "Picture | None" = None
    outputs: "NDArray[np.float32] | None" = None
    error: GlassnetError | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the JSON's `pictures` have it; a refused file has no digits and its reason."""
        if self.picture is None or self.outputs is None:
            return {"file": self.file, "text": "", "digits": [], "error": self.reason()}
        label = int(self.outputs.argmax())
        digit = {
            "box": self.picture.box,
            "label": label,
            "confidence": self.outputs.max(),
            "outputs": self.outputs,
        }
        about = {"inverted": self.picture.inverted, "error": None}
        return {"file": self.file, "text": str(label), "digits": [digit]} | about

    def line(self) -> str:
        """Return the answer as one line of text."""
        if self.picture is None or self.outputs is None:
            return f"{_printable(self.file)}: {_printable(self.reason())}"
        words = _("{file}: {digit}, confidence {confidence}").format(
            file=_printable(self.file),
            digit=int(self.outputs.argmax()),
            confidence=f"{self.outputs.max():.4f}",
        )
        inverted = _("inverted: its ink was dark on light")
        return f"{words}, {inverted}" if self.picture.inverted else words

    def reason(self) -> str:
        """Return the error's sentence without the file's name, which stands beside it."""
        return str(self.error).removeprefix(f"{self.error.what}: ") if self.error is not None else ""


@command(
    N_(
        "Read the digit on each picture: 28 × 28 pixels, PNG, JPEG, WebP, BMP or PGM.\n\n"
        "MNIST's ink is white on black; a picture with a light border is inverted, and the answer says so. "
        "A blank picture gets no answer."
    ),
    examples=N_(
        "Exit code: 0 when every picture was read, 1 when one was blank, 2 when one could not be read.\n\n"
        "Examples:\n\n"
        "  glassnet predict seven.png\n"
        "  glassnet predict digits/*.png --json"
    ),
)
@argument("files", metavar=N_("FILE…"), nargs=-1, required=True)
@model_option
def predict(files: Sequence[str], model: str, as_json: bool) -> int:
    """Read every file, then answer all at once."""
    network = load_model(model)
    answers = _answers(network, files)
    if as_json:
        emit(
            {
                "network": {"sizes": network.sizes, "fingerprint": network.fingerprint},
                "pictures": [answer.to_json() for answer in answers],
            }
        )
    else:
        for answer in answers:
            click.echo(answer.line())
        if len(answers) > 1:
            _summarize(answers)
    return max((answer.error.exit_code for answer in answers if answer.error is not None), default=0)


def _answers(network: "Network", files: Sequence[str]) -> list[Answer]:
    """Read the files one after the other, then let the network look at all pictures together."""
    import numpy as np

    from glassnet.pictures import read28

    if network.sizes[0] != 784:
        raise ShapeError(
            _("model"),
            expected=_("{count} pixels").format(count=784),
            found=network.sizes[0],
            advice=_("pictures have 28 × 28 pixels"),
        )
    read: list[Answer] = []
    with _bar(len(files)) as step:
        for file in files:
            try:
                read.append(Answer(file, picture=read28(file)))
            except (InputError, UnavailableError) as error:
                read.append(Answer(file, error=error))
            step()
    pictures = [answer.picture for answer in read if answer.picture is not None]
    if not pictures:
        return read
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is reported below
        outputs = network.forward(np.stack([picture.image for picture in pictures]))
    if not np.isfinite(outputs).all():
        raise InputError(
            _("outputs of the model"),
            expected=_("finite numbers"),
            found=_("infinity or no number"),
            advice=_("the weights are too large; train with a smaller learning rate"),
        )
    rows = iter(outputs)
    return [
        answer if answer.picture is None else Answer(answer.file, answer.picture, next(rows))
        for answer in read
    ]


def _summarize(answers: Sequence[Answer]) -> None:
    refused = sum(isinstance(answer.error, UnavailableError) for answer in answers)
    bad = sum(isinstance(answer.error, InputError) for answer in answers)
    words = _("{read} of {count} pictures read, {refused} without an answer, {bad} not readable")
    say(words.format(read=len(answers) - refused - bad, count=len(answers), refused=refused, bad=bad))


@contextmanager
def _bar(count: int) -> Iterator[Callable[[], None]]:
    """Give a function to call after each file; it moves a bar on standard error where there are many and a terminal."""
    from rich.console import Console

    screen = Console(stderr=True)
    if count < MANY or not screen.is_terminal:
        yield lambda: None
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
