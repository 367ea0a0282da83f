"""A trace in the terminal: every step with its line of Python, shape and values, then the loss as on the slides.

Nothing is computed here; numbers are the trace's own, rounded to four decimals.
"""

from collections.abc import Collection, Iterator
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from glassnet.locale import _, language
from glassnet.show.digit import half_blocks
from glassnet.show.neuron import NeuronView
from glassnet.show.numbers import ACCENT, QUIET, bar, colored, grid, written
from glassnet.trace import Explanation, Trace

if TYPE_CHECKING:
    from glassnet.trace import Matrix, TraceStep

ALL_SHOWN = 32  # a column with more rows than this is shortened
FIRST_SHOWN = 10
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
                yield StepView(trace, item)
        for item in shown:
            if item.step.part == "loss":
                yield StepView(trace, item, values=False)
        yield Text()
        yield OutputTable(trace)
        yield verdict(trace)
        for item in shown:
            if item.step.part not in ("forward", "loss"):
                yield StepView(trace, item)


class Heading:
    """The digit as half-blocks and, beside it, what the network is and says."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield picture and words side by side."""
        trace = self.trace
        loss = next((item.step.title[language()] for item in trace if item.step.id == "loss"), None)
        facts = [
            (_("Network"), "-".join(str(size) for size in trace.sizes)),
            (_("Activations"), ", ".join([trace.hidden] * (len(trace.sizes) - 2) + [trace.output])),
            (_("Prediction"), str(trace.prediction)),
        ]
        if trace.target is not None:
            facts += [(_("Target"), str(trace.target)), (loss or "", written(trace.loss or 0.0))]
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


class StepView:
    """One step: title and shape on a ruled line, then the line of Python with the id, then the values.

    `whole` adds the sentence and the formula and leaves no number out that fits a screen.
    """

    def __init__(self, trace: Trace, item: "TraceStep", *, values: bool = True, whole: bool = False) -> None:
        self.trace = trace
        self.item = item
        self.values = values
        self.whole = whole

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the lines of the step."""
        step, width = self.item.step, options.max_width
        yield _ruled(step.title[language()], "{} × {}".format(*step.shape), width)
        yield Padding(Text.assemble((step.id, "bold"), f" = {step.python}"), (0, 0, 0, 2))
        if self.whole:
            yield Padding(Text(step.formula), (0, 0, 0, 2))
            yield Padding(Text(step.sentence[language()]), (0, 0, 0, 2))
        if self.values:
            yield Padding(Group(*self._values(width - 2)), (0, 0, 0, 2))

    def _values(self, width: int) -> list[Text]:
        value = self.item.value
        sign = _has_sign(self.item)
        rows, columns = value.shape
        if columns > 1:
            return _matrix(value, width, whole=self.whole)
        column = value[:, 0]
        if rows == 1:
            return [colored(float(column[0]), sign=sign)]
        if rows <= ALL_SHOWN:
            return grid([(str(row), float(number)) for row, number in enumerate(column)], width, sign=sign)
        below = self._below()
        if below is not None:
            as_before = _("rows 0 to {last} as in {id}; row {row}: the 1 below")
            return [Text(as_before.format(last=rows - 2, id=below, row=rows - 1), QUIET)]
        return _long_column(column, width, sign=sign, whole=self.whole)

    def _below(self) -> str | None:
        """The id of the column below which this step appends the 1 for the biases, if it does."""
        step_id = self.item.step.id
        return "x" if step_id == "a1" else step_id.removesuffix("_1") if step_id.endswith("_1") else None


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
        table.add_column(f"{_('prediction')} {output_id}", justify="right")
        table.add_column("")
        if with_target:
            term = next(item.step.id for item in reversed(list(trace)) if _is_term(item))
            name = _("square") if term == "s" else _("term")
            table.add_column(f"{_('target')} t", justify="right")
            table.add_column(f"{_('difference')} e", justify="right", footer=f"{_('sum')} =")
            table.add_column(f"{name} {term}", justify="right", footer=written(trace.loss or 0.0))
        length = min(30, max(8, options.max_width - (60 if with_target else 30)))
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


def _picture(trace: Trace) -> RenderableType | None:
    pixels = trace["x"][:, 0]
    side = round(len(pixels) ** 0.5)
    if side * side != len(pixels) or side > 40:
        return None
    return half_blocks(np.round(pixels * 255).astype(np.uint8).reshape(side, side))


def _ruled(title: str, shape: str, width: int) -> Text:
    line = Text.assemble(("── ", QUIET), title, " ")
    gap = width - line.cell_len - len(shape) - 1
    line.append("─" * max(gap, 1), QUIET)
    line.append(f" {shape}")
    return line


def _has_sign(item: "TraceStep") -> bool:
    """Whether values of this step may be negative, and so carry a sign and a color."""
    return item.step.id[0] in "zedn" or bool((item.value < 0).any())


def _is_term(item: "TraceStep") -> bool:
    return item.step.part == "loss" and item.step.id in ("s", "c")


def _long_column(column: "Matrix", width: int, *, sign: bool, whole: bool) -> list[Text]:
    inked = np.flatnonzero(column).tolist()
    shown = inked if whole else inked[:FIRST_SHOWN]
    counted = (
        _("{count} of {rows} are not 0.")
        if len(shown) == len(inked)
        else _("{count} of {rows} are not 0; the first of them:")
    )
    lines = [Text(counted.format(count=len(inked), rows=len(column)), QUIET)]
    lines += grid([(str(row), float(column[row])) for row in shown], width, sign=sign)
    extent = _("smallest {low}, largest {high}").format(
        low=written(float(column.min()), sign=sign), high=written(float(column.max()), sign=sign)
    )
    return [*lines, Text(extent, QUIET)]


def _matrix(value: "Matrix", width: int, *, whole: bool) -> list[Text]:
    low, high = (np.unravel_index(place, value.shape) for place in (int(value.argmin()), int(value.argmax())))
    summary = _("smallest {low} at {low_at}, largest {high} at {high_at}").format(
        low=written(float(value[low]), sign=True),
        low_at=_place(low),
        high=written(float(value[high]), sign=True),
        high_at=_place(high),
    )
    lines = [Text(summary, QUIET)]
    if not whole:
        return lines
    for row, numbers in enumerate(value):
        if value.shape[1] <= ALL_SHOWN:
            cells = [(str(column), float(number)) for column, number in enumerate(numbers)]
        else:
            cells = [
                (_("smallest"), float(numbers.min())),
                (_("largest"), float(numbers.max())),
                (_("last column"), float(numbers[-1])),
            ]
        lines += [Text(_("row {row}").format(row=row), "bold"), *grid(cells, width, sign=True)]
    return lines


def _place(indices: tuple["np.intp", ...]) -> str:
    return "[{}]".format(", ".join(str(int(index)) for index in indices))
