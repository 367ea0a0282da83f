"""What holds for every room: accessible in both themes, by keyboard alone, at every size, in both languages; the link;
files that are opened, good and bad.
"""

import json
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import glassnet
from glassnet.engine.chosen import frame
from studio.conftest import ROOT, Open

ROOMS = ["data", "forward", "loss", "train", "test", "handwriting"]
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"


def problems(page: Page) -> list[str]:
    """What axe-core finds: rules for WCAG 2.2 AA and its best practices."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document)")["violations"]
    return [
        f"{item['id']}: {node['target']} {node['failureSummary']}" for item in found for node in item["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(studio: Open, theme: str) -> None:
    page = studio("")
    for room in ROOMS:
        page.evaluate(f"location.hash = '#room={room}&test=8&step=loss&lang=en&theme={theme}'")
        expect(page.locator(f'[data-room="{room}"]')).to_have_attribute("aria-current", "page")
        page.wait_for_selector("main .sheet")
        page.wait_for_timeout(300)
        assert problems(page) == [], room


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844), (640, 360)])
def test_nothing_scrolls_sideways_and_no_button_is_cut_off(studio: Open, width: int, height: int) -> None:
    """640 × 360 is 1280 × 720 at 200 % zoom."""
    page = studio("", width=width, height=height)
    for language in ("ko", "en"):
        for room in ROOMS:
            page.evaluate(f"location.hash = '#room={room}&test=8&step=loss&lang={language}'")
            expect(page.locator(f'[data-room="{room}"]')).to_have_attribute("aria-current", "page")
            page.wait_for_timeout(200)
            wide = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
            scroll, client = page.evaluate(wide)
            assert scroll <= client, (room, language)
            cut = """[...document.querySelectorAll("button, label, h2, p, th")].filter((e) => e.offsetParent
                && getComputedStyle(e).overflow !== "visible" && e.scrollWidth > e.clientWidth + 1
                && !e.matches(".only-read")).map((e) => e.outerHTML.slice(0, 120))"""
            assert page.evaluate(cut) == [], (room, language)


@pytest.mark.parametrize("room", ROOMS)
def test_a_projector_gets_large_type_and_nothing_sideways(studio: Open, room: str) -> None:
    page = studio(f"#room={room}&test=0&lang=ko&step=loss")
    page.wait_for_selector(".room")
    small = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    page.locator('[data-explain="projector"]').click()
    expect(page).to_have_url(re.compile("projector"))
    assert float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")) > float(
        small.removesuffix("px")
    )
    assert page.evaluate("document.documentElement.scrollWidth") == page.evaluate("innerWidth")
    pressed = page.locator('[data-explain="projector"]')
    color = pressed.evaluate("(e) => getComputedStyle(e).color")
    assert color != pressed.evaluate("(e) => getComputedStyle(e).backgroundColor")
    if room == "forward":
        digit = page.locator(".stage canvas").first.bounding_box()
        assert digit is not None
        assert digit["width"] > 150


def test_through_all_rooms_by_keyboard_alone(studio: Open) -> None:
    page = studio("#room=forward&test=0&step=x&lang=en")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    for room in ROOMS:
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("data-room") == room
        page.keyboard.press("Enter")
        expect(page.locator(f'[data-room="{room}"]')).to_have_attribute("aria-current", "page")
        expect(page.locator("h1")).to_have_count(1)


def test_both_languages_at_once(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=z2&lang=ko")
    hangul = "[...document.body.innerText].some((letter) => letter >= '가' && letter <= '힣')"
    assert page.evaluate(hangul)
    for room in ROOMS:
        page.locator(f'[data-room="{room}"]').click()
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        left = page.evaluate("""[...document.body.innerText.matchAll(/[가-힣]+/g)].map(([word]) => word)""")
        assert set(left) <= {"한국어"}, room
        page.get_by_role("button", name="한국어").click()


def test_the_link_carries_the_state(studio: Open) -> None:
    page = studio("#room=forward&test=33&step=z3&lang=ko&theme=dark&bias=separate&projector=1")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-projector", "")
    page.get_by_role("button", name="다음 이미지").click()
    said = "#room=forward&test=34&lang=ko&theme=dark&projector=1&step=z3&bias=separate"
    expect(page).to_have_url(re.compile(re.escape(said) + "$"))
    page.locator('[data-room="loss"]').click()
    expect(page).to_have_url(re.compile("#room=loss"))
    page.go_back()
    expect(page.locator('[data-room="forward"]')).to_have_attribute("aria-current", "page")
    page.evaluate("location.hash = '#room=loss&test=34&lang=en&runs=to(3)~&neuron=x'")
    expect(page.locator(".message.problem")).to_contain_text("skipped: runs, neuron")
    page.get_by_role("button", name="한국어").click()
    expect(page.locator(".message.problem")).to_contain_text("건너뛰었습니다: runs, neuron")
    expect(page.locator('[data-room="loss"]')).to_have_attribute("aria-current", "page")


def test_explain_mode_explains_and_does_nothing_else(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=loss&lang=en")
    page.wait_for_selector(".loss")
    page.keyboard.press("?")
    page.locator('text[data-step="a3"][data-row="6"]').click()
    card = page.locator(".explanation")
    expect(card).to_contain_text("a3: through the sigmoid")
    expect(card).to_contain_text("시그모이드를 거친 a3")
    expect(card).to_contain_text("10 x 1")
    expect(card).to_contain_text("a3 = sigmoid(z3)")
    page.locator('[data-explain="projector"]').click()
    expect(card).to_contain_text("Projector mode")
    expect(page.locator("html")).not_to_have_attribute("data-projector", "")
    page.get_by_role("button", name="W·a + b").click()
    expect(card).to_contain_text("w · [a; 1] = W · a + b")
    assert "separate" not in page.evaluate("location.hash")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)


@pytest.mark.parametrize("room", ROOMS)
def test_whatever_can_be_used_is_explained(studio: Open, whole_address: str, room: str) -> None:
    page = studio(f"#room={room}&test=8&step=loss&lang=en", at=whole_address)
    page.wait_for_selector(".room")
    without = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, canvas, table")]
            .filter((e) => e.getClientRects().length)
            .filter((e) => !e.closest("[data-explain], [data-step], header .tools, .only-read"))
            .map((e) => e.outerHTML)"""
    )
    assert without == []
    page.keyboard.press("?")
    page.locator(f'[data-room="{room}"]').click()
    expect(page.locator(".explanation h2")).to_have_text(page.locator(f'[data-room="{room}"]').inner_text())


def test_in_explain_mode_nothing_can_be_drawn_dragged_or_chosen(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=loss&lang=en")
    page.wait_for_selector(".loss")
    page.keyboard.press("?")
    before = page.evaluate("location.hash")
    for selector in ("canvas[role=application]", ".timeline", "select >> nth=0"):
        box = page.locator(selector).first.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=4)
        page.mouse.up()
        page.mouse.dblclick(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    expect(page.locator(".explanation h2")).to_have_count(1)
    page.wait_for_timeout(400)  # the link follows a drag after a moment
    assert page.evaluate("location.hash") == before
    page.locator('[data-room="loss"]').click()
    expect(page.locator('[data-room="forward"]')).to_have_attribute("aria-current", "page")


@pytest.mark.parametrize(
    ("place", "title"),
    [
        ("canvas >> nth=0", None),
        (".stage [data-explain=w1] >> nth=3", "The weights w1"),
        (".stage [data-explain=w2] >> nth=0", "The weights w2"),
        (".stage [data-explain='step:x'] >> nth=0", None),
        (".stage [data-explain='step:a1'] >> nth=0", None),
        (".sentence", None),
        (".reading", "The digit that is read"),
        ("[data-explain=choose]", "Choosing the input"),
        ("[data-explain=depth] button >> nth=0", "Depth"),
        ("[data-explain=scale]", "The scale of the colors"),
    ],
)
def test_what_forward_shows_is_explained(studio: Open, place: str, title: str | None) -> None:
    page = studio("#room=forward&test=8&step=loss&lang=en")
    page.wait_for_selector(".loss")
    page.keyboard.press("?")
    page.locator(place).first.click(position={"x": 6, "y": 6})
    heading = page.locator(".explanation h2")
    expect(heading).to_have_count(1)
    if title is not None:
        expect(heading).to_have_text(title)


def test_any_weight_that_is_shown_can_be_given_another_value(studio: Open) -> None:
    page = studio("#room=forward&test=8&step=loss&lang=en")
    network = glassnet.Network.load("lecture")
    for place in ('.stage [data-step="w1"][data-row="3"]', '[data-step="w2"][data-row="0"][data-column="9"]'):
        if "w2" in place:
            page.get_by_role("button", name="Layer w2").click()
        page.locator(place).first.click()
        page.get_by_label("Another value").fill("0.5")
        page.get_by_role("button", name="Put").click()
        if "w1" in place:
            network.w1[3, 784] = 0.5
        else:
            network.w2[0, 9] = 0.5
        expect(page.locator("[data-fingerprint]")).to_have_attribute("data-fingerprint", network.fingerprint)


def safetensors(header: bytes, data: bytes = b"") -> bytes:
    return struct.pack("<Q", len(header)) + header + data


def bad_files() -> Iterator[tuple[str, bytes]]:
    good = (ROOT / "src/glassnet/models/lecture.safetensors").read_bytes()
    length = struct.unpack("<Q", good[:8])[0]
    header = json.loads(good[8 : 8 + length])
    not_finite = bytearray(good)
    not_finite[8 + length : 12 + length] = struct.pack("<f", float("nan"))
    transposed = dict(header, w1=dict(header["w1"], shape=header["w1"]["shape"][::-1]))
    text = json.dumps(transposed).encode()
    yield "empty", b""
    yield "pickle.pt", b"\x80\x04\x95model"
    yield "zip.npz", b"PK\x03\x04" + bytes(30)
    yield "cut.safetensors", good[:20_000]
    yield "nan.safetensors", bytes(not_finite)
    yield "transposed.safetensors", safetensors(text, good[8 + length :])
    yield "huge.safetensors", struct.pack("<Q", 2**64 - 1)
    yield "text.txt", b"hello"
    yield "text.png", b"hello, I am no picture"
    yield "broken.png", b"\x89PNG\r\n\x1a\n" + bytes(100)
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", len(header)) + b"IHDR" + header
    yield "2500.png", b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", zlib.crc32(chunk[4:]))
    yield "photo.png", b"\x89PNG\r\n\x1a\n" + bytes(100_000_000)


def test_bad_files_are_told_plainly_and_change_nothing(studio: Open, tmp_path: Path) -> None:
    page = studio("#room=forward&test=8&step=loss&lang=en")
    page.wait_for_selector('.room[data-shown="test=8"]')
    before = page.locator(".room").inner_text()
    for name, content in bad_files():
        path = tmp_path / name
        path.write_bytes(content)
        page.locator('input[type="file"]').first.set_input_files(path)
        message = page.locator(".message.problem").last
        expect(message).to_contain_text(name)
        said = message.inner_text()
        assert "fault" not in said, said
        message.get_by_role("button").click()
        expect(page.locator(".message")).to_have_count(0)
        assert page.locator(".room").inner_text() == before


def test_too_many_pixels_are_refused_by_the_header(studio: Open, tmp_path: Path) -> None:
    page = studio("#room=forward&test=8&lang=en")
    page.wait_for_selector('.room[data-shown="test=8"]')
    path = tmp_path / "2500.png"
    path.write_bytes(dict(bad_files())["2500.png"])
    page.locator('input[type="file"]').first.set_input_files(path)
    expect(page.locator(".message.problem")).to_contain_text("at most 64 megapixels, found 2,500")


def test_an_opened_picture_is_framed_as_in_python(studio: Open, tmp_path: Path) -> None:
    image = glassnet.mnist().test.images[8].reshape(28, 28)
    ink = np.kron(image, np.ones((5, 3), np.uint8))
    Image.fromarray(255 - ink).save(tmp_path / "digit.png")
    page = studio("#room=forward&test=0&step=loss&lang=en")
    page.locator('input[type="file"]').first.set_input_files(tmp_path / "digit.png")
    page.wait_for_selector('.room[data-shown^="pixels="]')
    framed = frame(ink)
    assert framed is not None
    a3 = glassnet.Network.load("lecture").forward(framed.reshape(-1))
    shown = [
        float(page.locator(f'[data-step="a3"][data-row="{k}"]').first.get_attribute("data-value") or "nan")
        for k in range(10)
    ]
    np.testing.assert_array_equal(np.array(shown, np.float32), a3[0])


def test_a_text_called_png_is_refused_as_a_picture(studio: Open, tmp_path: Path) -> None:
    (tmp_path / "text.png").write_bytes(b"hello, I am no picture")
    page = studio("#room=forward&test=8&lang=en")
    page.wait_for_selector('.room[data-shown="test=8"]')
    page.locator('input[type="file"]').first.set_input_files(tmp_path / "text.png")
    expect(page.locator(".message.problem")).to_contain_text("picture")
    assert "model" not in page.locator(".message.problem").inner_text()


def test_the_link_names_the_model_and_goes_on_once_its_file_is_opened(studio: Open, tmp_path: Path) -> None:
    network = glassnet.Network((784, 9, 10), seed=3)
    network.save(tmp_path / "mine.safetensors")
    edited = network.copy()
    edited.w2[0, 4] = 0.5
    shown = "[data-fingerprint]"
    page = studio(f"#room=forward&test=8&lang=en&model={network.fingerprint}&edits=w2.0.4.0.5")
    expect(page.locator(".message.problem")).to_contain_text(network.fingerprint)
    lecture = glassnet.Network.load("lecture").fingerprint
    expect(page.locator(shown)).to_have_attribute("data-fingerprint", lecture)
    page.locator('input[type="file"]').first.set_input_files(tmp_path / "mine.safetensors")
    expect(page.locator(shown)).to_have_attribute("data-fingerprint", edited.fingerprint)
    expect(page).to_have_url(re.compile(f"model={network.fingerprint}&edits=w2.0.4.0.5"))
    for expected, link in (
        (network.fingerprint, re.compile(f"model={network.fingerprint}(?!.*edits)")),
        (lecture, re.compile(r"^(?!.*(model|edits)=)")),
    ):
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("menuitem", name="Undo").click()
        expect(page.locator(shown)).to_have_attribute("data-fingerprint", expected)
        expect(page).to_have_url(link)


def test_a_link_pasted_into_the_open_page_changes_the_model_as_it_says(studio: Open) -> None:
    network = glassnet.Network.load("lecture")
    page = studio("#room=forward&test=8&lang=en")
    expected = [network.fingerprint]
    for value in (0.5, -0.25):
        network.w2[0, 4] = value
        expected.append(network.fingerprint)
    hashes = [
        f"#room=forward&test=8&lang=en{edits}" for edits in ("", "&edits=w2.0.4.0.5", "&edits=w2.0.4.-0.25")
    ]
    for place in (1, 2, 0, 1):
        page.evaluate("hash => { location.hash = hash }", hashes[place])
        expect(page.locator("[data-fingerprint]")).to_have_attribute("data-fingerprint", expected[place])
        expect(page).to_have_url(re.compile(re.escape(hashes[place]) + "$"))
    page.go_back()
    expect(page.locator("[data-fingerprint]")).to_have_attribute("data-fingerprint", expected[0])
    page.evaluate("location.hash = location.hash + '&model=0123456789abcdef'")
    expect(page.locator(".message.problem")).to_contain_text("0123456789abcdef")
    page.reload()  # the link goes on asking for it
    expect(page.locator(".message.problem")).to_contain_text("0123456789abcdef")
    expect(page).to_have_url(re.compile("model=0123456789abcdef"))


def test_a_model_is_opened_saved_and_undone(studio: Open, tmp_path: Path) -> None:
    network = glassnet.Network((784, 20, 10), hidden="relu", output="softmax", loss="cross_entropy", seed=3)
    network.save(tmp_path / "mine.safetensors")
    page = studio("#room=forward&test=8&step=loss&lang=en")
    page.locator('input[type="file"]').first.set_input_files(tmp_path / "mine.safetensors")
    expect(page.locator("[data-fingerprint]")).to_have_attribute("data-fingerprint", network.fingerprint)
    expect(page.locator(".code")).to_contain_text("z2 = np.dot(w1, a1)")
    page.get_by_role("button", name="Menu").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save the model").click()
    download.value.save_as(tmp_path / "again.safetensors")
    assert glassnet.Network.load(tmp_path / "again.safetensors").fingerprint == network.fingerprint
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("menuitem", name="Undo").click()
    lecture = glassnet.Network.load("lecture").fingerprint
    expect(page.locator("[data-fingerprint]")).to_have_attribute("data-fingerprint", lecture)


def test_korean_words_are_drawn_in_their_font_from_the_first(studio: Open) -> None:
    """Where the font came after the words that asked for it, they stayed boxes: narrower than the words drawn anew."""
    page = studio("#room=loss&test=8&lang=ko")
    page.wait_for_selector("tfoot .total")
    widths = page.evaluate(
        """() => [...document.querySelectorAll("nav button")].map((button) => {
            const again = button.parentElement.appendChild(button.cloneNode(true));
            const widths = [button, again].map((one) => one.getBoundingClientRect().width);
            again.remove();
            return widths;
        })"""
    )
    assert len(widths) == 6
    for shown, again in widths:
        assert shown == pytest.approx(again, abs=0.5)
