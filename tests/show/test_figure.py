"""Tests of `glassnet.show.figure`: files, languages, the packaged font, and that nothing is cut off or overlaps."""

import itertools
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from PIL import Image

import glassnet
from glassnet.errors import InputError, UnavailableError
from glassnet.evaluation import Evaluation, evaluate
from glassnet.network import Network
from glassnet.show.drawing import FONT
from glassnet.show.figure import draw, figure, rendered
from glassnet.trace import Trace

SOURCE = Path(glassnet.__file__).parent


def trace(target: bool = True) -> Trace:
    image, label = glassnet.mnist().test[8]
    return Network.load("lecture").trace(image, label if target else None)


def evaluation(count: int = 10_000) -> Evaluation:
    return evaluate(Network.load("lecture"), glassnet.mnist().test[:count])


def words(drawing: Figure) -> list[str]:
    return [text.get_text() for text in drawing.findobj(Text) if text.get_text()]


def boxes(drawing: Figure) -> list[tuple[str, Any]]:
    drawing.canvas.draw()
    return [
        (text.get_text(), text.get_window_extent())
        for text in drawing.findobj(Text)
        if text.get_text() and text.get_visible()
    ]


@pytest.mark.parametrize("thing", [trace, evaluation])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_text_is_cut_off_or_overlaps_another(thing: Any, language: str) -> None:
    glassnet.use_language(language)
    drawing = figure(thing())
    found = boxes(drawing)
    assert len(found) > 50
    width, height = drawing.get_size_inches() * drawing.dpi
    for text, box in found:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= width, text
        assert box.y1 <= height, text
    for (text, box), (other_text, other) in itertools.combinations(found, 2):
        across = min(box.x1, other.x1) - max(box.x0, other.x0)
        down = min(box.y1, other.y1) - max(box.y0, other.y0)
        # A letter's box is higher than its ink, so lines may touch.
        assert min(across, down) <= 4, f"{text!r} overlaps {other_text!r}"


def test_a_trace_shows_its_own_numbers() -> None:
    shown = trace()
    found = words(figure(shown))
    for step, sign in [("z2", True), ("a2", False), ("z3", True), ("a3", False), ("e", True), ("s", False)]:
        for value in shown[step][:, 0]:
            text = f"{value:+.4f}" if sign else f"{value:.4f}"
            text = text[1:] if float(text) == 0 and sign else text
            assert text.replace("-", "−") in found, (step, value)
    for weight in shown.weights.values():
        for bias in weight[:, -1]:
            assert f"{bias:+.4f}".replace("-", "−") in found
    for line in ("z2 = np.dot(w1, a1)", "a2_1 = np.concatenate([a2, [[1]]], 0)", "loss = s.sum()"):
        assert line in found
    assert f"{shown.loss:.4f}" in found
    for weight in shown.weights.values():
        assert f"+{np.abs(weight[:, :-1]).max():.4g}" in found


def test_a_trace_without_a_target_ends_at_the_prediction() -> None:
    found = words(figure(trace(target=False)))
    assert "a3" in found
    assert not {"t", "e", "s"} & set(found)


def test_an_evaluation_shows_its_own_numbers() -> None:
    shown = evaluation()
    found = words(figure(shown))
    for count in shown.confusion.ravel():
        assert count == 0 or str(count) in found
    for item in shown.calibration.bins:
        assert f"{item.count:,}" in found
    worst = shown.mistakes[0]
    assert f"{worst.label} → {worst.prediction}" in found
    assert f"{worst.confidence:.4f}  #{worst.index}" in found


def test_a_doubtful_label_is_marked() -> None:
    weights = np.zeros((10, 785), np.float32)
    weights[:, -1] = -3
    shown = evaluate(Network.from_weights([weights]), glassnet.mnist().test[940:950])
    assert any(mistake.doubtful for mistake in shown.mistakes)
    assert "the label itself is doubtful" in words(figure(shown))
    assert "the label itself is doubtful" not in words(figure(evaluation(100)))


def test_an_evaluation_without_mistakes() -> None:
    image = np.zeros((1, 784), np.uint8)
    weights = np.zeros((10, 785), np.float32)
    weights[3, -1] = 4
    shown = evaluate(
        Network.from_weights([weights]), glassnet.DataSet("mine", image, np.array([3], np.uint8))
    )
    found = words(figure(shown))
    assert "No mistakes" in found
    assert found[0].startswith("mine: 100.00 %")


@pytest.mark.parametrize(
    ("sizes", "hidden", "output", "loss"),
    [
        ((784, 10), "sigmoid", "sigmoid", "squared_error"),
        ((784, 30, 12, 10), "tanh", "softmax", "cross_entropy"),
        ((784, 100, 10), "relu", "sigmoid", "binary_cross_entropy"),
        ((7, 3, 2), "sigmoid", "sigmoid", "squared_error"),
        ((784, 700, 10), "relu", "softmax", "cross_entropy"),
        ((1, 1), "sigmoid", "sigmoid", "squared_error"),
    ],
)
def test_every_kind_of_network_fits(sizes: tuple[int, ...], hidden: str, output: str, loss: str) -> None:
    image = np.linspace(0, 1, sizes[0], dtype=np.float32)
    drawing = figure(Network(sizes, hidden, output, loss, seed=1).trace(image, 0))
    width, height = drawing.get_size_inches() * drawing.dpi
    for text, box in boxes(drawing):
        assert box.x0 >= 0, text
        assert box.x1 <= width, text
        assert box.y0 >= 0, text
        assert box.y1 <= height, text


def test_weights_that_overflow_still_give_a_picture() -> None:
    weights = [np.full((3, 785), 3e38), np.full((10, 4), 3e38)]
    network = Network.from_weights(weights, hidden="relu", output="softmax", loss="cross_entropy")
    with np.errstate(all="ignore"):
        shown = network.trace(np.ones(784, np.float32), 1)
    assert rendered(shown)[:4] == b"\x89PNG"


def test_the_three_formats(tmp_path: Path) -> None:
    shown = trace()
    for name in ("a.png", "a.svg", "a.PDF"):
        draw(shown, tmp_path / name)
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (2560, 1440)
        assert picture.convert("L").getextrema() != (255, 255)
    root = ET.parse(tmp_path / "a.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert not [element for element in root.iter() if element.tag.endswith("}text")], (
        "letters are drawn as paths"
    )
    assert (tmp_path / "a.PDF").read_bytes().startswith(b"%PDF-")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.PDF", "a.png", "a.svg"]


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_same_thing_gives_the_same_bytes_whatever_the_style(kind: str) -> None:
    shown = trace()
    first = rendered(shown, kind)
    with mpl.rc_context(
        {"text.color": "white", "axes.facecolor": "black", "font.size": 30, "lines.linewidth": 9}
    ):
        assert rendered(shown, kind) == first


def test_drawing_leaves_matplotlib_as_it_was() -> None:
    before = dict(mpl.rcParams)
    rendered(trace(), "svg")
    assert dict(mpl.rcParams) == before
    code = (
        "import sys, glassnet; from glassnet.show.figure import rendered;"
        "rendered(glassnet.Network(seed=0).trace(glassnet.mnist().test.images[0]));"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


@pytest.mark.parametrize("name", ["a.gif", "a", "png", ".png", "a.png.txt"])
def test_another_ending_is_refused_before_anything_is_drawn(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"\.png, \.svg or \.pdf"):
        draw(object(), tmp_path / name)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_other_things_and_missing_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a Trace, an Evaluation or a Laboratory"):
        draw(np.zeros(3), tmp_path / "a.png")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="folder"):
        draw(trace(), tmp_path / "none" / "a.png")


def test_a_full_disk_leaves_nothing_half_written() -> None:
    with pytest.raises(UnavailableError):
        draw(trace(), "/proc/a.png")


def test_the_font_has_every_letter_that_our_words_use() -> None:
    known = {chr(code) for code in FT2Font(str(FONT)).get_charmap()}
    texts = [(SOURCE / "lecture/steps.json").read_text(encoding="utf-8")]
    texts.append(json.dumps(json.loads(texts[0]), ensure_ascii=False))
    texts += [path.read_text(encoding="utf-8") for path in SOURCE.glob("show/figure*.py")]
    texts += [path.read_text(encoding="utf-8") for path in SOURCE.glob("locale/ko/LC_MESSAGES/glassnet.po")]
    missing = set("".join(texts)) - known - set("\n\t█▏▎▍▌▋▊▉")
    assert not missing, f"run tools/fonts.py: {''.join(sorted(missing))}"


def test_the_font_is_small_and_its_license_is_beside_it() -> None:
    assert FONT.stat().st_size < 300_000
    license_text = (FONT.parent / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in license_text
    assert "Reserved Font Name 'Source'" in license_text
    assert "Source" not in FT2Font(str(FONT)).family_name


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(
    sizes=st.lists(st.integers(1, 40), min_size=2, max_size=4),
    kind=st.sampled_from(
        [("sigmoid", "squared_error"), ("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")]
    ),
    hidden=st.sampled_from(["sigmoid", "tanh", "relu"]),
    seed=st.integers(0, 2**32),
)
def test_any_small_network_can_be_drawn(
    sizes: list[int], kind: tuple[str, str], hidden: str, seed: int
) -> None:
    network = Network(sizes, hidden, *kind, seed=seed)
    drawing = figure(network.trace(np.full(sizes[0], 0.5, np.float32), sizes[-1] - 1))
    drawing.canvas.draw()
    assert f"z{len(sizes)}" in words(drawing)
