"""The room Train in a real browser: training, going back and on, and Python's numbers for update 120 of a run."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import glassnet
from glassnet.network import Network
from glassnet.training.run import Run
from studio.conftest import Open, numbers
from studio.test_frame import problems

IMAGES = 1000  # as many as the page is served with
ROOM = ".room[data-run]"


@pytest.fixture(scope="module")
def run() -> Run:
    """The run that the page makes from its first settings, with 20 epochs."""
    recipe = glassnet.Recipe(20, 100, learning_rate=1.0)
    return glassnet.train(Network(seed=0), glassnet.mnist().train[:IMAGES], recipe)


def shown(page: Page, update: int) -> None:
    """Wait until the page shows a moment."""
    expect(page.locator(ROOM)).to_have_attribute("data-look", str(update))


def fingerprint(page: Page) -> str | None:
    return page.locator(ROOM).get_attribute("data-fingerprint")


def test_update_120_of_a_run_is_pythons(studio: Open, run: Run) -> None:
    page = studio("#room=train&test=0&lang=en&epochs=20&update=120&weight=w1_3_405")
    shown(page, 120)
    assert fingerprint(page) == run.at(120).fingerprint
    found = numbers(page)
    trace = run.at(120).trace(glassnet.mnist().test.images[0], 7)
    for row in range(10):
        assert float(found["a3", row, 0][0]) == pytest.approx(float(trace["a3"][row, 0]), rel=1e-7)
    assert float(found["loss", 0, 0][0]) == pytest.approx(float(trace["loss"][0, 0]), rel=1e-7)
    weight = run.explain(120).weight("w1", 3, 405)
    assert float(found["new_w1", 3, 405][0]) == pytest.approx(weight.new, rel=1e-7)
    assert float(found["d_w1", 3, 405][0]) == pytest.approx(weight.gradient, rel=1e-7)
    expect(page.locator(".arithmetic")).to_contain_text(weight.lines[0].written)
    page.get_by_role("button", name="Check by differences").click()
    slope = page.locator("[data-name=difference]").get_attribute("data-exact")
    assert float(slope or "nan") == pytest.approx(weight.difference.slope, abs=1e-9)


def test_train_pause_drag_back_and_resume(studio: Open, run: Run) -> None:
    page = studio("#room=train&test=0&lang=en&epochs=20&speed=50")
    page.get_by_role("button", name="Start", exact=True).click()
    room = page.locator(ROOM)
    expect(room).to_have_attribute("data-update", re.compile(r"[1-9]\d"), timeout=20_000)
    page.get_by_role("button", name="Pause").click()
    expect(room).to_have_attribute("data-status", "paused")
    made = int(room.get_attribute("data-update") or 0)
    shown(page, made)
    assert fingerprint(page) == run.at(made).fingerprint
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    shown(page, 0)
    assert fingerprint(page) == run.at(0).fingerprint
    for _press in range(3):
        page.keyboard.press("ArrowRight")
    shown(page, 3)
    assert fingerprint(page) == run.at(3).fingerprint
    page.get_by_role("combobox", name="Speed").select_option("full")
    page.get_by_role("button", name="Resume").click()
    expect(room).to_have_attribute("data-status", "finished", timeout=30_000)
    shown(page, 200)
    assert fingerprint(page) == run.last.fingerprint


def test_one_batch_one_image_one_epoch_and_slow_motion(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en")
    page.get_by_role("button", name="One batch").click()
    shown(page, 1)
    page.get_by_role("button", name="One image").click()
    expect(page).to_have_url(re.compile("place=0"))
    page.get_by_role("button", name="One epoch").click()
    shown(page, 10)
    page.get_by_role("combobox", name="Speed").select_option("slow")
    page.get_by_role("button", name="Resume").click()
    for phase in ("forward", "loss", "backward", "update"):
        expect(page.locator(f"[data-phase={phase}]")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    expect(page.locator("[data-phase] + div .stage")).to_be_visible()  # what one paused for
    page.get_by_role("button", name="One batch").click()
    expect(page.locator("[data-phase]")).to_have_count(0)
    page.get_by_role("button", name="Menu").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save a table").click()
    updates = [int(line.split(",")[0]) for line in download.value.path().read_text().splitlines()[1:]]
    assert updates == sorted(set(updates))


def test_slow_motion_shows_one_image_on_the_one_picture(studio: Open, run: Run) -> None:
    page = studio("#room=train&test=0&lang=en&epochs=20")
    page.get_by_role("button", name="One epoch").click()
    shown(page, 10)
    page.get_by_role("combobox", name="Speed").select_option("slow")
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("[data-phase=backward]")).to_have_attribute("data-of", "11")
    found = numbers(page)
    update = run.explain(11, image=0)
    expect(page.locator(".motion")).to_contain_text(f"label {update.labels[0]}")
    trace = update.trace
    assert trace is not None
    for name, rows in (("d_z3", 10), ("d_z2", 14)):
        for row in range(rows):
            assert float(found[name, row, 0][0]) == pytest.approx(float(trace[name][row, 0]), rel=1e-6)
    expect(page.locator("[data-phase=update]")).to_have_attribute("data-of", "11")
    assert float(numbers(page)["w1", 3, 784][0]) == pytest.approx(float(run.at(11).w1[3, 784]), rel=1e-7)


def test_a_run_copied_as_python_is_the_run(studio: Open) -> None:
    page = studio(
        "#room=train&lang=en&epochs=6&update=37&batch=50&optimizer=adam&rate=0.004&schedule=cosine&warmup=1"
        "&sizes=784-9-10&hidden=tanh&pair=softmax%20%2B%20cross_entropy&shiftBy=1&rotateBy=5&undistorted=2"
        "&evaluateEvery=3&seed=12345678901234567890&count=700",
        permissions=["clipboard-read", "clipboard-write"],
    )
    shown(page, 37)
    page.get_by_role("button", name="Copy as Python").click()
    expect(page.get_by_text("Copied: glassnet.train")).to_be_visible()
    network = eval(page.evaluate("navigator.clipboard.readText()"), {"glassnet": glassnet})
    assert network.fingerprint == fingerprint(page)


def test_the_caret_stays_when_another_run_is_looked_at(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en&epochs=3&update=7")
    shown(page, 7)
    page.get_by_text("Settings", exact=True).click()
    page.get_by_label("Learning rate").fill("0.5")
    page.get_by_role("button", name="New run").click()
    page.get_by_role("button", name="One epoch").click()
    expect(page.locator(ROOM)).to_have_attribute("data-update", "10")
    page.get_by_role("spinbutton", name="Time machine").fill("4")
    page.get_by_role("spinbutton", name="Time machine").press("Enter")
    shown(page, 4)
    second = page.locator(ROOM).get_attribute("data-run")
    page.get_by_role("button", name="Run 1 ·").click()
    shown(page, 4)
    assert page.locator(ROOM).get_attribute("data-run") != second


def test_the_doctors_remedy_runs_beside(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en&optimizer=momentum&rate=50")
    page.get_by_role("button", name="Start", exact=True).click()
    finding = page.locator("[data-findings]")
    expect(finding).to_have_attribute("data-findings", "saturated", timeout=20_000)
    page.get_by_text("Why?").click()
    expect(finding).to_contain_text("slope is a·(1 − a)")
    page.get_by_role("button", name="Run the remedy beside it").click()
    expect(page.get_by_role("button", name="Run 2 · momentum 3", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator(ROOM)).to_have_attribute("data-status", "finished", timeout=20_000)


def test_a_typed_weight_is_the_models_and_is_taken_back(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en&update=10&weight=w2_1_14")
    shown(page, 10)
    model = page.locator(".model")
    before = model.get_attribute("data-fingerprint")
    page.get_by_label("Another value for w2[1, 14]").fill("0.5")
    page.get_by_role("button", name="Put").click()
    expect(model).not_to_have_attribute("data-fingerprint", before or "")
    page.get_by_role("button", name="Undo").click()
    expect(model).to_have_attribute("data-fingerprint", fingerprint(page) or "")
    page.get_by_role("button", name="Undo").click()
    expect(model).to_have_attribute("data-fingerprint", before or "")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_a_room_that_has_trained(studio: Open, theme: str) -> None:
    page = studio(f"#room=train&test=0&lang=en&update=20&theme={theme}", width=390, height=844)
    shown(page, 20)
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_changed_is_the_network_on_the_screen(studio: Open, run: Run) -> None:
    page = studio("#room=train&test=0&lang=en&epochs=20&update=7&weight=w1_3_405")
    shown(page, 7)
    model = page.locator(".model")
    expected = run.at(7)
    box = page.get_by_role("checkbox", name="the 1 below a1")
    box.click()
    expect(box).not_to_be_checked()
    expect(model).to_have_attribute("data-fingerprint", expected.fingerprint)
    for value in (0.5, 0.25):  # the second is a change of the first, not of the run's network
        page.get_by_role("spinbutton", name="Another value").fill(str(value))
        page.get_by_role("button", name="Put").click()
        expected.w1[3, 405] = value
        expect(model).to_have_attribute("data-fingerprint", expected.fingerprint)
    expect(box).not_to_be_checked()
    page.get_by_role("combobox", name="Unit to cut").select_option("a2[4]")
    page.get_by_role("button", name="Cut", exact=True).click()
    expected.w2[:, 4] = 0
    expect(model).to_have_attribute("data-fingerprint", expected.fingerprint)
    expect(model).to_contain_text("This model reads the pinned digit as")


def test_where_a_run_has_stopped_is_in_the_link(studio: Open, run: Run) -> None:
    page = studio("#room=train&test=0&lang=en&epochs=20")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(ROOM)).to_have_attribute("data-status", "finished", timeout=30_000)
    expect(page).to_have_url(re.compile(r"to\(200\).*update=200"))
    again = studio(page.url[page.url.index("#") :])
    shown(again, 200)
    assert fingerprint(again) == run.last.fingerprint


def test_the_settings_can_be_looked_at_while_a_run_is_running(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en&epochs=20&speed=10")
    page.get_by_role("button", name="Start", exact=True).click()
    room = page.locator(ROOM)
    expect(room).to_have_attribute("data-update", re.compile("[1-9]"))
    page.get_by_text("Settings", exact=True).click()
    now = int(room.get_attribute("data-update") or 0)
    expect(room).not_to_have_attribute("data-update", str(now))
    expect(page.get_by_label("Rate")).to_be_visible()


def test_a_link_makes_every_run_again_and_the_model_taken_from_one(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en&epochs=20&seed=3")
    page.get_by_role("button", name="One epoch").click()
    expect(page.locator(".room")).to_have_attribute("data-update", "10")
    page.get_by_role("button", name="Make this network the model").click()
    page.get_by_role("checkbox", name=re.compile("the 1 below a1")).uncheck()
    page.get_by_text("Settings", exact=True).click()
    page.get_by_label("Learning rate").fill("0.25")
    page.get_by_role("button", name="New run", exact=True).click()
    expect(page.locator(".room")).to_have_attribute("data-run", "2")
    page.get_by_role("button", name="One batch").click()
    expect(page.locator(".room")).to_have_attribute("data-look", "1")
    page.get_by_role("button", name=re.compile("Run 1")).click()
    expect(page).to_have_url(
        re.compile(
            re.escape(
                "made=epochs(20)seed(3)count(1000)to(10)"
                "&runs=epochs(20)seed(3)count(1000)to(10)~rate(0.25)epochs(20)seed(3)count(1000)to(1)&run=1"
            )
        )
    )
    model = page.locator(".model").get_attribute("data-fingerprint")

    again = studio(page.url[page.url.index("#") :])
    expect(again.locator(".room")).to_have_attribute("data-update", "10")
    expect(again.locator(".model")).to_have_attribute("data-fingerprint", model or "")
    expect(again.get_by_role("checkbox", name=re.compile("the 1 below a1"))).not_to_be_checked()
    expect(again.get_by_role("button", name=re.compile("Run 1"))).to_have_attribute("aria-pressed", "true")
    again.get_by_role("button", name=re.compile("Run 2")).click()
    expect(again.locator(".room")).to_have_attribute("data-update", "1")
    again.get_by_role("button", name="Undo", exact=True).click()
    again.get_by_role("button", name="Undo", exact=True).click()
    expect(again).not_to_have_url(re.compile("made="))

    link = page.url[page.url.index("#") :].replace("room=train", "room=forward")
    forward = studio(link, permissions=["clipboard-read", "clipboard-write"])
    expect(forward.locator("[data-fingerprint]").first).to_have_attribute("data-fingerprint", model or "")
    output = forward.locator('text[data-step="a3"][data-row="7"]')
    output.click()
    forward.get_by_role("button", name="Copy as Python").click()
    copied = forward.evaluate("navigator.clipboard.readText()")
    assert np.float32(eval(copied, {"glassnet": glassnet})) == np.float32(
        output.get_attribute("data-value") or ""
    )


def test_a_link_makes_a_run_that_began_with_a_runs_model(studio: Open) -> None:
    page = studio("#room=train&test=3&lang=en&epochs=2")
    page.get_by_role("button", name="One batch").click()
    shown(page, 1)
    page.get_by_role("button", name="Make this network the model").click()
    page.get_by_role("button", name="One batch").click()
    shown(page, 2)
    page.get_by_role("button", name="Start from the model").click()
    expect(page.locator(ROOM)).to_have_attribute("data-run", "2")
    page.get_by_role("button", name="One batch").click()
    shown(page, 1)
    expect(page).to_have_url(
        re.compile(r"runs=epochs\(2\)count\(1000\)to\(2\)~.*from\([0-9a-f]{16}\)to\(1\)")
    )
    again = studio(page.url[page.url.index("#") :])
    expect(again.get_by_role("button", name=re.compile("Run [12] ·"))).to_have_count(2)
    shown(again, 1)
    assert fingerprint(again) == fingerprint(page)
    expect(again.locator(".message.problem")).to_have_count(0)


def test_the_run_of_a_model_is_made_for_that_alone(studio: Open) -> None:
    page = studio("#room=train&test=3&lang=en&epochs=2")
    page.get_by_role("button", name="One batch").click()
    shown(page, 1)
    page.get_by_role("button", name="Make this network the model").click()
    page.get_by_text("Settings", exact=True).click()
    page.get_by_label("Learning rate").fill("0.3")
    page.get_by_role("button", name="New run").click()
    page.get_by_role("button", name="One batch").click()
    page.get_by_role("button", name="Discard run 1").click()
    shown(page, 1)
    model = page.locator(".model").get_attribute("data-fingerprint") or ""
    expect(page).to_have_url(re.compile("made=epochs.*runs=rate[^~]*$"))
    again = studio(page.url[page.url.index("#") :])
    expect(again.locator(".model")).to_have_attribute("data-fingerprint", model)
    shown(again, 1)
    assert fingerprint(again) == fingerprint(page)
    expect(again.get_by_role("button", name=re.compile("Run [12] ·"))).to_have_count(0)


def test_a_run_that_is_made_once_more_takes_the_place_of_the_first(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en&epochs=20")
    page.get_by_role("button", name="One epoch").click()
    expect(page.locator(".room")).to_have_attribute("data-update", "10")
    page.get_by_role("button", name="New run", exact=True).click()
    expect(page.locator(".room")).to_have_attribute("data-update", "0")
    expect(page.get_by_role("button", name=re.compile("Run 1"))).to_have_count(0)
