"""`glassnet evaluate`: how well a model reads a labeled set, as text, JSON or a picture; measures nothing itself."""

import shlex
from pathlib import Path

import click

from glassnet.cli.common import (
    argument,
    command,
    data_options,
    emit,
    load_data,
    load_model,
    option,
    part_of,
    say,
    show_all,
)
from glassnet.locale import N_, _

SETS = ("train", "validation", "test")


@command(
    N_(
        "Measure a model on a labeled set: accuracy with its interval, loss, confusion, mistakes, calibration."
    ),
    examples=N_(
        "Examples:\n\n"
        "  glassnet evaluate\n"
        "  glassnet evaluate model.safetensors --set validation\n"
        "  glassnet evaluate --draw evaluation.png"
    ),
)
@argument("model", metavar=N_("MODEL"), required=False, default="lecture")
@option(
    "--set",
    "name",
    type=click.Choice(SETS),
    default="test",
    show_default=True,
    help=N_("The images to read; choose between models on validation, never on test."),
)
@option(
    "--draw", metavar=N_("FILE"), help=N_("Draw it too: a PNG, SVG or PDF file, by the ending of its name.")
)
@data_options
def evaluate(model: str, name: str, draw: str | None, data: str, mirror: str | None, as_json: bool) -> None:
    """Evaluate, draw where asked for, and report."""
    from glassnet.evaluation import evaluate as evaluated

    if draw is not None:  # before anything is computed
        from glassnet.files import check_place
        from glassnet.show.figure import check_ending

        check_ending(draw)
        check_place(draw)
    network = load_model(model)
    sets = load_data(data, mirror)
    evaluation = evaluated(network, part_of(sets, name))
    replaced = draw is not None and Path(draw).exists()
    if draw is not None:
        from glassnet.show.figure import draw as draw_figure

        draw_figure(evaluation, draw)
    if as_json:
        about = {"data": sets.name, "sizes": network.sizes, "figure": draw}
        emit(evaluation.to_json() | about)
        return
    show_all(evaluation)  # type: ignore[arg-type]  # it shows itself, by __rich__
    if draw is not None:
        drawn = _("Drawn: {file} (the older one is replaced)") if replaced else _("Drawn: {file}")
        say(drawn.format(file=click.format_filename(draw)))
    if evaluation.mistakes:
        words = ["glassnet", "forward", f"--{name}", str(evaluation.mistakes[0].index)]
        words += [] if model == "lecture" else ["--model", model]
        words += [] if data == "mnist" else ["--data", data]
        say(_("See the most confident mistake: {command}").format(command=shlex.join(words)))
