"""An evaluation in the terminal: accuracy, confusion, mistakes, calibration; counts nothing that was not counted.

Rows of the confusion matrix are labels, columns predictions; Korean letters take two columns, which rich counts.
"""

from collections.abc import Iterator

import numpy as np
from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

from glassnet.evaluation import BINS, Evaluation
from glassnet.locale import _
from glassnet.show.numbers import ACCENT, NEGATIVE, QUIET, bar
from glassnet.show.words import percent, set_name

MISTAKES = 10  # shown
CONFUSIONS = 3  # named
LABEL, SHARE = 2, 7  # columns of letters for a label, and for "100.0 %"


def renderable(evaluation: Evaluation, mistakes: int = MISTAKES) -> RenderableType:
    """Return what rich prints for an evaluation, with so many of its worst `mistakes`."""
    return EvaluationView(evaluation, mistakes)


class EvaluationView:
    """Accuracy in words, the confusion matrix, the worst mistakes, and confidence beside accuracy."""

    def __init__(self, evaluation: Evaluation, mistakes: int = MISTAKES) -> None:
        self.evaluation = evaluation
        self.mistakes = mistakes

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the parts from top to bottom."""
        evaluation, width = self.evaluation, options.max_width
        yield from _summary(evaluation)
        yield _heading(_("Confusion: row = label, column = prediction"), width)
        yield from _confusion(evaluation, width)
        yield _heading(_("Mistakes"), width)
        yield from _mistakes(evaluation, self.mistakes)
        yield _heading(_("Calibration: does the confidence keep its promise?"), width)
        yield from _calibration(evaluation, width, ascii_only=options.ascii_only)


def _summary(evaluation: Evaluation) -> Iterator[RenderableType]:
    words = _("{set}: {correct} of {count} images read rightly, {accuracy}")
    correct = evaluation.count - len(evaluation.mistakes)
    yield Text(
        words.format(
            set=set_name(evaluation.set),
            correct=f"{correct:,}",
            count=f"{evaluation.count:,}",
            accuracy=percent(evaluation.accuracy),
        ),
        "bold",
    )
    low, high = evaluation.interval
    words = _("For all images of this kind it lies between {low} and {high} (95 % interval).")
    yield Text(words.format(low=percent(low), high=percent(high)))
    words = _("Loss {loss}, the mean over the images. Weights {fingerprint}.")
    yield Text(words.format(loss=f"{evaluation.loss:.4f}", fingerprint=evaluation.fingerprint))


def _heading(title: str, width: int) -> Text:
    line = Text.assemble("\n", ("── ", QUIET), title, " ")
    line.append("─" * max(width - line.cell_len, 1), QUIET)
    return line


def _table() -> Table:
    return Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)


def _confusion(evaluation: Evaluation, width: int) -> Iterator[RenderableType]:
    matrix = evaluation.confusion
    used = [int(row) for row in np.flatnonzero(matrix.sum(0) + matrix.sum(1))]
    digits = max(len(f"{matrix.max():d}"), len(str(used[-1])))
    worst = _confusions(matrix)
    named = {(label, prediction) for label, prediction, _count in worst[:CONFUSIONS]}
    accuracies = {result.label: result.accuracy for result in evaluation.classes}
    needed = LABEL + len(used) * (1 + digits) + 1 + SHARE  # a space before each column but the first
    if needed > width:
        yield Text(
            _("The table needs {needed} columns of letters; here are {width}.").format(
                needed=needed, width=width
            )
        )
    else:
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=0, pad_edge=False, header_style=QUIET)
        table.border_style = QUIET
        table.add_column("", justify="right", style=QUIET, width=LABEL)
        for prediction in used:
            table.add_column(str(prediction), justify="right", width=digits)
        table.add_column(_("right"), justify="right", width=SHARE)
        for label in used:
            cells = []
            for prediction in used:
                count = int(matrix[label, prediction])
                style = "dim" if label == prediction else ""
                if (label, prediction) in named:
                    style = f"bold {NEGATIVE}"
                cells.append(Text(str(count), style) if count else Text("·", QUIET))
            share = percent(accuracies[label], 1) if label in accuracies else ""
            table.add_row(str(label), *cells, share)
        yield table
    if worst:
        pairs = ", ".join(
            _("{label} read as {prediction} ({count}×)").format(
                label=label, prediction=prediction, count=count
            )
            for label, prediction, count in worst[:CONFUSIONS]
        )
        yield Text(_("Most often: {pairs}.").format(pairs=pairs))


def _confusions(matrix: "np.typing.NDArray[np.int64]") -> list[tuple[int, int, int]]:
    """Label, prediction and count of every kind of mistake, the most frequent first."""
    wrong = matrix - np.diag(np.diag(matrix))
    places = [(int(label), int(prediction)) for label, prediction in np.argwhere(wrong)]
    return sorted(
        ((label, prediction, int(wrong[label, prediction])) for label, prediction in places),
        key=lambda item: -item[2],
    )


def _mistakes(evaluation: Evaluation, most: int) -> Iterator[RenderableType]:
    mistakes = evaluation.mistakes
    if not mistakes:
        yield Text(_("None: every image was read rightly."))
        return
    table = _table()
    for name in (_("image"), _("label"), _("read as"), _("confidence")):
        table.add_column(name, justify="right")
    table.add_column("")
    for mistake in mistakes[:most]:
        table.add_row(
            str(mistake.index),
            str(mistake.label),
            str(mistake.prediction),
            f"{mistake.confidence:.4f}",
            _("the label itself is doubtful") if mistake.doubtful else "",
        )
    yield table
    if len(mistakes) > most:
        words = _("The {shown} most confident of {count} mistakes.")
        yield Text(words.format(shown=most, count=f"{len(mistakes):,}"), QUIET)
    if doubtful := sum(mistake.doubtful for mistake in mistakes):
        words = _("Mistakes with a doubtful label, about which people disagree too: {count}.")
        yield Text(words.format(count=doubtful), QUIET)


def _calibration(evaluation: Evaluation, width: int, *, ascii_only: bool) -> Iterator[RenderableType]:
    table = _table()
    table.add_column(_("confidence"))
    for name in (_("images"), _("mean"), _("right")):
        table.add_column(name, justify="right")
    table.add_column("")
    length = max(10, min(30, width - 50))
    found = {round(item.low * BINS): item for item in evaluation.calibration.bins}
    for place in range(BINS):
        name = f"{place / BINS:.1f} – {(place + 1) / BINS:.1f}"
        if place not in found:
            table.add_row(Text(name, QUIET), Text("·", QUIET), "", "", "")
            continue
        item = found[place]
        share = Text(bar(item.accuracy, length, ascii_only=ascii_only), ACCENT)
        table.add_row(name, f"{item.count:,}", percent(item.confidence, 1), percent(item.accuracy, 1), share)
    yield table
    words = _(
        "Confidence is the largest output. On average it is {error} percentage points off what is right."
    )
    yield Text(words.format(error=f"{evaluation.calibration.error * 100:.2f}"), QUIET)
