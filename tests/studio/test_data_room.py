"""The room Data in a real browser: counts, the wall by mouse and keyboard, and one digit as picture and matrix."""

import numpy as np
from playwright.sync_api import Page, expect

import glassnet
from studio.conftest import Open, numbers

SETS = ("train", "validation", "test")


def wall(page: Page) -> dict[str, str]:
    return dict(page.locator(".wall").evaluate("(wall) => ({ ...wall.dataset })"))


def clicked(page: Page, place: int) -> None:
    """Click the tile at a place of the wall, as it stands unscrolled."""
    expect(page.locator(".wall")).not_to_have_attribute("data-columns", "1")  # its width is known
    data = wall(page)
    tile, columns = float(data["tile"]), int(data["columns"])
    position = {"x": (place % columns + 0.5) * tile, "y": (place // columns + 0.5) * tile}
    page.locator(".wall").click(position=position)  # type: ignore[arg-type]


def test_the_sets_are_counted(studio: Open, whole_address: str) -> None:
    page = studio("#room=data&test=0&lang=en", at=whole_address)
    expect(page.locator('[data-set="all"]')).to_have_attribute("data-count", "70000")
    mnist = glassnet.mnist()
    for name in SETS:
        labels = getattr(mnist, name).labels
        page.locator(f'[data-set="{name}"]').click()
        expect(page.locator(f'[data-set="{name}"]')).to_have_attribute("data-count", str(len(labels)))
        expect(page.locator(".wall")).to_have_attribute("data-count", str(len(labels)))
        for label, count in enumerate(np.bincount(labels)):
            shown = page.locator(f'[data-label="{label}"]')
            expect(shown).to_have_attribute("data-count", str(count))
    page.locator('[data-set="all"]').click()
    expect(page.locator(".wall")).to_have_attribute("data-count", "70000")
    page.locator(".wall").focus()
    page.keyboard.press("End")
    expect(page.locator("#wall-current")).to_contain_text("Training 54999")
    expect(page.locator(".room")).to_have_attribute("data-shown", "train=54999")
    assert page.locator("#wall-current").get_attribute("aria-setsize") == "70000"


def test_the_wall_shows_what_the_network_gets_wrong(studio: Open) -> None:
    page = studio("#room=data&test=0&lang=en&wall=test&wallRead=wrong")
    evaluation = glassnet.evaluate(glassnet.Network.load("lecture"), glassnet.mnist().test)
    expect(page.locator(".wall")).to_have_attribute("data-count", str(len(evaluation.mistakes)))
    wrong = sorted(mistake.index for mistake in evaluation.mistakes)
    clicked(page, 2)
    expect(page.locator(".room")).to_have_attribute("data-shown", f"test={wrong[2]}")
    for key, place in (
        ("ArrowRight", 3),
        ("Home", 0),
        ("End", len(wrong) - 1),
        ("ArrowLeft", len(wrong) - 2),
    ):
        page.keyboard.press(key)
        expect(page.locator(".room")).to_have_attribute("data-shown", f"test={wrong[place]}")
    page.locator('[data-label="7"]').click()
    sevens = [mistake for mistake in evaluation.mistakes if mistake.label == 7]
    expect(page.locator(".wall")).to_have_attribute("data-count", str(len(sevens)))
    page.locator(".wall").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator('[data-room="forward"]')).to_have_attribute("aria-current", "page")
    first = min(mistake.index for mistake in sevens)
    expect(page.locator(".room")).to_have_attribute("data-shown", f"test={first}")


def test_a_digit_is_its_matrix(studio: Open) -> None:
    page = studio("#room=data&test=18&lang=en")
    page.wait_for_selector('.room[data-shown="test=18"]')
    image = glassnet.mnist().test.images[18].reshape(784)
    shown = numbers(page)
    for place, byte in enumerate(image):
        value, text = shown["x", place, 0]
        assert np.float32(value) == np.float32(byte) / np.float32(255)
        if byte == 0:
            assert text == "0"
        else:
            assert abs(float(text) - byte / 255) <= 0.05
    page.get_by_role("button", name="0–255").click()
    assert [int(text) for text in page.locator('[role="grid"] td').all_text_contents()] == image.tolist()


def test_picture_and_matrix_are_linked_both_ways(studio: Open) -> None:
    page = studio("#room=data&test=18&lang=en")
    page.wait_for_selector('.room[data-shown="test=18"]')
    image = glassnet.mnist().test.images[18].reshape(784)
    place = int(np.flatnonzero((image > 0) & (image < 255))[20])
    row, column = divmod(place, 28)
    said = f"x[{place}] = {image[place]} / 255 ="
    page.locator(f'[role="grid"] td[data-row="{place}"]').hover()
    expect(page.locator(".readout")).to_contain_text(said)
    pixel = page.locator(".picture .pixel").bounding_box()
    box = page.locator(".picture canvas").bounding_box()
    assert pixel is not None
    assert box is not None
    assert round((pixel["y"] - box["y"]) / box["height"] * 28) == row
    assert round((pixel["x"] - box["x"]) / box["width"] * 28) == column
    page.mouse.move(5, 5)
    expect(page.locator(".readout")).to_contain_text("Point at a pixel")
    page.mouse.move(
        box["x"] + (column + 0.5) / 28 * box["width"], box["y"] + (row + 0.5) / 28 * box["height"]
    )
    expect(page.locator(".readout")).to_contain_text(said)
    cell = page.locator(".scroll .cell").bounding_box()
    at = page.locator(f'[role="grid"] td[data-row="{place}"]').bounding_box()
    assert cell is not None
    assert at is not None
    assert abs(cell["x"] - at["x"]) < 2
    assert abs(cell["y"] - at["y"]) < 2
    page.locator('[role="grid"] td[tabindex="0"]').focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".readout")).to_contain_text("row 1, column 2")


def test_an_unread_set_is_waited_for_and_an_empty_choice_says_so(studio: Open) -> None:
    page = studio("#room=data&test=0&lang=en&wall=train&edits=w2.0.0.0.5")
    expect(page.locator(".wall")).to_have_attribute("data-count", "1000")
    page.evaluate("location.hash = '#room=data&test=0&lang=en&wall=validation&wallLabel=3&wallRead=wrong'")
    expect(page.locator(".wall")).to_be_visible()
