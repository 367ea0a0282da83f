"""What a threshold costs and brings: docs/assets/refusing-ko.svg and -en.svg, and the table of the same numbers.

    python -m tools.refusing

For both packaged networks, on MNIST's validation images (which trained no weights), on a variation of each by another
pen, and on signs that are no digit (tools/confidence.py).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tools.confidence import digits, strangers
from tools.plotting import svg

from glassnet.pictures.reader import MODELS, Reader
from glassnet.show.colors import ACCENT, LINE, NEGATIVE, POSITIVE, QUIET

ASSETS = Path(__file__).parents[1] / "docs" / "assets"
THRESHOLDS = np.linspace(0, 0.99, 100)
TABLE = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95)
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "reader": "the reader",
        "lecture": "784-14-10",
        "threshold": "least confidence for an answer",
        "share": "%",
        "answered": "digits answered",
        "right": "right among them",
        "fooled": "signs that are no digit, answered",
        "own": "MNIST's own pen",
        "varied": "other pens and hands",
        "chosen": "chosen: {threshold:.2f}",
    },
    "ko": {
        "reader": "가장 잘 읽는 신경망",
        "lecture": "784-14-10",
        "threshold": "답하는 데 필요한 최소 확신도",
        "share": "%",
        "answered": "답한 숫자",
        "right": "그 가운데 맞은 것",
        "fooled": "숫자가 아닌데 답한 것",
        "own": "MNIST의 펜",
        "varied": "다른 펜과 손",
        "chosen": "고른 값: {threshold:.2f}",
    },
}


@dataclass(frozen=True)
class Curves:
    """Shares for thresholds (m,): of MNIST's own and varied digits answered and right among these; of strangers."""

    threshold: float
    answered: dict[str, NDArray[np.float64]]
    right: dict[str, NDArray[np.float64]]
    fooled: NDArray[np.float64]


def measured(model: str, thresholds: NDArray[np.float64]) -> Curves:
    reader = Reader.load(model)
    images, labels = digits()
    outputs = reader.network.forward(images)
    sure, right = reader.sure(outputs).max(1), outputs.argmax(1) == labels
    half = len(images) // 2
    parts = {"own": slice(half), "varied": slice(half, None)}
    fooled = reader.sure(reader.network.forward(strangers())).max(1)
    return Curves(
        reader.threshold,
        {name: np.array([(sure[part] >= t).mean() for t in thresholds]) for name, part in parts.items()},
        {
            name: np.array([right[part][sure[part] >= t].mean() for t in thresholds])
            for name, part in parts.items()
        },
        np.array([(fooled >= t).mean() for t in thresholds]),
    )


def draw(curves: dict[str, Curves], language: str) -> None:
    words = WORDS[language]
    with svg(ASSETS / f"refusing-{language}.svg", 11, 4.6) as figure:
        for axes, (model, one) in zip(figure.subplots(1, 2, sharey=True), curves.items(), strict=True):
            _panel(axes, one, words)
            axes.set_title(words[model], fontsize=12)
        figure.axes[0].set_ylabel(words["share"])
        handles, names = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside lower center", ncols=3, frameon=False, fontsize=9)


def _panel(axes: Any, one: Curves, words: dict[str, str]) -> None:
    for name, line in (("own", "-"), ("varied", "--")):
        for what, color in (("answered", POSITIVE), ("right", ACCENT)):
            shares = getattr(one, what)[name]
            axes.plot(THRESHOLDS, 100 * shares, line, color=color, label=f"{words[what]}: {words[name]}")
    axes.plot(THRESHOLDS, 100 * one.fooled, "-.", color=NEGATIVE, label=words["fooled"])
    axes.axvline(one.threshold, color=QUIET, linewidth=0.8)
    axes.annotate(
        words["chosen"].format(threshold=one.threshold),
        (one.threshold, 2),
        xytext=(-4, 0),
        textcoords="offset points",
        ha="right",
        color=QUIET,
        fontsize=9,
    )
    axes.set_xlabel(words["threshold"])
    axes.set_ylim(0, 101)
    axes.grid(axis="y", color=LINE, linewidth=0.5)


def main() -> None:
    curves = {model: measured(model, THRESHOLDS) for model in MODELS}
    for language in WORDS:
        draw(curves, language)
    for model in MODELS:
        reader = Reader.load(model)
        few = measured(model, np.array(sorted({*TABLE, reader.threshold})))
        for place, t in enumerate(sorted({*TABLE, reader.threshold})):
            cells = [
                share[place] for name in ("own", "varied") for share in (few.answered[name], few.right[name])
            ]
            print(
                f"| {model} | {t:.2f} |",
                " | ".join(f"{100 * share:.1f}" for share in (*cells, few.fooled[place])),
                "|",
            )


if __name__ == "__main__":
    main()
