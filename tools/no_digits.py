"""What is no digit, made of MNIST and of random strokes, so that the reader learns to say so; trains nothing.

turned     a digit mirrored or on its side, where that is no other digit: a handwritten sign that is none
sign       three to six strokes between the corners of a small grid, as letters have them
scribble   one long line without aim        spots   blots and specks        pair   two digits that touch
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, gaussian_filter1d

Bytes = NDArray[np.uint8]
Points = NDArray[np.float64]

LABEL = 10  # of all of them: an eleventh class, beside the ten digits
KINDS = {"turned": 0.3, "letter": 0.3, "sign": 0.2, "scribble": 0.08, "spots": 0.04, "pair": 0.08}
LETTERS = (
    # A E F H K M N P R T W X Y C J L U V: points (column 0 … 4, row 0 … 6), one after the other, of each stroke
    *("062046 1434", "40000646 0333", "400006 0333", "0006 4046 0343", "0006 4003 0346", "0600234046"),
    *("06004640", "06003041423303", "06003041423303 2346", "0040 2026", "0016233640", "0046 4006"),
    *("002340 2326", "4130100105163645", "4045361605", "000646", "000516364540", "002640"),
    # a b d e f h k m n r t w x y c u
    *("43221304152645 4246", "0006 0322334445361605", "4046 4322130405162645", "04444332120305163645"),
    *("4130212226 1343", "0006 0413324346", "0006 4204 1446", "0206 03122326 23324346", "0206 0312334346"),
    *("0206 04133242", "20252646 0242", "0216243642", "0246 4206", "0224 42241606", "4332120305163645"),
    "0205163645 4246",
    # Hangul: 가 나 다 마 바 수 고 노; and + = ? -
    *("002015 3036 3343", "000424 3036 3343", "20000424 3036 3343", "0020240400 3036 3343"),
    *("0004 2024 0222 0424 3036 3343", "2002 2042 0343 2346", "0040 4042 2325 0646", "000242 2325 0646"),
    *("2026 0343", "0242 0444", "01103041332425", "0343"),
)
SHEET = 112  # pixels of a side on which strokes are drawn
TURNS: dict[str, tuple[Callable[[Bytes], Bytes], tuple[int, ...]]] = {
    "mirrored": (lambda square: square[:, ::-1], (3, 4, 2, 6, 7, 9)),
    "flipped": (lambda square: square[::-1], (3, 6, 9)),
    "left": (np.rot90, (2, 3, 4, 5, 6, 7, 9)),
    "right": (lambda square: np.rot90(square, -1), (1, 2, 3, 4, 5, 6, 7, 9)),
    "upside down": (lambda square: square[::-1, ::-1], (4, 7)),
}
"""Turns, and the digits that are none afterwards: a 6 upside down is a 9, a 5 in the mirror a 2."""


def no_digits(images: Bytes, labels: Bytes, count: int, rng: np.random.Generator) -> Bytes:
    """Return `count` images (count, 784) uint8 of no digit."""
    kinds = rng.choice(list(KINDS), count, p=list(KINDS.values()))
    made = [_make(str(kind), images, labels, rng) for kind in kinds]
    return np.ascontiguousarray(made).reshape(count, 784)


def _make(kind: str, images: Bytes, labels: Bytes, rng: np.random.Generator) -> Bytes:
    if kind == "turned":
        turn, digits = TURNS[str(rng.choice(list(TURNS)))]
        place = rng.choice(np.flatnonzero(np.isin(labels, digits)))
        return np.asarray(turn(images[place].reshape(28, 28)))
    if kind == "pair":
        left, right = rng.integers(len(images), size=2)
        return _pair(images[left].reshape(28, 28), images[right].reshape(28, 28), rng)
    if kind == "spots":
        return _spots(rng)
    strokes = {"letter": _letter, "sign": _sign, "scribble": _scribble}[kind](rng)
    return _drawn(strokes, int(rng.integers(5, 14)))


def _drawn(strokes: list[Points], pen: int) -> Bytes:
    image = Image.new("L", (SHEET, SHEET))
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        draw.line([(x, y) for x, y in stroke], 255, pen, "curve")
    return np.asarray(image.resize((28, 28), Image.Resampling.BOX))


def _letter(rng: np.random.Generator) -> list[Points]:
    unsteady, round_off = rng.uniform(1, 5), rng.uniform(0.1, 6)
    strokes = []
    for stroke in str(rng.choice(LETTERS)).split():
        corners = np.array([int(number) for number in stroke], float).reshape(-1, 2) * 14 + (28, 14)
        corners += rng.normal(0, unsteady, corners.shape)
        fine = np.linspace(0, len(corners) - 1, 8 * len(corners))
        line = np.stack([np.interp(fine, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)], 1)
        strokes.append(gaussian_filter1d(line, round_off, axis=0, mode="nearest"))
    return strokes


def _sign(rng: np.random.Generator) -> list[Points]:
    def corner() -> Points:
        return np.array([rng.choice([22, 56, 90]), rng.choice([20, 44, 68, 92])]) + rng.normal(0, 4, 2)

    strokes: list[Points] = []
    start = corner()
    while len(strokes) < 3 or rng.random() < 0.5:
        start = start if rng.random() < 0.4 else corner()
        end = corner()
        if np.hypot(*(end - start)) > 15:
            strokes.append(_curve(start, end, rng.choice([0, 0, 0, 0.4, -0.4, 0.7, -0.7])))
            start = end
    if rng.random() < 0.25:  # a ring, as Hangul has it
        angle = np.linspace(0, 2 * np.pi, 24)
        ring = np.stack([np.cos(angle), np.sin(angle) * rng.uniform(0.7, 1.2)], 1)
        strokes.append(corner() + rng.uniform(10, 22) * ring)
    return strokes


def _curve(start: Points, end: Points, bow: float) -> Points:
    t = np.linspace(0, 1, 12)[:, None]
    chord = end - start
    middle = (start + end) / 2 + np.array([-chord[1], chord[0]]) * bow
    return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t * t * end)


def _scribble(rng: np.random.Generator) -> list[Points]:
    knots = rng.normal(size=(int(rng.integers(8, 40)), 2))
    fine = np.linspace(0, len(knots) - 1, len(knots) * 8)
    line = np.stack([np.interp(fine, np.arange(len(knots)), knots[:, axis]) for axis in (0, 1)], 1)
    line = gaussian_filter1d(line, rng.uniform(1, 4), axis=0)
    line -= line.mean(0)
    return [SHEET / 2 + line / (np.abs(line).max(0) + 1e-6) * rng.uniform([15, 20], 40)]


def _spots(rng: np.random.Generator) -> Bytes:
    hills = gaussian_filter(rng.normal(size=(28, 28)), rng.uniform(0.6, 3))
    y, x = np.mgrid[:28, :28] - 13.5
    inside = (x / rng.uniform(5, 11)) ** 2 + (y / rng.uniform(6, 11)) ** 2 < 1
    return np.where((hills > np.quantile(hills, rng.uniform(0.4, 0.9))) & inside, 255, 0).astype(np.uint8)


def _pair(left: Bytes, right: Bytes, rng: np.random.Generator) -> Bytes:
    """Two digits side by side on 28 x 28 pixels, up to a pixel over each other or two apart."""
    left, right = (square[:, np.flatnonzero(square.any(0))] for square in (left, right))
    right = np.roll(right, int(rng.integers(-3, 4)), 0)
    gap = int(rng.integers(-1, 3))
    both = np.zeros((28, left.shape[1] + gap + right.shape[1]), np.uint8)
    both[:, : left.shape[1]] = left
    np.maximum(both[:, -right.shape[1] :], right, out=both[:, -right.shape[1] :])
    missing = max(0, both.shape[1] - 28)
    tall = np.pad(both, ((missing // 2, missing - missing // 2), (0, 0)))
    if missing:
        return np.asarray(Image.fromarray(tall).resize((28, 28), Image.Resampling.BOX))
    return np.pad(tall, ((0, 0), ((28 - both.shape[1]) // 2, 28 - both.shape[1] - (28 - both.shape[1]) // 2)))
