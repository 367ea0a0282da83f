"""Views and tables that are saved: all that is seen, in files that other programs open."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import expect

import glassnet
from studio.conftest import Open


def test_a_view_is_saved_as_svg_png_and_csv(studio: Open, tmp_path: Path) -> None:
    page = studio("#room=forward&test=8&step=a3&lang=en")
    page.wait_for_selector('text[data-step="a3"]')
    saved = {}
    for name, ending in (
        ("Save this view as SVG", "svg"),
        ("Save this view as PNG", "png"),
        ("Save a table (CSV): Values of step a3", "csv"),
    ):
        page.get_by_role("button", name="Menu").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=name).click()
        target = tmp_path / f"view.{ending}"
        download.value.save_as(target)
        saved[ending] = target.read_bytes()
    assert saved["svg"].startswith(b"<svg")
    assert b"foreignObject" not in saved["svg"]
    assert saved["svg"].count(b"<image") > 15
    a3 = glassnet.Network.load("lecture").forward(glassnet.mnist().test.images[8])
    assert f"{a3.max():.4f}".encode() in saved["svg"]
    assert saved["png"].startswith(b"\x89PNG")
    lines = saved["csv"].decode().splitlines()
    outputs = glassnet.Network.load("lecture").trace(glassnet.mnist().test.images[8], 5)["a3"]
    assert lines[0] == "row,a3"
    assert [np.float32(line.split(",")[1]) for line in lines[1:]] == outputs[:, 0].tolist()

    page.locator('[data-room="train"]').click()
    expect(page.get_by_text("Distortion, at most")).to_be_visible()  # once the training images are here
    page.get_by_role("button", name="Menu").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save this view as SVG").click()
    train = Path(download.value.path()).read_text()
    assert "Distortion, at most" in train
    assert "Rotation, degrees" not in train  # folded away


def test_pictures_are_saved_and_what_scrolls_stays_within(studio: Open) -> None:
    def saved(room: str, wait: str) -> str:
        page = studio(f"#room={room}&test=0&lang=en")
        if room == "handwriting":
            page.get_by_role("button", name="Example").click()
        page.wait_for_selector(wait)
        page.get_by_role("button", name="Menu").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name="Save this view as SVG").click()
        return Path(download.value.path()).read_text()

    handwriting = saved("handwriting", ".stages img")
    assert handwriting.count("<image") > 12
    assert "line-through" in handwriting  # wrong answers of the stages
    assert "<clipPath" in saved("test", ".gallery button")


def test_korean_words_are_in_a_saved_png(studio: Open) -> None:
    page = studio("#room=loss&test=115&lang=ko")
    heading, room = page.locator("h2").first.bounding_box(), page.locator("#content").bounding_box()
    assert heading is not None
    assert room is not None
    seen = Image.open(io.BytesIO(page.screenshot())).convert("L")
    page.get_by_role("button", name="메뉴").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="이 화면을 PNG로 저장").click()
    saved = Image.open(download.value.path()).convert("L").reduce(2)
    x, y, width, height = (round(heading[side]) for side in ("x", "y", "width", "height"))

    def ink(picture: Image.Image, left: float, top: float) -> NDArray[np.float64]:
        piece = picture.crop((round(left), round(top), round(left) + width, round(top) + height))
        return np.asarray(piece.reduce(4), np.float64).reshape(-1)

    alike = np.corrcoef(ink(seen, x, y), ink(saved, x - room["x"], y - room["y"]))[0, 1]
    assert alike > 0.4  # boxes in place of the letters have 0.2
