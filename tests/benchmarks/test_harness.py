"""The benchmarks' harness: it times, verifies, and never drops who is missing; nothing here depends on a clock."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmarks are a folder of the repository, not a part of the package."""
    monkeypatch.syspath_prepend(ROOT)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One small row, with peers that no Python has."""
    out = tmp_path_factory.mktemp("benchmarks") / "results.json"
    empty = "import sys; sys.modules['torch'] = sys.modules['jax'] = None\n"
    peers = out.with_name("python")
    peers.write_text(
        f"#!{sys.executable}\nimport runpy, sys\n{empty}sys.path.insert(0, '.')\nsys.argv = sys.argv[2:]\n"
        "runpy.run_module(sys.argv[0], run_name='__main__')\n",
        encoding="utf-8",
    )
    peers.chmod(0o755)
    asked = ["--only", "epoch", "--images", "300", "--rounds", "2", "--threads", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--peers", str(peers), "--out", str(out), *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr  # a promise about PyTorch could not be judged
    assert "not measured" in done.stdout
    written: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return written


def test_the_core_and_numpy_are_timed_and_agree(record: dict[str, Any]) -> None:
    (row,) = record["rows"]
    ours, numpy = (next(c for c in row["contenders"] if c["group"] == name) for name in ("glassnet", "NumPy"))
    assert len(ours["seconds"]) == len(numpy["seconds"]) == len(ours["cpu"]) == 2
    assert ours["wrong"] == numpy["wrong"] == ""
    assert ours["seen"]["accuracy"] == pytest.approx(numpy["seen"]["accuracy"], abs=0.005)


def test_a_missing_peer_stays_in_the_table(record: dict[str, Any]) -> None:
    from benchmarks.report import table

    for name, language in (("not measured", "en"), ("재지 못함", "ko")):
        lines = table(record, language).splitlines()
        assert any("| PyTorch |" in line and name in line and "torch" in line for line in lines)


def test_a_different_result_is_wrong() -> None:
    from benchmarks.task import same

    seen = {"losses": [0.9, 0.5], "accuracy": 0.9}
    assert same(seen, {"losses": [0.9001, 0.5], "accuracy": 0.901}) == ""
    assert "losses" in same(seen, {"losses": [0.95, 0.5], "accuracy": 0.9})
    assert "losses" in same(seen, {"losses": [0.9], "accuracy": 0.9})
    assert "accuracy" in same(seen, {"losses": [0.9, 0.5], "accuracy": 0.8})
    assert "losses" in same(seen, {"losses": [float("nan"), 0.5], "accuracy": 0.9})


def test_the_pages_show_the_record() -> None:
    """`python -m benchmarks.report` would leave them as they are."""
    from benchmarks.report import RESULTS, texts, written

    kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    for language in ("en", "ko"):
        page = (ROOT / f"docs/{language}/speed.md").read_text(encoding="utf-8")
        assert written(page, texts(kept, language)) == page


def test_the_page_of_the_search_shows_its_record() -> None:
    """`python -m benchmarks.search_page` would leave it as it is, and the record is of the recipes as they are now."""
    from benchmarks.report import written
    from benchmarks.search import read, trials
    from benchmarks.search_page import texts

    record = read()
    for language in ("en", "ko"):
        page = (ROOT / f"docs/{language}/search.md").read_text(encoding="utf-8")
        assert written(page, texts(record, language)) == page
    found = {(one["group"], one["name"]): one for one in record}
    for trial in trials():
        one = found[trial.group, trial.name]
        assert {name: one[name] for name in trial.described} == trial.described
        assert [run["seed"] for run in one["runs"]] == list(trial.seeds)
