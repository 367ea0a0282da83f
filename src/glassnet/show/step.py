"""One step in the terminal: its title and shape, its line of Python, its values; computes nothing.

A column is written in rows of numbered cells, a long one by what is not 0, a matrix by its extremes.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from glassnet.locale import _, language
from glassnet.show.numbers import QUIET, colored, grid, written

if TYPE_CHECKING:
    from glassnet.trace import Matrix, TraceStep

ALL_SHOWN = 32  # a column with more rows than this is shortened
FIRST_SHOWN = 10


class StepView:
    """One step: title and shape on a ruled line, then the line of Python with the id, then the values.

    `whole` adds the sentence and the formula and leaves no number out that fits a screen.
    """

    def __init__(self, item: "TraceStep", *, values: bool = True, whole: bool = False) -> None:
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
        tiny = self.item.step.part in (
            "backward",
            "update",
        )  # gradients are small where little is left to learn
        rows, columns = value.shape
        if columns > 1:
            return _matrix(value, width, whole=self.whole)
        column = value[:, 0]
        if rows == 1:
            return [colored(float(column[0]), sign=sign, tiny=tiny)]
        if rows <= ALL_SHOWN:
            cells = [(str(row), float(number)) for row, number in enumerate(column)]
            return grid(cells, width, sign=sign, tiny=tiny)
        below = self._below()
        if below is not None and not self.whole:
            as_before = _("rows 0 to {last} as in {id}; row {row}: the 1 below")
            return [Text(as_before.format(last=rows - 2, id=below, row=rows - 1), QUIET)]
        return _long_column(column, width, sign=sign, tiny=tiny, whole=self.whole)

    def _below(self) -> str | None:
        """The id of the column below which this step appends the 1 for the biases, if it does."""
        step_id = self.item.step.id
        return "x" if step_id == "a1" else step_id.removesuffix("_1") if step_id.endswith("_1") else None


def _ruled(title: str, shape: str, width: int) -> Text:
    line = Text.assemble(("── ", QUIET), title, " ")
    gap = width - line.cell_len - len(shape) - 1
    line.append("─" * max(gap, 1), QUIET)
    line.append(f" {shape}")
    return line


def _has_sign(item: "TraceStep") -> bool:
    """Whether values of this step may be negative, and so carry a sign and a color."""
    return item.step.id[0] in "zedn" or bool((item.value < 0).any())


def _long_column(column: "Matrix", width: int, *, sign: bool, tiny: bool, whole: bool) -> list[Text]:
    inked = np.flatnonzero(column).tolist()
    shown = inked if whole else inked[:FIRST_SHOWN]
    counted = (
        _("{count} of {rows} are not 0.")
        if len(shown) == len(inked)
        else _("{count} of {rows} are not 0; the first of them:")
    )
    lines = [Text(counted.format(count=len(inked), rows=len(column)), QUIET)]
    lines += grid([(str(row), float(column[row])) for row in shown], width, sign=sign, tiny=tiny)
    low, high = (written(float(number), sign=sign, tiny=tiny) for number in (column.min(), column.max()))
    extent = _("smallest {low}, largest {high}").format(low=low, high=high)
    return [*lines, Text(extent, QUIET)]


def _matrix(value: "Matrix", width: int, *, whole: bool) -> list[Text]:
    low, high = (np.unravel_index(place, value.shape) for place in (int(value.argmin()), int(value.argmax())))
    summary = _("smallest {low} at {low_at}, largest {high} at {high_at}").format(
        low=written(float(value[low]), sign=True, tiny=True),
        low_at=_place(low),
        high=written(float(value[high]), sign=True, tiny=True),
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
        lines += [Text(_("row {row}").format(row=row), "bold"), *grid(cells, width, sign=True, tiny=True)]
    return lines


def _place(indices: tuple["np.intp", ...]) -> str:
    return "[{}]".format(", ".join(str(int(index)) for index in indices))
