"""The room Test in a real browser: the numbers of `glassnet evaluate --json`, and pictures that go to Forward."""

import re

import pytest
from playwright.sync_api import Page, expect

import glassnet
from commandline import CommandLine
from studio.conftest import Open


def exact(page: Page, name: str, attribute: str = "data-exact") -> float:
    return float(page.locator(f'[data-name="{name}"]').get_attribute(attribute) or "nan")


@pytest.mark.parametrize("name", ["test", "validation"])
def test_the_numbers_are_the_terminals(studio: Open, whole_address: str, name: str) -> None:
    page = studio(f"#room=test&test=0&lang=en&testSet={name}", at=whole_address)
    page.wait_for_selector(f'.room[data-evaluated="{name}"]')
    answer = CommandLine("evaluate").answer("--set", name)
    assert exact(page, "accuracy") == answer["accuracy"]
    assert [exact(page, "interval", "data-low"), exact(page, "interval", "data-high")] == answer["interval"]
    assert exact(page, "loss") == pytest.approx(answer["loss"], rel=1e-12)
    assert page.locator("[data-fingerprint]").get_attribute("data-fingerprint") == answer["fingerprint"]
    expect(page.locator('[data-name="accuracy"]')).to_have_text(f"{100 * answer['accuracy']:.2f} %")
    cells = page.locator("[data-cell]").evaluate_all("(all) => all.map((cell) => Number(cell.dataset.count))")
    assert cells == [count for row in answer["confusion"] for count in row]
    assert exact(page, "calibration") == pytest.approx(answer["calibration"]["error"], rel=1e-12)
    bins = page.locator("[data-bin]").evaluate_all(
        "(all) => all.map(({ dataset: d }) => [d.bin, d.count, d.accuracy, d.confidence].map(Number))"
    )
    for found, expected in zip(bins, answer["calibration"]["bins"], strict=True):
        assert found[:2] == [expected["low"], expected["count"]]
        assert found[2:] == pytest.approx([expected["accuracy"], expected["confidence"]], rel=1e-12)
    shown = page.locator(".gallery button")
    expect(shown).to_have_count(min(48, len(answer["mistakes"])))
    for button, mistake in zip(shown.all(), answer["mistakes"], strict=False):
        assert button.get_attribute("data-index") == str(mistake["index"])
        said = button.get_attribute("aria-label") or ""
        assert f"label {mistake['label']}, read as {mistake['prediction']}" in said
        assert f"confidence {mistake['confidence']:.4f}" in said
        assert ("doubtful" in said) == mistake["doubtful"]


def test_cells_open_their_images_and_pictures_go_to_forward(studio: Open) -> None:
    page = studio("#room=test&test=0&lang=en")
    page.wait_for_selector('.room[data-evaluated="test"]')
    answer = CommandLine("evaluate").answer()
    page.locator('[data-cell="4,9"]').click()
    inside = [m["index"] for m in answer["mistakes"] if (m["label"], m["prediction"]) == (4, 9)]
    expect(page.locator(".gallery")).to_have_attribute("data-gallery", str(len(inside)))
    expect(page.locator(".gallery button").first).to_have_attribute("data-index", str(inside[0]))
    expect(page).to_have_url(re.compile("cellLabel=4&cellRead=9"))
    page.locator('[data-cell="4,9"]').focus()
    for key in ("ArrowDown", "ArrowLeft", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Label 5, read as 7")).to_be_visible()
    page.locator('[data-cell="3,3"]').click()
    expect(page.locator(".gallery")).to_have_attribute("data-gallery", str(answer["confusion"][3][3]))
    page.get_by_role("button", name=re.compile("Show more")).click()
    expect(page.locator(".gallery button")).to_have_count(144)
    page.get_by_role("button", name=re.compile("All mistakes")).click()
    page.locator(f'.gallery [data-index="{answer["mistakes"][0]["index"]}"]').click()
    expect(page.locator('[data-room="forward"]')).to_have_attribute("aria-current", "page")
    expect(page.locator(".room")).to_have_attribute("data-shown", f"test={answer['mistakes'][0]['index']}")


def test_another_network_is_evaluated_anew(studio: Open) -> None:
    page = studio("#room=test&test=0&lang=en")
    page.wait_for_selector('.room[data-evaluated="test"]')
    before = exact(page, "accuracy")
    page = studio("#room=test&test=0&lang=en&edits=cut.2.0_cut.2.1_cut.2.2_cut.2.3")
    page.wait_for_selector('.room[data-evaluated="test"]')
    assert exact(page, "accuracy") < before


def test_its_numbers_are_copied_as_python(studio: Open) -> None:
    page = studio(
        "#room=test&cellLabel=4&cellRead=9&lang=en", permissions=["clipboard-read", "clipboard-write"]
    )
    page.wait_for_selector("[data-evaluated]")
    for place in (
        '[data-step="accuracy"] >> nth=0',
        '[data-step="mean_loss"]',
        '[data-step="interval"][data-column="1"]',
        '[data-step="calibration"][data-row="3"] .count',
        '[data-step="recall"][data-row="4"]',
        'h2 [data-step="confusion"]',
    ):
        element = page.locator(place)
        element.click()
        page.get_by_role("button", name="Copy as Python").click()
        expect(page.locator(".message").last).to_contain_text("Copied")
        found = eval(page.evaluate("navigator.clipboard.readText()"), {"glassnet": glassnet})
        shown = element.evaluate("element => Number(element.closest('[data-value]').dataset.value)")
        assert found == pytest.approx(shown, rel=1e-6), place
        page.keyboard.press("Escape")
    cells = page.locator('button[data-step="confusion"]')
    expected = glassnet.evaluate(glassnet.Network.load("lecture"), glassnet.mnist().test).confusion
    assert [int(cell.get_attribute("data-value") or -1) for cell in cells.all()] == expected.reshape(
        -1
    ).tolist()
