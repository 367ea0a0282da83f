"""Digits as other schools teach them, made of MNIST's: strokes are added where a pen begins or ends; trains nothing.

MNIST's writers, from the United States, make a 1 of one stroke and a 9 with a straight foot. Elsewhere a 1 has an
upstroke and a base, a 9 a hook, a 6 a curl, a 7 a bar and a serif.

    image  (784,) uint8, 0 paper … 255 ink        point  (2,) float: column and row on the fine sheet
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from skimage.morphology import skeletonize

from glassnet.engine import native

Bytes = NDArray[np.uint8]
Points = NDArray[np.float64]

FINE = 2  # pixels of the sheet per pixel of MNIST
PAPER = 10  # of MNIST's pixels around the image, for strokes that go beyond it
SHARES = {0: 300, 1: 5000, 2: 1500, 3: 1500, 4: 3000, 5: 1500, 6: 3000, 7: 3000, 8: 500, 9: 5000}
"""How many of each digit are made; most where the schools differ most."""


def flourished(images: Bytes, labels: Bytes, part: int, parts: int, seed: int) -> tuple[Bytes, Bytes]:
    """Return one of the `parts` of all digits with flourishes: images (m, 784) and labels (m,)."""
    rng = np.random.default_rng([seed, part])
    drawn: list[Bytes] = []
    kinds: list[int] = []
    for digit, share in SHARES.items():
        for place in rng.choice(np.flatnonzero(labels == digit), share // parts):
            drawn.append(flourish(images[place], digit, rng))
            kinds.append(digit)
    return np.stack(drawn), np.array(kinds, np.uint8)


def flourish(image: Bytes, digit: int, rng: np.random.Generator) -> Bytes:
    """Return the image with one stroke or a few more, framed anew."""
    sheet = np.pad(image.reshape(28, 28), PAPER)
    large = Image.fromarray(sheet).resize(
        (sheet.shape[1] * FINE, sheet.shape[0] * FINE), Image.Resampling.BICUBIC
    )
    if digit == 9 and rng.random() < 0.7:
        large = _bent(large, rng.uniform(0, 0.4))
    ink = np.asarray(large) > 115
    spine = skeletonize(ink)  # type: ignore[no-untyped-call]
    points, ends = _points(spine), _points(spine & (_around(spine) == 2))
    if not len(ends):
        return image
    rows = np.flatnonzero(ink.any(1))
    height = float(rows[-1] - rows[0] + 1)
    pen = max(2, round(ink.sum() / spine.sum() * rng.uniform(0.8, 1.1)))
    draw = ImageDraw.Draw(large)
    for stroke in _strokes(digit, points, ends, height, rng):
        draw.line([(x, y) for x, y in stroke], 255, pen, "curve")
        for x, y in stroke[[0, -1]]:
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), 255)
    written = np.array(large)
    written[written < 30] = 0
    framed = native.frame(written)
    return image if framed is None else framed.reshape(784)


def _bent(sheet: Image.Image, share: float) -> Image.Image:
    """The sheet with its lower half swung to the left, the lowest line by `share` of the writing's height."""
    lines = np.array(sheet)
    rows = np.flatnonzero(lines.any(1))
    if len(rows):
        middle = rows.mean()
        for row in rows[rows > middle]:
            down = (row - middle) / (len(rows) / 2)
            lines[row] = np.roll(lines[row], -round(share * len(rows) * down**2))
    return Image.fromarray(lines)


def _strokes(
    digit: int, points: Points, ends: Points, height: float, rng: np.random.Generator
) -> list[Points]:
    """The strokes to add to one digit."""

    def span(low: float, high: float) -> float:
        return height * rng.uniform(low, high)

    top, foot = ends[ends[:, 1].argmin()], ends[ends[:, 1].argmax()]
    if digit == 1:
        based = rng.random() < 0.35
        strokes = [_base(foot, span(0.25, 0.8), span(-0.04, 0.04), rng)] if based else []
        if not based or rng.random() < 0.9:
            length, angle = (
                span(*((0.15, 0.55) if rng.random() < 0.6 else (0.45, 1.0))),
                rng.uniform(0.4, 1.3),
            )
            strokes.append(
                _arc(
                    top, top + _off(-length * np.cos(angle), length * np.sin(angle)), rng.uniform(-0.15, 0.2)
                )
            )
        return strokes
    if digit == 9:
        return [_arc(foot, foot + _off(-span(0.15, 0.75), -span(-0.05, 0.4)), rng.uniform(-0.8, 0.2))]
    if digit == 6 and rng.random() < 0.8:
        return [_arc(top, top + _off(span(0.15, 0.5), span(-0.08, 0.35)), rng.uniform(-0.8, 0))]
    if digit == 7 and rng.random() < 0.7:
        left, middle = ends[ends[:, 0].argmin()], points[:, 1].min() + span(0.42, 0.62)
        crossed = points[np.abs(points[:, 1] - middle).argmin()]
        serif = _arc(left, left + _off(span(-0.08, 0.03), span(0.08, 0.25)), 0)
        bar = _base(crossed, span(0.24, 0.6), span(-0.06, 0.06), rng)
        return [stroke for stroke in (serif, bar) if rng.random() < 0.6]
    return [
        _arc(end, end + _onward(end, points, height, rng) * span(0.08, 0.28), rng.uniform(-0.3, 0.3))
        for end in ends
        if rng.random() < 0.6
    ]


def _off(right: float, down: float) -> Points:
    return np.array([right, down])


def _base(middle: Points, length: float, rise: float, rng: np.random.Generator) -> Points:
    left = rng.uniform(0.3, 0.7)
    return _arc(middle - _off(length * left, -rise), middle + _off(length * (1 - left), rise), 0)


def _onward(end: Points, points: Points, height: float, rng: np.random.Generator) -> Points:
    """A direction in which the stroke that ends here might go on: its own, turned by up to 100°."""
    far = np.abs(points - end).sum(1)
    before = points[(far > height * 0.1) & (far < height * 0.3)]
    ahead = end - (before.mean(0) if len(before) else points.mean(0))
    turn = np.deg2rad(rng.uniform(-100, 100))
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ ahead
    return np.asarray(turned / max(np.hypot(*turned), 1e-6))


def _arc(start: Points, end: Points, bow: float) -> Points:
    """Ten points from `start` to `end` of a curve whose middle is off the chord by half of `bow` chords."""
    t = np.linspace(0, 1, 10)[:, None]
    chord = end - start
    middle = (start + end) / 2 + np.array([-chord[1], chord[0]]) * bow
    return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t * t * end)


def _points(mask: NDArray[np.bool_]) -> Points:
    return np.argwhere(mask)[:, ::-1].astype(float)


def _around(mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """How many pixels of `mask` each 3 × 3 neighborhood has."""
    wide = np.pad(mask.astype(np.uint8), 1)
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    return np.asarray(rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:])
