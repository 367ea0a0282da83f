"""What is no digit: blots, lines, scribbles, letters; each refusal has its sentence. Finds nothing by itself.

The network has seen ten digits and little else; these are the checks it cannot make, and the threshold on what it says.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glassnet.locale import N_, _
from glassnet.pictures.light import Light
from glassnet.pictures.reader import Reader
from glassnet.pictures.result import Digit
from glassnet.pictures.segments import Segment

FILLED = 0.93  # share of its box that a blot fills, where a digit other than 1 has holes and bays
FLAT = 2.6  # width in heights that no digit has
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

TOGETHER = 0.74  # mean confidence at which signs speak for each other
ENOUGH = 2 / 3  # share of what is written that has to reach the threshold for any of it to be a digit
BESIDE = 0.6  # of the threshold is enough in a row of likely digits
FEW = 12  # signs at most of which each is looked at again: writing of more speaks for itself
STEADY = 1.06  # times the threshold is how steady a sign that stands alone has to be
SURE = 0.97  # confidence and steadiness of what is surely a digit: it vouches for what the same pen wrote
VOUCHED = 0.8  # of the threshold is enough for that: letters are written with one pen, too
PALER = 0.5  # times the contrast of what surely is a digit: below, nothing is written
ALIKE = {"thickness": 0.4, "contrast": 0.2, "size": 0.35}  # most that logarithms of a pen's signs differ
DARK = 0.4  # contrast that no shadow has that looks surely like a digit
HEIGHTS = 0.22  # standard deviation of the logarithms of few digits' heights; 1 in 100 photographs has more…
SURELY = 0.85  # …and is written all the same where so much is sure on the whole
INKED = 1.5  # times the contrast that two surfaces have by themselves: more is ink, if it is…
FAINT_EDGE = 0.3  # …at least so much
EDGE = 1.3  # times as bright is the paper on the one side of an edge as on the other
SLANTED = 0.3  # of its length is the width of a stroke at most that runs from corner to corner of its box
NEAR = 0.003  # of the picture's longer side: what is no farther from its edge lies along it
STROKES = (1, 7)  # what pieces of letters look like
WALL = 0.5  # share of 1s above which they are rather the bars of a pattern
ONES = 5  # strokes like a 1 and hardly anything else are a wall or a fence
PATTERN = 0.85  # share of them that is too much
MOST_HOLES = 3  # an 8 has two, and a careless pen closes another
FAINT = 0.11  # contrast below which a photograph's shadows look like strokes
FAINT_CHALK = 0.08  # and light that falls on a board like chalk
UNEVEN = 3.4  # times as thick at the thickest as on the whole is a shadow; 4 in 1,000 digits are
THICK = 0.4  # of its longer side is a blot's or a shadow's stroke, where nothing else speaks for a digit
BROAD = 0.28  # …and this, with less contrast than PALE: a pen that is broad is not pale; 1 in 8 digits is so broad
PALE = 0.25
SMALLEST = 8  # pixels of a photographed digit's longer side
UNLIKE = 0.3  # share of the usual height below which something beside the writing is no digit

ALL, RIM = 0.7, 0.12  # of a board that a sheet's rim runs around, and of its box that it fills at most
BOARD = 1.6  # times as bright is a board here as there, at most

BLANK = N_("the sheet is blank: no ink stands out from the paper")
TEXTURE = N_("this looks like a pattern, not like writing: nothing but strokes like a 1")
DOUBTFUL = N_("this does not look like digits: too much of what is written is unlike any")
UNSURE = N_("it does not look enough like a digit: {digit} would be right in {share} of such cases")
UNSTEADY = N_("it no longer looks like {digit} when it is turned, slanted or squeezed a little")
NO_DIGIT = N_("something is written, but nothing that looks like a digit")


def vouching(segments: Sequence[Segment], reasons: Sequence[str | None]) -> list[Segment]:
    """Return which of a photograph's few signs are surely digits; `reasons` says which of them get no answer.

    A 1 or 7 that was cut out of a larger piece is none, as in `_doubtful`.
    """
    if len(segments) > FEW:
        return []
    return [
        one
        for one, why in zip(segments, reasons, strict=True)
        if why is None and _is_sure(one) and not (one.cut and one.answer.label in STROKES)
    ]


def vouched(segment: Segment, vouching: Sequence[Segment], reader: Reader) -> bool:
    """Tell whether a sign that gets no answer by itself is likely enough beside one that vouches for it."""
    likely = segment.answer.confidence >= VOUCHED * reader.threshold
    return likely and any(same_pen(segment, sure) for sure in vouching)


def same_pen(one: Segment, other: Segment) -> bool:
    """Tell whether two signs are about as thick, as dark and as large, as one pen's are."""
    pairs = (
        (ALIKE["thickness"], one.thickness * one.size, other.thickness * other.size),
        (ALIKE["contrast"], one.contrast, other.contrast),
        (ALIKE["size"], one.size, other.size),
    )
    return all(min(a, b) > 0 and abs(math.log(a / b)) < most for most, a, b in pairs)


def _is_sure(segment: Segment) -> bool:
    return min(segment.answer.confidence, segment.steady) >= SURE


def doubted(
    digits: Sequence[Digit],
    segments: Sequence[Segment],
    steady: Sequence[float],
    vouching: Sequence[Segment],
    reader: Reader,
    *,
    clean: bool,
) -> list[bool]:
    """Return which signs are refused since too much of what is written is unlike any digit; see `_doubtful`.

    Two that vouch are enough for all. Where one does, what is much paler than it does not count: it is the edge of a
    shadow.
    """

    def doubtful(places: Sequence[int]) -> bool:
        signs, cut = [digits[place] for place in places], [segments[place].cut for place in places]
        return _doubtful(signs, cut, [steady[place] for place in places], reader, clean=clean)

    if len(vouching) > 1 or not doubtful(range(len(digits))):
        return [False] * len(digits)
    pale = [any(one.contrast < PALER * sure.contrast for sure in vouching) for one in segments]
    if any(pale) and not doubtful([place for place, other in enumerate(pale) if not other]):
        return pale
    return [True] * len(digits)


def _doubtful(
    digits: Sequence[Digit], cut: Sequence[bool], steady: Sequence[float], reader: Reader, *, clean: bool
) -> bool:
    """Tell whether too few of several signs, answered or refused, look like digits for any of them to be one.

    Letters, a grid's cells and a pattern's blots hit a digit here and there; where digits are written, hardly
    anything else is. So most have to reach the threshold, or all together, large ones more than small ones, have to be
    about as likely; a sign is as likely as it is `steady` (one number for each, see `steadiness`). A W cut into strokes
    (`cut`) makes convincing 1s and 7s, and a fence makes 1s; those count for less. On a `clean` sheet, a drawing's,
    there is no fence: who draws six 1s means them. Few digits of very different heights have to be surer.
    """
    if len(digits) < 2:
        return False
    answered = np.array([digit.label is not None for digit in digits])
    best = np.array([digit.best for digit in digits])
    stroke = np.array(cut) & np.isin(best, STROKES)
    confidence = np.minimum([digit.confidence for digit in digits], steady)
    likely = answered & (confidence >= reader.threshold) & ~stroke
    if not clean and (best == 1).mean() > WALL:
        stroke |= best == 1
    together = np.average(
        answered * confidence * np.where(stroke, 0.5, 1), weights=[max(digit.box[2:]) for digit in digits]
    )
    if not clean and reader.threshold and _uneven(digits) and together < SURELY:
        return True
    return bool(likely.mean() < ENOUGH and together < TOGETHER)


def _uneven(digits: Sequence[Digit]) -> bool:
    """Tell whether those of a few signs that are answered differ in height as one hand's digits hardly do."""
    heights = [digit.box[3] for digit in digits if digit.label is not None]
    return len(heights) >= 2 and len(digits) <= FEW and float(np.std(np.log(heights))) > HEIGHTS


def reason(
    segment: Segment, light: Light, tall: float, reader: Reader, *, alone: bool, steady: float
) -> str | None:
    """Return why a segment gets no answer, or None where it gets one.

    `light` is that of the picture, `tall` the usual height of the writing; `alone`: there is no row of likely digits
    that would speak for it. `steady` is what `steadiness` says of it, 1 where it was not asked.
    """
    height, width = segment.bottom - segment.top, segment.right - segment.left
    if not light.clean:
        if max(height, width) < SMALLEST:
            return _("it is smaller than {pixels} pixels; take the picture from nearer").format(
                pixels=SMALLEST
            )
        if min(height, width) <= 1:
            return _("it is a line one pixel wide, not a stroke")
        if segment.contrast < (FAINT if light.inverted else FAINT_CHALK):
            return _("it is too faint to be told from a shadow")
        if _is_cut_off(segment, light.paper.shape):
            return _("it lies along the picture's edge")
    if segment.holes > MOST_HOLES:
        return _("it has more loops than any digit")
    shady = alone and not light.clean and not (segment.contrast >= DARK and _is_sure(segment))
    if shady and segment.unevenness > UNEVEN:
        return _("it is thick here and thin there, as shadows are and no pen's stroke")
    if shady and _is_blot(segment):
        return _("it is as thick as no pen's stroke")
    if width > FLAT * height:
        return _("it is wider than any digit")
    filled = segment.area / (height * width)
    if filled > FILLED and width > 0.5 * height:
        return _("it is a blot: filled, without strokes")
    if _is_edge(segment, light) or (not light.clean and not light.inverted and _is_sheet(segment, light)):
        return _("it is the edge between two surfaces, not a stroke on one")
    if height < UNLIKE * tall:
        return _("it is small beside the rest of the writing")
    answer = segment.answer
    if answer.confidence < (reader.threshold if alone else BESIDE * reader.threshold):
        return _(UNSURE).format(digit=answer.label, share=f"{answer.confidence:.0%}")
    if alone and steady < STEADY * reader.threshold:
        return _(UNSTEADY).format(digit=answer.label)
    return None


def _is_blot(segment: Segment) -> bool:
    """Tell whether a lone segment is too thick for a pen, or too thick for a pen that is so pale: shadows are both."""
    return segment.thickness > (BROAD if segment.contrast < PALE else THICK)


def _is_cut_off(segment: Segment, shape: tuple[int, ...]) -> bool:
    """Tell whether a long segment lies along the picture's edge, as what is outside does, and not across it."""
    height, width = segment.bottom - segment.top, segment.right - segment.left
    near = max(1, int(NEAR * max(shape)))
    beside = segment.left <= near or segment.right >= shape[1] - near
    above = segment.top <= near or segment.bottom >= shape[0] - near
    return (beside and height >= 4 * width) or (above and width >= 4 * height)


def _is_sheet(segment: Segment, light: Light) -> bool:
    """Tell whether a bright segment is a sheet's rim or light that falls on it: a board is about as dark all over."""
    paper = light.paper
    box = paper[segment.top : segment.bottom, segment.left : segment.right]
    if (
        min(box.shape[0] / paper.shape[0], box.shape[1] / paper.shape[1]) > ALL
        and segment.area < RIM * box.size
    ):
        return True
    low, high = np.quantile(box[:: 1 + len(box) // 100, :: 1 + box.shape[1] // 100], (0.1, 0.9)) + 1
    return bool(high > BOARD * low) and not _is_inked(segment, light, float(low), float(high))


def _is_inked(segment: Segment, light: Light, low: float, high: float) -> bool:
    """Tell whether a segment is clearly darker (on a board brighter) than both surfaces, of gray `low` and `high`."""
    from_light = 1 - low / high if light.inverted else (high - low) / (256 - low)
    return segment.contrast > max(INKED * from_light, FAINT_EDGE)


def _is_edge(segment: Segment, light: Light) -> bool:
    """Tell whether what is on either side of a long segment differs as paper and table do, or light and shadow.

    What is darker than either side is ink for all that: the edge between two surfaces has the one's brightness.
    """
    paper = light.paper
    height, width = segment.bottom - segment.top, segment.right - segment.left
    reach, gap = max(3, max(height, width) // 6), max(2, min(height, width) // 8)
    rows, columns = slice(segment.top, segment.bottom), slice(segment.left, segment.right)
    # a stroke is long across the direction in which an edge would part two surfaces
    if height > 2 * width:
        one = paper[rows, max(0, segment.left - gap - reach) : max(0, segment.left - gap)]
        other = paper[rows, segment.right + gap : segment.right + gap + reach]
    elif width > 2 * height:
        one = paper[max(0, segment.top - gap - reach) : max(0, segment.top - gap), columns]
        other = paper[segment.bottom + gap : segment.bottom + gap + reach, columns]
    elif lean := _lean(segment.image):
        one, other = _beside_diagonal(segment, paper, rising=lean < 0)
    else:
        return False
    if not one.size or not other.size:
        return False
    low, high = sorted((float(np.median(one)) + 1, float(np.median(other)) + 1))
    return high > EDGE * low and not _is_inked(segment, light, low, high)


def _lean(image: Bytes) -> float:
    """Return how a slender, slanted stroke (784,) leans: above 0 it falls to the right, below it rises; else 0."""
    rows, columns = np.nonzero(image.reshape(28, 28) > 127)
    if len(rows) < 3:
        return 0.0
    spread = np.cov(rows, columns)
    short, long = np.linalg.eigvalsh(spread)
    return float(np.sign(spread[0, 1])) if short < SLANTED**2 * long else 0.0


def _beside_diagonal(segment: Segment, paper: Floats, *, rising: bool) -> tuple[Floats, Floats]:
    """Return the paper on either side of a stroke that runs from corner to corner of its box."""
    height, width = segment.bottom - segment.top, segment.right - segment.left
    along = np.linspace(0.15, 0.85, 20)
    rows = segment.top + height * (1 - along if rising else along)
    columns = segment.left + width * along
    # a right angle to the stroke, as long as it
    down, right = (width, height) if rising else (width, -height)
    near = segment.thickness + 0.04
    away = np.linspace(near, near + 0.15, 5)[:, None] * segment.size / np.hypot(down, right)

    def side(sign: int) -> Floats:
        y, x = np.rint(rows + sign * away * down), np.rint(columns + sign * away * right)
        inside = (y >= 0) & (y < paper.shape[0]) & (x >= 0) & (x < paper.shape[1])
        return np.asarray(paper[y[inside].astype(int), x[inside].astype(int)])

    return side(1), side(-1)
