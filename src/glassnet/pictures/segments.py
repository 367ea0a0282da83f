"""A line of pieces parted into digits: cut where they touch, joined where they are broken, as the reader likes best.

    atom     what is never parted: a piece, or a part of one between two cuts
    segment  atoms first … last, next to each other, read as one digit

Over-segmentation and dynamic programming over the reader's confidences, as in LeCun, Bottou, Bengio and Haffner,
"Gradient-based learning applied to document recognition" (1998), section IV. Refuses nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glassnet.engine import chosen
from glassnet.pictures.around import largest
from glassnet.pictures.cuts import parted
from glassnet.pictures.ink import Ink
from glassnet.pictures.pieces import Labels, Piece
from glassnet.pictures.reader import Answer, Reader
from glassnet.pictures.steadiness import steadiness
from glassnet.pictures.strokes import broadened, holes, soft_ink, thickness

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

JOINED = 14  # atoms at most in a digit
LIKELY = 0.4  # a confidence below which it makes no difference how steady a part is
EDGES = 2  # pixels around a stroke that are gray
LEVEL = 0.8  # of the usual height that each of two digits has, beside each other
SURE = 0.97  # a confidence that the strokes of one digit do not all have
WORST = -7.0  # log of the least confidence that counts
EACH = 0.15  # what every digit costs: two that are as sure as one are one
LOW = 0.7  # of the usual height: a digit that is lower…
FLAT = 6 / 0.65  # …costs so much for each such height that it lacks
WHOLE = 1.5  # what the atoms of one piece gain by not being cut
TOGETHER = 4.0  # what close atoms gain by being one digit


@dataclass(frozen=True, eq=False)
class Segment:
    """What may be a digit: box in pixels of the looked-at picture, its 28 × 28 image (784,), the reader's answer.

    `steady` (0 … 1) is how steady the answer is; where that was not asked, of the unlikely and on a drawing, it is the
    confidence. `cut`: a part of it, or all, was cut through ink from what another segment has. `holes` counts the paper
    that its ink encloses, `contrast` (0 … 1) is that of its darker fifth. `unevenness` is how much thicker it is at its
    thickest than on the whole: about 2 for a pen, more for shadows and blots. `thickness` is that of its thickest
    stroke, of its longer side. Both are 0 on a drawing, where there are no shadows.
    """

    top: int
    bottom: int
    left: int
    right: int
    image: Bytes
    answer: Answer
    steady: float
    area: int
    cut: bool
    holes: int
    contrast: float
    unevenness: float
    thickness: float

    @property
    def size(self) -> int:
        """The longer side, in pixels."""
        return max(self.bottom - self.top, self.right - self.left)


@dataclass(frozen=True, eq=False)
class Window:
    """The part of the picture that a line needs: `owner` is 0 or the number of the atom (from 1) at each pixel.

    `pieces` has the number of the piece that each atom comes from.
    """

    top: int
    left: int
    around: tuple[slice, slice]
    owner: Labels
    contrast: Floats
    atoms: list[Piece]
    pieces: list[int]
    tall: float
    clean: bool
    level: float


def part(
    ink: Ink, labels: Labels, line: list[Piece], tall: float, reader: Reader, *, only: bool
) -> list[Segment]:
    """Return the digits of one line from left to right; `only`: nothing else is written on the picture."""
    cutting = window(ink, labels, line, tall)
    atoms = cutting.atoms
    whole = (0, len(atoms) - 1)
    tried = spans(atoms, tall)
    frames = [framed(cutting, first, last) for first, last in tried]
    images = np.stack([image for image, _box in frames])
    answers = reader.read(images)
    if not ink.clean:
        broad = broadened(images)
        thin = np.flatnonzero((broad != images).any(1))
        for place, answer in zip(thin, reader.read(broad[thin]), strict=True):
            if answer.confidence > answers[place].confidence:
                images[place], answers[place] = broad[place], answer
    steady = np.array([answer.confidence for answer in answers])
    likely = np.flatnonzero(steady >= LIKELY)
    if len(likely) and not ink.clean:
        steady[likely] = steadiness(images[likely], [answers[n] for n in likely], reader)
    scores = [float(np.sqrt(answer.confidence * calm)) for answer, calm in zip(answers, steady, strict=True)]
    likings = {
        span: _liking(
            scores[n],
            frames[n][1],
            atoms[span[0] : span[1] + 1],
            tall,
            alone=only and span == whole,
            apart=len(set(cutting.pieces[span[0] : span[1] + 1])) > 1,
            clean=ink.clean,
        )
        for n, span in enumerate(tried)
    }
    places = {span: n for n, span in enumerate(tried)}
    losses = [_loss(atom, tall, clean=ink.clean) for atom in atoms]
    if whole in likings and len(atoms) > 1:
        others = _best(
            len(atoms), {span: liking for span, liking in likings.items() if span != whole}, losses
        )
        pieces = [set(cutting.pieces[first : last + 1]) for first, last in others]
        uncut = sum(map(len, pieces)) == len(set().union(*pieces))
        heights = [frames[places[span]][1][1] - frames[places[span]][1][0] for span in others]
        surest = min((scores[places[span]] for span in others), default=0.0)
        if (
            len(others) > 1
            and uncut
            and min(heights) > LEVEL * tall
            and surest > max(scores[places[whole]], SURE)
        ):
            del likings[whole]  # the strokes of one digit are not each a surer digit
    segments = []
    for span in _best(len(atoms), likings, losses):
        n = places[span]
        top, bottom, left, right = frames[n][1]
        near = (slice(max(0, top - EDGES), bottom + EDGES), slice(max(0, left - EDGES), right + EDGES))
        area = sum(atom.area for atom in atoms[span[0] : span[1] + 1])
        top, bottom, left, right = (
            top + cutting.top,
            bottom + cutting.top,
            left + cutting.left,
            right + cutting.left,
        )
        elsewhere = cutting.pieces[: span[0]] + cutting.pieces[span[1] + 1 :]
        cut = not set(elsewhere).isdisjoint(cutting.pieces[span[0] : span[1] + 1])
        owner, mask = cutting.owner[near], ink.mask[cutting.around][near]
        own = (owner > span[0]) & (owner <= span[1] + 1) & mask
        contrast = float(np.quantile(cutting.contrast[near][own], 0.8)) if own.any() else 0.0
        segments.append(
            Segment(
                top,
                bottom,
                left,
                right,
                images[n].copy(),
                answers[n],
                float(steady[n]),
                area,
                cut,
                holes(own),
                contrast,
                *((0.0, 0.0) if ink.clean else thickness(own)),
            )
        )
    return segments


def spans(atoms: list[Piece], tall: float) -> list[tuple[int, int]]:
    """Return the first and the last atom of all that could be one digit."""
    whole = (0, len(atoms) - 1)
    return [
        (first, last)
        for first in range(len(atoms))
        for last in range(first, len(atoms))
        if last < first + JOINED or (first, last) == whole
        if first == last or _fits(atoms[first : last + 1], tall, alone=(first, last) == whole)
    ]


def window(ink: Ink, labels: Labels, line: list[Piece], tall: float) -> Window:
    """Return the part of the picture that a line needs, its pieces cut into atoms."""
    top, left = min(piece.top for piece in line), min(piece.left for piece in line)
    bottom, right = max(piece.bottom for piece in line), max(piece.right for piece in line)
    margin = 0 if ink.clean else 2
    top, left = max(0, top - margin), max(0, left - margin)
    bottom, right = min(labels.shape[0], bottom + margin), min(labels.shape[1], right + margin)
    around = (slice(top, bottom), slice(left, right))
    owner = np.zeros((bottom - top, right - left), np.int32)
    parts: list[tuple[float, int, NDArray[np.intp], NDArray[np.intp]]] = []
    for piece in line:
        inside = labels[piece.top : piece.bottom, piece.left : piece.right] == piece.number
        rows, columns = np.nonzero(inside)
        which = parted(inside, rows, columns, tall, clean=ink.clean)
        for number in range(int(which.max()) + 1):
            chosen_ones = which == number
            if chosen_ones.any():
                r, c = rows[chosen_ones] + piece.top - top, columns[chosen_ones] + piece.left - left
                parts.append(((float(c.min()) + float(c.max())) / 2, piece.number, r, c))
    parts.sort(key=lambda part: part[0])
    atoms = []
    for number, (_middle, _piece, r, c) in enumerate(parts, start=1):
        owner[r, c] = number
        atoms.append(Piece(number, int(r.min()), int(r.max()) + 1, int(c.min()), int(c.max()) + 1, len(r)))
    if not ink.clean:
        owner = _with_soft_edges(owner)
    pieces = [piece for _middle, piece, _rows, _columns in parts]
    return Window(top, left, around, owner, ink.contrast[around], atoms, pieces, tall, ink.clean, ink.level)


def _with_soft_edges(owner: Labels) -> Labels:
    """Let each atom own the EDGES pixels around it that are nobody's: the gray edge of its strokes."""
    for _ in range(EDGES):
        owner = np.where(owner == 0, largest(owner, 3), owner)
    return owner


def _fits(atoms: list[Piece], tall: float, *, alone: bool) -> bool:
    """Tell whether the atoms could be one digit: not too wide, not too tall, not too far apart."""
    left, right = min(atom.left for atom in atoms), max(atom.right for atom in atoms)
    top, bottom = min(atom.top for atom in atoms), max(atom.bottom for atom in atoms)
    wide = 2.2 if alone else 1.5
    return right - left <= wide * tall and bottom - top <= 2.2 * tall and _gap(atoms) <= 0.6 * tall


def _gap(atoms: list[Piece]) -> float:
    """Return the widest blank between an atom and the nearest other, along the line or down the page."""

    def between(one: Piece, other: Piece) -> float:
        along = max(0, max(one.left, other.left) - min(one.right, other.right))
        return along + max(0, max(one.top, other.top) - min(one.bottom, other.bottom))

    nearest = [min((between(one, other) for other in atoms if other is not one), default=0) for one in atoms]
    return max(nearest, default=0)


def framed(cutting: Window, first: int, last: int) -> tuple[Bytes, tuple[int, int, int, int]]:
    """Return atoms `first` … `last` as MNIST would show them (784,), and their box in the window."""
    atoms = cutting.atoms[first : last + 1]
    margin = 0 if cutting.clean else EDGES
    top, left = max(0, min(a.top for a in atoms) - margin), max(0, min(a.left for a in atoms) - margin)
    bottom, right = max(a.bottom for a in atoms) + margin, max(a.right for a in atoms) + margin
    around = (slice(top, bottom), slice(left, right))
    owner = cutting.owner[around]
    contrast = np.where((owner > first) & (owner <= last + 1), cutting.contrast[around], np.float32(0))
    gray = soft_ink(contrast, cutting.level, cutting.clean)
    image = chosen.frame(gray)
    box = (
        min(a.top for a in atoms),
        max(a.bottom for a in atoms),
        min(a.left for a in atoms),
        max(a.right for a in atoms),
    )
    return (np.zeros(784, np.uint8) if image is None else image.reshape(784)), box


def _liking(
    confidence: float,
    box: tuple[int, int, int, int],
    atoms: list[Piece],
    tall: float,
    *,
    alone: bool,
    apart: bool,
    clean: bool,
) -> float:
    """Return how good a digit the atoms make: the log of the reader's confidence, less what looks wrong.

    `confidence` is the mean (geometric) of what the reader says to them as they stand and of how steady that is.
    Atoms that are all there is (`alone`), hardly apart, are likely the strokes of one digit, above all where the pen
    was lifted between them (`apart`) and no cut has made them.
    """
    height, width = box[1] - box[0], box[3] - box[2]
    liking = max(float(np.log(max(confidence, 1e-9))), WORST) - EACH
    liking -= FLAT * max(0.0, LOW - height / tall)
    liking -= 0.0 if alone else 3 * max(0.0, width / tall - 1.05)
    if len(atoms) > 1:
        gap = _gap(atoms) / tall
        liking -= 1.5 * gap
        if alone and width <= 2 * height:
            gain = TOGETHER if apart else WHOLE
            if apart or not clean:  # two digits that stand close or touch are no convincing digit together
                gain *= min(1.0, max(0.0, (confidence - 0.75) / 0.2))
            liking += gain * confidence * max(0.0, 1 - gap / 0.25)
    return liking


def _loss(atom: Piece, tall: float, *, clean: bool) -> float:
    """Return what it costs to leave an atom out: little for a speck, more than any digit for a large piece."""
    size = max(atom.height, atom.width) / tall
    if clean:
        return 6.0 if size < 0.35 else 12.0
    return 1.2 * min(1.0, size / 0.25) if size < 0.35 else 12.0


def _best(count: int, likings: dict[tuple[int, int], float], losses: list[float]) -> list[tuple[int, int]]:
    """Return the spans that part atoms 0 … count - 1 with the largest sum; those between them are left out."""
    best: list[tuple[float, tuple[int, int] | None]] = [(0.0, None)]
    for end in range(1, count + 1):
        options: list[tuple[float, tuple[int, int] | None]] = [(best[end - 1][0] - losses[end - 1], None)]
        options += [
            (best[first][0] + likings[first, end - 1], (first, end - 1))
            for first in range(end)
            if (first, end - 1) in likings
        ]
        best.append(max(options, key=lambda option: option[0]))
    spans, end = [], count
    while end:
        span = best[end][1]
        if span is not None:
            spans.append(span)
        end = end - 1 if span is None else span[0]
    return spans[::-1]
