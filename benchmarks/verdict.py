"""From times to a verdict: are the results the same, how many times as fast is glassnet, is the promise kept.

A measured row is a dictionary that can be written as JSON: `key`, `what`, `per`, `promised`, `figures`, and
`contenders`, each with group, how, seconds and cpu (round by round), seen, versions, missing, wrong.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.rows import OURS, Row
from benchmarks.task import same
from benchmarks.timing import Measured

Json = dict[str, Any]


def judged(row: Row, measured: Sequence[Measured]) -> Json:
    """Return the row with every contender's times, and for each what is wrong with its result ("" if nothing)."""
    ours = next((one for one in measured if one.group == OURS and one.seconds), None)
    contenders = []
    for one in measured:
        wrong = "" if one.missing or ours is None else _wrong(row, ours, one)
        seen = {name: one.seen[name] for name in ("accuracy", "fingerprint") if one.seen and name in one.seen}
        contenders.append({**asdict(one), "seen": seen, "wrong": wrong})
    return {
        "key": row.key,
        "what": dict(row.what),
        "per": row.per,
        "promised": dict(row.promised),
        "figures": dict(row.figures),
        "contenders": contenders,
    }


def _wrong(row: Row, ours: Measured, other: Measured) -> str:
    if row.accuracy:
        reached = (other.seen or {}).get("accuracy", 1.0)
        return f"accuracy {reached:.4f}, below {row.accuracy}" if reached < row.accuracy else ""
    if (row.same_bits or other.group == OURS) and "fingerprint" in ours.seen:
        if other.seen["fingerprint"] != ours.seen["fingerprint"]:
            return f"fingerprint {other.seen['fingerprint']}, not {ours.seen['fingerprint']}"
        return ""
    return same(ours.seen, other.seen)


@dataclass(frozen=True)
class Comparison:
    """glassnet beside the best of one group; `ratio` is 0 where `reason` says why there is none.

    Seconds are medians for one of the row's parts; `low` and `high` bound the ratios of single rounds.
    """

    what: dict[str, str]
    peer: str
    how: str
    ours: float
    theirs: float
    ratio: float
    low: float
    high: float
    promised: float
    reason: str

    @property
    def kept(self) -> bool:
        """Whether the ratio is as promised; always, if nothing is promised."""
        return self.promised == 0 or (not self.reason and self.ratio >= self.promised)


def comparisons(row: Json) -> list[Comparison]:
    """Return one comparison for each group of a measured row that something is said about."""
    ours, own_reason = _fastest(row, OURS)
    found = []
    for peer, promised in row["promised"].items():
        if peer in row["figures"]:
            figure = row["figures"][peer]
            reason = ""
            theirs: Json = {"how": "", "seconds": [figure * row["per"]] * len(ours["seconds"])}
        else:
            theirs, reason = _fastest(row, peer)
        reason = own_reason or reason
        one, two = _median(ours) / row["per"], _median(theirs) / row["per"]
        turns = (
            [b / a for a, b in zip(ours["seconds"], theirs["seconds"], strict=True)] if not reason else [0.0]
        )
        ratio = 0.0 if reason else two / one
        found.append(
            Comparison(
                row["what"], peer, theirs["how"], one, two, ratio, min(turns), max(turns), promised, reason
            )
        )
    return found


def _fastest(row: Json, group: str) -> tuple[Json, str]:
    """Return the fastest of a group and why it may not be compared ("" if it may)."""
    members = [one for one in row["contenders"] if one["group"] == group]
    right = [one for one in members if one["seconds"] and not one["wrong"]]
    if right:
        return min(right, key=_median), ""
    reasons = [one["missing"] or one["wrong"] for one in members]
    return members[0] | {"seconds": []}, reasons[0]


def _median(contender: Json) -> float:
    return statistics.median(contender["seconds"]) if contender["seconds"] else math.nan
