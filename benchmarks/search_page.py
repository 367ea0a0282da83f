"""From the record of the search to docs/*/search.md and its pictures; trains nothing.

    python -m benchmarks.search_page

A dot is a run: the accuracy of its best network on the validation images, by which everything was chosen. A bar is
their mean. The test images are in the tables only.
"""

import statistics
from collections.abc import Iterator
from typing import Any

from benchmarks.report import written
from benchmarks.search import read
from benchmarks.timing import ROOT
from tools.plotting import svg

from glassnet.show.colors import ACCENT, INK, LINE, POSITIVE, QUIET, SIZES

GROUPS = (
    "batch",
    "rate",
    "rate, batches of 100",
    "epochs",
    "optimizer",
    "schedule",
    "distortion",
    "undistorted",
)
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "batch": "images a batch (rate in proportion)",
        "rate": "learning rate, batches of 400",
        "rate, batches of 100": "learning rate, batches of 100",
        "undistorted": "undistorted epochs at the end",
        "epochs": "epochs",
        "optimizer": "rule",
        "schedule": "schedule of the rate",
        "distortion": "distortion of the images",
        "validation": "validation, %",
        "curve": "validation while training, %",
        "error": "wrong on validation, %",
        "units": "hidden neurons",
        "head": "| | validation | test | seeds | processor seconds |",
        "none": "none",
        "constant": "constant",
        "constant, average 10": "constant, averaged",
        "cosine": "cosine",
        "shift 0.7": "shift 0.7",
        "shift 1": "shift 1",
        "shift 2": "shift 2",
        "mild": "mild",
        "strong": "strong",
        "elastic": "mild, elastic",
    },
    "ko": {
        "batch": "배치 크기(학습률은 비례하게)",
        "rate": "학습률(배치 400장)",
        "rate, batches of 100": "학습률(배치 100장)",
        "undistorted": "마지막에 변형하지 않는 에포크",
        "epochs": "에포크",
        "optimizer": "갱신 규칙",
        "schedule": "학습률 계획",
        "distortion": "이미지 변형",
        "validation": "검증 정확도(%)",
        "curve": "학습 중 검증 정확도(%)",
        "error": "검증 오류율(%)",
        "units": "은닉 뉴런 수",
        "head": "| | 검증 | 테스트 | 시드 | 프로세서 시간(초) |",
        "none": "없음",
        "constant": "일정",
        "constant, average 10": "일정, 평균",
        "cosine": "코사인",
        "shift 0.7": "이동 0.7",
        "shift 1": "이동 1",
        "shift 2": "이동 2",
        "mild": "약하게",
        "strong": "세게",
        "elastic": "약하게, 탄성",
    },
}
Entry = dict[str, Any]


def of(record: list[Entry], group: str) -> list[Entry]:
    """Return the entries of a group."""
    return [one for one in record if one["group"] == group]


def mean(entry: Entry, what: str) -> float:
    """Return the mean of the seeds, in percent."""
    return 100 * statistics.fmean(run[what] for run in entry["runs"])


def _named(entry: Entry, language: str) -> str:
    return WORDS[language].get(entry["name"]) or str(entry["name"])


def table(entries: list[Entry], language: str) -> str:
    """Return a group as a table: means, the smallest and the largest of the test set, seeds, seconds."""
    words = WORDS[language]
    lines = [words["head"], "|---|---|---|---|---|"]
    for entry in entries:
        tests = [100 * run["test"] for run in entry["runs"]]
        cells = (
            _named(entry, language),
            f"{mean(entry, 'validation'):.2f}",
            f"{statistics.fmean(tests):.2f} ({min(tests):.2f}–{max(tests):.2f})",
            f"{len(tests)}",
            f"{statistics.fmean(run['cpu'] for run in entry['runs']):.0f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def texts(record: list[Entry], language: str) -> dict[str, str]:
    """Return what stands between the marks of the page."""
    return {group: table(of(record, group), language) for group in (*GROUPS, "recipes", "sizes")}


def draw_trials(record: list[Entry], language: str) -> None:
    """Draw the groups side by side: what was changed, and the validation accuracy of every seed."""
    words = WORDS[language]
    groups = [group for group in GROUPS if of(record, group)]
    with svg(ROOT / f"docs/assets/search-{language}.svg", 11, 10) as figure:
        panels = figure.subplots(3, 3, sharey=True)
        for axes, group in zip(panels.flat, groups, strict=False):
            entries = of(record, group)
            for place, entry in enumerate(entries):
                values = [100 * run["validation"] for run in entry["runs"]]
                axes.plot([place] * len(values), values, "o", color=ACCENT, alpha=0.5, markersize=5)
                middle = statistics.fmean(values)
                axes.plot([place - 0.3, place + 0.3], [middle] * 2, color=INK, linewidth=2)
            names = [_named(entry, language).replace(", ", ",\n") for entry in entries]
            axes.set_xticks(range(len(entries)), names, fontsize=8)
            axes.set_xlim(-0.6, len(entries) - 0.4)
            axes.set_title(words[group], fontsize=11)
            axes.grid(axis="y", color=LINE, linewidth=0.5)
        for axes in list(panels.flat)[len(groups) :]:
            axes.remove()
        for axes in panels[:, 0]:
            axes.set_ylabel(words["validation"])
        least = min(mean(entry, "validation") for group in groups for entry in of(record, group))
        panels[0, 0].set_ylim(max(92.0, least - 0.5), 96.2)


def draw_results(record: list[Entry], language: str) -> None:
    """Draw the recipes' way over the epochs, and how the error falls with the hidden neurons."""
    words = WORDS[language]
    with svg(ROOT / f"docs/assets/results-{language}.svg", 11, 4.2) as figure:
        left, right = figure.subplots(1, 2)
        for entry, color in zip(of(record, "recipes"), (QUIET, SIZES[1], POSITIVE), strict=False):
            for run in entry["runs"]:
                epochs, accuracies = zip(*run["curve"], strict=True)
                first = run is entry["runs"][0]
                left.plot(
                    epochs,
                    [100 * a for a in accuracies],
                    color=color,
                    alpha=0.6,
                    linewidth=1,
                    label=entry["name"] if first else None,
                )
        left.set_xscale("log")
        left.xaxis.set_major_formatter(lambda value, _place: f"{value:g}")
        left.set_ylim(90, 96.2)
        left.set_xlabel(words["epochs"])
        left.set_ylabel(words["curve"])
        left.legend(frameon=False, loc="lower right")
        points = list(_errors(record))
        for units, errors in points:
            right.plot([units] * len(errors), errors, "o", color=ACCENT, alpha=0.5, markersize=5)
        right.plot(
            [units for units, _errors in points],
            [statistics.fmean(e) for _u, e in points],
            color=INK,
            linewidth=1,
        )
        right.set_xscale("log")
        right.set_xticks([units for units, _errors in points], [f"{units}" for units, _errors in points])
        right.minorticks_off()
        right.set_ylim(bottom=0)
        right.set_xlabel(words["units"])
        right.set_ylabel(words["error"])
        for axes in (left, right):
            axes.grid(color=LINE, linewidth=0.5)


def _errors(record: list[Entry]) -> Iterator[tuple[int, list[float]]]:
    for entry in of(record, "sizes"):
        yield entry["sizes"][1], [100 - 100 * run["validation"] for run in entry["runs"]]


def main() -> None:
    """Renew the pages and the pictures."""
    record = read()
    for language in WORDS:
        page = ROOT / f"docs/{language}/search.md"
        page.write_text(written(page.read_text(encoding="utf-8"), texts(record, language)), encoding="utf-8")
        draw_trials(record, language)
        draw_results(record, language)


if __name__ == "__main__":
    main()
