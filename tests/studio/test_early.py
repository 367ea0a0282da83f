"""What is done on the page before what it is for has come: nothing of it is lost, and nothing else is done instead."""

import re
from pathlib import Path

from playwright.sync_api import expect

import glassnet
from studio.conftest import Open, reloaded_without
from studio.test_train_room import ROOM, shown


def test_what_is_dropped_before_the_page_is_ready_is_opened_then(studio: Open, tmp_path: Path) -> None:
    network = glassnet.Network((784, 9, 10), seed=3)
    network.save(tmp_path / "mine.safetensors")
    page = studio("#room=forward&test=8&lang=en")
    let_it_come = reloaded_without(page, "core.wasm")
    page.get_by_role("button", name="Menu").click()
    for name in ("Open a model or picture…", "Save the model", "Back to the packaged model"):
        expect(page.get_by_role("menuitem", name=name)).to_be_disabled()
    page.keyboard.press("Escape")
    page.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([Uint8Array.from(bytes)], "mine.safetensors"));
            window.dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
        }""",
        list((tmp_path / "mine.safetensors").read_bytes()),
    )
    let_it_come()
    expect(page.locator("[data-fingerprint]")).to_have_attribute("data-fingerprint", network.fingerprint)
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("menuitem", name="Save the model")).to_be_enabled()


def test_the_next_image_waits_for_what_was_asked_for(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en")
    expect(page.get_by_role("button", name="One batch")).to_be_visible()
    page.evaluate(
        """async () => {
            const named = (name) => [...document.querySelectorAll("button")].find((e) => e.textContent.trim() === name);
            const turn = () => new Promise((resolve) => requestAnimationFrame(resolve));
            named("One batch").click();
            while (document.querySelector(".room").dataset.update !== "1") await turn();
            while (named("One image").disabled) await turn();
            named("One image").click();
        }"""
    )
    expect(page).to_have_url(re.compile("place=0"))
    shown(page, 1)
    expect(page.locator(ROOM)).to_have_attribute("data-update", "1")


def test_row_and_column_are_chosen_one_after_the_other_without_waiting(studio: Open) -> None:
    page = studio("#room=train&test=0&lang=en&epochs=20&update=7&weight=w1_3_405")
    shown(page, 7)
    row, column = (page.get_by_label(name, exact=True) for name in ("row", "column"))
    page.evaluate(
        """() => {
            const type = (name, value) => {
                const labels = [...document.querySelectorAll(".arithmetic label")];
                const label = labels.find(({ textContent }) => textContent.trim() === name);
                label.control.value = value;
                label.control.dispatchEvent(new Event("change", { bubbles: true }));
            };
            type("row", "5");
            type("column", "301");
        }"""
    )
    expect(page.get_by_label("Another value for w1[5, 301]")).to_be_visible()
    expect(row).to_have_value("5")
    expect(column).to_have_value("301")
    row.fill("99")
    row.press("Tab")
    expect(row).to_have_value("13")  # the last one
    row.fill("98")
    row.press("Tab")
    expect(row).to_have_value("13")
    column.fill("")
    column.press("Tab")
    expect(column).to_have_value("301")
    expect(page).to_have_url(re.compile("weight=w1_13_301"))
