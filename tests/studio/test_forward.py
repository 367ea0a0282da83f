"""The room Forward in a real browser: what is drawn is read, every number is the terminal's, steps go both ways."""

import base64
import io
import re
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import FloatRect, Page, expect

import glassnet
from commandline import CommandLine
from glassnet.lecture.steps import ledger
from glassnet.show.numbers import written
from studio.conftest import Open, numbers, reloaded_without

SIGNED = {"z2", "z3", "e"}
IDS = [step.id for step in ledger() if step.part in ("forward", "loss")]

# A seven as a hand writes it, in shares of the pad.
SEVEN = [(0.25, 0.22), (0.5, 0.22), (0.75, 0.22), (0.68, 0.38), (0.6, 0.54), (0.52, 0.7), (0.45, 0.88)]


def settled(page: Page, step: str) -> None:
    page.wait_for_selector(f'.room[data-step-at="{step}"][data-settled]')


def pad(page: Page) -> FloatRect:
    box = page.locator('canvas[role="application"]').bounding_box()
    assert box is not None
    return box


def with_mouse(page: Page) -> None:
    box = pad(page)
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN]
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y, steps=5)
    page.mouse.up()


def with_finger(page: Page) -> None:
    box = pad(page)
    touch = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(SEVEN):
        point = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
        kind = "touchStart" if number == 0 else "touchMove"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def with_keys(page: Page) -> None:
    page.locator('canvas[role="application"]').focus()
    for key, count in (("ArrowLeft", 6), ("ArrowUp", 7), (" ", 1), ("ArrowRight", 12)):
        for _ in range(count):
            page.keyboard.press(key)
    for _ in range(8):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowLeft")
    page.keyboard.press(" ")


@pytest.mark.parametrize("hand", [with_mouse, with_finger, with_keys])
def test_a_seven_is_read(studio: Open, hand: Callable[[Page], None]) -> None:
    page = studio("#room=forward&drawn=&step=x", has_touch=True)
    expect(page.locator(".sentence")).to_contain_text("An empty canvas has no answer")
    assert numbers(page).keys() == {("w1", row, 784) for row in range(14)} | {("a1", 784, 0)}
    hand(page)
    expect(page.locator("output.digit")).to_have_text("7")
    settled(page, "a3")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".sentence")).to_contain_text("An empty canvas has no answer")
    expect(page.locator("output.digit")).to_have_count(0)


def test_the_numbers_are_the_terminals(studio: Open) -> None:
    page = studio("#room=forward&test=0&step=loss")
    command = CommandLine("forward")
    network = glassnet.Network.load("lecture")
    for index in [0, 1, 2, 3, 4, 5, 8, 18, 33, 115, 247, 321, 582, 659, 2130, 4740, 5937, 8408, 9729, 9999]:
        page.evaluate(f"location.hash = '#room=forward&test={index}&step=loss'")
        answer = command.answer("--test", str(index))
        page.wait_for_selector(f'.room[data-shown="test={index}"]')
        shown = numbers(page)
        for step in answer["steps"]:
            if step["id"] == "x" or step["id"] == "a1":
                continue
            for row, (value,) in enumerate(step["value"]):
                text_of_value, text = shown[step["id"], row, 0]
                assert np.float32(text_of_value) == np.float32(value), (index, step["id"], row)
                if step["id"] not in ("t", "a2_1") and text:
                    exact = float(np.float32(value))  # the shortest text is rounded already
                    assert text == written(exact, sign=step["id"] in SIGNED), (index, step["id"], row)
        assert page.locator("output.digit").text_content() == str(answer["prediction"])
        for row, (text_of_value, _text) in ((row, shown["w1", row, 784]) for row in range(14)):
            assert np.float32(text_of_value) == network.w1[row, 784]
    assert page.locator("[data-fingerprint]").get_attribute("data-fingerprint") == network.fingerprint


def texts(page: Page) -> str:
    """Everything that is written in the room: sentence, picture, code."""
    return page.locator(".room").inner_text()


def test_every_step_forward_and_back_shows_the_same(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=x")
    settled(page, "x")
    page.locator(".sentence").click()
    forwards = []
    for step in IDS:
        settled(page, step)
        forwards.append(texts(page))
        page.keyboard.press("ArrowRight")
    assert len(set(forwards)) == len(IDS)
    for step, before in zip(reversed(IDS), reversed(forwards), strict=True):
        settled(page, step)
        assert texts(page) == before
        page.keyboard.press("ArrowLeft")
    for key, step in (("End", "loss"), ("Home", "x")):
        page.keyboard.press(key)
        settled(page, step)


def test_the_sentences_are_the_ledgers(studio: Open) -> None:
    page = studio("#room=forward&test=0&step=x&lang=ko")
    for number, step in enumerate(ledger()[: len(IDS)]):
        page.evaluate(f"location.hash = '#room=forward&test=0&lang=ko&step={step.id}'")
        settled(page, step.id)
        for language, button in (("ko", "English"), ("en", "한국어")):
            sentence = page.locator(".sentence")
            expect(sentence).to_contain_text(step.title[language])
            expect(sentence).to_contain_text(step.sentence[language])
            expect(sentence).to_contain_text(f"{number + 1}/{len(IDS)}")
            page.get_by_role("button", name=button).click()
        line = page.locator(".code .current")
        assert line.count() == 1
        if step.part == "forward" and step.id != "x":
            expect(line).to_contain_text(f"{step.shape[0]} x 1")


def test_playing_goes_to_the_end_and_stands(studio: Open) -> None:
    page = studio("#room=forward&test=1", reduced_motion="no-preference")
    page.get_by_label("Speed").select_option(label="4×")
    settled(page, "loss")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_the_other_notation_changes_no_number(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=loss")
    settled(page, "loss")
    before = numbers(page)
    page.get_by_role("button", name="W·a + b").click()
    expect(page.locator(".code")).to_contain_text("z2 = np.dot(W1, x) + b1")
    after = numbers(page)
    gone = {key for key in before if key[0] == "a2_1" or key == ("a1", 784, 0)}
    assert {key: value for key, value in before.items() if key not in gone} == after


def test_the_other_notation_goes_on_where_one_was(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=a2_1&lang=en")
    settled(page, "a2_1")
    page.get_by_role("button", name="W·a + b").click()
    settled(page, "a2")
    page.get_by_role("button", name="Step back").click()
    expect(page.locator(".sentence")).to_contain_text("adds up its 784 inputs")
    expect(page.locator(".sentence")).to_contain_text("z2 = W1 · x + b1")


def test_a_changed_model_says_what_was_changed(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=a1&lang=en&edits=w2.4.7.100_cut.2.0_one.1.0")
    expect(page.locator(".model")).to_contain_text("Changed: w2[4, 7] = 100, a2[0] cut")
    expect(page.locator(".model")).to_contain_text("The 1 below a1 has been set to 0")
    expect(page.locator(".code")).to_contain_text("np.concatenate([x, [[0]]], 0)")
    expect(page.locator(".sentence")).to_contain_text("That 1 has been set to 0 here")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("menuitem", name="Save the model").click()
    expect(page.locator(".message.problem")).to_contain_text("A model file holds weights alone")


@pytest.mark.parametrize("step", ["zz9", "d_z3"])
def test_a_step_that_is_not_there_is_told(studio: Open, step: str) -> None:
    page = studio(f"#room=forward&test=8&step={step}&lang=en")
    expect(page.locator(".message.problem")).to_contain_text(f"no step {step}")
    settled(page, "loss")


def test_a_neuron_is_written_out_as_in_the_terminal(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=loss&depth=neuron&layer=2&neuron=3")
    page.wait_for_selector(".neuron")
    explanation = CommandLine("forward").answer("--test", "8", "--step", "z2", "--row", "3")["explanation"]
    rows = page.locator(".neuron tbody tr")
    for place, term in enumerate(explanation["terms"]):
        row, column = divmod(term["column"], 28)
        cells = rows.nth(place)
        expect(cells.locator("th")).to_have_text(f"pixel {row}, {column}")
        values = [
            float(found.get_attribute("data-value") or "") for found in cells.locator("[data-value]").all()
        ]
        assert np.float32(values[0]) == np.float32(term["weight"])
        assert np.float32(values[1]) == np.float32(term["entering"])
        assert values[2] == term["product"]
    found = rows.nth(10).locator("[data-value]").get_attribute("data-value")
    assert float(found or "") == pytest.approx(explanation["rest"], abs=1e-12)
    shown = numbers(page)
    assert np.float32(shown["z2", 3, 0][0]) == np.float32(explanation["total"])
    assert np.float32(shown["a2", 3, 0][0]) == np.float32(explanation["activation"])


def test_deeper_and_back(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=loss")
    settled(page, "loss")
    page.locator('text[data-step="a3"][data-row="6"]').dblclick()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page).to_have_url(re.compile("depth=layer.*layer=3"))
    page.get_by_role("button", name="Neuron 6 of z3 in detail").click()
    expect(page.get_by_role("heading", name="The sum z3[6] of neuron 6, term by term")).to_be_visible()
    for depth in (".layer", ".stage"):
        page.keyboard.press("Escape")
        expect(page.locator(depth)).to_be_visible()


def test_escape_ends_one_thing_at_a_time(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=loss&depth=neuron&neuron=3&layer=2")
    page.locator('.terms [data-step="z2"]').click()
    expect(page.locator(".number-card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".number-card")).to_be_hidden()
    expect(page.locator(".neuron")).to_be_visible()
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    expect(page.locator(".neuron")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".layer")).to_be_visible()


def test_an_image_that_is_not_there_is_told_and_a_number_goes_to_the_nearest(studio: Open) -> None:
    page = studio("#room=forward&validation=5000&step=loss&lang=en")
    expect(page.locator(".sentence")).to_contain_text("Validation image 5,000 is not here")
    number = page.get_by_label("Number", exact=True)
    for typed, shown in (("3.4", "3"), ("", "3"), ("10115", "4999"), ("-1", "0")):
        number.fill(typed)
        number.press("Enter")
        expect(number).to_have_value(shown)
        expect(page.locator(f"[data-shown='validation={shown}']")).to_have_count(1)


def test_a_number_can_be_typed_once_its_set_of_images_is_here(studio: Open) -> None:
    page = studio("#room=forward&validation=4321&step=loss&lang=en")
    let_it_come = reloaded_without(page, "training-images")
    number = page.get_by_label("Number", exact=True)
    expect(page.locator(".sentence")).to_contain_text("Validation image 4,321 is not here")
    for control in (number, page.get_by_role("button", name="Next image")):
        expect(control).to_be_disabled()
    let_it_come()
    expect(number).to_be_enabled()
    expect(page.locator("[data-shown='validation=4321']")).to_have_count(1)
    number.fill("17")
    number.press("Enter")
    expect(page.locator("[data-shown='validation=17']")).to_have_count(1)


def test_pointing_at_one_thing_lights_what_belongs_to_it(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=loss")
    settled(page, "loss")
    page.locator('text[data-step="z2"][data-row="3"]').hover()
    assert page.locator('.code .lit[data-token="z2"]').count() == 2
    expect(page.locator(".stage .over")).to_be_visible()
    page.locator('.code [data-token="w1"]').last.hover()
    assert page.locator(".stage .touched").all_text_contents() == ["w1"]


def test_every_cell_of_the_picture_has_its_number_by_pointer_and_by_keyboard(studio: Open) -> None:
    network, image = glassnet.Network.load("lecture"), glassnet.mnist().test.images[8].reshape(28, 28)
    page = studio("#room=forward&test=8&step=loss")
    settled(page, "loss")
    chip = page.locator(".stage .chip")
    canvas = page.locator('.stage [data-explain="w1"] canvas').nth(3)
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 13.5 / 28, box["y"] + box["height"] * 20.5 / 28)
    column = 20 * 28 + 13
    expect(chip).to_contain_text(f"w1[3, {column}]")
    shown = numbers(page)["w1", 3, column][0]
    assert np.float32(shown) == network.w1[3, column]
    expect(chip).to_contain_text(f"a1[{column}] {image[20, 13] / 255:.4f}")

    page.mouse.move(5, 5)
    expect(chip).to_be_hidden()
    page.locator(".stage .surface").focus()
    for key in ("Home", *["ArrowDown"] * 20, *["ArrowRight"] * 13):
        page.keyboard.press(key)
    expect(chip).to_contain_text(f"x[{column}] = {image[20, 13] / 255:.4f}")
    for name in ("a1", "w1"):
        page.keyboard.press("Shift+ArrowRight")
        expect(chip).to_contain_text(f"{name}[")
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    card = page.locator(".number-card")
    expect(card.get_by_role("button", name="Copy the number")).to_be_focused()
    row, column = map(int, re.findall(r"\d+", card.locator("code").first.inner_text())[1:3])
    assert np.float32(card.locator("strong").inner_text()) == network.w1[row, column]
    page.keyboard.press("Escape")
    expect(page.locator(".stage .surface")).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".layer")).to_be_visible()
    page.keyboard.press("Escape")  # lets go of the pinned cell
    page.keyboard.press("Escape")
    expect(page.locator(".stage")).to_be_visible()


def test_fed_raw_the_network_receives_what_was_drawn(studio: Open) -> None:
    page = studio("#room=forward&drawn=&step=x")
    pad_box = pad(page)
    page.mouse.move(pad_box["x"] + 4, pad_box["y"] + 4)
    page.mouse.down()
    page.mouse.move(pad_box["x"] + 20, pad_box["y"] + 24, steps=4)
    page.mouse.up()
    expect(page.locator("output.digit")).to_be_visible()
    framed = received(page)
    page.get_by_label("Feed it raw").check()
    expect(page).to_have_url(re.compile("raw=1"))
    raw = received(page)
    assert np.flatnonzero(raw.max(axis=0)).max() < 8
    assert np.count_nonzero(framed) > 3 * np.count_nonzero(raw)


def received(page: Page) -> NDArray[np.uint8]:
    """The 28 × 28 bytes that the picture of x shows, ink as MNIST has it."""
    address = page.evaluate("document.querySelector('.stage canvas').toDataURL()")
    return 255 - np.array(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("L"))


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 768), (390, 844)])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_paper_stays_under_the_pen(studio: Open, language: str, width: int, height: int) -> None:
    page = studio(f"#room=forward&test=8&step=loss&lang={language}", width=width, height=height)
    pad = page.locator("canvas[role=application]")
    page.wait_for_selector(".loss")
    before = pad.bounding_box()
    assert before is not None
    page.mouse.move(before["x"] + 40, before["y"] + 30)
    page.mouse.down()
    page.mouse.move(before["x"] + 90, before["y"] + 30, steps=4)
    page.mouse.move(before["x"] + 60, before["y"] + 100, steps=4)
    page.mouse.up()
    expect(page.locator("[data-shown^='drawn=']")).to_have_count(1)
    assert pad.bounding_box() == before
