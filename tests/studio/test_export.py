"""The studio as one file: small enough, opened from a folder without a network, with the same numbers as everywhere."""

import html
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import glassnet
from commandline import CommandLine
from glassnet.studio import page as pages
from glassnet.studio.export import exported
from studio.conftest import Open, numbers

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def lesson(built: pages.Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "FOLDER", built.files["index.html"].parent)
        target = tmp_path_factory.mktemp("export") / "lesson.html"
        found = CommandLine("studio").answer("--export", str(target), "--train", "300", "--lang", "ko")
    assert found["bytes"] == target.stat().st_size
    return target


def test_it_is_small_and_names_nothing_outside(built: pages.Page, lesson: Path) -> None:
    alone = exported(built, pages.model_bytes("lecture"), glassnet.mnist())
    assert len(alone) < 6 * MEGABYTE
    assert exported(built, pages.model_bytes("lecture"), glassnet.mnist()) == alone
    text = lesson.read_text(encoding="utf-8")
    assert len(re.findall(r"<script", text)) >= 8
    page, script = text.rsplit('<script type="module">', 1)
    assert not re.search(r'(?:src|href)="(?!data:)', page)
    assert not re.search(r"https?://(?!www\.w3\.org/|svelte\.dev/)", script)
    assert "connect-src" not in text
    assert "default-src 'none'" in html.unescape(text)


def test_it_works_from_a_folder_without_a_network(studio: Open, lesson: Path) -> None:
    page = studio("#room=forward&test=8&step=loss&lang=en", at=lesson.as_uri(), offline=True)
    page.wait_for_selector('.room[data-shown="test=8"]')
    answer = CommandLine("forward").answer("--test", "8")
    shown = numbers(page)
    loss = answer["steps"][-1]["value"][0][0]
    assert float(shown["loss", 0, 0][0]) == loss
    expect(page.locator("output.digit")).to_have_text(str(answer["prediction"]))
    page.get_by_label("Set", exact=True).select_option("train")
    page.wait_for_selector('.room[data-shown="train=0"]')
    expect(page.get_by_label("Number")).to_have_attribute("max", "299")


def test_it_opens_in_the_language_it_was_written_in(studio: Open, lesson: Path) -> None:
    page = studio("", at=lesson.as_uri(), offline=True)
    expect(page.locator("html")).to_have_attribute("lang", "ko")
