"""A trace in the terminal: every step with its line of Python, shape and values, then the loss as on the slides.

Nothing is computed here; numbers are the trace's own, rounded to four decimals.
"""

from collections.abc import Collection, Iterator
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

from glassnet.locale import _
from glassnet.show.digit import half_blocks
from glassnet.show.neuron import NeuronView
from glassnet.show.numbers import ACCENT, QUIET, bar, colored, written
from glassnet.show.step import StepView
from glassnet.trace import Explanation, Trace

if TYPE_CHECKING:
    from glassnet.trace import TraceStep

PARTS = ("forward", "loss", "backward", "update")


def renderable(thing: "Trace | Explanation") -> RenderableType:
    """Return what rich prints for a trace or for the explanation of one neuron."""
    return NeuronView(thing) if isinstance(thing, Explanation) else TraceView(thing)


def text(thing: "Trace | Explanation", width: int = 100) -> str:
    """Return the same without color as plain text, `width` columns wide."""
    sheet = StringIO()
    Console(file=sheet, width=width, color_system=None, highlight=False).print(renderable(thing))
    return "\n".join(line.rstrip() for line in sheet.getvalue().splitlines())


class TraceView:
    """A trace's digit, its steps of the given `parts`, and its loss (or, without a target, its outputs) as a table."""

    def __init__(self, trace: Trace, parts: Collection[str] = PARTS) -> None:
        self.trace = trace
        self.parts = parts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the parts from top to bottom."""
        trace = self.trace
        yield Heading(trace)
        shown = [item for item in trace if item.step.part in self.parts]
        for item in shown:
            if item.step.part == "forward":
                yield StepView(item)
        for item in shown:
            if item.step.part == "loss":
                yield StepView(item, values=False)
        yield Text()
        yield OutputTable(trace)
        yield verdict(trace)
        for item in shown:
            if item.step.part not in ("forward", "loss"):
                yield StepView(item)


class Heading:
    """The digit as half-blocks and, beside it, what the network is and says."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield picture and words side by side."""
        trace = self.trace
        facts = [
            (_("Network"), "-".join(str(size) for size in trace.sizes)),
            (_("Activations"), _activations(trace)),
            (_("Prediction"), str(trace.prediction) if np.isfinite(trace.outputs).all() else "nan"),
        ]
        if trace.target is not None:
            facts += [(_("Target"), str(trace.target)), (_("Loss"), written(trace.loss or 0.0))]
        words = Table.grid(padding=(0, 2, 0, 0))
        for name, value in facts:
            words.add_row(Text(name, QUIET), value)
        picture = _picture(trace)
        if picture is None:
            yield words
            return
        sides = Table.grid(padding=(0, 4, 0, 0))
        sides.add_column(no_wrap=True)
        sides.add_column(vertical="middle")
        sides.add_row(picture, words)
        yield sides


class OutputTable:
    """The outputs with bars and, where there is a target, target, difference, square and their sum, the loss."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the table."""
        trace = self.trace
        outputs = trace.outputs[:, 0]
        output_id = f"a{len(trace.sizes)}"
        with_target = trace.loss is not None
        table = ruled_table(show_footer=with_target)
        table.add_column(_("digit"), justify="right")
        table.add_column(_("prediction {id}").format(id=output_id), justify="right")
        table.add_column("")
        if with_target:
            term = next(item.step.id for item in reversed(list(trace)) if _is_term(item))
            name = _("square s") if term == "s" else _("term c")
            table.add_column(_("target t"), justify="right")
            table.add_column(_("difference e"), justify="right", footer=_("sum ="))
            table.add_column(name, justify="right", footer=written(trace.loss or 0.0))
        length = min(30, max(8, options.max_width - (62 if with_target else 30)))
        # The outputs lie in 0…1; only a network that has overflowed has others.
        for row, output in enumerate(outputs):
            predicted = row == trace.prediction
            cells: list[RenderableType] = [
                Text(str(row), "bold" if predicted else ""),
                Text(written(float(output)), "bold" if predicted else ""),
                Text(
                    bar(float(output), length, ascii_only=options.ascii_only), ACCENT if predicted else QUIET
                ),
            ]
            if with_target:
                target = float(trace["t"][row, 0])
                cells += [
                    Text(f"{target:g}", "bold" if target else ""),
                    colored(float(trace["e"][row, 0]), sign=True),
                    written(float(trace[term][row, 0])),
                ]
            table.add_row(*cells)
        yield table


def verdict(trace: Trace) -> Text:
    """Say the prediction and, where there is a target, whether it is right, and the loss."""
    if not np.isfinite(trace.outputs).all():
        return Text(
            _("No prediction: the outputs are no numbers any more; the weights are too large."), "bold"
        )
    if trace.target is None:
        return Text(_("Prediction: {digit}").format(digit=trace.prediction), "bold")
    right = trace.prediction == trace.target
    sentence = (
        _("Prediction {digit}, target {target}: right.")
        if right
        else _("Prediction {digit}, target {target}: wrong.")
    )
    loss = _("Loss: {loss}").format(loss=written(trace.loss or 0.0))
    return Text(f"{sentence.format(digit=trace.prediction, target=trace.target)} {loss}", "bold")


def ruled_table(*, show_footer: bool = False) -> Table:
    """Return an empty table with a line below its head and above its foot."""
    return Table(
        box=box.SIMPLE,
        show_edge=False,
        padding=(0, 2, 0, 0),
        pad_edge=False,
        header_style=QUIET,
        border_style=QUIET,
        show_footer=show_footer,
    )


def _activations(trace: Trace) -> str:
    if len(trace.sizes) == 2:
        return _("output {output}").format(output=trace.output)
    return _("hidden {hidden}, output {output}").format(hidden=trace.hidden, output=trace.output)


def _picture(trace: Trace) -> RenderableType | None:
    pixels = trace["x"][:, 0]
    side = round(len(pixels) ** 0.5)
    if side * side != len(pixels) or side > 40:
        return None
    return half_blocks(np.round(pixels * 255).astype(np.uint8).reshape(side, side))


def _is_term(item: "TraceStep") -> bool:
    return item.step.part == "loss" and item.step.id in ("s", "c")
