"""An Evaluation as one slide: confusion matrix, worst mistakes as pictures, calibration; counts nothing itself."""

from typing import TYPE_CHECKING

import numpy as np

from glassnet.evaluation import BINS, Evaluation, Mistake
from glassnet.locale import _
from glassnet.show.colors import ACCENT, INK, LINE, ONE, QUIET, diverging, gray, hexadecimal, ink_on
from glassnet.show.drawing import Sheet
from glassnet.show.words import percent, set_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 1280.0, 720.0
MARGIN = 40.0
MATRIX_X, MATRIX_Y, MATRIX = 92.0, 168.0, 460.0
RIGHT = 692.0
ACROSS, DOWN = 7, 2  # the worst mistakes shown
DIAGONAL = "#e9edf1"


def drawn(evaluation: Evaluation) -> "Figure":
    """Return the slide of an evaluation: 1280 × 720 points."""
    sheet = Sheet(WIDTH, HEIGHT)
    _title(sheet, evaluation)
    _confusion(sheet, evaluation)
    _mistakes(sheet, evaluation)
    _calibration(sheet, evaluation)
    return sheet.figure


def _title(sheet: Sheet, evaluation: Evaluation) -> None:
    words = _("{set}: {accuracy} of {count} images read rightly").format(
        set=set_name(evaluation.set), accuracy=percent(evaluation.accuracy), count=f"{evaluation.count:,}"
    )
    sheet.text(MARGIN, 46, words, 27)
    low, high = evaluation.interval
    words = _("95 % interval {low} to {high}, loss {loss}").format(
        low=percent(low), high=percent(high), loss=f"{evaluation.loss:.4f}"
    )
    sheet.text(WIDTH - MARGIN, 46, words, 16, across="right")
    sheet.line(MARGIN, 72, WIDTH - MARGIN, 72)


def _confusion(sheet: Sheet, evaluation: Evaluation) -> None:
    """Row = label, column = prediction; the diagonal is quiet, every other cell is orange by its count."""
    matrix = evaluation.confusion
    classes = len(matrix)
    cell = MATRIX / classes
    size = min(15.0, cell * 0.36)
    wrong = matrix - np.diag(np.diag(matrix))
    most = max(int(wrong.max()), 1)
    sheet.text(MARGIN, 104, _("Confusion"), 18)
    sheet.text(MATRIX_X + MATRIX / 2, MATRIX_Y - 34, _("prediction"), 13, QUIET, across="center")
    sheet.text(MATRIX_X - 40, MATRIX_Y + MATRIX / 2, _("label"), 13, QUIET, across="center", rotation=90)
    sheet.text(MATRIX_X + MATRIX + 38, MATRIX_Y - 14, _("right"), 13, QUIET, across="center")
    accuracies = {result.label: result.accuracy for result in evaluation.classes}
    for label in range(classes):
        middle = (label + 0.5) * cell
        if cell >= 14:
            sheet.text(MATRIX_X + middle, MATRIX_Y - 14, str(label), size, across="center")
            sheet.text(MATRIX_X - 16, MATRIX_Y + middle, str(label), size, across="center")
            if label in accuracies:
                words = percent(accuracies[label], 1)
                sheet.text(MATRIX_X + MATRIX + 38, MATRIX_Y + middle, words, size * 0.9, across="center")
        for prediction in range(classes):
            count = int(matrix[label, prediction])
            color = diverging(-wrong[label, prediction], most)
            fill = DIAGONAL if label == prediction else hexadecimal(color)
            x, y = MATRIX_X + prediction * cell, MATRIX_Y + label * cell
            sheet.box(x, y, cell, cell, fill=fill, line=0.6)
            if count and cell >= 14:
                ink = QUIET if label == prediction else ink_on(color)
                sheet.text(x + cell / 2, y + cell / 2, f"{count}", size, ink, across="center")
    if wrong.any():
        words = _("mistakes in a cell")
        sheet.legend(MATRIX_X, 668, 192, diverging(np.linspace(0, -1, 101), 1), ["0", f"{most:,}"], words)


def _mistakes(sheet: Sheet, evaluation: Evaluation) -> None:
    shown = evaluation.mistakes[: ACROSS * DOWN]
    words = _("No mistakes")
    if shown:
        count = f"{len(evaluation.mistakes):,}"
        words = _("Mistakes: {count}, the most confident first").format(count=count)
    sheet.text(RIGHT, 104, words, 18)
    pitch = (WIDTH - MARGIN - RIGHT + 10) / ACROSS
    for place, mistake in enumerate(shown):
        down, across = divmod(place, ACROSS)
        _mistake(sheet, evaluation, mistake, RIGHT + across * pitch, 130 + down * 128, pitch - 10)
    if any(mistake.doubtful for mistake in shown):
        sheet.box(RIGHT, 383, 12, 12, edge=ONE, line=2)
        sheet.text(RIGHT + 20, 389, _("the label itself is doubtful"), 12, ONE)


def _mistake(sheet: Sheet, evaluation: Evaluation, mistake: Mistake, x: float, y: float, side: float) -> None:
    image = gray(evaluation.data.images[mistake.index].reshape(28, 28))
    sheet.picture(x, y, side, side, image, edge=None if mistake.doubtful else LINE)
    if mistake.doubtful:
        sheet.box(x, y, side, side, edge=ONE, line=2)
    sheet.text(x + side / 2, y + side + 13, f"{mistake.label} → {mistake.prediction}", 15, across="center")
    words = f"{mistake.confidence:.4f}  #{mistake.index}"
    sheet.text(x + side / 2, y + side + 31, words, 10.5, QUIET, across="center")


def _calibration(sheet: Sheet, evaluation: Evaluation) -> None:
    """Accuracy over confidence: a bar per bin, the diagonal where both agree, the counts above the bars."""
    sheet.text(RIGHT, 428, _("Calibration: accuracy by confidence"), 18)
    words = _("mean distance {error}").format(error=f"{evaluation.calibration.error:.4f}")
    sheet.text(WIDTH - MARGIN, 428, words, 13, QUIET, across="right")
    left, top, width, tall = RIGHT + 36, 466.0, WIDTH - MARGIN - RIGHT - 36, 186.0
    for share in (0, 0.5, 1):
        y = top + tall * (1 - share)
        sheet.line(left, y, left + width, y, behind=True)
        sheet.text(left - 8, y, percent(share, 0), 11, QUIET, across="right")
    step = width / BINS
    for item in evaluation.calibration.bins:
        x = left + item.low * width
        height = item.accuracy * tall
        sheet.box(x + 4, top + tall - height, step - 8, height, fill=ACCENT, edge=ACCENT)
        sheet.text(x + step / 2, top + tall - height - 9, f"{item.count:,}", 11, INK, across="center")
        # The mean confidence of the bin, as high as the bar would be if the network kept its promise.
        promised = top + tall * (1 - item.confidence)
        sheet.line(x, promised, x + step, promised, color=INK, width=2)
    for place in range(BINS + 1):
        sheet.text(left + place * step, top + tall + 14, f"{place / BINS:g}", 11, QUIET, across="center")
    words = _("confidence (the largest output)")
    sheet.text(left, top + tall + 36, words, 12, QUIET)
    sheet.line(left + width - 242, top + tall + 36, left + width - 218, top + tall + 36, color=INK, width=2)
    words = _("mean confidence; above bars: images")
    sheet.text(left + width - 210, top + tall + 36, words, 12, QUIET)
