"""A photograph, scan, screenshot or drawing to lines of digits: the order of the stages, and nothing of their work.

file → gray → sheet → light evened → ink → cleaned → pieces → lines → digits framed to 28 × 28 → answers or refusals
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from glassnet.data.picture import Levels, read_photo
from glassnet.locale import _
from glassnet.pictures import ink as inks
from glassnet.pictures import judge, light, pieces
from glassnet.pictures.light import Light
from glassnet.pictures.reader import MODELS, Answer, Reader
from glassnet.pictures.result import Bytes, Digit, Reading
from glassnet.pictures.segments import Segment, part

LIKELY = 0.8  # a confidence at which a digit speaks for its neighbors
LARGE = 0.5  # of the usual height: what stands in a line of its own is no speck
ROW = 3  # such digits, or more that are likely on average, are a row of digits


def read(
    file: str | os.PathLike[str] | bytes,
    model: str | Reader = "reader",
    *,
    threshold: float | None = None,
    keep_rules: bool = False,
) -> Reading:
    """Read the digits on a picture: a file's name, or the bytes of a file.

    PNG, JPEG, WebP, BMP or PGM, of any size up to 64 million pixels. The phone's orientation is honored, transparency
    lies over white, dark ink and light ink are told apart, light and shadow evened, printed lines removed. `model`
    is ``"reader"``, the best network of the package, ``"lecture"`` (784-14-10), a model's file or a `Reader`.
    `threshold` is the contrast (0 … 1) from which something is ink, found by itself when None; `keep_rules` leaves
    printed lines in.

    What is no digit is refused: `Reading.refused` and `Reading.reason` say why.
    Raises `FileFormatError` or `InputError` for what is no picture.

    >>> import glassnet
    >>> image = glassnet.mnist().test.images[0]
    >>> read(b"P5 28 28 255 " + image.tobytes()).text  # an MNIST image as a PGM file
    '7'
    """
    who = reader_of(model)
    source = _("the picture") if isinstance(file, bytes) else os.fsdecode(file)
    levels = read_photo(file)
    lights = light.even(levels.gray, levels.color, lossy=levels.lossy)
    readings = [_read(levels, even, source, who, threshold, keep_rules) for even in lights]
    if len(readings) == 1:
        return readings[0]
    # the likelier kind of ink comes first, and the other has to say clearly more
    first, second = (_plausible(reading) for reading in readings)
    silent = not (
        readings[0].lines or readings[1].lines or readings[1].refused
    )  # what was refused has a reason
    return readings[0] if silent or first >= min(second / 2, second) else readings[1]


def reader_of(model: str | Reader) -> Reader:
    """Return the reader that `model` names; the packaged ones are loaded once."""
    return _packaged(model) if isinstance(model, str) and model in MODELS else Reader.load(model)


@cache
def _packaged(name: str) -> Reader:
    return Reader.load(name)


def _plausible(reading: Reading) -> float:
    """Return how much like writing a reading is: the confidences of its digits, less what could not be read."""
    return sum(digit.confidence - 0.5 for digit in reading) + sum(
        digit.confidence - 1 for digit in reading.refused
    )


def _read(
    levels: Levels, even: Light, source: str, who: Reader, threshold: float | None, keep_rules: bool
) -> Reading:
    ink = inks.find(even, threshold=threshold, keep_rules=keep_rules)
    stages = {
        "gray": levels.gray,
        "even": _shown(1 - ink.contrast if not ink.rules else 1 - even.contrast),
        "ink": _shown(~ink.found),
        "cleaned": _shown(~ink.mask),
    }
    labels, found, tall = pieces.find(ink)
    written = pieces.lines(found, tall, everything=ink.clean)
    large = sum(any(piece.height >= LARGE * tall for piece in line) for line in written)
    segments = [part(ink, labels, line, tall, who, only=large <= 1) for line in written]
    lines, refused = _judged(segments, even, tall, levels.factor, who)
    reason = None
    if not lines:
        reason = _(judge.NO_DIGIT if refused else judge.BLANK)
        reasons = {digit.reason for digit in refused}
        if _(judge.DOUBTFUL) in reasons:
            reason = _(judge.DOUBTFUL)
        elif len(reasons) == 1:
            reason = refused[0].reason
    return Reading(source, levels.size, lines, refused, reason, even.inverted, who.name, stages)


def _judged(
    lines: Sequence[Sequence[Segment]], even: Light, tall: float, factor: int, who: Reader
) -> tuple[tuple[tuple[Digit, ...], ...], tuple[Digit, ...]]:
    """Return the lines of digits that get an answer, and everything that does not."""
    confidences = [one.answer.confidence for line in lines for one in line]
    sure = sum(confidence >= max(who.threshold, LIKELY) for confidence in confidences)
    alone = sure < ROW and not (len(confidences) > ROW and np.mean(confidences) >= who.threshold)
    written = [one for line in lines for one in line]
    few = len(written) <= judge.FEW and not even.clean
    # of a drawing's signs, and of many, each is taken as it stands
    steady = [one.steady if few else 1.0 for one in written]
    reasons = [
        judge.reason(one, even, tall, who, alone=alone, steady=calm)
        for one, calm in zip(written, steady, strict=True)
    ]
    vouching = judge.vouching(written, reasons) if few else []
    for place, one in enumerate(written):
        if reasons[place] is not None and judge.vouched(one, vouching, who):
            reasons[place] = judge.reason(one, even, tall, who, alone=False, steady=steady[place])
    second = reader_of("lecture").read(np.stack([one.image for one in written])) if written else []
    signs = [_digit(*each, factor) for each in zip(written, reasons, second, strict=True)]
    doubted = judge.doubted(signs, written, steady, vouching, who, clean=even.clean)
    why = _(judge.DOUBTFUL)
    labels = [digit.label for digit in signs if digit.label is not None]
    fence = len(labels) >= judge.ONES and labels.count(1) > judge.PATTERN * len(labels)
    if fence and not even.clean and not any(doubted):
        doubted, why = [True] * len(signs), _(judge.TEXTURE)
    signs = [
        replace(digit, label=None, reason=why) if doubt and digit.label is not None else digit
        for digit, doubt in zip(signs, doubted, strict=True)
    ]
    refused = [digit for digit in signs if digit.label is None]
    following = iter(signs)
    in_lines = [[next(following) for _segment in line] for line in lines]
    answered = [tuple(digit for digit in line if digit.label is not None) for line in in_lines]
    answered = [line for line in answered if line]
    return tuple(answered), tuple(refused)


def _digit(segment: Segment, reason: str | None, lecture: Answer, factor: int) -> Digit:
    answer = segment.answer
    return Digit(
        (
            segment.left * factor,
            segment.top * factor,
            (segment.right - segment.left) * factor,
            (segment.bottom - segment.top) * factor,
        ),
        segment.image,
        answer.outputs,
        answer.label if reason is None else None,
        answer.confidence,
        (answer.second, answer.second_confidence),
        (lecture.label, lecture.confidence),
        reason,
    )


def _shown(values: np.ndarray) -> Bytes:
    """Return 0 … 1 as bytes that look like ink on paper."""
    return np.asarray(np.rint(np.clip(values, 0, 1) * 255), np.uint8)
