"""`glassnet explain`: one update of a run as arithmetic, for its batch, one image and one weight; computes nothing."""

from glassnet.cli.common import argument, command, data_options, emit, load_data, option, say, show_all
from glassnet.cli.words import WHOLE
from glassnet.errors import InputError
from glassnet.locale import N_, _


@command(
    N_(
        "Show one update of a training run as arithmetic: its batch, the gradients, and a weight by the rule."
    ),
    examples=N_(
        "Examples:\n\n"
        "  glassnet train --recipe lecture --run run.safetensors\n"
        "  glassnet explain run.safetensors --at 120\n"
        "  glassnet explain run.safetensors --at 120 --image 3 --weight w1,3,405"
    ),
)
@argument("run", metavar=N_("RUN"))
@option("--at", type=WHOLE, metavar="N", help=N_("Update N, counted from 1; otherwise the last."))
@option("--image", type=WHOLE, metavar="N", help=N_("Only image N of the batch, counted from 0."))
@option(
    "--weight",
    metavar="w1,3,405",
    help=N_("Matrix, row and column of a weight; otherwise the one with the largest gradient."),
)
@data_options
def explain(
    run: str,
    at: int | None,
    image: int | None,
    weight: str | None,
    data: str,
    mirror: str | None,
    as_json: bool,
) -> None:
    """Explain the update and show it."""
    from glassnet.training import Run

    place = None if weight is None else _place(weight)
    loaded = Run.load(run)
    update = loaded.explain(
        loaded.update if at is None else at,
        image,
        data=None if data == "mnist" else load_data(data, mirror).train,
    )
    explained = update.weight(*(place or update.largest()))
    if as_json:
        emit({"run": run, **update.to_json(), "weight": explained.to_json()})
        return
    from glassnet.show.update import UpdateView

    show_all(UpdateView(update, (explained.name, explained.row, explained.column)))
    if at is None:
        say(_("No update was named, so this is the last. Another: --at 1"))


def _place(text: str) -> tuple[str, int, int]:
    """Return the matrix, row and column that a text such as ``w1,3,405`` names."""
    name, *numbers = (part.strip() for part in text.split(","))
    try:
        row, column = (int(number) for number in numbers)
    except ValueError:
        raise InputError(
            "--weight", expected=_("matrix, row and column, such as w1,3,405"), found=repr(text[:60])
        ) from None
    return name, row, column
