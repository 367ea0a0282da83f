"""Pieces of ink and the lines of writing that they stand in; recognizes no digit.

labels  (h, w) int32, 0 paper, else the number of a piece
tall    the usual height of the writing, in pixels
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glassnet.pictures.ink import AROUND, Ink

Labels = NDArray[np.int32]

GRAIN = 0.008  # of a photograph's longer side: smaller is what no digit can be read from
DUST = 0.13  # of the usual height: smaller on both sides is a speck, on a photograph
FAINT = 0.2  # of the pen's contrast: what is left of a stroke where it is broken
THREAD = 0.015  # of its length: a line that is thinner is no pen's, but a sheet's edge
WIDEST = 2.0  # times as wide as high is a digit
STROKES = 4  # of which a digit is written, at most
DOT = 0.75  # of its box that a dot fills, and of its longer side that its shorter one has
DOTS = 3  # at least are a pattern, and one is a digit that is hard to see
MOST = 4000  # pieces, beyond which a picture is a texture and no writing


@dataclass(frozen=True)
class Piece:
    """A connected piece of ink: its number, its box (bottom and right are the first without ink) and its area."""

    number: int
    top: int
    bottom: int
    left: int
    right: int
    area: int

    @property
    def height(self) -> int:
        """Rows from top to bottom."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns from left to right."""
        return self.right - self.left

    @property
    def x(self) -> float:
        """The middle, along the line."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        """The middle, down the page."""
        return (self.top + self.bottom) / 2


def find(ink: Ink) -> tuple[Labels, list[Piece], float]:
    """Return the labels, the pieces without specks and things too large to be writing, and the usual height."""
    from scipy import ndimage

    labels, count = ndimage.label(ink.mask, AROUND)
    if not 0 < count <= 20 * MOST:
        return labels, [], 0.0
    areas = np.bincount(labels.reshape(-1), minlength=count + 1)
    pieces = [
        Piece(number, rows.start, rows.stop, columns.start, columns.stop, int(areas[number]))
        for number, (rows, columns) in enumerate(ndimage.find_objects(labels), start=1)
    ]
    tall = _usual_height(pieces, clean=ink.clean)
    if not ink.clean:
        longest = max(ink.mask.shape)
        pieces = _without_outlines(pieces, 0.45 * longest)
        grains = GRAIN * longest  # a thousand of them outweigh a digit
        tall = _usual_height(_without_dust(pieces, grains / DUST) or pieces, clean=ink.clean)
        pieces = _without_dots(_without_dust(pieces, tall))
        tall = _usual_height(_mended(pieces, labels, ink), clean=ink.clean)
        pieces = _without_dust(pieces, tall)  # beside what is much larger, the grain of a table is dust, too
    elif tall > 60:  # a drawing's own dots of a pixel or two
        pieces = [piece for piece in pieces if max(piece.height, piece.width) >= 0.05 * tall]
    pieces = [piece for piece in pieces if piece.height <= 3 * tall]
    return labels, pieces if len(pieces) <= MOST else [], tall


def _without_outlines(pieces: list[Piece], longest: float) -> list[Piece]:
    """Return the pieces without the outline of a sheet: long and hardly filled, or a line much longer than the rest."""
    short = [piece for piece in pieces if max(piece.height, piece.width) < longest]
    large = [piece for piece in short if max(piece.height, piece.width) > 0.03 * longest]
    usual = _usual_height(large, clean=False)

    def is_outline(piece: Piece) -> bool:
        low, high = sorted((piece.height, piece.width))
        if piece.area < THREAD * high * high:
            return True
        return piece.area <= 0.1 * low * high or (low < 0.2 * high and 0 < 2.5 * usual < high)

    return [piece for piece in pieces if max(piece.height, piece.width) < longest or not is_outline(piece)]


def _without_dots(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces without rows of dots, such as a notebook's holes, where anything else is written."""

    def is_dot(piece: Piece) -> bool:
        short, long = sorted((piece.height, piece.width))
        return short > DOT * long and piece.area > DOT * short * long

    others = [piece for piece in pieces if not is_dot(piece)]
    return others if len(pieces) - len(others) >= DOTS else pieces


def _without_dust(pieces: list[Piece], tall: float) -> list[Piece]:
    dust = max(3.0, DUST * tall)
    return [piece for piece in pieces if max(piece.height, piece.width) >= dust]


def _mended(pieces: list[Piece], labels: Labels, ink: Ink) -> list[Piece]:
    """Return the pieces with those made one that a faint spot of a stroke has broken, one above the other."""
    from scipy import ndimage

    faint, _count = ndimage.label(ink.found & (ink.contrast > FAINT * ink.level), AROUND)
    passed: list[Piece] = []
    near: list[tuple[int, Piece]] = []  # what a piece that begins further right may still lie above or below
    for piece in sorted(pieces, key=lambda piece: piece.left):
        row = piece.top + int(np.argmax(labels[piece.top : piece.bottom, piece.left] == piece.number))
        link = int(faint[row, piece.left])
        one, still = piece, []
        for other_link, other in near:
            if other.right <= piece.left:
                passed.append(other)
            elif _one_stroke(one, other, linked=link == other_link):
                one = _both(one, other)
            else:
                still.append((other_link, other))
        near = [*still, (link, one)]
    return passed + [piece for _link, piece in near]


def _one_stroke(one: Piece, other: Piece, *, linked: bool) -> bool:
    """Tell whether one of two pieces goes on above the other."""
    common = min(one.right, other.right) - max(one.left, other.left)
    gap = max(one.top, other.top) - min(one.bottom, other.bottom)
    wide, far = (0.3, 0.2) if linked else (0.6, 0.08)
    return common >= wide * min(one.width, other.width) and gap <= far * _both(one, other).height


def _both(one: Piece, other: Piece) -> Piece:
    return Piece(
        one.number,
        min(one.top, other.top),
        max(one.bottom, other.bottom),
        min(one.left, other.left),
        max(one.right, other.right),
        one.area + other.area,
    )


def _usual_height(pieces: list[Piece], *, clean: bool) -> float:
    """Return the median height, pieces counted by the longer side of their boxes: dust does not weigh.

    A digit that lies is lower than others; what is wider than one on a photograph is several joined, each as high as
    all.
    """
    if not pieces:
        return 0.0
    heights = np.array(
        [
            piece.height
            if not clean and piece.width > WIDEST * piece.height
            else max(piece.height, 0.7 * piece.width)
            for piece in pieces
        ]
    )
    weights = np.array([max(piece.height, piece.width) for piece in pieces])
    order = np.argsort(heights)
    middle = int(np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2))
    return float(heights[order][min(middle, len(heights) - 1)])


def lines(pieces: list[Piece], tall: float, *, everything: bool) -> list[list[Piece]]:
    """Return the pieces line by line, from the top, each from left to right, also on a page that is turned a little.

    Small pieces belong to the line they are nearest to; those that are far from any are left out, unless
    `everything` is asked for.
    """
    if not pieces:
        return []
    if _may_be_one_digit(pieces, tall):
        return [sorted(pieces, key=lambda piece: piece.x)]
    large = [piece for piece in pieces if piece.height >= 0.45 * tall] or pieces
    chosen = {piece.number for piece in large}
    slope = _slope(large, tall)
    found: list[list[Piece]] = []
    for piece in sorted(large, key=lambda piece: piece.y - slope * piece.x):
        if found and _beside(found[-1], piece, slope, tall):
            found[-1].append(piece)
        else:
            found.append([piece])
    middles = [_middle(line, slope) for line in found]
    for piece in pieces:
        if piece.number not in chosen:
            distances = [abs(piece.y - slope * piece.x - middle) for middle in middles]
            near = int(np.argmin(distances))
            if distances[near] <= 0.85 * tall or everything:
                found[near].append(piece)
    return [sorted(line, key=lambda piece: piece.x) for line in found]


def _may_be_one_digit(pieces: list[Piece], tall: float) -> bool:
    """Tell whether all there is could be the strokes of one digit, broken or written apart."""
    height = max(piece.bottom for piece in pieces) - min(piece.top for piece in pieces)
    width = max(piece.right for piece in pieces) - min(piece.left for piece in pieces)
    return len(pieces) <= STROKES and height <= 2 * tall and width <= 1.5 * tall


def _middle(line: list[Piece], slope: float) -> float:
    return float(np.median([piece.y - slope * piece.x for piece in line]))


def _beside(line: list[Piece], piece: Piece, slope: float, tall: float) -> bool:
    """Tell whether a piece stands in the line: near its middle, or beside its upper or lower part."""
    middle = _middle(line, slope)
    place = piece.y - slope * piece.x
    if place - middle < 0.55 * tall:
        return True
    half = float(np.median([one.height for one in line])) / 2
    common = min(place + piece.height / 2, middle + half) - max(place - piece.height / 2, middle - half)
    return common > 0.45 * min(piece.height, 2 * half)


def _slope(pieces: list[Piece], tall: float) -> float:
    """Return the tangent at which lines climb: the median over neighbors, 0 where there are too few."""
    pairs = 1 if len(pieces) < 4 else 3
    places = np.array([(piece.x, piece.y) for piece in pieces]).reshape(-1, 2)
    slopes = []
    for x, y in places:
        away = places - (x, y)
        right = (away[:, 0] > 0.3 * tall) & (away[:, 0] < 2.5 * tall) & (np.abs(away[:, 1]) < 0.6 * tall)
        if right.any():
            nearest = away[right][np.argmin(away[right][:, 0])]
            slopes.append(nearest[1] / nearest[0])
    return float(np.clip(np.median(slopes), -0.27, 0.27)) if len(slopes) >= pairs else 0.0
