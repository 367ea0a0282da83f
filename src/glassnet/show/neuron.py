"""One neuron in the terminal: its sum written out, largest terms first; nothing is computed here."""

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

from glassnet.locale import _
from glassnet.show.numbers import QUIET, bar, colored, written
from glassnet.trace import Explanation

FUNCTIONS = {
    "sigmoid": "sigmoid({id}[{row}])",
    "tanh": "np.tanh({id}[{row}])",
    "relu": "np.maximum({id}[{row}], 0)",
    "softmax": "softmax({id})[{row}]",
}


class NeuronView:
    """An explanation as a sum: terms w·a, the rest as one number, the bias, the total and its activation."""

    def __init__(self, explanation: Explanation) -> None:
        self.explanation = explanation

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the lines from top to bottom."""
        e = self.explanation
        weights = f"w{int(e.id[1:]) - 1}"
        here = f"{e.id}[{e.row}]"
        yield Text(_("Neuron {row} of {step}: its sum written out").format(row=e.row, step=e.id), "bold")
        yield Text(f"{here} = np.dot({weights}[{e.row}], {e.entering})", QUIET)
        yield Text()
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
        table.add_column(_("input"))
        table.add_column(_("pixel") if e.image_width else "")
        table.add_column(_("weight w"), justify="right")
        table.add_column(_("× value a"), justify="right")
        table.add_column(_("= product"), justify="right")
        table.add_column("")
        terms = [term for term in e.terms if term.product]
        largest = max((abs(term.product) for term in terms), default=1.0)
        length = max(0, min(30, options.max_width - 74))
        for term in terms:
            style = colored(term.product, sign=True).style
            table.add_row(
                f"{e.entering}[{term.column}]",
                self._pixel(term.column),
                colored(term.weight, sign=True),
                written(term.entering),
                colored(term.product, sign=True),
                Text(bar(abs(term.product) / largest, length, ascii_only=options.ascii_only), style),
            )
        others = e.rest_count + len(e.terms) - len(terms)
        if others:
            name = _("the {count} others together").format(count=others)
            table.add_row("…", name, "", "", colored(e.rest, sign=True), "")
        bias = colored(e.bias, sign=True)
        column = e.rest_count + len(e.terms)
        table.add_row(f"{e.entering}[{column}]", _("the 1 below: the bias"), bias, "1", bias, "")
        table.add_row(Text(here, "bold"), "", "", "", colored(e.total, sign=True), Text(_("the sum"), QUIET))
        function = FUNCTIONS[e.activation_name].format(id=e.id, row=e.row)
        activated = written(e.activation, sign=e.activation < 0)
        table.add_row(
            Text(f"{e.activation_id}[{e.row}]", "bold"), "", "", "", activated, Text(function, QUIET)
        )
        yield table

    def _pixel(self, column: int) -> str:
        """Where the input lies in the image, if it is a pixel."""
        if self.explanation.image_width is None:
            return ""
        row, place = divmod(column, self.explanation.image_width)
        return _("row {row}, column {column}").format(row=row, column=place)
