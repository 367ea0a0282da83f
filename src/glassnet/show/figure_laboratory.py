"""A Laboratory as one slide: the stages with both networks' answers, the wrong ways, the measures; computes nothing."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glassnet.data import mnist
from glassnet.locale import _
from glassnet.pictures.laboratory import Laboratory, Stage
from glassnet.show.colors import ACCENT, INK, QUIET, gray
from glassnet.show.drawing import Sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT, SIDE, STEP = 1280, 720, 126, 156


def drawn(laboratory: Laboratory) -> "Figure":
    """Return the slide, 1280 × 720 points."""
    sheet = Sheet(WIDTH, HEIGHT)
    digit = laboratory.digit
    answer = "?" if digit.label is None else str(digit.label)
    heading = _("Read as {digit}, confidence {confidence}").format(
        digit=answer, confidence=f"{digit.confidence:.0%}"
    )
    sheet.text(24, 30, heading, 22)
    sheet.text(24, 60, laboratory.culprit or digit.reason or _("nothing unusual about it"), 15, color=ACCENT)
    for place, stage in enumerate(laboratory.stages):
        _stage(sheet, 24 + place * STEP, 92, stage)
    sheet.text(24, 330, _("The usual mistakes"), 16)
    for place, stage in enumerate(laboratory.wrong):
        _stage(sheet, 24 + place * STEP, 350, stage)
    _measures(sheet, 24 + 4 * STEP + 20, 340, laboratory)
    sheet.text(24, 588, _("The nearest images of MNIST"), 16)
    train = mnist().train
    for place, (index, label) in enumerate(zip(laboratory.nearest, laboratory.labels, strict=True)):
        sheet.picture(24 + place * 110, 604, 76, 76, gray(train.images[index].reshape(28, 28)))
        sheet.text(24 + place * 110, 696, f"{label}", 14)
    return sheet.figure


def _stage(sheet: Sheet, x: float, y: float, stage: Stage) -> None:
    sheet.text(x, y, stage.title, 13)
    rows, columns = stage.picture.shape
    scale = SIDE / max(rows, columns)
    sheet.picture(x, y + 14, columns * scale, rows * scale, gray(_paper(stage.picture)))
    sheet.text(x, y + 156, _("reader {answer}").format(answer=_said(stage.reader)), 12, color=INK)
    sheet.text(x, y + 176, _("784-14-10 {answer}").format(answer=_said(stage.lecture)), 12, color=QUIET)


def _said(answer: object) -> str:
    return f"{answer.label} ({answer.confidence:.0%})"  # type: ignore[attr-defined]


def _paper(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture so that `gray`, which shows ink as MNIST does, shows it as it is; at most 400 pixels."""
    every = max(1, max(picture.shape) // 400)
    return 255 - picture[::every, ::every]


def _measures(sheet: Sheet, x: float, y: float, laboratory: Laboratory) -> None:
    sheet.text(x, y - 10, _("Beside MNIST's training images"), 16)
    for row, measure in enumerate(laboratory.measures):
        down = y + 18 + row * 32
        sheet.text(x, down, measure.title, 13)
        sheet.text(x + 250, down, f"{measure.value:.2f}", 13, across="right")
        sheet.box(x + 270, down - 6, 220, 12)
        at = x + 270 + 220 * measure.share
        sheet.box(at - 3, down - 9, 6, 18, fill=ACCENT if measure.odd else INK, edge="none")
        sheet.text(x + 500, down, f"{measure.share:.0%}", 12, color=QUIET)
    note = _("Left: hardly any MNIST digit has less. Right: hardly any has more.")
    sheet.text(x, y + 18 + len(laboratory.measures) * 32, note, 12, color=QUIET)
