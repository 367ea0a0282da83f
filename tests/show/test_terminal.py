"""A trace and a neuron in the terminal: nothing wider than the terminal, nothing but the trace's own numbers."""

import re
from io import StringIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

import glassnet
from glassnet.network import Network
from glassnet.show import terminal
from glassnet.show.numbers import ACCENT, NEGATIVE, POSITIVE, bar, colored, grid, written
from glassnet.trace import Trace

SLIDE = np.array([0.1, 0.8, 0.3, 0.2, 0.1, 0.7, 0.1, 0.2, 0.3, 0.1])


@pytest.fixture(scope="module")
def seven() -> Trace:
    return Network(seed=0).trace(glassnet.mnist().test.images[0], target=7)


@pytest.fixture(scope="module")
def slide() -> Trace:
    """A network that answers the slides' ten predictions whatever it sees; the target is 1."""
    w2 = np.zeros((10, 15))
    w2[:, 14] = np.log(SLIDE / (1 - SLIDE))
    return Network.from_weights([np.zeros((14, 785)), w2]).trace(glassnet.mnist().test.images[2], target=1)


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_is_wider_than_the_terminal(seven: Trace, width: int, language: str) -> None:
    glassnet.use_language(language)
    pages = [terminal.text(seven, width), terminal.text(seven.explain("z2", row=3), width)]
    widths = [cell_len(line) for page in pages for line in page.splitlines()]
    assert max(widths) <= width
    assert all("…" not in line for line in pages[0].splitlines())  # no table has cut a number


def test_every_step_has_its_title_python_and_shape(seven: Trace) -> None:
    page = terminal.text(seven, 100)
    for item in seven:
        rows, columns = item.step.shape
        assert f"{item.step.id} = {item.step.python}" in page
        assert re.search(rf"── {re.escape(item.step.title['en'])} ─+ {rows} × {columns}\n", page)


def test_short_columns_are_written_out_with_four_decimals(seven: Trace) -> None:
    page = terminal.text(seven, 100)
    for step_id in ("z2", "a2", "z3", "a3"):
        after = page[page.index(f"{step_id} = ") :].split("──")[0]
        shown = dict(re.findall(r"(\d+) +([+−]?\d+\.\d{4})", after.split("\n", 1)[1]))
        value = seven[step_id][:, 0]
        assert len(shown) == len(value)
        for row, number in enumerate(value):
            assert float(shown[str(row)].replace("−", "-")) == pytest.approx(float(number), abs=5.1e-5)
            assert shown[str(row)][0].isdigit() == (step_id[0] == "a")  # a sign wherever there may be a minus


def test_the_slides_table_of_squares_and_its_sum(slide: Trace) -> None:
    lines = terminal.text(slide, 80).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("digit"))
    assert lines[start].split() == [
        "digit",
        "prediction",
        "a3",
        "target",
        "t",
        "difference",
        "e",
        "square",
        "s",
    ]
    squares = [0.01, 0.04, 0.09, 0.04, 0.01, 0.49, 0.01, 0.04, 0.09, 0.01]
    for digit, line in enumerate(lines[start + 2 : start + 12]):
        numbers = [
            float(word.replace("−", "-")) for word in line.split() if re.fullmatch(r"[+−]?[\d.]+", word)
        ]
        target = float(digit == 1)
        assert numbers == pytest.approx([digit, SLIDE[digit], target, SLIDE[digit] - target, squares[digit]])
    assert lines[start + 13].split() == ["sum", "=", "0.8300"]
    assert lines[start + 14] == "Prediction 1, target 1: right. Loss: 0.8300"


def test_parts_can_be_left_out(seven: Trace) -> None:
    sheet = StringIO()
    Console(file=sheet, width=80).print(terminal.TraceView(seven, ("forward", "loss")))
    assert "d_w1" not in sheet.getvalue()
    assert "sum =" in sheet.getvalue()


def test_without_a_target_there_is_no_loss_and_no_verdict() -> None:
    page = terminal.text(Network(seed=0).trace(glassnet.mnist().test.images[0]))
    assert "target" not in page.lower()
    assert "loss" not in page.lower()
    assert page.endswith("Prediction: 9")


@pytest.mark.parametrize(
    ("sizes", "hidden", "output", "loss"),
    [
        ((784, 10), "sigmoid", "sigmoid", "squared_error"),
        ((784, 40, 12, 10), "relu", "softmax", "cross_entropy"),
        ((784, 14, 10), "tanh", "sigmoid", "binary_cross_entropy"),
        ((5, 3, 2), "tanh", "sigmoid", "squared_error"),
        ((16, 3, 1), "relu", "sigmoid", "squared_error"),
    ],
)
def test_every_architecture_can_be_shown(sizes: tuple[int, ...], hidden: str, output: str, loss: str) -> None:
    network = Network(sizes, hidden, output, loss)
    trace = network.trace(np.linspace(0, 1, sizes[0]), target=0)
    page = terminal.text(trace, 80)
    assert max(cell_len(line) for line in page.splitlines()) <= 80
    assert "-".join(str(size) for size in sizes) in page
    assert f"Loss: {trace.loss:.4f}" in page
    assert str(trace.explain("z2", row=0))


def test_a_neuron_is_written_out_as_a_sum(seven: Trace) -> None:
    explanation = seven.explain("z2", row=3, top=4)
    page = terminal.text(explanation, 100)
    assert page == str(explanation)
    assert "z2[3] = np.dot(w1[3], a1)" in page
    for term in explanation.terms:
        row, column = divmod(term.column, 28)
        line = next(line for line in page.splitlines() if line.startswith(f"a1[{term.column}] "))
        assert f"row {row}, column {column} " in line
        for number in (term.weight, term.product):
            assert written(number, sign=True) in line
    assert f"the 780 others together {'':>20}".split() == page.splitlines()[-4].split()[1:5]
    products = [line.split()[-1] for line in page.splitlines()[-4:]]
    assert products[0] == written(explanation.rest, sign=True)
    assert products[1] == written(explanation.bias, sign=True)
    assert written(explanation.total, sign=True) in page.splitlines()[-2]
    assert "sigmoid(z2[3])" in page.splitlines()[-1]


def test_terms_that_are_zero_are_counted_with_the_rest() -> None:
    image = np.zeros(784, np.uint8)
    image[[100, 200]] = 255
    page = terminal.text(Network(seed=0).trace(image).explain("z2", row=0))
    assert page.count("a1[") == 3  # two inked pixels and the 1
    assert "the 782 others together" in page


def test_without_color_no_escape_codes_and_in_color_sign_and_color_agree(seven: Trace) -> None:
    assert "\x1b" not in terminal.text(seven)
    for value, color in ((1.5, POSITIVE), (-1.5, NEGATIVE)):
        cell = colored(value, sign=True)
        assert cell.style == color
        assert cell.plain[0] in "+−"
    for value in (0.0, 0.00001, -0.00001, float("nan")):  # no sign, no color
        assert colored(value, sign=True).style == ""
    sheet = StringIO()
    console = Console(file=sheet, force_terminal=True, color_system="truecolor", width=80, no_color=False)
    console.print(terminal.renderable(seven))
    red, green, blue = (int(ACCENT[place : place + 2], 16) for place in (1, 3, 5))
    assert f"38;2;{red};{green};{blue}" in sheet.getvalue()


def test_letters_stand_in_where_the_encoding_has_no_bars(slide: Trace) -> None:
    class Ascii(StringIO):
        encoding = "ascii"

    sheet = Ascii()
    Console(file=sheet, width=80, color_system=None).print(terminal.OutputTable(slide))
    assert "#" in sheet.getvalue()
    assert "█" not in sheet.getvalue()


def test_a_page_in_korean_is_korean(seven: Trace) -> None:
    glassnet.use_language("ko")
    page = terminal.text(seven)
    assert "예측 a3" in page
    assert not re.search("prediction|target|difference|square", page)


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=40), st.integers(30, 120), st.booleans())
def test_a_grid_shows_every_number_in_even_rows(values: list[float], width: int, sign: bool) -> None:
    cells = [(str(row), value) for row, value in enumerate(values)]
    lines = grid(cells, width, sign=sign)
    assert max(line.cell_len for line in lines) <= width
    words = " ".join(line.plain for line in lines).split()
    assert words[1::2] == [written(value, sign=sign) for value in values]
    assert words[::2] == [str(row) for row in range(len(values))]
    lengths = [len(line.plain.split()) for line in lines]
    assert all(length == lengths[0] for length in lengths[:-1])


@given(st.floats(), st.integers(0, 40), st.booleans())
def test_a_bar_is_always_as_wide_as_asked(share: float, width: int, ascii_only: bool) -> None:
    drawn = bar(share, width, ascii_only=ascii_only)
    assert len(drawn) == width
    assert drawn.isascii() or not ascii_only
    if share >= 1 and np.isfinite(share):
        assert " " not in drawn
