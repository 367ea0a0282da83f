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
LEAST = 64  # pixels of a side below which there are no lines to look for
DARKER = 1.5  # times the contrast of the printed line: the pen's
PRINTED = (
    0.35  # quantile of the contrasts along a line that is the line's own, also where much is written on it
)


@dataclass
class _Track:
    strips: list[int] = field(default_factory=list)
    rows: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)


def without_rules(mask: Mask, contrast: Floats, grain: float = 0.0) -> tuple[Mask, int]:
    """Return where the printed lines are (h, w) and how many there are; strokes that cross them are not part of it.

    `grain` is how much the contrast of even ink may vary.
    """
    along, number = _rules(mask, contrast, grain)
    down, more = _rules(mask.T, contrast.T, grain)
    return along | down.T, number + more


def _rules(mask: Mask, contrast: Floats, grain: float) -> tuple[Mask, int]:
    """Return the lines that go from left to right."""
    height, width = mask.shape
    found = np.zeros(mask.shape, bool)
    if min(height, width) < LEAST or not mask.any():
        return found, 0
    slope = _slope(mask)
    tracks = _complete(_tracks(mask, slope), width)
    for track in tracks:
        _mark(found, mask, contrast, grain, track, slope)
    return found, len(tracks)


def _slope(mask: Mask) -> float:
    """Return the tangent of the angle at which the mask's rows are most uneven, within ±12°."""
    rows, columns = np.nonzero(mask)
    every = max(1, len(rows) // 20_000)
    rows, columns = rows[::every].astype(np.float32), columns[::every].astype(np.float32)

    def unevenness(tangent: float) -> float:
        shifted = np.rint(rows - columns * tangent).astype(np.int64)
        profile = np.bincount(shifted - shifted.min())
        return float((profile.astype(np.float64) ** 2).sum())

    coarse = np.tan(np.deg2rad(np.arange(-STEEPEST, STEEPEST + 0.1, 0.5)))
    best = coarse[int(np.argmax([unevenness(tangent) for tangent in coarse]))]
    fine = best + np.tan(np.deg2rad(np.arange(-0.4, 0.41, 0.1)))
    return float(fine[int(np.argmax([unevenness(tangent) for tangent in fine]))])


def _tracks(mask: Mask, slope: float) -> list[_Track]:
    """Follow thin full lines from strip to strip, in the picture sheared so that they lie level."""
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
    if strips < 3:
        return []
    cover = thick[:, : strips * STRIP].reshape(len(thick), strips, STRIP).mean(2, dtype=np.float32)
    widest = 4 + max(height, width) // 150
    tracks: list[_Track] = []
    open_tracks: list[_Track] = []
    for strip in range(strips):
        rows = _thin_runs(cover[:, strip] >= FULL, widest)
        taken: set[int] = set()
        for track in open_tracks:
            # a line may drift (perspective, a curved sheet): look where the last strips lead
            near = track.rows[-1] + _drift(track) * (strip - track.strips[-1])
            reach = 2.5 + 0.5 * (strip - track.strips[-1])
            candidates = [
                n for n, (row, _w) in enumerate(rows) if abs(row - near) <= reach and n not in taken
            ]
            if candidates:
                best = min(candidates, key=lambda n: abs(rows[n][0] - near))
                taken.add(best)
                track.strips.append(strip)
                track.rows.append(rows[best][0])
                track.widths.append(rows[best][1])
        tracks += [track for track in open_tracks if strip - track.strips[-1] > 8]
        open_tracks = [track for track in open_tracks if strip - track.strips[-1] <= 8]
        open_tracks += [_Track([strip], [row], [w]) for n, (row, w) in enumerate(rows) if n not in taken]
    for track in tracks + open_tracks:
        track.rows = [row - offset for row in track.rows]
    return tracks + open_tracks


def _thin_runs(full: Mask, widest: int) -> list[tuple[float, float]]:
    """Return middle and width of each run of True that is not wider than a line."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], full, [False]]).astype(np.int8)))
    return [
        ((begin + end - 1) / 2, max(1.0, end - begin - 2))
        for begin, end in zip(edges[::2], edges[1::2], strict=True)
        if end - begin <= widest + 2
    ]


def _drift(track: _Track) -> float:
    if len(track.rows) < 4:
        return 0.0
    return (track.rows[-1] - track.rows[-4]) / max(1, track.strips[-1] - track.strips[-4])


def _complete(tracks: list[_Track], width: int) -> list[_Track]:
    """Return the tracks that are printed lines: long, hardly interrupted, and one of many or from edge to edge."""
    strips = width // STRIP
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


def _mark(found: Mask, mask: Mask, contrast: Floats, grain: float, track: _Track, slope: float) -> None:
    """Mark the line's own pixels, column by column: where the run across it is no longer than the line is wide."""
    height, width = mask.shape
    first = track.strips[0] * STRIP - STRIP
    columns = np.arange(max(0, first), min(width, (track.strips[-1] + 2) * STRIP))
    centers = np.array(track.strips) * STRIP + STRIP / 2
    rows = np.interp(columns, centers, track.rows)
    rows = np.rint(rows + columns * slope).astype(int)
    inside = (rows >= 0) & (rows < height)
    columns, rows = columns[inside], rows[inside]
    if not len(columns):
        return
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
    short = hit & (down - up - 1 <= limit)
    if not short.any():
        return
    strength = contrast[around, columns[None, :]]
    darkest = np.where((places > up) & (places < down), strength, 0).max(0)[short]
    pen = DARKER * float(np.quantile(darkest, PRINTED)) + grain
    marked = (places > up) & (places < down) & short & (strength <= pen)
    found[around[marked], np.broadcast_to(columns, marked.shape)[marked]] = True
