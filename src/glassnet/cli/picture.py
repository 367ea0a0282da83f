"""`glassnet picture`: one digit of a picture, stage by stage, with what both networks say; computes nothing itself."""

from typing import TYPE_CHECKING

import click

from glassnet.cli.common import argument, command, emit, option, say, show_all
from glassnet.cli.words import WHOLE
from glassnet.locale import N_, _

if TYPE_CHECKING:
    from glassnet.pictures.laboratory import Laboratory


@command(
    N_(
        "Show what becomes of one digit on a picture: gray, light evened, ink, cleaned, found, cropped, 20 × 20, "
        "centered, and what the best network and 784-14-10 say at each stage.\n\n"
        "The usual mistakes stand beside it, and how the digit differs from MNIST's."
    ),
    examples=N_(
        "Examples:\n\n"
        "  glassnet picture photo.jpg\n"
        "  glassnet picture photo.jpg --digit 2 --html report.html --draw figure.png"
    ),
)
@argument("file", metavar=N_("FILE"))
@option("--digit", "number", type=WHOLE, default=0, metavar="N", help=N_("Digit N in reading order, from 0."))
@option(
    "--model",
    metavar=N_("FILE"),
    default="reader",
    show_default=True,
    help=N_("reader, the best that comes with glassnet; lecture, the network 784-14-10; or a saved model."),
)
@option("--html", metavar=N_("FILE"), help=N_("Write a report as an HTML file."))
@option(
    "--draw", metavar=N_("FILE"), help=N_("Draw it too: a PNG, SVG or PDF file, by the ending of its name.")
)
def picture(file: str, number: int, model: str, html: str | None, draw: str | None, as_json: bool) -> int:
    """Look at the digit and show it in the ways asked for."""
    from glassnet.files import check_place
    from glassnet.pictures.laboratory import look

    if draw is not None:
        from glassnet.show.figure import check_ending

        check_ending(draw)
    for target in (draw, html):
        if target is not None:
            check_place(target)
    laboratory = look(file, model, number)
    if draw is not None:
        from glassnet.show.figure import draw as draw_figure

        draw_figure(laboratory, draw)
    if html is not None:
        from glassnet.files import write_whole
        from glassnet.show.html_laboratory import page

        write_whole(html, page(laboratory).encode())
    if as_json:
        emit(laboratory.to_json() | {"figure": draw, "html": html})
    else:
        _show(laboratory)
        for target in (draw, html):
            if target is not None:
                say(_("Drawn: {file}").format(file=click.format_filename(target)))
    return 0 if laboratory.digit.label is not None else 1


def _show(laboratory: "Laboratory") -> None:
    from rich.text import Text

    from glassnet.show.digit import half_blocks
    from glassnet.show.laboratory import measures, stages

    digit = laboratory.digit
    answer = "?" if digit.label is None else str(digit.label)
    heading = _("Read as {digit}, confidence {confidence}").format(
        digit=answer, confidence=f"{digit.confidence:.0%}"
    )
    told = digit.reason or laboratory.culprit or _("nothing unusual about it")
    image = digit.image.reshape(28, 28)
    show_all(
        Text(heading, "bold"),
        Text(told),
        half_blocks(image),
        stages(laboratory.stages, _("Stage by stage")),
        stages(laboratory.wrong, _("The usual mistakes")),
        measures(laboratory),
    )
