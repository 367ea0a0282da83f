"""One picture looked at stage by stage, with what both networks say at each, and the wrong ways beside the right one.

    stage     a picture on the way, and what the networks would say if it were squashed to 28 × 28 there
    way       a way to make the digit 28 × 28: the right one, and the usual mistakes

Draws nothing: `glassnet.show.laboratory` and the studio do.
"""

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import OutOfRangeError, UnavailableError
from glassnet.locale import N_, _
from glassnet.pictures.measures import Measure, compared
from glassnet.pictures.read import read, reader_of
from glassnet.pictures.reader import Answer, Reader
from glassnet.pictures.result import Digit, Reading

Bytes = NDArray[np.uint8]

TITLES = {
    "gray": N_("gray"),
    "even": N_("light evened"),
    "ink": N_("ink"),
    "cleaned": N_("cleaned"),
    "found": N_("found"),
    "cropped": N_("cropped"),
    "twenty": N_("20 × 20"),
    "centered": N_("centered, as MNIST is"),
    "squashed": N_("squashed to 28 × 28"),
    "not_inverted": N_("not inverted: paper is ink"),
    "not_centered": N_("centered by its box"),
    "filled": N_("without a margin"),
}
NEAREST = 5


@dataclass(frozen=True, eq=False)
class Stage:
    """A picture on the way (h, w) uint8 as it is looked at, and `image`, what the networks get of it (784,).

    `reader` and `lecture` are their answers to `image`.
    """

    name: str
    picture: Bytes
    image: Bytes
    reader: Answer
    lecture: Answer

    @property
    def title(self) -> str:
        """The stage's name in the current language."""
        return _(TITLES[self.name])


@dataclass(frozen=True, eq=False, repr=False)
class Laboratory:
    """What becomes of one digit of a picture: `stages` in order, the `wrong` ways, its `measures`, oddest first.

    `nearest` are the indices of the training images that are most like it, with `labels`.
    """

    reading: Reading
    digit: Digit
    stages: tuple[Stage, ...]
    wrong: tuple[Stage, ...]
    measures: tuple[Measure, ...]
    nearest: tuple[int, ...]
    labels: tuple[int, ...]

    def __repr__(self) -> str:
        return f"<Laboratory of {self.reading.source}: {self.digit.best}, {self.culprit}>"

    def _repr_html_(self) -> str:
        from glassnet.show import html_laboratory, html_parts

        return html_parts.block(html_laboratory.written(self))

    @property
    def culprit(self) -> str | None:
        """The sentence about what is least like MNIST, or None where nothing is odd."""
        return self.measures[0].sentence if self.measures[0].odd else None

    def to_json(self) -> dict[str, Any]:
        """Return everything as numbers, lists and words; pictures as rows of bytes only where they are 28 × 28."""
        return {
            "reading": self.reading.to_json(),
            "digit": self.digit.to_json(),
            "stages": [_json(stage) for stage in self.stages],
            "wrong": [_json(stage) for stage in self.wrong],
            "measures": [measure.to_json() for measure in self.measures],
            "culprit": self.culprit,
            "nearest": [
                {"set": "train", "index": index, "label": label}
                for index, label in zip(self.nearest, self.labels, strict=True)
            ],
        }


def look(
    file: str | os.PathLike[str] | bytes,
    model: str | Reader = "reader",
    number: int = 0,
    *,
    threshold: float | None = None,
    keep_rules: bool = False,
) -> Laboratory:
    """Look at digit `number` (from 0, in reading order, then the refused ones) of a picture, stage by stage.

    The other arguments are `read`'s. Raises `UnavailableError` where there is no ink, else as `read`.
    """
    return examine(read(file, model, threshold=threshold, keep_rules=keep_rules), model, number)


def examine(reading: Reading, model: str | Reader = "reader", number: int = 0) -> Laboratory:
    """Look at digit `number` of a picture that `model` has read, as `look` does.

    Raises `OutOfRangeError` for a number of no digit, `UnavailableError` where nothing looks like one.
    """
    found = (*reading.digits, *reading.refused)
    if not found:
        raise UnavailableError(f"{reading.source}: {reading.reason}")
    if not 0 <= number < len(found):
        last = len(found) - 1
        numbers = _("{low} to {high}").format(low=0, high=last) if last else _("0, the only one there is")
        raise OutOfRangeError(_("digit"), expected=numbers, found=number)
    digit = found[number]
    who = reader_of(model)
    ways = _ways(reading, digit)
    images = np.stack([image for _name, _picture, image in ways])
    answers = zip(who.read(images), reader_of("lecture").read(images), strict=True)
    made = [
        Stage(name, picture, image, *pair) for (name, picture, image), pair in zip(ways, answers, strict=True)
    ]
    nearest, labels = _nearest(digit.image)
    return Laboratory(
        reading, digit, tuple(made[:8]), tuple(made[8:]), compared(digit.image), nearest, labels
    )


def _ways(reading: Reading, digit: Digit) -> list[tuple[str, Bytes, Bytes]]:
    """Return name, picture and 28 × 28 image of each stage and then of each mistake."""
    factor = reading.size[0] / reading.stages["gray"].shape[1]
    x, y, width, height = (round(side / factor) for side in digit.box)
    box = (slice(y, y + max(height, 1)), slice(x, x + max(width, 1)))
    ways = []
    for name in ("gray", "even", "ink", "cleaned"):
        picture = reading.stages[name]
        # Even ink and paper turned round, a whole picture squashed is what a beginner feeds to the network.
        light = reading.inverted or name != "gray"
        ways.append((name, picture, _squashed(255 - picture if light else picture)))
    inked = 255 - reading.stages["cleaned"]
    cropped = inked[box]
    framed = digit.image.reshape(28, 28)
    rows, columns = np.flatnonzero(framed.any(1)), np.flatnonzero(framed.any(0))
    tight = framed[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else framed
    boxed = np.zeros((28, 28), np.uint8)
    top, left = (28 - tight.shape[0]) // 2, (28 - tight.shape[1]) // 2
    boxed[top : top + tight.shape[0], left : left + tight.shape[1]] = tight
    around = inked[max(0, y - 2) : y + height + 2, max(0, x - 2) : x + width + 2]
    gray = reading.stages["gray"][box]
    ways += [
        ("found", reading.stages["cleaned"], _squashed(around)),
        ("cropped", 255 - cropped, _squashed(_square(cropped))),
        ("twenty", 255 - tight, boxed.reshape(784)),
        ("centered", 255 - framed, digit.image),
        ("squashed", 255 - cropped, _squashed(cropped)),
        ("not_inverted", framed, 255 - digit.image),
        ("not_centered", 255 - boxed, boxed.reshape(784)),
        ("filled", gray, _squashed(_square(cropped))),
    ]
    return ways


def _square(picture: Bytes) -> Bytes:
    side = max(picture.shape)
    down, along = side - picture.shape[0], side - picture.shape[1]
    return np.pad(picture, ((down // 2, down - down // 2), (along // 2, along - along // 2)))


def _squashed(picture: Bytes) -> Bytes:
    """Return a picture of any shape as 28 × 28, whatever becomes of its proportions."""
    from PIL import Image

    small = Image.fromarray(picture).resize((28, 28), Image.Resampling.BOX)
    return np.asarray(small, np.uint8).reshape(784)


def _nearest(image: Bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the training images with the smallest Euclidean distance, and their labels."""
    from glassnet.data import mnist

    train = mnist().train
    wanted = image.astype(np.float32)
    own = float(wanted @ wanted)
    distances = np.concatenate(
        [
            (block**2).sum(1) - 2 * block @ wanted + own
            for block in (train.images[n : n + 5000].astype(np.float32) for n in range(0, len(train), 5000))
        ]
    )
    order = np.argsort(distances)[:NEAREST]
    return tuple(int(n) for n in order), tuple(int(train.labels[n]) for n in order)


def _json(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "title": stage.title,
        "image": stage.image,
        "reader": {"label": stage.reader.label, "confidence": stage.reader.confidence},
        "lecture": {"label": stage.lecture.label, "confidence": stage.lecture.confidence},
    }
