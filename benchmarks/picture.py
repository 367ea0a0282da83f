"""The record as one picture: how many times as fast, and how cost grows; in both languages, the same bytes each time.

Bars are ratios on a logarithmic axis, a mark on each is what is promised; curves are seconds on logarithmic axes.
"""

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.verdict import Comparison, Json, comparisons
from tools.plotting import svg

from glassnet.show.colors import ACCENT, INK, LINE, NEGATIVE, POSITIVE, QUIET, SIZES

COLORS = {"glassnet": POSITIVE, "PyTorch": SIZES[1], "NumPy": QUIET, "JAX": ACCENT}
MARKS = {"glassnet": "o", "PyTorch": "s", "NumPy": "^"}
WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "ratios": "times as fast as …",
        "promised": "promised",
        "cost": "ms an epoch",
        "images": "training images (784-14-10)",
        "units": "hidden units (10,000 images)",
        "layers": "hidden layers of 64 (10,000 images)",
        "threads": "times as fast on two threads",
    },
    "ko": {
        "ratios": "몇 배 빠른가",
        "promised": "약속",
        "cost": "에포크당 ms",
        "images": "학습 이미지 수 (784-14-10)",
        "units": "은닉 뉴런 수 (이미지 10,000장)",
        "layers": "뉴런 64개짜리 은닉층 수 (이미지 10,000장)",
        "threads": "스레드 둘이면 몇 배 빠른가",
    },
}


def draw(record: Json, language: str, file: Path) -> None:
    """Write the picture of a record to `file`, an SVG."""
    with svg(file, 11, 9.5) as figure:
        grid = figure.add_gridspec(3, 2, height_ratios=(1.5, 1, 1))
        _ratios(figure.add_subplot(grid[0, :]), record, language)
        for place, axis in zip(
            (grid[1, 0], grid[1, 1], grid[2, 0]), ("images", "units", "layers"), strict=True
        ):
            _curves(figure.add_subplot(place), record, axis, WORDS[language])
        _threads(figure.add_subplot(grid[2, 1]), record, WORDS[language])


def _ratios(axes: Any, record: Json, language: str) -> None:
    shown: list[Comparison] = [c for row in record["rows"] for c in comparisons(row) if not c.reason]
    shown.reverse()
    for place, c in enumerate(shown):
        color = QUIET if not c.promised else POSITIVE if c.kept else NEGATIVE
        axes.barh(place, c.ratio - 0.1, left=0.1, height=0.62, color=color, alpha=0.85)
        in_the_way = c.ratio < c.promised < 1.5 * c.ratio  # the mark would cross the number
        axes.text(
            1.06 * (c.promised if in_the_way else c.ratio), place, f"{c.ratio:.3g} ×", va="center", fontsize=9
        )
        if c.promised:
            axes.plot([c.promised] * 2, [place - 0.42, place + 0.42], color=INK, linewidth=2)
    axes.set_yticks(
        range(len(shown)), [f"{c.what[language].replace('`', '')} · {c.peer}" for c in shown], fontsize=9
    )
    axes.set_xscale("log")
    axes.set_xlim(0.1, 3 * max([1.0, *(c.ratio for c in shown)]))
    axes.axvline(1, color=QUIET, linewidth=1)
    axes.xaxis.set_major_formatter(lambda value, _place: f"{value:g}")
    words = WORDS[language]
    axes.plot([], [], color=INK, linewidth=2, label=words["promised"])
    axes.legend(loc="lower right", frameon=False)
    axes.set_xlabel(words["ratios"])


def _curves(axes: Any, record: Json, axis: str, words: dict[str, str]) -> None:
    for group, color in COLORS.items():
        points = list(_points(record, axis, group))
        if points:
            places, seconds = zip(*points, strict=True)
            axes.plot(
                places,
                [1000 * s for s in seconds],
                color=color,
                marker=MARKS[group],
                markersize=5,
                label=group,
            )
    axes.set_xlabel(words[axis])
    axes.set_ylabel(words["cost"])
    if axis == "layers":
        axes.set_ylim(bottom=0)
    else:
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(lambda value, _place: f"{value:g}")
        axes.xaxis.set_major_formatter(lambda value, _place: f"{value:,.0f}")
        axes.xaxis.set_minor_formatter("")
    axes.set_xticks(sorted({int(one["place"]) for one in record.get("growth", []) if one["axis"] == axis}))
    axes.grid(color=LINE, linewidth=0.5)
    axes.legend(frameon=False, fontsize=9)


def _points(record: Json, axis: str, group: str) -> Iterator[tuple[int, float]]:
    """Yield (place, seconds), the faster of one and two threads."""
    found: dict[int, list[float]] = {}
    for one in record.get("growth", []):
        if one["axis"] == axis and one["group"] == group and one["seconds"] and not one["wrong"]:
            found.setdefault(int(one["place"]), []).append(statistics.median(one["seconds"]))
    yield from ((place, min(seconds)) for place, seconds in sorted(found.items()))


def _threads(axes: Any, record: Json, words: dict[str, str]) -> None:
    seconds: dict[tuple[str, str, str], float] = {}
    for one in record.get("growth", []):
        if one["axis"] == "threads" and one["seconds"] and not one["wrong"]:
            network, count = one["place"].split(", ")
            seconds[one["group"], network, count] = statistics.median(one["seconds"])
    networks = list(dict.fromkeys(network for _group, network, _count in seconds))
    for shift, group in ((-0.2, "glassnet"), (0.2, "PyTorch")):
        gains = [seconds.get((group, n, "1"), 0) / seconds.get((group, n, "2"), 1) for n in networks]
        places = [place + shift for place in range(len(networks))]
        axes.bar(places, gains, width=0.36, color=COLORS[group], label=group)
        for place, gain in zip(places, gains, strict=True):
            axes.text(place, gain + 0.03, f"{gain:.2f}", ha="center", fontsize=9)
    axes.axhline(1, color=QUIET, linewidth=1)
    axes.set_xticks(range(len(networks)), networks)
    axes.set_ylabel(words["threads"])
    axes.legend(frameon=False, fontsize=9)
