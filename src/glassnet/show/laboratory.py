"""A Laboratory in the terminal: tables of stages and of measures; computes nothing."""

from collections.abc import Sequence

from rich.table import Table

from glassnet.locale import _
from glassnet.pictures.laboratory import Laboratory, Stage
from glassnet.show.numbers import ACCENT


def stages(found: Sequence[Stage], title: str) -> Table:
    """Return one line a stage: its size and what both networks say to it."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for head in (_("stage"), _("pixels"), _("reader"), "784-14-10"):
        table.add_column(head)
    for stage in found:
        rows, columns = stage.picture.shape
        said = [f"{one.label} ({one.confidence:.0%})" for one in (stage.reader, stage.lecture)]
        table.add_row(stage.title, f"{columns} × {rows}", *said)
    return table


def measures(laboratory: Laboratory) -> Table:
    """Return one line a measure: the value, and how many images of MNIST have less."""
    table = Table(title=_("Beside MNIST's training images"), title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    table.add_column(_("here"), justify="right")
    table.add_column(_("MNIST images with less"), justify="right")
    table.add_column("")
    for measure in laboratory.measures:
        odd = measure.sentence if measure.odd else ""
        table.add_row(
            measure.title, f"{measure.value:.2f}", f"{measure.share:.1%}", odd, style=ACCENT if odd else ""
        )
    return table
