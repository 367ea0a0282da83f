"""Rows of touching digits, cut in every way that the pipeline tries, so that the reader learns which cut is right.

Two or three digits, written by pens of about the same width, are pushed together until they touch, and the row is
turned a little, as on a photograph. Then `glassnet.pictures.segments` parts it and frames every span of its parts, as
it does when it reads. What holds one digit nearly whole and hardly anything else keeps that digit's label; what holds
half of one, or parts of two, is no digit. Trains nothing, and cuts nothing in a way of its own.

    sheet   (h, w) float32, ink 0 … 1 of the whole row          owns   (digits, h, w) float32, each digit's own ink
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from tools.no_digits import LABEL

from glassnet.pictures import segments
from glassnet.pictures.ink import AROUND, Ink
from glassnet.pictures.pieces import Piece

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

# A span with so much of a digit's ink, of whose own ink so much is that digit's, is that digit; below either of the
# others it is none. What lies between teaches nothing, since nobody could tell.
WHOLE, PURE = 0.92, 0.92
HALF, MIXED = 0.75, 0.78
MOST = 3  # digits in a row
TALL = 0.6  # of the usual height: what is lower is left out before the reader is asked
NONE = 2.5  # times as many spans that are no digit as spans that are one
HEIGHTS = (26, 64)  # pixels of a digit's longer side
EDGE = 0.42  # of full ink: more is ink, as on a photograph
TURN = 10.0  # degrees, either way


def cut_rows(images: Bytes, labels: Bytes, rng: np.random.Generator) -> tuple[Bytes, Bytes]:
    """Return framed spans (n, 784) and what each is, 0 … 9 or LABEL, of rows that use each image (m, 784) once."""
    order = np.argsort(_pens(images) + rng.normal(0, 0.15, len(images)))
    found: list[Bytes] = []
    kinds: list[int] = []
    place = 0
    starts = []
    while place < len(order):
        count = int(rng.integers(2, MOST + 1))
        starts.append(order[place : place + count])
        place += count
    for some in starts:
        if images[some].any(1).all():
            for image, kind in _spans(images[some], labels[some], rng):
                found.append(image)
                kinds.append(kind)
    return np.array(found, np.uint8).reshape(-1, 784), np.array(kinds, np.uint8)


def _pens(images: Bytes) -> NDArray[np.float64]:
    """Return about how wide each image's strokes are, in pixels: twice their area over the length of their edges."""
    squares = images.reshape(-1, 28, 28).astype(np.float64)
    edges = np.abs(np.diff(squares, axis=1)).sum((1, 2)) + np.abs(np.diff(squares, axis=2)).sum((1, 2))
    return np.asarray(2 * squares.sum((1, 2)) / np.maximum(edges, 1))


def _spans(images: Bytes, labels: Bytes, rng: np.random.Generator) -> list[tuple[Bytes, int]]:
    """Return what the pipeline makes of one row: each span's image and label, without those that nobody could tell."""
    tall = int(rng.integers(*HEIGHTS))
    owns = _row([_written(image, int(tall * rng.uniform(0.85, 1.1))) for image in images], rng)
    sheet = np.clip(owns.sum(0), 0, 1)
    if rng.random() < 0.5:
        sheet = np.clip(ndimage.gaussian_filter(sheet, rng.uniform(0.3, tall / 40)), 0, 1)
    sheet = sheet.astype(np.float32)
    mask = sheet > EDGE
    pieces_of, count = ndimage.label(mask, AROUND)
    areas = np.bincount(pieces_of.reshape(-1), minlength=count + 1)
    line = [
        Piece(number, rows.start, rows.stop, columns.start, columns.stop, int(areas[number]))
        for number, (rows, columns) in enumerate(ndimage.find_objects(pieces_of), start=1)
        if areas[number] > 0.05 * tall * tall / 4
    ]
    if not line:
        return []
    ink = Ink(sheet, mask, mask, 1.0, 0, clean=False)
    usual = tall * float(rng.uniform(0.9, 1.15))
    window = segments.window(ink, pieces_of.astype(np.int32), line, usual)
    inked = (owns > EDGE)[(slice(None), *window.around)]
    made: list[tuple[Bytes, int]] = []
    others: list[Bytes] = []
    for first, last in segments.spans(window.atoms, usual):
        span = (window.owner > first) & (window.owner <= last + 1) & mask[window.around]
        shares = (inked & span).sum((1, 2))
        best = int(shares.argmax())
        whole, pure = shares[best] / max(inked[best].sum(), 1), shares[best] / max(span.sum(), 1)
        kind = int(labels[best]) if whole > WHOLE and pure > PURE else LABEL
        if kind == LABEL and whole > HALF and pure > MIXED:
            continue
        image, (top, bottom, _left, _right) = segments.framed(window, first, last)
        if kind < LABEL:
            made.append((image, kind))
        elif bottom - top > TALL * usual:
            others.append(image)
    some = rng.permutation(len(others))[: int(NONE * max(1, len(made)))]
    return made + [(others[number], LABEL) for number in some]


def _written(image: Bytes, longest: int) -> Floats:
    """Return a digit's ink (h, w), its longer side `longest` pixels."""
    square = image.reshape(28, 28)
    rows, columns = np.flatnonzero(square.any(1)), np.flatnonzero(square.any(0))
    tight = square[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    factor = longest / max(tight.shape)
    size = tuple(max(2, round(side * factor)) for side in tight.shape[::-1])
    large = (
        np.asarray(Image.fromarray(tight).resize(size, Image.Resampling.BICUBIC), np.float32) / tight.max()
    )
    return np.asarray(np.clip((large - 0.5) * min(factor, 4) * 0.7 + 0.5, 0, 1), np.float32)


def _row(inks: list[Floats], rng: np.random.Generator) -> Floats:
    """Return each digit's ink on the sheet of all, pushed together until neighbors touch, and turned."""
    tall = max(len(ink) for ink in inks)
    jump = [int(rng.uniform(0, 1) * (tall - len(ink) + 0.12 * tall)) for ink in inks]
    high, wide = int(1.2 * tall) + 2, sum(ink.shape[1] for ink in inks) + 8
    owns = np.zeros((len(inks), high, wide), np.float32)
    x = 2
    for number, (ink, down) in enumerate(zip(inks, jump, strict=True)):
        if number:
            x = _touching(owns[number - 1], ink, down) - int(rng.choice([0, 0, 1, 1, 2, -2]))
        x = max(0, min(x, wide - ink.shape[1]))
        owns[number, down : down + len(ink), x : x + ink.shape[1]] = ink
    turn = rng.uniform(-TURN, TURN) if rng.random() < 0.5 else rng.uniform(-2, 2)
    return np.asarray(ndimage.rotate(owns, turn, axes=(1, 2), order=1), np.float32)


def _touching(left: Floats, right: Floats, down: int) -> int:
    """Return the column at which `right`, `down` rows lower, begins to touch the ink on the sheet `left`."""
    rows = np.arange(len(right)) + down
    both = (left[rows] > EDGE).any(1) & (right > EDGE).any(1)
    if not both.any():
        return int(np.flatnonzero((left > EDGE).any(0))[-1]) + 1
    ends = left.shape[1] - 1 - (left[rows] > EDGE)[:, ::-1].argmax(1)
    return int((ends - (right > EDGE).argmax(1))[both].max())
