"""The settings of the room Train in a real browser: what may stand in a field, recipes, and every change taken back."""

import re

import pytest
from playwright.sync_api import expect

import glassnet
from studio.conftest import Open
from studio.test_train_room import ROOM


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("Sizes", "abc", "Sizes: expected whole numbers joined by -"),
        ("Sizes", "784-1e1-10", "Sizes: expected whole numbers joined by -"),
        ("Seed", "-1", "Seed: expected a whole number"),
        ("Learning rate", "0", "Learning rate: expected a number"),
        ("Images (0: all)", "-5", "Images: expected"),
        ("Batch", "100000000", "Batch: expected a whole number"),
        ("Epochs", "2.5", "Epochs: expected a whole number"),
    ],
)
def test_a_field_that_cannot_be_is_called_as_on_the_page(
    studio: Open, field: str, typed: str, told: str
) -> None:
    page = studio("#room=train&test=0&lang=en")
    page.get_by_label(field, exact=True).fill(typed)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".message.problem")).to_contain_text(told)
    expect(page.locator(".message.problem")).to_contain_text(typed)


def test_an_emptied_field_is_no_other_number(studio: Open) -> None:
    page = studio(
        "#room=train&test=0&lang=en&optimizer=momentum&rate=0.4&batch=50&epochs=20&count=700&momentum=0.5"
        "&warmup=2&evaluateEvery=3&shiftBy=1"
    )
    for name, value in (
        ("Learning rate", "0.4"),
        ("Batch", "50"),
        ("Epochs", "20"),
        ("Images (0: all)", "700"),
        ("Momentum", "0.5"),
        ("Warm-up, epochs", "2"),
        ("Evaluate every, epochs", "3"),
        ("Shift, pixels", "1"),
    ):
        field = page.get_by_label(name, exact=True)
        field.fill("")
        field.press("Tab")
        expect(field).to_have_value("")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_text(f"{name}: no run can begin without")).to_be_visible()
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.locator(".message.problem")).to_contain_text(f"{name}: expected a number, found none")
        expect(page.locator(ROOM)).to_have_count(0)
        page.get_by_role("button", name="Close").click()
        field.fill(value)
        expect(field).to_have_attribute("aria-invalid", "false")
    epochs = page.get_by_label("Epochs", exact=True)
    epochs.fill("")
    page.locator('[data-room="loss"]').click()
    page.locator('[data-room="train"]').click()
    expect(epochs).to_have_value("20")  # which is what counts
    epochs.fill("")
    page.get_by_label("Fill in from a recipe").select_option("lecture")
    expect(epochs).to_have_value("10")
    expect(page.get_by_text("no run can begin")).to_have_count(0)


def test_epochs_that_cannot_be_undistorted_are_none_in_the_field(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en")
    page.get_by_label("Fill in from a recipe").select_option("quick")
    undistorted = page.get_by_label("Undistorted at the end, epochs")
    page.get_by_label("Epochs", exact=True).fill("4")
    page.get_by_label("Epochs", exact=True).press("Tab")
    expect(undistorted).to_have_value("4")
    undistorted.fill("5")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".message.problem")).to_contain_text("Undistorted at the end, epochs: expected")
    expect(page.locator(ROOM)).to_have_count(0)


def test_settings_that_cannot_be_are_told(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=ko&sizes=784-14-9")
    page.get_by_role("button", name="학습 시작").click()
    expect(page.get_by_text("입력 784개와 출력 10개")).to_be_visible()
    expect(page.locator(ROOM)).to_have_count(0)


@pytest.mark.parametrize("name", ["lecture", "quick", "default"])
def test_a_recipe_fills_in_all_that_it_says(studio: Open, name: str) -> None:
    page = studio("#room=train&test=0&lang=en")
    page.get_by_label("Fill in from a recipe").select_option(name)
    recipe = glassnet.RECIPES[name]
    distortion = recipe.distortion or glassnet.Distortion()
    if recipe.distortion is None:
        page.locator("summary", has_text="Distortion, at most").click()
    for label, value in (
        ("Learning rate", recipe.learning_rate),
        ("Batch", recipe.batch_size),
        ("Epochs", recipe.epochs),
        ("Warm-up, epochs", recipe.warmup),
        ("Rotation, degrees", distortion.rotation),
        ("Size, share", distortion.scale),
        ("Slant", distortion.shear),
        ("Shift, pixels", distortion.shift),
        ("Elastic, pixels", distortion.elastic),
        ("Undistorted at the end, epochs", recipe.undistorted),
        ("Evaluate every, epochs", recipe.evaluate_every),
    ):
        field = page.get_by_label(label, exact=True)
        assert float(field.input_value()) == value, label
    expect(page.get_by_label("Optimizer")).to_have_value(recipe.optimizer)


def test_a_recipes_rate_follows_the_network_and_a_typed_one_stays(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en")
    hidden, optimizer = (page.get_by_label(name) for name in ("Hidden activation", "Optimizer"))
    rate = page.get_by_label("Learning rate", exact=True)
    page.get_by_label("Fill in from a recipe").select_option("quick")
    hidden.select_option("relu")
    expect(rate).to_have_value("0.12")
    optimizer.select_option("adam")
    expect(rate).to_have_value("0.005")
    optimizer.select_option("momentum")
    hidden.select_option("tanh")
    expect(rate).to_have_value("0.36")
    rate.fill("0.12")
    for name in ("tanh", "sigmoid", "relu"):  # whose rate would be 0.12
        hidden.select_option(name)
        expect(rate).to_have_value("0.12")
    page.locator('[data-room="loss"]').click()
    page.locator('[data-room="train"]').click()
    hidden.select_option("tanh")
    expect(rate).to_have_value("0.12")
    hidden.select_option("relu")
    expect(page).to_have_url(re.compile("hidden=relu.*typedRate=1"))
    again = studio(page.url[page.url.index("#") :])
    again.get_by_label("Hidden activation").select_option("tanh")
    expect(again.get_by_label("Learning rate", exact=True)).to_have_value("0.12")
    page.get_by_label("Fill in from a recipe").select_option("quick")
    hidden.select_option("tanh")
    expect(rate).to_have_value("0.36")


def test_a_change_of_the_settings_is_taken_back(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en")
    recipe, hidden = (page.get_by_label(name) for name in ("Fill in from a recipe", "Hidden activation"))
    rate, epochs, sizes = (
        page.get_by_label(name, exact=True) for name in ("Learning rate", "Epochs", "Sizes")
    )
    back, forth = (page.get_by_role("button", name=f"{name} the setting") for name in ("Undo", "Redo"))
    expect(back).to_be_disabled()
    rate.fill("0.7")
    epochs.press_sequentially("5")
    expect(epochs).to_have_value("105")
    sizes.fill("784-30-10")
    recipe.select_option("quick")
    expect(epochs).to_have_value("40")
    expect(page.get_by_label("Shift, pixels")).to_have_value("1")
    recipe.press("Control+z")  # the whole recipe, as it was one choice
    expect(epochs).to_have_value("105")
    expect(sizes).to_have_value("784-30-10")
    expect(rate).to_have_value("0.7")
    expect(page.get_by_label("Optimizer")).to_have_value("sgd")
    page.locator('[data-room="loss"]').click()
    page.locator('[data-room="train"]').click()
    back.click()
    expect(sizes).to_have_value("784-14-10")
    back.click()
    expect(epochs).to_have_value("10")
    back.click()
    expect(rate).to_have_value("1")
    expect(back).to_be_disabled()
    hidden.select_option("relu")  # and the rate that was typed is typed no more
    expect(rate).to_have_value("0.1")
    expect(forth).to_be_disabled()
    hidden.press("Control+z")
    expect(rate).to_have_value("1")
    forth.click()
    expect(hidden).to_have_value("relu")
    expect(rate).to_have_value("0.1")
    rate.fill("")
    back.click()
    expect(rate).to_have_value("1")
