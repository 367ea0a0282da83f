"""Other hands and other pens: from one digit as many as wanted, each framed like a picture; trains nothing.

A digit is kept as three fields on a fine grid, from which it can be written again at any size with any pen:

    gray   the image itself, −1 … 1 around its edge
    edge   the distance to the stroke's edge, inside positive, in cells (a cell is a pixel of MNIST)
    spine  the distance to the stroke's middle line, in cells

A variation draws one of the pens, bends the grid (slant, turn, size, elastic), samples it, blurs or coarsens the
result and puts it through `engine.frame`, as every picture that is read. (Elastic distortions: Simard 2003.)
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glassnet.data.idx import PIXELS, SIDE
from glassnet.engine import native

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

FINE = 2  # samples of a field per cell
MARGIN = 1  # cells of paper around the image, so that bent strokes stay inside
GRID = 40  # pixels of a side on which a variation is written
STEPS = 16  # a cell in the fields' bytes
PENS = (0.35, 0.6, 1.0, 1.5)  # half of the stroke's width in cells
FAINTEST = 8  # gray levels that a picture's ink has
EDGE = 0.45  # of full ink: more is stroke
TOGETHER = 50  # digits on one sheet
NOTHING = np.zeros((0, (SIDE + 2 * MARGIN) * FINE, (SIDE + 2 * MARGIN) * FINE), np.int8)
REACH = 5 * STEPS  # no pen reaches further, and the next digit on the sheet is not nearer
KNOTS = 8  # of a side, between which the elastic grid is smooth


@dataclass(frozen=True)
class Fields:
    """The three fields of n digits, each (n, side, side) int8 in sixteenths."""

    gray: NDArray[np.int8]
    edge: NDArray[np.int8]
    spine: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.gray)

    def __getitem__(self, places: NDArray[np.integer] | slice) -> "Fields":
        return Fields(self.gray[places], self.edge[places], self.spine[places])


def fields(images: Bytes) -> Fields:
    """Return the fields of images (n, 784) uint8."""
    parts = [_fields(images[first : first + TOGETHER]) for first in range(0, len(images), TOGETHER)]
    return (
        Fields(*(np.concatenate(kind) for kind in zip(*parts, strict=True)))
        if parts
        else Fields(*[NOTHING] * 3)
    )


def _fields(images: Bytes) -> tuple[NDArray[np.int8], ...]:
    """Fields of a few digits, side by side on one sheet: nothing reaches further than the paper between them."""
    from PIL import Image
    from scipy.ndimage import distance_transform_edt, gaussian_filter
    from skimage.morphology import skeletonize

    squares = np.pad(images.reshape(-1, SIDE, SIDE), ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))
    sheet = Image.fromarray(np.hstack(list(squares)))
    size = (sheet.width * FINE, sheet.height * FINE)
    gray = np.asarray(sheet.resize(size, Image.Resampling.BICUBIC), np.float32) / 255
    ink = gray > EDGE
    spine = distance_transform_edt(~skeletonize(ink))  # type: ignore[no-untyped-call]
    edge = distance_transform_edt(ink) - distance_transform_edt(~ink)
    smooth = [gaussian_filter(field.astype(np.float32) / FINE, 0.7, truncate=2) for field in (edge, spine)]
    return tuple(
        np.clip(np.rint(field * STEPS), -REACH, REACH)
        .astype(np.int8)
        .reshape(size[1], len(images), size[1])
        .transpose(1, 0, 2)
        for field in (2 * gray - 1, *smooth)
    )


def _basis() -> Floats:
    """Cubic B-splines: (GRID, KNOTS), every row a partition of 1."""
    places = np.linspace(1, KNOTS - 2, GRID)[:, None] - np.arange(KNOTS)[None]
    far = np.abs(places)
    near = 2 / 3 - far**2 + far**3 / 2
    return np.where(far < 1, near, np.clip(2 - far, 0, None) ** 3 / 6).astype(np.float32)


BASIS = _basis()
AXIS = ((np.arange(GRID) + 0.5) / GRID - 0.5).astype(np.float32)


@dataclass(frozen=True)
class Hand:
    """How far variations go; each number is drawn anew for every copy.

    `turn` in degrees, `slant` and `stretch` as fractions, each evenly from minus to plus. `bow`, the bending of the
    whole digit, and `elastic`, that of its parts in cells, are standard deviations up to these. `proportion`: how far
    the upper part grows at the cost of the lower, as a bow, evenly from minus to plus; half as far for left and
    right. `own`: the share of copies that keep the pen they were written with.
    """

    turn: float = 12
    slant: float = 0.35
    stretch: float = 0.2
    bow: float = 0.4
    elastic: float = 1.3
    proportion: float = 0.5
    own: float = 0.35


def vary(some: Fields, rng: "np.random.Generator", hand: Hand | None = None) -> Bytes:
    """Return one variation of each digit, (n, 784) uint8, as `engine.frame` gives it."""
    from scipy.ndimage import map_coordinates

    hand = hand or Hand()
    strokes, places = _strokes(some, rng, hand), _places(len(some), rng, hand)
    places += (strokes.shape[1] - 1) / 2
    ink = np.empty((len(some), GRID, GRID), np.float32)
    for number, stroke in enumerate(strokes):
        map_coordinates(stroke, places[number], ink[number], order=1, mode="nearest")
    result = np.zeros((len(some), PIXELS), np.uint8)
    for number, picture in enumerate(_pictures(np.clip(ink + 0.5, 0, 1), rng)):
        framed = native.frame(picture)
        if framed is not None:
            result[number] = framed.reshape(PIXELS)
    return result


def _strokes(some: Fields, rng: "np.random.Generator", hand: Hand) -> Floats:
    """The fields as new pens make them, −0.5 paper … 0.5 ink at their edges: (n, side, side)."""
    count = len(some)
    edge, spine = some.edge.astype(np.float32) / STEPS, some.spine.astype(np.float32) / STEPS
    pen = _each(rng.choice(PENS, count) * rng.uniform(0.8, 1.3, count))
    thinner = _each(rng.uniform(-0.9, 0.7, count))
    one_width = rng.random(count) < 0.5
    # Where a stroke would become thinner than the thinnest pen, that pen is seen: it does not break.
    strokes = np.where(one_width[:, None, None], pen - spine, np.maximum(edge + thinner, PENS[0] - spine))
    soft = _each(np.where(rng.random(count) < 0.5, 0.5, rng.uniform(0.5, 1.6, count)))
    own = rng.random(count) < hand.own
    gray = some.gray.astype(np.float32) / STEPS / 2
    return np.where(own[:, None, None], gray, strokes / soft)


def _places(count: int, rng: "np.random.Generator", hand: Hand) -> Floats:
    """Where each pixel of the grid looks into the fields, from their middle: (n, 2, GRID, GRID), rows first."""
    size = 20 * FINE * rng.uniform(1.08, 1.4, count)  # what the grid shows: the digit and some paper
    stretch = np.exp(rng.uniform(-hand.stretch, hand.stretch, count))
    angle = np.deg2rad(rng.uniform(-hand.turn, hand.turn, count))
    slant = rng.uniform(-hand.slant, hand.slant, count)
    cosine, sine = np.cos(angle), np.sin(angle)
    turned = np.stack([cosine, -sine, sine + slant * cosine, cosine - slant * sine], 1).reshape(count, 2, 2)
    matrix = turned * np.stack([size * stretch, size / stretch], 1)[:, :, None]
    down, along = np.broadcast_arrays(AXIS[:, None], AXIS[None])
    bows = rng.normal(size=(count, 2, 3)) * _each(rng.uniform(0, hand.bow, count))
    bows[:, 0, 0] += rng.uniform(
        -hand.proportion, hand.proportion, count
    )  # a 9 with a small loop, a large one
    bows[:, 1, 2] += rng.uniform(-hand.proportion, hand.proportion, count) / 2
    bows *= 20 * FINE
    terms = np.stack([down, along, down * down, down * along, along * along]).astype(np.float32)
    places = np.tensordot(np.concatenate([matrix, bows], 2).astype(np.float32), terms, 1)
    strength = rng.uniform(0, hand.elastic, count) * FINE
    knots = rng.normal(size=(count, 2, KNOTS, KNOTS)) * strength[:, None, None, None]
    places += BASIS @ knots.astype(np.float32) @ BASIS.T
    places += rng.uniform(-0.5, 0.5, (count, 2, 1, 1)).astype(np.float32)
    return np.asarray(places, np.float32)


def _pictures(ink: Floats, rng: "np.random.Generator") -> Iterator[Bytes]:
    """Yield each digit as bytes: blurred, coarse, faint, grainy, in black and white, or as it is."""
    from scipy.ndimage import gaussian_filter

    count = len(ink)
    kind = rng.random(count)
    for number, sigma in enumerate((0.6, 1.0, 1.5)):
        some = np.flatnonzero((kind < 0.25) & (np.arange(count) % 3 == number))
        ink[some] = gaussian_filter(ink[some], (0, sigma, sigma))
    grainy = np.flatnonzero((kind > 0.25) & (kind < 0.4))
    grain = rng.random((len(grainy), GRID, GRID), np.float32)
    ink[grainy] *= 1 - _each(rng.uniform(0, 0.6, len(grainy))) * grain
    strength = np.where(rng.random(count) < 0.6, 1, rng.uniform(0.45, 1, count)) * 255
    coarse = rng.choice([1, 2, 4, 5], count, p=[0.6, 0.2, 0.12, 0.08])
    bilevel = (rng.random(count) < 0.12) & (coarse < 4)
    for number, times in enumerate(coarse):
        one = ink[number].reshape(GRID // times, times, GRID // times, times).mean((1, 3))
        level = np.where(one > 0.35, 255, 0) if bilevel[number] else np.rint(one * strength[number])
        yield np.where(level < FAINTEST, 0, level).astype(np.uint8)


def _each(numbers: NDArray[np.floating]) -> Floats:
    return numbers.astype(np.float32)[:, None, None]
