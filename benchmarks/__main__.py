"""`python -m benchmarks`: measure, judge, print the table, keep the record; the pages are made by report.py.

    python -m benchmarks --peers .venv-peers/bin/python      everything, into benchmarks/results.json
    python -m benchmarks --only epoch --rounds 3 --out /dev/null

Ends with 1 when a promise is broken, a result is wrong, or a peer that a promise is about is missing.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.timing import in_turn
from benchmarks.verdict import comparisons, judged

from benchmarks import growth, limits, machine, report, rows


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", default=sys.executable, help="the Python that has the peers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=55_000, help="of an epoch; fewer only to try it out")
    parser.add_argument(
        "--only", nargs="*", help="rows by their keys, growth, limits; the record keeps the rest"
    )
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="numbers of threads to try")
    parser.add_argument(
        "--cold", action="store_true", help="also let the system forget its files (root only)"
    )
    parser.add_argument("--out", type=Path, default=report.RESULTS)
    asked = parser.parse_args()
    wanted = asked.only or ()

    record: dict[str, Any] = {"machine": machine.described(), "rows": []}
    record["load before"] = machine.load()
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        task = rows.Asked(asked.peers, Path(folder), asked.images, tuple(asked.threads), asked.cold)
        for row in rows.rows(task):
            if wanted and row.key not in wanted:
                continue
            measured = judged(row, in_turn(row.contenders, asked.rounds))
            record["rows"].append(measured)
            print(*report.text_lines(measured), sep="\n", flush=True)
            kept &= all(one.kept for one in comparisons(measured))
            kept &= not any(one["wrong"] for one in measured["contenders"])
        if not wanted or "growth" in wanted:
            record["growth"] = _growth(task, min(3, asked.rounds))
    if not wanted or "limits" in wanted:
        record["limits"] = limits.measured()
    record["load after"] = machine.load()
    if asked.out.exists() and wanted:  # a part of the record is renewed, the rest stays
        record = report.merged(json.loads(asked.out.read_text(encoding="utf-8") or "{}"), record)
    asked.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if kept else 1


def _growth(asked: rows.Asked, rounds: int) -> list[dict[str, Any]]:
    found = []
    for axis, place, row in growth.points(asked):
        measured = judged(row, in_turn(row.contenders, rounds))
        print(f"{axis:8} {place:18}", *(report.short(one) for one in measured["contenders"]), flush=True)
        found += [
            {
                "axis": axis,
                "place": place,
                **{name: one[name] for name in ("group", "how", "seconds", "missing", "wrong")},
            }
            for one in measured["contenders"]
        ]
    return found


if __name__ == "__main__":
    sys.exit(main())
