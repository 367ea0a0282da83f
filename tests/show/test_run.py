"""Runs in the terminal and in notebooks: the run's own numbers, both languages, any state a run can be in."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from rich.cells import cell_len

import glassnet
from glassnet.show import html_run
from glassnet.show.run import rows, sparkline, stretches, text
from glassnet.training import Distortion, Recipe, Run, train


@pytest.fixture(scope="module")
def run() -> Run:
    digits = glassnet.mnist()
    recipe = Recipe(
        30, 100, "momentum", learning_rate=0.3, warmup=1, average=1, distortion=Distortion(shift=1)
    )
    return train(glassnet.Network(), digits.train[:500], recipe, validation=digits.validation[:300])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_says_what_the_run_is_and_fits_80_columns(run: Run, language: str) -> None:
    glassnet.use_language(language)
    shown = text(run, width=80)
    assert max(cell_len(line) for line in shown.splitlines()) <= 80
    for word in (
        "784-14-10",
        "momentum 0.9",
        "warmup 1",
        "shift 1",
        "150",
        run.data_sha256[:16],
        run.best.fingerprint,
    ):
        assert word in shown
    assert ("갱신" in shown) == (language == "ko")


def test_the_table_has_the_run_s_numbers(run: Run) -> None:
    assert run.best_epoch is not None
    lines = rows(run)
    assert 10 <= len(lines) <= 13
    assert lines[-1][1][0] == "30"
    (best,) = (cells for is_best, cells in lines if is_best)
    validation = run.best_epoch.validation
    assert validation is not None
    assert best[0] == str(run.best_epoch.epoch)
    assert best[4:] == [f"{validation.loss:.4f}", f"{validation.accuracy * 100:.2f} %"]


def test_stretches_are_means_and_leave_out_what_is_no_number() -> None:
    loss = np.array([4, 2, 1, 1, 0, np.nan], np.float32)
    assert stretches(loss, 60).tolist() == [4, 2, 1, 1, 0]
    assert stretches(loss, 2).tolist() == [pytest.approx(7 / 3), 0.5]
    assert stretches(loss[5:], 60).tolist() == []
    assert sparkline(np.array([4.0, 2, 1, 0])) == "█▄▂▁"
    assert sparkline(np.array([4.0, 2, 1, 0]), ascii_only=True) == "9520"
    assert sparkline(np.zeros(3)) == ""


class Balanced(HTMLParser):
    """Collects text and fails on a tag that is closed wrongly."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("language", ["en", "ko"])
def test_html_is_whole_and_says_the_same(run: Run, language: str) -> None:
    glassnet.use_language(language)
    page = Balanced()
    page.feed(run._repr_html_())
    assert page.open == []
    assert run.best.fingerprint in page.words
    for _best, cells in rows(run):
        assert all(cell in page.words for cell in cells)
    content = html_run.written(run)
    assert content.count("<polyline") == 3
    assert not re.search(r"<script|https?://(?!www\.w3\.org)", content)


def test_every_state_of_a_run_can_be_shown(run: Run) -> None:
    digits = glassnet.mnist()
    interrupted = replace(run, interrupted=True, recipe=replace(run.recipe, epochs=60))
    assert "150 of 300, interrupted before the end" in text(interrupted)
    loss = run.history.loss.copy()
    loss[-1] = np.nan
    broken = replace(run, history=replace(run.history, loss=loss), diverged=150)
    assert "no number any more" in text(broken)
    assert "It happened at update 150." in text(broken)
    once = train(glassnet.Network(), digits.train[:1], Recipe(1, 1, learning_rate=1.0))
    for any_run in (interrupted, broken, once):
        Balanced().feed(any_run._repr_html_())
        assert str(any_run)


def test_a_sick_run_brings_the_doctor_s_words() -> None:
    digits = glassnet.mnist()
    run = train(glassnet.Network(), digits.train[:2000], Recipe(5, 100, "momentum", learning_rate=50.0))
    (finding,) = glassnet.diagnose(run)
    shown = " ".join(text(run).split())
    for words in (finding.title, finding.evidence, finding.remedy):
        assert words in shown
        assert words in html_run.written(run)
