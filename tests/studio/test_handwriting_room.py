"""The room Handwriting in a real browser: the terminal's answers, pictures good and bad, drawing, cropping, keeping."""

import io
import pickle
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

import glassnet
from commandline import CommandLine
from glassnet.pictures.own import read_own
from studio.conftest import Open, five_digits
from studio.test_export import lesson  # noqa: F401 - a fixture
from studio.test_frame import problems

SEVEN = [(120, 60), (220, 60), (160, 210)]


def opened(studio: Open, fragment: str = "lang=en", **options: Any) -> Page:
    page = studio(f"#room=handwriting&{fragment}", **options)
    expect(page.locator(".room")).to_have_attribute("data-text", re.compile(r"\d"))
    return page


def write(page: Page, *strokes: list[tuple[int, int]]) -> None:
    """Draw on the sheet by mouse, in CSS pixels from its top left corner."""
    box = page.locator("[data-sheet]").bounding_box()
    assert box is not None
    for stroke in strokes:
        for i, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + x, box["y"] + y, steps=5)
            if i == 0:
                page.mouse.down()
        page.mouse.up()


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five test digits on a sheet of paper."""
    target = tmp_path_factory.mktemp("sheet") / "sheet.png"
    Image.fromarray(five_digits()).save(target)
    return target


def test_an_example_is_there_and_read(studio: Open) -> None:
    page = opened(studio)
    expect(page.locator("[data-read]")).to_have_text("05221859")
    expect(page.locator("[data-box]")).to_have_count(8)
    page.locator('[data-box="5"]').click()
    expect(page.locator(".room")).to_have_attribute("data-looked", "5")
    expect(page.locator('[data-network="reader"]')).to_have_attribute("data-digit", "8")
    expect(page).to_have_url(re.compile("written=5"))


def test_a_file_is_read_as_in_the_terminal(studio: Open, sheet: Path) -> None:
    page = opened(studio)
    page.get_by_label("Open a picture…").set_input_files(sheet)
    expect(page.locator("[data-read]")).to_have_text("72104")
    answer = CommandLine("predict").answer(str(sheet))["pictures"][0]
    digits = [digit for line in answer["lines"] for digit in line]
    for box, digit in zip(page.locator("[data-box]").all(), digits, strict=True):
        assert box.get_attribute("data-label") == str(digit["label"])
        assert float(box.get_attribute("data-confidence") or "nan") == pytest.approx(digit["confidence"])
    page.locator('[data-box="3"]').click()
    expect(page.locator(".room")).to_have_attribute("data-looked", "3")
    told = CommandLine("picture").answer(str(sheet), "--digit", "3")
    stages = page.locator("[data-stage]")
    expect(stages).to_have_count(len(told["stages"]) + len(told["wrong"]))
    for stage, said in zip(stages.all(), [*told["stages"], *told["wrong"]], strict=True):
        assert stage.get_attribute("data-stage") == said["name"]
        for network in ("reader", "lecture"):
            shown = stage.locator(f'[data-of="{network}"]')
            assert shown.get_attribute("data-digit") == str(said[network]["label"])
            confidence = float(shown.get_attribute("data-confidence") or "nan")
            assert confidence == pytest.approx(said[network]["confidence"])
    nearest = page.locator("[data-nearest]").evaluate_all(
        "(all) => all.map((e) => Number(e.dataset.nearest))"
    )
    assert nearest == [item["index"] for item in told["nearest"]]
    for measure in told["measures"]:
        shown = page.locator(f'[data-measure="{measure["name"]}"]')
        assert float(shown.get_attribute("data-value") or "nan") == pytest.approx(measure["value"])
    image = told["digit"]["image"]
    page.get_by_role("button", name="To Forward").click()
    expect(page.locator('[data-room="forward"]')).to_have_attribute("aria-current", "page")
    page.wait_for_selector('.room[data-shown^="pixels="]')
    page.locator('[data-room="handwriting"]').click()
    expect(page.locator("[data-read]")).to_have_text("72104")
    assert len(image) == 784


def test_another_picture_is_looked_at_from_its_first_digit(studio: Open, sheet: Path) -> None:
    asked: list[str] = []
    page = opened(studio, "lang=en&written=5")
    expect(page.locator(".room")).to_have_attribute("data-looked", "5")
    page.on("request", lambda request: asked.append(request.url) if "/picture?" in request.url else None)
    page.get_by_label("Open a picture…").set_input_files(sheet)
    expect(page.locator("[data-read]")).to_have_text("72104")
    expect(page.locator(".room")).to_have_attribute("data-looked", "0")
    expect(page).not_to_have_url(re.compile("written="))
    page.wait_for_timeout(500)  # would a second question follow, it would have been asked by now
    assert len(asked) == 1
    page.locator('[data-box="3"]').click()
    expect(page.locator(".room")).to_have_attribute("data-looked", "3")
    expect(page.locator("[data-read]")).to_have_text("72104")


def test_a_picture_that_comes_before_the_example_stays(studio: Open, sheet: Path) -> None:
    page = studio("#room=data&lang=en")
    page.evaluate(
        """() => {
            const convert = OffscreenCanvas.prototype.convertToBlob;
            OffscreenCanvas.prototype.convertToBlob = async function (options) {
                await new Promise((resolve) => (window.painted = resolve));
                return convert.call(this, options);
            };
        }"""
    )
    page.locator('[data-room="handwriting"]').click()
    page.get_by_label("Open a picture…").set_input_files(sheet)
    expect(page.locator("[data-read]")).to_have_text("72104")
    page.evaluate("window.painted()")
    page.wait_for_timeout(1000)
    expect(page.locator("[data-read]")).to_have_text("72104")


def test_what_one_says_of_digits_holds_until_others_are_there(studio: Open, sheet: Path) -> None:
    page = opened(studio)
    page.get_by_label("Open a picture…").set_input_files(sheet)
    expect(page.locator("[data-read]")).to_have_text("72104")
    all_of_them, one = page.locator("[data-keep-all]"), page.locator("[data-keep-label]")
    all_of_them.fill("72109")
    one.select_option("1")
    page.get_by_label("Keep printed lines").check()  # the same digits are read again
    expect(page.locator(".room")).to_have_attribute("data-asking", "")
    expect(page.locator(".room")).not_to_have_attribute("data-asking", "")
    expect(one).to_have_value("1")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/picture?*", hold)
    page.locator('[data-box="3"]').click()
    expect(one).to_be_disabled()  # it is still of the digit before
    expect(page.get_by_role("button", name="Keep it")).to_be_disabled()
    waiting.pop().continue_()
    page.unroute("**/picture?*")
    expect(page.locator(".room")).to_have_attribute("data-looked", "3")
    expect(one).to_have_value("0")
    expect(all_of_them).to_have_value("72109")
    page.get_by_role("button", name="Example").click()
    expect(all_of_them).to_have_value("05221859")


def test_bad_files_are_told_and_change_nothing(studio: Open, sheet: Path, tmp_path: Path) -> None:
    page = opened(studio)
    page.get_by_label("Open a picture…").set_input_files(sheet)
    expect(page.locator("[data-read]")).to_have_text("72104")
    huge = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 50_000, 50_000)
    for name, content, word in (
        ("pickle.png", pickle.dumps([1]), "PNG"),
        ("short.png", sheet.read_bytes()[:300], "picture"),
        ("empty.png", b"", "0 bytes"),
        ("bomb.png", huge, "picture"),
    ):
        (tmp_path / name).write_bytes(content)
        page.get_by_label("Open a picture…").set_input_files(tmp_path / name)
        expect(page.get_by_role("alert")).to_contain_text(word)
        expect(page.locator("[data-read]")).to_have_text("72104")
    (tmp_path / "large.png").write_bytes(b"\0" * 100_000_000)
    page.get_by_label("Open a picture…").set_input_files(tmp_path / "large.png")
    expect(page.locator(".message")).to_contain_text("expected at most 50 MB, found 100 MB")
    expect(page.locator("[data-read]")).to_have_text("72104")


def test_a_blank_sheet_has_no_answer(studio: Open, tmp_path: Path) -> None:
    page = opened(studio)
    Image.new("L", (300, 200), 250).save(tmp_path / "blank.png")
    page.get_by_label("Open a picture…").set_input_files(tmp_path / "blank.png")
    expect(page.locator(".text")).to_contain_text("No answer")
    expect(page.locator("[data-box]")).to_have_count(0)
    expect(page.locator("[data-stage]")).to_have_count(0)


def test_digits_are_written_kept_and_saved_as_a_folder_to_teach(studio: Open, tmp_path: Path) -> None:
    page = opened(studio, accept_downloads=True)
    page.get_by_role("button", name="Write yourself").click()
    write(page, SEVEN)
    expect(page.locator("[data-read]")).to_have_text("7")
    write(page, [(420, 50), (420, 210)])
    expect(page.locator("[data-read]")).to_have_text("71")
    page.get_by_role("button", name="Keep it").click()
    page.locator('[data-box="1"]').click()
    expect(page.locator(".room")).to_have_attribute("data-looked", "1")
    page.locator("[data-keep-label]").select_option("1")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".messages")).to_contain_text("That is kept already")
    expect(page.locator("[data-kept]")).to_have_attribute("data-kept", "2")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as ZIP").click()
    download.value.save_as(tmp_path / "digits.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "digits.zip").read_bytes())) as packed:
        packed.extractall(tmp_path / "digits")
    own = read_own(tmp_path / "digits", least=1)
    assert own.digits.labels.tolist() == [7, 1]
    assert own.skipped == ()
    assert glassnet.pictures.Reader.load("reader").network.predict(own.digits.images).tolist() == [7, 1]


def test_a_whole_page_is_kept_until_it_is_removed(studio: Open, sheet: Path) -> None:
    page = opened(studio)
    page.get_by_label("Open a picture…").set_input_files(sheet)
    expect(page.locator("[data-read]")).to_have_text("72104")
    written = page.locator("[data-keep-all]")
    expect(written).to_have_value("72104")
    for wrong in ("7210", "7210a", ""):
        written.fill(wrong)
        page.get_by_role("button", name="Keep all 5").click()
        expect(page.locator(".messages")).to_contain_text("expected 5 digits")
        expect(page.locator("[data-kept]")).to_have_count(0)
    written.fill("7 2 1 0 9")
    written.press("Enter")
    expect(page.locator("[data-kept]")).to_have_attribute("data-kept", "5")
    expect(page.locator(".message.problem")).to_have_count(0)  # what had not fitted fits now
    written.fill("72105")
    written.press("Enter")
    expect(page.get_by_role("button", name="Remove this 5")).to_be_visible()
    written.fill("72109")
    written.press("Enter")  # the later label holds
    expect(page.locator("[data-kept]")).to_have_attribute("data-kept", "5")
    page.reload()
    expect(page.get_by_role("button", name="Remove this 9")).to_be_visible()
    page.get_by_role("button", name="Remove all").click()
    expect(page.locator("[data-kept]")).to_have_count(0)
    page.get_by_role("button", name="Bring back the 5 removed").click()
    other = page.context.new_page()  # another tab: what is removed there is removed here
    other.goto(page.url)
    other.get_by_role("button", name="Remove this 7").click()
    expect(page.locator("[data-kept]")).to_have_attribute("data-kept", "4")
    page.reload()
    expect(page.locator("[data-kept]")).to_have_attribute("data-kept", "4")


def test_a_network_is_taught_what_was_kept(studio: Open, tmp_path: Path) -> None:
    test = glassnet.mnist().test
    tens = [[index for index in range(200) if test.labels[index] == digit][:2] for digit in range(10)]
    images = [test.images[index].reshape(28, 28) for pair in tens for index in pair]
    paper = np.pad(255 - np.hstack([np.pad(image, 12) for image in images]), 20, constant_values=255)
    Image.fromarray(paper).save(tmp_path / "twenty.png")
    labels = "".join(str(digit) * 2 for digit in range(10))

    page = opened(studio)
    teach = page.get_by_role("button", name="Teach", exact=True)
    expect(teach).to_be_disabled()
    expect(page.locator("[data-too-few]")).to_contain_text("at least 20 digits, now there are 0")
    page.get_by_label("Open a picture…").set_input_files(tmp_path / "twenty.png")
    expect(page.locator("[data-box]")).to_have_count(20)
    page.locator("[data-keep-all]").fill(labels)
    page.get_by_role("button", name="Keep all 20").click()
    expect(page.locator("[data-kept]")).to_have_attribute("data-kept", "20")
    page.get_by_label("Who learns").select_option("lecture")
    teach.click()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(teach).to_be_enabled()
    expect(page.locator("[data-taught]")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as ZIP").click()
    download.value.save_as(tmp_path / "digits.zip")
    with zipfile.ZipFile(tmp_path / "digits.zip") as packed:
        packed.extractall(tmp_path / "digits")

    teach.click()
    Image.new("L", (300, 200), 250).save(tmp_path / "blank.png")
    page.get_by_label("Open a picture…").set_input_files(tmp_path / "blank.png")
    expect(page.locator(".text")).to_contain_text("No answer")
    expect(page.get_by_role("progressbar", name="Teaching…")).to_be_visible()
    expect(page.locator("[data-kept]")).to_have_attribute("data-kept", "20")
    page.locator('[data-room="data"]').click()  # it goes on
    page.locator('[data-room="handwriting"]').click()
    expect(page.get_by_label("Who learns")).to_have_value("lecture")
    table = page.locator("[data-taught]")
    expect(table).to_be_visible(timeout=120_000)
    own = read_own(tmp_path / "digits")
    taught = glassnet.pictures.teach(own, "lecture")
    assert table.get_attribute("data-taught") == taught.network.fingerprint
    shown = {
        name: float(page.locator(f"[data-{name}]").get_attribute(f"data-{name}") or "nan")
        for name in ("own-before", "own-after", "mnist-before", "mnist-after")
    }
    figures = taught.to_json()
    assert shown == {
        f"{of}-{when}": figures[of][when] for of in ("own", "mnist") for when in ("before", "after")
    }
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the model").click()
    download.value.save_as(tmp_path / "mine.safetensors")
    assert glassnet.Network.load(tmp_path / "mine.safetensors").fingerprint == taught.network.fingerprint
    page.get_by_role("button", name="Open it in Forward").click()
    expect(page).to_have_url(re.compile(f"room=forward.*model={taught.network.fingerprint}"))


def test_a_picture_is_pasted(studio: Open, sheet: Path) -> None:
    page = opened(studio)
    page.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([Uint8Array.from(bytes)], "pasted.png", { type: "image/png" }));
            window.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true }));
        }""",
        list(sheet.read_bytes()),
    )
    expect(page.locator("[data-read]")).to_have_text("72104")


def test_the_camera_takes_a_picture_that_is_read(studio: Open) -> None:
    page = opened(studio, permissions=["camera"])
    page.get_by_role("button", name="Camera").click()
    expect(page.locator("video")).to_have_js_property("videoWidth", 640)
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("[data-read]")).to_have_text("72104")
    expect(page.locator("video")).to_have_count(0)


def test_a_camera_that_may_not_be_used_is_no_error(studio: Open) -> None:
    page = opened(studio, permissions=[])
    page.get_by_role("button", name="Camera").click()
    expect(page.locator(".message")).to_contain_text("The camera cannot be used")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_once_it_is_read(studio: Open, theme: str) -> None:
    assert problems(opened(studio, f"lang=ko&theme={theme}")) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844), (640, 360)])
def test_nothing_scrolls_sideways(studio: Open, width: int, height: int) -> None:
    page = opened(studio, "lang=ko", width=width, height=height)
    page.wait_for_selector("[data-stage]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_in_one_file_a_digit_is_cropped_and_framed_the_same_way(
    studio: Open,
    lesson: Path,  # noqa: F811 - the fixture
    sheet: Path,
) -> None:
    page = studio("#room=handwriting&lang=en", at=lesson.as_uri(), offline=True)
    page.wait_for_selector("[data-crop]")
    page.get_by_label("Open a picture…").set_input_files(sheet)
    expect(page.locator("[data-crop] img")).to_have_js_property("naturalWidth", 320)
    box = page.locator("[data-crop]").bounding_box()
    assert box is not None
    share = box["width"] / 320
    page.mouse.move(box["x"] + 6 * share, box["y"] + 4 * share)
    page.mouse.down()
    page.mouse.move(box["x"] + 69 * share, box["y"] + 84 * share, steps=4)
    page.mouse.up()
    expect(page.locator("[data-cropped]")).to_have_attribute("data-cropped", "7")
    page.locator("[data-keep-label]").select_option("7")
    page.locator("[data-crop]").focus()
    for _ in range(50):  # over the paper's edge, where it stops
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-cropped]")).to_have_attribute("data-cropped", "4")
    expect(page.locator("[data-keep-label]")).to_have_value("0")  # what was said was said of the 7
    page.get_by_role("button", name="Write yourself").click()
    write(page, SEVEN)
    expect(page.locator("[data-cropped]")).to_have_attribute("data-cropped", "7")
