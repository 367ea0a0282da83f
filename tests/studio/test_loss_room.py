"""The room Loss in a real browser: the slides' example, dragging, other losses, and whose loss is large."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import glassnet
from commandline import CommandLine
from glassnet.lecture import squared_error
from studio.conftest import Open, numbers

EXAMPLE = [0.1, 0.8, 0.3, 0.2, 0.1, 0.7, 0.1, 0.2, 0.3, 0.1]


def total(page: Page, loss: str) -> float:
    value = page.locator(f'[data-loss="{loss}"] [data-value]').get_attribute("data-value")
    return float(value or "nan")


def test_the_slides_example_is_one_click_away(studio: Open) -> None:
    page = studio("#room=loss&test=0&lang=en")
    page.get_by_role("button", name="The slides’ example (0.83)").click()
    expect(page.locator("tfoot .total")).to_have_text("0.8300")
    shown = numbers(page)
    target = np.eye(10)[1]
    for row, value in enumerate(EXAMPLE):
        e = value - target[row]
        assert [float(shown[step, row, 0][0]) for step in ("a3", "t", "e", "s")] == [
            value,
            target[row],
            e,
            e**2,
        ]
    assert float(shown["loss", 0, 0][0]) == squared_error(np.array(EXAMPLE), target) == 0.83
    sides = page.locator("rect[data-area]").evaluate_all(
        "(all) => all.map((e) => Number(e.getAttribute('width')))"
    )
    areas = np.array(sides) ** 2
    np.testing.assert_allclose(
        areas[:10] / areas[10], [float(shown["s", row, 0][0]) / 0.83 for row in range(10)]
    )
    expect(page).to_have_url(re.compile("prediction=0.1_0.8_0.3_0.2_0.1_0.7_0.1_0.2_0.3_0.1"))
    assert total(page, "binary_cross_entropy") == pytest.approx(3.0081954087773353)
    assert total(page, "cross_entropy") == pytest.approx(0.7098716235011396)
    page.locator("tfoot [data-value]").click()
    expression = page.locator(".number-card pre").inner_text()
    assert eval(expression, {"np": np}) == 0.83


def test_the_networks_loss_is_the_terminals(studio: Open) -> None:
    page = studio("#room=loss&test=8&lang=en")
    network = glassnet.Network.load("lecture")
    for index in (8, 0, 2130, 9999):
        page.evaluate(f"location.hash = '#room=loss&lang=en&test={index}'")
        page.wait_for_selector(f'.room[data-shown="test={index}"] tfoot .total')
        answer = CommandLine("forward").answer("--test", str(index))
        steps = {step["id"]: step["value"] for step in answer["steps"]}
        shown = numbers(page)
        for step in ("a3", "t", "e", "s", "loss"):
            for row, (value,) in enumerate(steps[step]):
                assert np.float32(shown[step, row, 0][0]) == np.float32(value)
        image, label = glassnet.mnist().test.images[index], int(glassnet.mnist().test.labels[index])
        weights = list(network.weights.values())
        for output, loss in (("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")):
            other = glassnet.Network.from_weights(weights, output=output, loss=loss)
            assert np.float32(total(page, loss)) == other.trace(image, label)["loss"][0, 0]


def test_a_prediction_is_dragged_and_typed(studio: Open) -> None:
    page = studio("#room=loss&test=8&lang=en")
    page.wait_for_selector("tfoot .total")
    before = float(page.locator("tfoot [data-value]").get_attribute("data-value") or "")
    term = float(numbers(page)["s", 5, 0][0])
    assert term > 0.1  # there is something to gain
    slider = page.get_by_role("slider", name="Prediction for 5")
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 6, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 6, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    after = float(page.locator("tfoot [data-value]").get_attribute("data-value") or "")
    assert after == pytest.approx(before - term, abs=0.005)  # dragged to 1: its square is gone
    expect(page.get_by_role("heading", level=2)).to_contain_text("Your own prediction")
    slider.focus()
    value = float(slider.input_value())
    page.keyboard.press("ArrowLeft")
    assert float(slider.input_value()) == pytest.approx(value - 0.01)
    shown = numbers(page)
    given = np.array([float(shown["a3", row, 0][0]) for row in range(10)])
    assert float(shown["loss", 0, 0][0]) == squared_error(given, np.eye(10)[5])
    page.get_by_role("button", name="Make 6 the true digit").click()
    expect(page.locator('[data-step="t"][data-row="6"]')).to_have_text("1")
    page.get_by_role("button", name="The network’s prediction").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("Test image 8")
    expect(page.locator("tfoot [data-value]")).to_have_attribute("data-value", str(np.float32(before)))


def test_another_target_changes_no_prediction(studio: Open) -> None:
    page = studio("#room=loss&test=115&lang=en")
    page.get_by_role("button", name="Make 0 the true digit").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("if the digit were 0")
    expect(page).to_have_url(re.compile("against=0"))
    network = glassnet.Network.load("lecture")
    image, weights = glassnet.mnist().test.images[115], list(network.weights.values())
    trace = network.trace(image, 0)
    expect(page.locator("tfoot [data-value]")).to_have_attribute("data-value", str(trace["loss"][0, 0]))
    shown = numbers(page)
    for step in ("a3", "t", "e", "s"):
        assert [np.float32(shown[step, row, 0][0]) for row in range(10)] == trace[step][:, 0].tolist()
    for output, loss in (("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")):
        other = glassnet.Network.from_weights(weights, output=output, loss=loss)
        assert np.float32(total(page, loss)) == other.trace(image, 0)["loss"][0, 0]
    page.locator("tfoot [data-value]").click()
    expression = page.locator(".number-card pre").inner_text()
    assert np.float32(eval(expression, {"glassnet": glassnet})) == trace["loss"][0, 0]
    page.keyboard.press("Escape")
    page.evaluate("location.hash = location.hash.replace('test=115', 'test=116')")
    expect(page.get_by_role("heading", level=2)).not_to_contain_text("if the digit were")


def test_a_prediction_of_ones_own_is_of_one_image(studio: Open) -> None:
    page = studio("#room=loss&test=8&lang=en")
    heading = page.get_by_role("heading", level=2)
    page.get_by_role("slider", name="Prediction for 5").press("ArrowRight")
    expect(heading).to_contain_text("Your own prediction")
    page.locator('[data-room="test"]').click()
    page.locator('[data-room="loss"]').click()
    expect(heading).to_contain_text("Your own prediction")
    page.locator('[data-room="forward"]').click()
    page.get_by_role("button", name="Next image").click()
    page.locator('[data-room="loss"]').click()
    expect(heading).to_contain_text("Test image 9")
    expect(page).not_to_have_url(re.compile("prediction="))
    page.evaluate("location.hash = '#room=loss&lang=en&test=10&prediction=0_0_0_0_0_0_0_0_0_1&target=9'")
    expect(heading).to_contain_text("Your own prediction")  # a link says both
    expect(page.locator("tfoot .total")).to_have_text("0.0000")


def draw_one(page: Page) -> None:
    """Draw a stroke from top to bottom on the pad."""
    box = page.locator('canvas[role="application"]').bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20, steps=6)
    page.mouse.up()


def test_the_digit_that_was_meant_is_not_meant_of_another(studio: Open, tmp_path: Path) -> None:
    page = studio("#room=forward&drawn=&lang=en")

    draw_one(page)
    meant = page.locator("[data-explain=meant] select")
    meant.select_option("1")
    draw_one(page)  # one more stroke of the same digit
    expect(meant).to_have_value("1")
    page.get_by_role("button", name="Next image").click()
    expect(meant).to_have_count(0)
    draw_one(page)
    expect(meant).to_have_value("-1")
    meant.select_option("1")
    image = glassnet.mnist().test.images[8].reshape(28, 28)
    Image.fromarray(255 - np.kron(image, np.ones((5, 5), np.uint8))).save(tmp_path / "five.png")
    page.locator('input[type="file"]').first.set_input_files(tmp_path / "five.png")
    page.wait_for_selector('.room[data-shown^="pixels="]')
    expect(meant).to_have_value("-1")


def test_bars_open_the_images_in_them(studio: Open) -> None:
    page = studio("#room=loss&test=8&lang=en")
    evaluation = glassnet.evaluate(glassnet.Network.load("lecture"), glassnet.mnist().test)
    expect(page.locator("[data-mean]")).to_be_visible()
    assert float(page.locator("[data-mean]").get_attribute("data-mean") or "") == pytest.approx(
        evaluation.loss
    )
    counts = [int(bar.get_attribute("data-count") or "") for bar in page.locator("[data-bar]").all()]
    assert sum(counts) == 10_000
    last = max(place for place, count in enumerate(counts) if count)
    page.locator(f'[data-bar="{last}"]').click()
    gallery = page.locator(".gallery")
    expect(gallery).to_have_attribute("data-gallery", str(counts[last]))
    picture = gallery.locator("button").first
    index = picture.get_attribute("data-index")
    picture.click()
    expect(page.locator(".room")).to_have_attribute("data-shown", f"test={index}")
    picture.click()
    expect(page.locator('[data-room="forward"]')).to_have_attribute("aria-current", "page")


def test_without_a_label_it_asks_and_without_ink_it_says_so(studio: Open) -> None:
    page = studio("#room=loss&drawn=&lang=en")
    expect(page.locator(".none")).to_contain_text("There is nothing yet")
    page.evaluate("location.hash = '#room=forward&drawn=&lang=en'")
    draw_one(page)
    page.locator('[data-room="loss"]').click()
    expect(page.locator(".none")).to_contain_text("Say which digit this is")
    page.locator(".none").get_by_role("button", name="1", exact=True).click()
    expect(page.locator("tfoot .total")).to_be_visible()
