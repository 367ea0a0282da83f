"""`glassnet teach`: a network learns one's own handwriting, and how much it helped is said; teaches nothing itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from glassnet.cli.common import argument, command, emit, option, say
from glassnet.cli.words import WHOLE
from glassnet.locale import N_, _

if TYPE_CHECKING:
    from glassnet.pictures.teaching import Taught

DEFAULT_OUT = "mine.safetensors"
LISTED = 5  # pictures that were left out


@command(
    N_(
        "Teach a network your own handwriting from a folder of labeled digits, one on each picture.\n\n"
        "Which digit a picture shows is said by a file labels.csv (path,label), or by folders called 0 to 9. "
        "A few dozen are enough. How much it helps is measured on digits that were held back."
    ),
    examples=N_(
        "Examples:\n\n"
        "  glassnet teach my-digits\n"
        "  glassnet teach my-digits --model lecture --out mine.safetensors\n"
        "  glassnet predict photo.jpg --model mine.safetensors"
    ),
)
@argument("folder", metavar=N_("FOLDER"))
@option(
    "--model",
    metavar=N_("NAME|FILE"),
    default="reader",
    show_default=True,
    help=N_("What learns: reader (the best), lecture (784-14-10), or a model that glassnet saved."),
)
@option(
    "--seed", type=WHOLE, metavar="N", default=0, help=N_("Copies, order and which digits are held back.")
)
@option("--out", metavar=N_("FILE"), default=DEFAULT_OUT, show_default=True, help=N_("Where the model goes."))
def teach(folder: str, model: str, seed: int, out: str, as_json: bool) -> None:
    """Teach, save, report."""
    from glassnet.files import check_place
    from glassnet.modelfile import MARK
    from glassnet.pictures import teach as taught_by

    replaced = Path(out).exists()
    check_place(out, MARK)
    with _bars() as told:
        taught = taught_by(folder, model, seed=seed, progress=told)
    taught.save(out)
    if as_json:
        emit(taught.to_json() | {"began_with": model, "model": out})
        return
    _show(taught, out, replaced=replaced)


def _show(taught: "Taught", out: str, *, replaced: bool) -> None:
    from glassnet.evaluation import wilson_interval
    from glassnet.show.words import percent

    count = len(taught.own.digits)
    low, high = wilson_interval(taught.own_after, count)
    click.echo(_("Your digits: {count}").format(count=count))
    missing = [str(digit) for digit, number in enumerate(taught.own.digits.counts) if number == 0]
    if missing:
        click.echo(
            _("None of them shows {digits}: of these nothing was learned.").format(digits=", ".join(missing))
        )
    click.echo(
        _(
            "Held-back digits of yours, read right: {before} before, {after} after (95 %: {low} to {high})"
        ).format(
            before=percent(taught.own_before / count),
            after=percent(taught.own_after / count),
            low=percent(low),
            high=percent(high),
        )
    )
    click.echo(
        _("MNIST's test images, read right: {before} before, {after} after").format(
            before=percent(taught.mnist_before), after=percent(taught.mnist_after)
        )
    )
    told = (
        _("Saved as {file} (the older one is replaced), fingerprint {fingerprint}")
        if replaced
        else _("Saved as {file}, fingerprint {fingerprint}")
    )
    click.echo(told.format(file=click.format_filename(out), fingerprint=taught.network.fingerprint))
    skipped = taught.own.skipped
    for file, why in skipped[:LISTED]:
        say(_("Left out: {file}: {reason}").format(file=click.format_filename(file), reason=why))
    if len(skipped) > LISTED:
        say(_("… and {count} more").format(count=len(skipped) - LISTED))
    picture = _("photo.jpg")
    say(_("Read with it: {command}").format(command=f"glassnet predict {picture} --model {quote(out)}"))


@contextmanager
def _bars() -> Iterator[Callable[[str, int, int], None]]:
    """Give the function that is told how far it is: a bar on standard error, in a pipe a line for each part."""
    from rich.console import Console
    from rich.progress import Progress

    words = {
        "pictures": _("reading your pictures"),
        "fold": _("learning without some of them"),
        "all": _("learning all of them"),
    }
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bars:
        tasks = {}

        def told(what: str, done: int, whole: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(words[what], total=whole)
                if not screen.is_terminal:
                    say(words[what])
            bars.update(tasks[what], completed=done, total=whole)

        yield told
