"""A scene: 1 to 200 digits of MNIST's test set on a sheet, photographed, and where each of them is; reads nothing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import glassnet
from scenery import camera, paper, pens

Floats = NDArray[np.floating]

INKS = {
    "black": (0.08, 0.08, 0.10),
    "blue": (0.10, 0.16, 0.50),
    "light blue": (0.20, 0.35, 0.75),
    "red": (0.72, 0.12, 0.14),
    "green": (0.08, 0.42, 0.22),
    "pencil": (0.38, 0.38, 0.40),
    "violet": (0.36, 0.15, 0.50),
}
CHALKS = {"white": (0.92, 0.92, 0.90), "yellow": (0.93, 0.88, 0.55)}


@dataclass(frozen=True)
class Truth:
    """A digit of the scene: `box` is x, y, width and height in pixels of the photograph."""

    label: int
    box: tuple[float, float, float, float]
    line: int


@dataclass(frozen=True)
class Scene:
    """A photograph as the bytes of a file, what is written on it, and how it was made."""

    content: bytes
    digits: tuple[Truth, ...]
    about: str


@dataclass(frozen=True)
class _Placed:
    ink: Floats
    label: int
    x: int
    y: int
    line: int


def scene(seed: int, count: int | None = None, longest: int | None = None) -> Scene:
    """Return the scene of a seed; `count` digits and `longest` pixels along the longer side where they are given."""
    rng = np.random.default_rng([seed, 0x5CE4E])
    crowd = str(rng.choice(["one", "row", "lines", "page"], p=[0.25, 0.35, 0.28, 0.12]))
    most = {"one": (1, 2), "row": (2, 9), "lines": (6, 40), "page": (40, 201)}[crowd]
    number = int(rng.integers(*most))
    count = number if count is None else count
    rows = 1 if count < 9 else int(np.ceil(np.sqrt(count / rng.uniform(1.2, 3))))
    if count > 2 and rows == 1 and rng.random() < 0.2:
        rows = 2
    columns = -(-count // rows)
    long = int(longest or rng.integers(500, 1100) + (900 if count > 8 else 0) + (600 if count > 60 else 0))
    width, height = (long, int(long * rng.uniform(0.55, 0.8)))
    if rng.random() < 0.4 and rows >= columns:
        width, height = height, width
    inner_width, inner_height = width * 0.76, height * 0.72
    digit = min(inner_height / (rows * 1.45), inner_width / (columns * 1.0))
    digit = max(18.0, digit * rng.uniform(0.55, 1.0) if count > 1 else digit * rng.uniform(0.25, 0.9))
    placed = _placed(count, rows, columns, digit, (height, width), rng)
    return _photographed(
        placed, digit, (height, width), rng, f"seed {seed}: {count} digits of {digit:.0f} px"
    )


def _placed(
    count: int, rows: int, columns: int, digit: float, shape: tuple[int, int], rng: np.random.Generator
) -> list[_Placed]:
    height, width = shape
    test = glassnet.mnist().test
    pen = float(rng.choice([0.0, rng.uniform(0.035, 0.07), rng.uniform(0.07, 0.13), rng.uniform(0.13, 0.2)]))
    gap = rng.uniform(0.18, 0.7) * digit
    touching = float(rng.choice([0.0, 0.0, 0.1, 0.25])) if count > 1 else 0.0
    pitch = digit * rng.uniform(1.4, 1.8)
    block = min(height * 0.8, pitch * rows)
    top = (height - block) * rng.uniform(0.35, 0.65)
    placed: list[_Placed] = []
    for row in range(rows):
        in_row = min(columns, count - row * columns)
        x = width * 0.11 + rng.uniform(0, 0.3) * max(0.0, width * 0.78 - in_row * (digit * 0.65 + gap))
        before: Floats | None = None
        for _ in range(in_row):
            index = int(rng.integers(len(test)))
            image, label = test[index]
            square = image.reshape(28, 28)
            tall = int(np.ptp(np.flatnonzero(square.any(1)))) + 1
            size = int(digit * rng.uniform(0.85, 1.1) * max(tall, 14) / 20)  # MNIST made a lying digit low
            ink = pens.written(image, max(size, 12), pen, rng)
            y = int(top + row * pitch + (digit - ink.shape[0]) + rng.uniform(-0.08, 0.08) * digit)
            if before is not None and rng.random() < touching:
                x = placed[-1].x + _touching(before, placed[-1].y, ink, y)
            if x + ink.shape[1] > width - 3 or y + ink.shape[0] > height - 3 or y < 2:
                break
            placed.append(_Placed(ink, label, int(x), y, row))
            x += ink.shape[1] + gap * rng.uniform(0.6, 1.4)
            before = ink
    return placed


def _touching(left: Floats, left_y: int, right: Floats, right_y: int) -> int:
    """Return how far right of `left` the ink of `right` begins to touch it, by a pixel or two."""
    ends = {
        left_y + row: int(np.flatnonzero(line > 0.4)[-1])
        for row, line in enumerate(left)
        if (line > 0.4).any()
    }
    room = [
        ends[right_y + row] - int(np.flatnonzero(line > 0.4)[0])
        for row, line in enumerate(right)
        if (line > 0.4).any() and right_y + row in ends
    ]
    return max(room) - 1 if room else left.shape[1]


def _photographed(
    placed: list[_Placed], digit: float, shape: tuple[int, int], rng: np.random.Generator, about: str
) -> Scene:
    dark = rng.random() < 0.08
    color = str(rng.choice(["board", "black"]) if dark else rng.choice(paper.PAPERS))
    sheet = paper.sheet(shape, color, rng.uniform(0, 1.5), rng)
    kind = str(rng.choice(["plain", "ruled", "squared", "margin", "dotted"], p=[0.4, 0.25, 0.2, 0.1, 0.05]))
    if kind != "plain" and not dark:
        pitch = digit * rng.uniform(0.5, 1.8) if kind != "squared" else digit * rng.uniform(0.35, 1.2)
        paper.rule(
            sheet,
            kind,
            max(pitch, 9),
            str(rng.choice(list(paper.LINES))),
            rng.uniform(1, max(1.5, digit / 40)),
            rng,
        )
    inks = CHALKS if dark else INKS
    name = str(rng.choice(list(inks)))
    ink_color = np.array(inks[name], np.float32)
    rough = rng.uniform(0.3, 0.6) if name == "pencil" or dark else rng.uniform(0, 0.15)
    strength = rng.uniform(0.65, 1.0)
    for one in placed:
        rows, columns = one.ink.shape
        area = sheet[one.y : one.y + rows, one.x : one.x + columns]
        alpha = one.ink * strength * pens.grain(one.ink.shape, rough, rng)
        area += (ink_color - area) * alpha[..., None]
    angle = rng.uniform(-10, 10) if rng.random() < 0.5 else rng.uniform(-2, 2)
    table = rng.random() < 0.25
    homography = camera.view(shape, angle, rng.choice([0, 0.01, 0.03]), 0.86 if table else 1.0, rng)
    if not table:  # the sheet goes on beyond the picture
        fill = tuple(float(value) for value in np.array(paper.COLORS[color]))
    else:
        fill = tuple(float(value) for value in rng.uniform(0.1, 0.5) * rng.uniform(0.6, 1, 3))
    plain_screen = rng.random() < 0.1
    if plain_screen:
        homography = np.eye(3)
        picture = sheet
    else:
        picture = camera.seen(sheet, homography, fill)  # type: ignore[arg-type]
        picture = camera.lit(
            picture, rng, rng.uniform(0, 0.6), int(rng.choice([0, 0, 1, 2])), rng.choice([0, 0.3, 0.8])
        )
    content = camera.taken(
        picture,
        rng,
        0 if plain_screen else rng.uniform(0, max(0.6, digit / 45)),
        0 if plain_screen else rng.choice([0, 0.006, 0.02]),
        int(rng.choice([0, 60, 75, 90])),
    )
    truths = [truth for one in placed if (truth := _truth(one, homography, shape))]
    return Scene(
        content,
        tuple(truths),
        f"{about}, {name} on {color} {kind}, {angle:.0f}°, {'table' if table else 'sheet'}",
    )


def _truth(one: _Placed, homography: camera.Matrix, shape: tuple[int, int]) -> Truth | None:
    rows, columns = np.nonzero(one.ink > 0.5)
    points = camera.moved(homography, np.c_[columns + one.x, rows + one.y].astype(float))
    low, high = points.min(0), points.max(0) + 1
    if low.min() < 1 or high[0] > shape[1] - 1 or high[1] > shape[0] - 1:
        return None  # cut off by the picture's edge
    return Truth(one.label, (low[0], low[1], high[0] - low[0], high[1] - low[1]), one.line)
