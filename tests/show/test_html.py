"""Tests of `glassnet.show.html`: complete in itself, well formed, escaped, and showing the thing's own numbers."""

import base64
import re
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import glassnet
from glassnet.evaluation import evaluate
from glassnet.network import Network
from glassnet.show import html
from glassnet.show.colors import diverging, gray
from glassnet.show.html_parts import _png, tag, tinted, words
from glassnet.show.numbers import written
from glassnet.trace import Trace

VOID = {"br", "img"}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed in order; collects elements, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.styles = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] == "style":
            self.styles += data
        else:
            self.texts.append(data)


def trace(target: bool = True) -> Trace:
    image, label = glassnet.mnist().test[8]
    return Network.load("lecture").trace(image, label if target else None)


def shown() -> dict[str, str]:
    lecture = Network.load("lecture")
    deep = Network((784, 30, 12, 10), "tanh", "softmax", "cross_entropy", seed=1)
    image = glassnet.mnist().test.images[3]
    return {
        "trace": html.trace(trace()),
        "trace without a target": html.trace(trace(target=False)),
        "deep trace": html.trace(deep.trace(image, 0)),
        "wide trace": html.trace(Network((784, 300, 10), "relu", seed=1).trace(image, 0)),
        "no picture": html.trace(Network((7, 3, 2), seed=1).trace(np.linspace(0, 1, 7), 1)),
        "explanation": html.explanation(trace().explain("z2", 3)),
        "explanation of an output": html.explanation(deep.trace(image).explain("a4", 9, top=100)),
        "evaluation": html.evaluation(evaluate(lecture, glassnet.mnist().test)),
    }


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_block_is_well_formed_and_complete_in_itself(language: str) -> None:
    glassnet.use_language(language)
    for name, text in shown().items():
        page = Page(text)
        assert page.elements[0] == ("div", {"class": "glassnet", "lang": language}), name
        for tag_name, attributes in page.elements:
            assert tag_name not in {"script", "link", "iframe", "object", "form", "base", "meta"}, name
            for key, value in attributes.items():
                assert not key.startswith("on"), name
                if key in {"src", "href"}:
                    assert value is not None
                    assert value.startswith("data:image/png;base64,"), name
                assert "url(" not in (value or ""), name
            if tag_name == "img":
                assert attributes["alt"], name
        assert "url(" not in page.styles
        assert "@import" not in page.styles
        # Styles reach no further than the block.
        for rule in page.styles.strip().splitlines():
            for selector in rule.split("{")[0].split(","):
                assert selector.startswith(".glassnet.glassnet.glassnet"), rule
        assert len(text) < 250_000, name


def test_what_python_shows_in_a_notebook_is_this() -> None:
    result = evaluate(Network.load("lecture"), glassnet.mnist().test[:50])
    assert trace()._repr_html_() == html.trace(trace())
    assert trace().explain("z2", 3)._repr_html_() == html.explanation(trace().explain("z2", 3))
    assert result._repr_html_() == html.evaluation(result)


def test_a_trace_shows_every_step_with_code_shape_and_values() -> None:
    item = trace()
    page = Page(html.trace(item))
    whole = " ".join(page.texts)
    for entry in item:
        step = entry.step
        assert f"{step.id} = {step.python}" in page.texts
        assert step.title["en"] in page.texts
        assert step.sentence["en"] in page.texts
        assert "{} × {}".format(*step.shape) in page.texts
        if step.shape[1] == 1 and step.shape[0] <= 15 and not step.id.endswith("_1"):
            sign = step.id[0] in "zed" or bool((entry.value < 0).any())
            for value in entry.value[:, 0].tolist():
                assert written(value, sign=sign) in page.texts, (step.id, value)
    assert "Prediction 6, target 5: wrong." in whole or "Prediction 5, target 5: right." in whole
    assert written(item.loss or 0.0) in page.texts


def test_a_trace_without_a_target_has_no_loss_and_no_way_back() -> None:
    page = Page(html.trace(trace(target=False)))
    assert "details" not in [name for name, _attributes in page.elements]
    assert not [text for text in page.texts if "loss" in text.lower()]


def test_the_digit_is_the_image_itself() -> None:
    item = trace()
    page = Page(html.trace(item))
    sources = [attributes["src"] or "" for name, attributes in page.elements if name == "img"]
    with Image.open(BytesIO(base64.b64decode(sources[0].split(",")[1]))) as picture:
        assert picture.size == (28, 28)
        levels = np.asarray(picture.convert("L"))
    np.testing.assert_array_equal(255 - levels, glassnet.mnist().test.images[8].reshape(28, 28))


def test_the_pictures_of_a_gradient_have_one_numbered_scale() -> None:
    item = trace()
    text = html.trace(item)
    assert f"+{np.abs(item['d_w1']).max():.4g}" in text
    page = Page(text)
    rows = [
        attributes for name, attributes in page.elements if name == "img" and "row" in str(attributes["alt"])
    ]
    named = [attributes for attributes in rows if str(attributes["alt"]).startswith("row ")]
    assert len(named) == 14
    for row, attributes in enumerate(named):
        content = base64.b64decode(str(attributes["src"]).split(",")[1])
        with Image.open(BytesIO(content)) as picture:
            expected = diverging(item["d_w1"][row, :-1].reshape(28, 28), float(np.abs(item["d_w1"]).max()))
            np.testing.assert_array_equal(np.asarray(picture), expected)


def test_an_explanation_shows_its_terms_rest_bias_sum_and_activation() -> None:
    item = trace().explain("z2", 3)
    page = Page(html.explanation(item))
    for term in item.terms:
        place = item.position(term)
        assert place is not None
        assert f"a1[{term.column}]" in page.texts
        assert f"row {place[0]}, column {place[1]}" in page.texts
        assert written(term.product, sign=True) in page.texts
    for value in (item.rest, item.bias, item.total):
        assert written(value, sign=True) in page.texts
    assert written(item.activation) in page.texts
    assert "sigmoid(z2[3])" in page.texts


def test_an_evaluation_shows_its_numbers() -> None:
    result = evaluate(Network.load("lecture"), glassnet.mnist().test)
    page = Page(html.evaluation(result))
    numbers = set(page.texts)
    for count in result.confusion.ravel():
        assert count == 0 or str(count) in numbers
    for item in result.calibration.bins:
        assert f"{item.count:,}" in numbers
    pictures = [attributes for name, attributes in page.elements if name == "img"]
    assert len(pictures) == 24
    worst = result.mistakes[0]
    assert pictures[0]["src"] == _png(gray(result.data.images[worst.index].reshape(28, 28)))
    assert f"#{worst.index}" in numbers


@given(st.text())
def test_text_is_shown_letter_by_letter(text: str) -> None:
    page = Page(tag("p", words(text), title=text))
    # HTML itself knows no carriage return and no null.
    if not set(text) & set("\r\0"):
        assert "".join(page.texts) == text
        assert page.elements == [("p", {"title": text})]
    assert len(page.elements) == 1


def test_a_set_s_name_is_escaped() -> None:
    name = '<img src=x onerror="alert(1)"> & co'
    test = glassnet.mnist().test
    text = html.evaluation(
        evaluate(Network.load("lecture"), glassnet.DataSet(name, test.images[:5], test.labels[:5]))
    )
    page = Page(text)
    assert any(name in part for part in page.texts)
    assert not any("onerror" in attributes for _name, attributes in page.elements)


@settings(max_examples=50)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_our_png_is_read_back_by_pillow(rows: int, columns: int, seed: int) -> None:
    colors = np.random.default_rng(seed).integers(0, 256, (rows, columns, 3)).astype(np.uint8)
    content = base64.b64decode(_png(colors).split(",")[1])
    with Image.open(BytesIO(content)) as picture:
        assert picture.format == "PNG"
        np.testing.assert_array_equal(np.asarray(picture), colors)


@given(st.floats(), st.floats(1e-6, 1e6))
def test_tints_are_blue_above_and_orange_below_zero_and_never_opaque(value: float, scale: float) -> None:
    style = tinted(value, scale)
    if not style:
        assert not abs(value) / scale >= 0.02
        return
    found = re.fullmatch(r"background:rgba\((\d+),\d+,(\d+),(\.\d\d)\)", style)
    assert found is not None
    red, blue, strength = int(found[1]), int(found[2]), float(found[3])
    assert (blue > red) == (value > 0)
    assert strength <= 0.55
