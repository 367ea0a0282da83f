"""Pictures without a digit: blank sheets, scribbles, letters, things; each to be refused. Reads nothing."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from scenery import camera, paper
from scenery.scene import INKS, Scene

LETTERS = (
    "AEFHKMNPRTWXYabdefhkmnrtwxy가나다라마바한글수학"  # not those that are digits too, such as l, O, S and Z
)
KINDS = ("blank", "blank", "scribble", "letter", "thing")


def without_digits(seed: int) -> Scene:
    """Return the picture of a seed: a fifth scribbles, a fifth letters, a fifth things, else blank sheets."""
    rng = np.random.default_rng([seed, 0xE117])
    kind = KINDS[seed % len(KINDS)]
    height, width = int(rng.integers(300, 900)), int(rng.integers(300, 1100))
    if kind == "thing":
        picture = _thing((height, width), rng)
        return Scene(
            camera.taken(picture, rng, rng.uniform(0, 1.5), rng.choice([0, 0.01, 0.03]), 85), (), kind
        )
    sheet = paper.sheet((height, width), str(rng.choice(paper.PAPERS)), rng.uniform(0, 1.5), rng)
    lines = str(rng.choice(["plain", "ruled", "squared", "margin", "dotted"]))
    if lines != "plain":
        paper.rule(
            sheet, lines, rng.uniform(15, 90), str(rng.choice(list(paper.LINES))), rng.uniform(1, 3), rng
        )
    if kind != "blank":
        ink = _scribble((height, width), rng) if kind == "scribble" else _letters((height, width), rng)
        color = np.array(INKS[str(rng.choice(list(INKS)))], np.float32)
        sheet += (color - sheet) * (ink * rng.uniform(0.7, 1))[..., None]
    homography = camera.view((height, width), rng.uniform(-8, 8), 0.02, rng.choice([0.85, 1.0]), rng)
    table = tuple(float(value) for value in rng.uniform(0.1, 0.6, 3))
    picture = camera.seen(sheet, homography, table)  # type: ignore[arg-type]
    picture = camera.lit(picture, rng, rng.uniform(0, 0.6), int(rng.integers(0, 3)), rng.choice([0, 0.5]))
    noise = rng.choice([0, 0.006, 0.02])
    return Scene(
        camera.taken(picture, rng, rng.uniform(0, 1.5), noise, int(rng.choice([0, 60, 85]))),
        (),
        f"{kind} {lines}",
    )


def _scribble(shape: tuple[int, int], rng: np.random.Generator) -> paper.Floats:
    height, width = shape
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    size = min(shape) * rng.uniform(0.15, 0.4)
    for _ in range(int(rng.integers(1, 4))):
        knots = int(rng.integers(15, 60))
        points = rng.normal(size=(knots, 2)) * size / 2
        fine = np.linspace(0, knots - 1, knots * 8)
        points = np.stack([np.interp(fine, range(knots), points[:, axis]) for axis in (0, 1)], 1)
        points = ndimage.gaussian_filter1d(points, 3, axis=0) * 1.5 + rng.uniform(0.35, 0.65, 2) * (
            width,
            height,
        )
        draw.line([(float(x), float(y)) for x, y in points], 255, int(rng.integers(2, 8)), "curve")
    return np.asarray(image, np.float32) / 255


def _letters(shape: tuple[int, int], rng: np.random.Generator) -> paper.Floats:
    height, width = shape
    image = Image.new("L", (width, height))
    font = ImageFont.truetype(_font(), int(min(shape) * rng.uniform(0.15, 0.5)))
    text = "".join(str(letter) for letter in rng.choice(list(LETTERS), int(rng.integers(1, 4))))
    ImageDraw.Draw(image).text((width / 2, height / 2), text, 255, font, "mm")
    ink = np.asarray(image, np.float32) / 255
    y, x = np.mgrid[:height, :width].astype(np.float32)
    wave, lean = rng.uniform(0, 0.01) * min(shape), rng.uniform(-0.2, 0.2)
    x = x + lean * (y - height / 2) + wave * np.sin(y / min(shape) * 20)
    return np.asarray(ndimage.map_coordinates(ink, [y, x], order=1), np.float32)


def _font() -> Path:
    from glassnet.show.drawing import FONT

    return FONT


def _thing(shape: tuple[int, int], rng: np.random.Generator) -> paper.Floats:
    """Return a landscape, leaves, bricks, stripes or a cloud in random colors."""
    height, width = shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    kind = str(rng.choice(["clouds", "leaves", "bricks", "stripes", "landscape"]))
    one, two = rng.uniform(0.1, 0.95, (2, 3)).astype(np.float32)
    if kind == "clouds":
        mask = sum(_hills(shape, 2**k, rng) / 2**k for k in range(1, 7))
        mask = (mask - mask.min()) / np.ptp(mask)
    elif kind == "leaves":
        mask = np.zeros(shape, np.float32)
        for _ in range(int(rng.integers(10, 60))):
            cy, cx, angle = rng.uniform(0, height), rng.uniform(0, width), rng.uniform(0, np.pi)
            long, short = rng.uniform(0.05, 0.2) * width, rng.uniform(0.02, 0.08) * width
            u = (x - cx) * np.cos(angle) + (y - cy) * np.sin(angle)
            v = -(x - cx) * np.sin(angle) + (y - cy) * np.cos(angle)
            inside = (u / long) ** 2 + (v / short) ** 2 < 1
            mask[inside] = rng.uniform(0.2, 1) + 0.2 * (u[inside] / long)
    elif kind == "bricks":
        tall, long = rng.uniform(20, 60), rng.uniform(60, 160)
        shift = (np.floor(y / tall) % 2) * long / 2
        mask = ((y % tall > 4) & ((x + shift) % long > 4)) * (0.8 + 0.1 * _hills(shape, 30, rng))
    elif kind == "stripes":
        mask = 0.5 + 0.5 * np.sin((x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1)) / rng.uniform(5, 30))
    else:
        horizon = height * (
            0.5 + 0.1 * np.sin(x / width * rng.uniform(3, 20)) + 0.05 * _hills(shape, 60, rng)
        )
        mask = np.where(y > horizon, 0.8 + 0.2 * _hills(shape, 5, rng), 0.3 * y / height)
    mask = np.clip(mask, 0, 1)[..., None].astype(np.float32)
    return np.asarray(one * (1 - mask) + two * mask, np.float32)


def _hills(shape: tuple[int, int], count: int, rng: np.random.Generator) -> paper.Floats:
    few = rng.normal(size=(count + 2, count + 2)).astype(np.float32)
    large = Image.fromarray(few).resize(shape[::-1], Image.Resampling.BICUBIC)
    return np.asarray(large, np.float32)
