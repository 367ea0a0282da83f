"""Figures for slides and papers: a Trace, an Evaluation or a Laboratory as PNG, SVG or PDF; shows nothing on a screen.

    figure(thing)      a matplotlib Figure, to change or to embed
    draw(thing, file)  the same as a file, by its ending

matplotlib is imported here alone, without pyplot: no window, no global state, the same bytes for the same input.
"""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from glassnet.errors import InputError
from glassnet.evaluation import Evaluation
from glassnet.files import write_whole
from glassnet.locale import _
from glassnet.pictures.laboratory import Laboratory
from glassnet.trace import Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENDINGS = {".png": "png", ".svg": "svg", ".pdf": "pdf"}
DPI = 200  # of PNG files: 2560 × 1440 for a slide of 12.8 × 7.2 inches


def figure(thing: Trace | Evaluation | Laboratory) -> "Figure":
    """Return a matplotlib Figure of a Trace, an Evaluation or a Laboratory, in the current language.

    Raises `InputError` for anything else.

    >>> import glassnet
    >>> trace = glassnet.Network(seed=0).trace(glassnet.mnist().test.images[0], target=7)
    >>> figure(trace).get_size_inches().tolist()
    [12.8, 7.2]
    """
    from matplotlib import style

    with style.context("default"):  # a notebook's dark theme would leave white text on white
        if isinstance(thing, Trace):
            from glassnet.show import figure_trace

            return figure_trace.drawn(thing)
        if isinstance(thing, Evaluation):
            from glassnet.show import figure_evaluation

            return figure_evaluation.drawn(thing)
        if isinstance(thing, Laboratory):
            from glassnet.show import figure_laboratory

            return figure_laboratory.drawn(thing)
    raise InputError(
        _("figure"), expected=_("a Trace, an Evaluation or a Laboratory"), found=type(thing).__name__
    )


def draw(thing: Trace | Evaluation | Laboratory, file: str | os.PathLike[str]) -> None:
    """Write a figure of `thing` to `file`, as PNG, SVG or PDF by the file's ending. The file is whole or not there.

    Raises `InputError` for another ending or a missing folder, `UnavailableError` when the disk is full.

    >>> import tempfile
    >>> import glassnet
    >>> trace = glassnet.Network(seed=0).trace(glassnet.mnist().test.images[0], target=7)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     draw(trace, Path(folder) / "trace.svg")
    ...     (Path(folder) / "trace.svg").read_bytes()[:5]
    b'<?xml'
    """
    write_whole(file, rendered(thing, check_ending(file)))


def check_ending(file: str | os.PathLike[str]) -> str:
    """Return the format that the ending of `file` asks for: "png", "svg" or "pdf"; raise `InputError` for another.

    A command calls it first, so that a wrong ending costs no computing.

    >>> check_ending("trace.PNG")
    'png'
    """
    path = Path(os.fsdecode(file))
    if path.suffix.lower() not in ENDINGS:
        raise InputError(
            str(path), expected=_("a name that ends in .png, .svg or .pdf"), found=path.suffix or path.name
        )
    return ENDINGS[path.suffix.lower()]


def rendered(thing: Trace | Evaluation | Laboratory, kind: str = "png") -> bytes:
    """Return the figure of `thing` as the bytes of a "png", "svg" or "pdf" file, the same for the same input."""
    import matplotlib as mpl
    from matplotlib import style

    drawing = figure(thing)
    target = io.BytesIO()
    # Without these a file holds the time of day, a version and random names.
    undated = {
        "png": {"Software": "glassnet"},
        "svg": {"Date": None, "Creator": "glassnet"},
        "pdf": {"CreationDate": None, "Creator": "glassnet", "Producer": "glassnet"},
    }[kind]
    with style.context("default"), mpl.rc_context({"svg.hashsalt": "glassnet", "svg.fonttype": "path"}):
        drawing.savefig(target, format=kind, dpi=DPI, metadata=undated)
    return target.getvalue()
