"""Numbers that are copied as Python give, evaluated, the number that stood on the page."""

import numpy as np
from playwright.sync_api import expect

import glassnet
from studio.conftest import Open


def test_a_number_can_be_copied_as_python(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=loss&lang=en", permissions=["clipboard-read", "clipboard-write"])
    page.locator('text[data-step="z3"][data-row="6"]').click()
    page.get_by_role("button", name="Copy as Python").click()
    expect(page.locator(".message")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    value = page.locator('text[data-step="z3"][data-row="6"]').get_attribute("data-value")
    assert np.float32(eval(copied, {"glassnet": glassnet})) == np.float32(value or "")


def test_a_changed_models_number_can_be_copied_as_python(studio: Open) -> None:
    edits = "w1.3.784.0.5_one.2.0_cut.2.4_w2.1.4.-0.25_one.1.0"
    page = studio(
        f"#room=forward&test=8&step=loss&lang=en&edits={edits}",
        permissions=["clipboard-read", "clipboard-write"],
    )
    # the fingerprint is that of the weights alone
    expect(page.locator(".model")).to_contain_text("The 1 below a1 has been set to 0")
    for place in ("z2", "z3", "a3"):
        number = page.locator(f'text[data-step="{place}"][data-row="6"]')
        number.click()
        page.get_by_role("button", name="Copy as Python").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert ".edited(w1={(3, 784): 0" in copied
        assert "(1, 4): -0.25" in copied
        shown = number.get_attribute("data-value") or ""
        assert np.float32(eval(copied, {"glassnet": glassnet})) == np.float32(shown), place
        page.keyboard.press("Escape")
    bias = page.locator('.stage [data-step="w1"][data-row="2"][data-column="784"]')
    bias.click()  # a weight is what it was, also where the 1 above it is a 0
    page.get_by_role("button", name="Copy as Python").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert np.float32(eval(copied, {"glassnet": glassnet})) == np.float32(
        bias.get_attribute("data-value") or ""
    )
