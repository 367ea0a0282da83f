"""How well photographs are read: made-up scenes with 1 to 200 digits, and pictures without any; tunes nothing.

    python benchmarks/scenes.py --scenes 100 --empty 100 [--model lecture] [--worst 5]

A digit is found when a box overlaps its own by half (intersection over union of at least 0.5, each box used once).
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from glassnet.pictures import Reading, read
from scenery import Scene, scene, without_digits

OVERLAP = 0.5


@dataclass(frozen=True)
class Score:
    """What became of one picture: digits written, found, rightly read; answers where there is no digit; seconds."""

    about: str
    seed: int
    written: int
    found: int
    right: int
    false: int
    seconds: float
    confused: tuple[tuple[int, int], ...] = ()


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the intersection over the union of two boxes (x, y, width, height)."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / (one[2] * one[3] + other[2] * other[3] - across * down)


def score(made: Scene, seed: int, reading: Reading, seconds: float) -> Score:
    """Hold a reading against the truth."""
    free = list(reading.digits)
    found = right = 0
    confused = []
    for truth in made.digits:
        best = max(free, key=lambda digit: overlap(digit.box, truth.box), default=None)
        if best is None or overlap(best.box, truth.box) < OVERLAP:
            continue
        free.remove(best)
        found += 1
        right += best.label == truth.label
        if best.label != truth.label:
            confused.append((truth.label, int(best.label or 0)))
    false = sum(all(overlap(digit.box, truth.box) < 0.2 for truth in made.digits) for digit in free)
    return Score(made.about, seed, len(made.digits), found, right, false, seconds, tuple(confused))


def measured(seed: int, *, empty: bool, model: str) -> Score:
    """Make a picture and read it."""
    made = without_digits(seed) if empty else scene(seed)
    begun = time.perf_counter()
    reading = read(made.content, model)
    return score(made, seed, reading, time.perf_counter() - begun)


def main() -> int:
    """Print the figures; exit with 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=100)
    parser.add_argument("--empty", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--model", default="reader")
    parser.add_argument("--worst", type=int, default=0, help="list so many of the worst pictures")
    options = parser.parse_args()
    with ProcessPoolExecutor(2) as pool:
        seeds = range(options.first, options.first + options.scenes)
        scenes = list(pool.map(partial(measured, empty=False, model=options.model), seeds))
        blank = list(
            pool.map(
                partial(measured, empty=True, model=options.model),
                range(options.first, options.first + options.empty),
            )
        )
    written, found = sum(s.written for s in scenes), sum(s.found for s in scenes)
    right, most_false = sum(s.right for s in scenes), max((s.false for s in scenes), default=0)
    answered = [s for s in blank if s.false]
    print(f"{len(scenes)} scenes, {written} digits, {options.model}")
    by_picture = mean(s.found / s.written for s in scenes if s.written)
    slowest = max((s.seconds for s in scenes), default=0)
    print(f"found      {found / max(written, 1):.2%}   (mean of the pictures {by_picture:.2%})")
    print(f"read       {right / max(found, 1):.2%} of the found")
    print(f"false      {sum(s.false for s in scenes)}, at most {most_false} a picture")
    print(f"no digits  {len(answered)} of {len(blank)} pictures got an answer")
    print(f"seconds    {mean(s.seconds for s in scenes):.3f} a scene, at most {slowest:.3f}")
    if options.worst:
        print("confused  ", Counter(pair for s in scenes for pair in s.confused).most_common(12))
        for s in sorted(scenes, key=lambda s: s.right - s.written - s.false)[: options.worst]:
            print(f"  {s.right}/{s.found}/{s.written} +{s.false}  {s.about}")
        for s in answered:
            print(f"  {s.false} answers  seed {s.seed} {s.about}")
    kept = (
        found >= 0.98 * written
        and right >= 0.97 * found
        and most_false <= 1
        and len(answered) <= len(blank) / 100
    )
    return 0 if kept else 1


def mean(values: Iterable[float]) -> float:
    """Return the mean, 0 of nothing."""
    numbers = list(values)
    return sum(numbers) / max(len(numbers), 1)


if __name__ == "__main__":
    sys.exit(main())
