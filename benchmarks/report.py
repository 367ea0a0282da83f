"""From the record to what is read: text for the terminal, tables and pictures for docs/; measures nothing.

python -m benchmarks.report      docs/*/speed.md between its marks, docs/assets/speed-*.svg, from results.json
"""

import json
import math
import statistics
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.timing import ROOT, spread
from benchmarks.verdict import Json, comparisons

RESULTS = ROOT / "benchmarks/results.json"
WORDS = {
    "head": {
        "en": "| what | glassnet | peer | its time | times as fast | promised | |",
        "ko": "| 무엇 | glassnet | 비교 대상 | 걸린 시간 | 몇 배 빠른가 | 약속 | |",
    },
    "kept": {"en": "kept", "ko": "지킴"},
    "broken": {"en": "**not kept**", "ko": "**못 지킴**"},
    "missing": {"en": "not measured", "ko": "재지 못함"},
    "limits": {
        "en": "| network | job | inked pixels | MB read | products, millions | limit, one thread "
        "| measured | share of the limit | instructions an image |",
        "ko": "| 신경망 | 일 | 잉크 픽셀 | 읽을 MB | 곱, 백만 | 한계, 스레드 1개 "
        "| 잰 시간 | 한계 대비 | 이미지당 명령 |",
    },
    "batch": {"en": "an epoch, batches of {}", "ko": "1에포크, 배치 {}"},
    "labels": {"en": "10,000 labels", "ko": "숫자 10,000장 읽기"},
}


def text_lines(row: Json) -> Iterator[str]:
    """Yield every contender of a row, then each comparison, for the terminal."""
    yield f"\n{row['what']['en']}"
    for one in row["contenders"]:
        yield f"  {one['group']:18} {one['how']:32} {short(one)}"
    for c in comparisons(row):
        word = c.reason or f"{c.ratio:.2f} x ({c.low:.2f}-{c.high:.2f})"
        promise = f", promised {c.promised:g}: {'kept' if c.kept else 'NOT KEPT'}" if c.promised else ""
        yield f"  -> {c.peer}: {word}{promise}"


def short(contender: Json) -> str:
    """Return times and processor time, or why there are none."""
    if contender["missing"]:
        return f"not measured: {contender['missing']}"
    wrong = f"  WRONG: {contender['wrong']}" if contender["wrong"] else ""
    accuracy = contender.get("seen", {}).get("accuracy")
    reached = f", accuracy {accuracy:.4f}" if accuracy else ""
    cpu = f", processor {spread(contender['cpu'])}" if "cpu" in contender else ""
    return f"{spread(contender['seconds'])}{cpu}{reached}{wrong}"


def merged(old: Json, new: Json) -> Json:
    """Return the record `old` with the rows, the growth and the limits that `new` has."""
    fresh = {row["key"]: row for row in new["rows"]}
    rows = [fresh.pop(row["key"], row) for row in old.get("rows", [])] + list(fresh.values())
    return {**old, **new, "rows": rows}


def table(record: Json, language: str) -> str:
    """Return the table of the record in Markdown."""
    lines = [WORDS["head"][language], "|---|---|---|---|---|---|---|"]
    for row in record["rows"]:
        for c in comparisons(row):
            promise = f"{c.promised:g} ×" if c.promised else ""
            if c.reason:
                verdict = f"{WORDS['missing'][language]}: {c.reason}"
                lines.append(
                    f"| {c.what[language]} | {_time(c.ours)} | {c.peer} | | | {promise} | {verdict} |"
                )
                continue
            verdict = "" if not promise else WORDS["kept" if c.kept else "broken"][language]
            how = f" ({c.how})" if c.how else ""
            ratio = f"{c.ratio:.3g} × ({c.low:.3g}–{c.high:.3g})"
            cells = [c.what[language], _time(c.ours), c.peer + how, _time(c.theirs), ratio, promise, verdict]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def limit_table(record: Json, language: str) -> str:
    """Return how far each job on one thread is from the limit, in Markdown."""
    rates = record.get("limits", {}).get("peak", {})
    lines = [WORDS["limits"][language], "|---|---|---|---|---|---|---|---|---|"]
    for job in record.get("limits", {}).get("jobs", []):
        limit = max(job["bytes"] / rates["packed"], job["products"] / rates["products"]) if rates else 0
        alone = _alone(record, job["row"])
        count = job["instructions"].get("an image")
        cells = [
            "-".join(map(str, job["sizes"])),
            WORDS["batch"][language].format(job["batch"]) if "batch" in job else WORDS["labels"][language],
            f"{job['ink']:,}",
            f"{job['bytes'] / 1e6:.1f}",
            f"{job['products'] / 1e6:,.0f}",
            _time(limit) if limit else "",
            _time(alone) if alone else "",
            f"{limit / alone:.0%}" if limit and alone else "",
            f"{count:,.0f} ({job['instructions']['isa']})" if count else "",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def machine_line(record: Json, language: str) -> str:
    """Return machine, rounds, load and versions in one paragraph."""
    versions: dict[str, str] = {}
    for row in record["rows"]:
        for one in row["contenders"]:
            versions |= {
                name: value for name, value in one["versions"].items() if name not in ("threads", "isa")
            }
    m = record["machine"]
    named = ", ".join(f"{name} {versions[name]}" for name in sorted(versions))
    rounds = min(len(one["seconds"]) for row in record["rows"] for one in row["contenders"] if one["seconds"])
    loads = f"{record['load before']}, {record['load after']}"
    if language == "ko":
        return (
            f"{m['processor']}, 코어 {m['cores']}개, {m['system']}; {named}. 적어도 {rounds}회의 중앙값, 괄호 안은 "
            f"한 회씩 견준 최소–최대. 재기 전과 후의 시스템 부하: {loads}."
        )
    return (
        f"{m['processor']}, {m['cores']} cores, {m['system']}; {named}. Medians of at least {rounds} rounds, in "
        f"brackets the smallest and the largest ratio of single rounds. The system's load before and after: {loads}."
    )


def _alone(record: Json, key: str) -> float:
    """The seconds of glassnet on one thread in a row, or 0."""
    for row in record["rows"]:
        for one in row["contenders"]:
            if (
                row["key"] == key
                and one["group"] == "glassnet"
                and one["how"] == "1 thread"
                and one["seconds"]
            ):
                return float(statistics.median(one["seconds"]))
    return 0.0


def _time(seconds: float) -> str:
    if math.isnan(seconds):
        return ""
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e6:.2g} µs"


def texts(record: Json, language: str) -> dict[str, str]:
    """Return what stands between the marks of the page about speed."""
    return {
        "table": table(record, language),
        "limits": limit_table(record, language),
        "machine": machine_line(record, language),
    }


def written(page: str, marked: Mapping[str, str]) -> str:
    """Return a page with what stands between `<!-- name -->` and `<!-- end -->` renewed, for every name given."""
    for name, text in marked.items():
        before, mark, rest = page.partition(f"<!-- {name} -->\n")
        if mark:
            _old, end, after = rest.partition("<!-- end -->")
            page = f"{before}{mark}{text}\n{end}{after}"
    return page


def main() -> None:
    """Renew the pages and the pictures."""
    from benchmarks import picture

    record: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    for language in ("en", "ko"):
        page = ROOT / f"docs/{language}/speed.md"
        page.write_text(written(page.read_text(encoding="utf-8"), texts(record, language)), encoding="utf-8")
        picture.draw(record, language, ROOT / f"docs/assets/speed-{language}.svg")


if __name__ == "__main__":
    main()
