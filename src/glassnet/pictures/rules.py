"""The lines that were printed on the paper, ruled or squared: found by following them, taken out; reads nothing.

    mask      (h, w) bool, what stands out from the paper
    contrast  (h, w) float32, 0 paper … 1
    track     the row of a line in each strip of columns

As staff lines are removed from sheet music: where a line is crossed by a stroke, the run of ink across it is longer
than the line is wide, and stays; so does what is clearly darker than the line itself, a pen that goes along it.
Vertical lines are the same in the transposed picture.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]

STEEPEST = 12.0  # degrees off the picture's own axes
STRIP = 24  # columns that are looked at together
FULL = 0.68  # share of a strip's columns that a line inks
MOST_EDGES = 20_000  # ends of runs, down the columns, that are looked at for the lines' angle
LEAST = 64  # pixels of a side below which there are no lines to look for
DARKER = 1.5  # times the contrast of the printed line: the pen's
PRINTED = (
    0.35  # quantile of the contrasts along a line that is the line's own, also where much is written on it
)
EVEN = 3  # lines at least from which the others of the same paper are told
UNEVEN = 0.12  # of their distance that lines may lie beside where they should
NARROWEST = 8  # pixels between printed lines
MOST_BEYOND = 40  # lines beyond those that were followed
SEEN = 0.15  # share of a line's strips that shows it, where it is known where it should be


@dataclass
class _Track:
    strips: list[int] = field(default_factory=list)
    rows: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)

    def add(self, strip: int, run: tuple[float, float]) -> None:
        self.strips.append(strip)
        self.rows.append(run[0])
        self.widths.append(run[1])


_Runs = list[tuple[float, float]]  # the middle and the width of each, down one strip


def without_rules(mask: Mask, contrast: Floats, grain: float = 0.0) -> tuple[Mask, int]:
    """Return where the printed lines are (h, w) and how many there are; strokes that cross them are not part of it.

    `grain` is how much the contrast of even ink may vary.
    """
    along, bands_along, number = _rules(mask, contrast, grain)
    down, bands_down, more = _rules(mask.T, contrast.T, grain)
    found = along | down.T
    found |= _crossings(mask & ~found, bands_along & bands_down.T)
    return found, number + more


def _crossings(rest: Mask, where: Mask) -> Mask:
    """Return what is left of two lines where they cross: pieces of `rest` that lie wholly in their bands."""
    from scipy import ndimage

    if not where.any():
        return where
    labels, count = ndimage.label(rest, np.ones((3, 3)))
    areas = np.bincount(labels.reshape(-1), minlength=count + 1)
    inside = np.bincount(labels[where], minlength=count + 1)
    crossing = inside == areas
    crossing[0] = False
    return np.asarray(crossing[labels])


def _rules(mask: Mask, contrast: Floats, grain: float) -> tuple[Mask, Mask, int]:
    """Return the lines that go from left to right, the bands in which they were looked for, and their number."""
    height, width = mask.shape
    found, bands = np.zeros(mask.shape, bool), np.zeros(mask.shape, bool)
    if min(height, width) < LEAST or not mask.any():
        return found, bands, 0
    slope = _slope(mask)
    runs, offset = _runs(mask, slope)
    tracks = _complete(_tracks(runs), len(runs))
    tracks += _others_of(tracks, runs)
    looked_at = []
    for track in tracks:
        if len(tracks) >= EVEN:
            _lengthen(track, len(runs))
        track.rows = [row - offset for row in track.rows]
        looked_at.append(_band(mask, contrast, track, slope))
    # a pen's stroke may lie along a track from end to end: no line is much darker than the others of its paper
    usual = float(np.median([band.printed for band in looked_at])) if looked_at else 0.0
    for band in looked_at:
        bands[band.rows, band.columns] = True
        marked = band.across & (
            contrast[band.rows, band.columns] <= DARKER * min(band.printed, usual) + grain
        )
        found[band.rows[marked], np.broadcast_to(band.columns, marked.shape)[marked]] = True
    return found, bands, len(tracks)


def _slope(mask: Mask) -> float:
    """Return the tangent of the angle at which the mask's rows are most uneven, within ±12°."""
    padded = np.pad(mask, ((1, 1), (0, 0)))
    changes = padded[1:] != padded[:-1]
    every = 1 + np.count_nonzero(changes) // MOST_EDGES
    rows, columns = np.nonzero(changes[:, ::every])  # where a run of ink begins, or the first row below it
    columns *= every
    signs = np.where(padded[rows + 1, columns], 1.0, -1.0)

    def most_uneven(tangents: NDArray[np.float64]) -> float:
        """Return the tangent by which the rows' counts, sheared, have the largest sum of squares."""
        sheared = rows - np.rint(columns * tangents[:, None]).astype(np.intp)
        sheared -= sheared.min()
        height = int(sheared.max()) + 1
        sheared += height * np.arange(len(tangents))[:, None]  # each tangent counts rows of its own
        weights = np.broadcast_to(signs, sheared.shape).ravel()
        counts = np.bincount(sheared.ravel(), weights, len(tangents) * height).reshape(len(tangents), height)
        return float(tangents[int(np.argmax((counts.cumsum(1) ** 2).sum(1)))])

    coarse = most_uneven(np.tan(np.deg2rad(np.arange(-STEEPEST, STEEPEST + 0.1, 0.5))))
    return most_uneven(coarse + np.tan(np.deg2rad(np.arange(-0.4, 0.41, 0.1))))


def _runs(mask: Mask, slope: float) -> tuple[list[_Runs], int]:
    """Return the thin full runs of each strip, in the picture sheared so that lines lie level, and its first row."""
    height, width = mask.shape
    shifts = np.rint(np.arange(width) * slope).astype(int)
    low = int(shifts.min())
    level = np.zeros((height + int(np.ptp(shifts)) + 2, width), bool)
    offset = int(shifts.max()) + 1
    for shift in range(low, int(shifts.max()) + 1):
        columns = np.flatnonzero(shifts == shift)
        if len(columns):
            piece = slice(int(columns[0]), int(columns[-1]) + 1)
            level[offset - shift : offset - shift + height, piece] = mask[:, piece]
    thick = level.copy()
    thick[1:] |= level[:-1]
    thick[:-1] |= level[1:]
    strips = width // STRIP
    cover = thick[:, : strips * STRIP].reshape(len(thick), strips, STRIP).mean(2, dtype=np.float32)
    widest = 4 + max(height, width) // 150
    return _thin_runs(cover.T >= FULL, widest), offset


def _tracks(strips: list[_Runs]) -> list[_Track]:
    """Follow thin full lines from strip to strip."""
    if len(strips) < 3:
        return []
    tracks: list[_Track] = []
    open_tracks: list[_Track] = []
    for strip, runs in enumerate(strips):
        taken: set[int] = set()
        for track in open_tracks:
            # a line may drift (perspective, a curved sheet): look where the last strips lead
            near = track.rows[-1] + _drift(track) * (strip - track.strips[-1])
            reach = 2.5 + 0.5 * (strip - track.strips[-1])
            candidates = [
                n for n, (row, _w) in enumerate(runs) if abs(row - near) <= reach and n not in taken
            ]
            if candidates:
                best = min(candidates, key=lambda n: abs(runs[n][0] - near))
                taken.add(best)
                track.add(strip, runs[best])
        tracks += [track for track in open_tracks if strip - track.strips[-1] > 8]
        open_tracks = [track for track in open_tracks if strip - track.strips[-1] <= 8]
        open_tracks += [_Track([strip], [row], [w]) for n, (row, w) in enumerate(runs) if n not in taken]
    return tracks + open_tracks


def _others_of(tracks: list[_Track], strips: list[_Runs]) -> list[_Track]:
    """Return the lines between and beyond the `tracks` of evenly ruled paper, of which writing leaves little to see."""
    if len(tracks) < EVEN:
        return []
    lines = np.array(sorted(_line(track, len(strips) / 2) for track in tracks))
    gaps = np.diff(lines[:, 0])
    pitch = float(np.median(gaps))
    places = np.concatenate([[0], np.cumsum(np.rint(gaps / pitch))])
    if pitch < NARROWEST or np.abs(gaps / pitch - np.rint(gaps / pitch)).max() > UNEVEN:
        return []
    middles, drifts = np.polyfit(places, lines[:, 0], 1), np.polyfit(places, lines[:, 1], 1)
    others = []
    for place in range(-MOST_BEYOND, int(places[-1]) + MOST_BEYOND + 1):
        if place in places:
            continue
        other = _Track()
        middle, drift = float(np.polyval(middles, place)), float(np.polyval(drifts, place))
        for strip, runs in enumerate(strips):
            row = middle + drift * (strip - len(strips) / 2)
            near = min(runs, key=lambda run: abs(run[0] - row), default=None)
            if near is not None and abs(near[0] - row) <= UNEVEN * pitch:
                other.add(strip, near)
        if len(other.strips) >= max(3, SEEN * len(strips)):
            others.append(other)
    return others


def _lengthen(track: _Track, strips: int) -> None:
    """Let a track go on straight to the picture's edges."""
    row, drift = _line(track, 0)
    if track.strips[0] > 0:
        track.strips.insert(0, 0)
        track.rows.insert(0, row)
    if track.strips[-1] < strips - 1:
        track.strips.append(strips - 1)
        track.rows.append(row + drift * (strips - 1))


def _line(track: _Track, middle: float) -> tuple[float, float]:
    """Return the row of the straight line through a track at the strip `middle`, and its drift from strip to strip."""
    drift, row = np.polyfit(np.array(track.strips) - middle, track.rows, 1)
    return float(row), float(drift)


def _thin_runs(full: Mask, widest: int) -> list[_Runs]:
    """Return middle and width of each run of True in each strip (strips, h) that is not wider than a line."""
    edges = np.diff(full.astype(np.int8), axis=1, prepend=0, append=0)
    (strips, begins), ends = np.nonzero(edges > 0), np.nonzero(edges < 0)[1]
    runs: list[_Runs] = [[] for _strip in full]
    for strip, begin, end in zip(strips.tolist(), begins.tolist(), ends.tolist(), strict=True):
        if end - begin <= widest + 2:
            runs[strip].append(((begin + end - 1) / 2, max(1.0, end - begin - 2)))
    return runs


def _drift(track: _Track) -> float:
    if len(track.rows) < 4:
        return 0.0
    return (track.rows[-1] - track.rows[-4]) / max(1, track.strips[-1] - track.strips[-4])


def _complete(tracks: list[_Track], strips: int) -> list[_Track]:
    """Return the tracks that are printed lines: long, hardly interrupted, and one of many or from edge to edge."""
    long = []
    for track in tracks:
        span = track.strips[-1] - track.strips[0] + 1
        if span >= max(3, 0.3 * strips) and len(track.strips) >= 0.6 * span:
            long.append(track)
    if len(long) >= 3:
        return long
    return [
        track
        for track in long
        if len(track.strips) >= 0.55 * strips and (track.strips[0] <= 1 or track.strips[-1] >= strips - 2)
    ]


@dataclass(frozen=True)
class _Band:
    """What lies along a track: `rows` (n, m) and `columns` (m,) of its pixels in the picture.

    `across` (n, m) is the run of ink across the track, where that is no longer than a line is wide; `contrast` (m,) is
    that of its darkest pixel, 0 where there is none.
    """

    rows: NDArray[np.int_]
    columns: NDArray[np.int_]
    across: Mask
    contrast: Floats

    @property
    def printed(self) -> float:
        """The contrast of the line itself."""
        seen = self.contrast[self.contrast > 0]
        return float(np.quantile(seen, PRINTED)) if len(seen) else 0.0


def _band(mask: Mask, contrast: Floats, track: _Track, slope: float) -> _Band:
    """Look along a track, column by column."""
    height, width = mask.shape
    first = track.strips[0] * STRIP - STRIP
    columns = np.arange(max(0, first), min(width, (track.strips[-1] + 2) * STRIP))
    centers = np.array(track.strips) * STRIP + STRIP / 2
    rows = np.interp(columns, centers, track.rows)
    rows = np.rint(rows + columns * slope).astype(int)
    inside = (rows >= 0) & (rows < height)
    columns, rows = columns[inside], rows[inside]
    limit = int(np.ceil(1.6 * float(np.median(track.widths)) + 2.5))
    reach = np.arange(-limit - 2, limit + 3)
    around = np.clip(rows[None, :] + reach[:, None], 0, height - 1)
    ink = mask[around, columns[None, :]]
    center = len(reach) // 2
    # the run may begin up to two pixels from where the line was expected
    start = np.full(len(columns), center)
    for step in (0, 1, -1, 2, -2):
        start = np.where(ink[start, np.arange(len(columns))], start, center + step)
    hit = ink[start, np.arange(len(columns))]
    places = np.arange(len(reach))[:, None]
    up = np.where(~ink & (places < start), places, -1).max(0)
    down = np.where(~ink & (places > start), places, len(reach)).min(0)
    across = (places > up) & (places < down) & hit & (down - up - 1 <= limit)
    return _Band(around, columns, across, np.where(across, contrast[around, columns], 0).max(0))
