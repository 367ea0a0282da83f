"""Tests of `glassnet.show.evaluation`: in the terminal, in both languages, aligned, with and without color."""

from io import StringIO

import numpy as np
import pytest
from rich.cells import cell_len
from rich.console import Console

import glassnet
from glassnet.data import DataSet
from glassnet.evaluation import Evaluation, evaluate
from glassnet.network import Network
from glassnet.show.evaluation import renderable


def printed(evaluation: Evaluation, width: int = 80, **options: object) -> str:
    sheet = StringIO()
    Console(file=sheet, width=width, **options).print(evaluation)  # type: ignore[arg-type]
    return sheet.getvalue()


@pytest.fixture(scope="module")
def whole() -> Evaluation:
    return evaluate(Network.load("lecture"), glassnet.mnist().test)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_fits_80_columns_and_its_matrix_is_aligned(whole: Evaluation, language: str) -> None:
    glassnet.use_language(language)
    lines = printed(whole).splitlines()
    assert max(map(cell_len, lines)) <= 80
    rows = [line for line in lines if line[:3].strip().isdigit() and line.rstrip().endswith("%")]
    assert len(rows) == 10
    # Every count ends in the same terminal column as its digit in the head.
    head = next(line for line in lines if line.split()[:10] == [str(digit) for digit in range(10)])
    for label, row in enumerate(rows):
        for prediction in range(10):
            end = head.index(f" {prediction} ") + 2 if prediction < 9 else head.index(" 9") + 2
            entry = row[:end].split()[-1]
            count = int(whole.confusion[label, prediction])
            assert entry == (str(count) if count else "·"), (label, prediction)


def test_it_says_what_was_found(whole: Evaluation) -> None:
    text = printed(whole)
    right = whole.count - len(whole.mistakes)
    assert f"Test set: {right:,} of 10,000 images read rightly, {whole.accuracy * 100:.2f} %" in text
    assert f"Loss {whole.loss:.4f}" in text
    assert whole.fingerprint in text
    wrong = whole.confusion - np.diag(np.diag(whole.confusion))
    label, prediction = np.unravel_index(int(wrong.argmax()), wrong.shape)
    assert f"{label} read as {prediction} ({wrong.max()}×)" in text
    for mistake in whole.mistakes[:10]:
        assert f"{mistake.index:>5}" in text
        assert f"{mistake.confidence:.4f}" in text
    assert f"The 10 most confident of {len(whole.mistakes):,} mistakes." in text


def test_color_adds_nothing_that_words_do_not_say(whole: Evaluation) -> None:
    sheet = StringIO()
    console = Console(file=sheet, width=80, force_terminal=True, color_system="truecolor", no_color=False)
    console.print(whole)
    from rich.text import Text

    assert Text.from_ansi(sheet.getvalue()).plain.split() == printed(whole).split()


def test_doubtful_labels_are_named() -> None:
    weights = np.zeros((10, 785), np.float32)
    weights[:, -1] = -3
    text = printed(evaluate(Network.from_weights([weights]), glassnet.mnist().test[940:950]))
    assert text.count("the label itself is doubtful") == 1
    assert "about which people disagree too: 1." in text


def test_no_mistake_at_all_and_one_image() -> None:
    weights = np.zeros((10, 785), np.float32)
    weights[3, -1] = 4
    network = Network.from_weights([weights])
    text = printed(evaluate(network, DataSet("mine", np.zeros((1, 784), np.uint8), np.array([3], np.uint8))))
    assert "mine: 1 of 1 images read rightly, 100.00 %" in text
    assert "None: every image was read rightly." in text
    assert "Most often" not in text


@pytest.mark.parametrize("width", [20, 40, 60, 200])
def test_any_width_works(whole: Evaluation, width: int) -> None:
    text = printed(whole, width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert ("The table needs" in text) == (width < 60)  # never left out without a word
    assert all(f"{one.accuracy:.1%}".replace("%", " %") in text for one in whole.classes if width >= 60)


def test_ascii_terminals_get_ascii_bars(whole: Evaluation) -> None:
    class Plain(StringIO):
        encoding = "ascii"

    sheet = Plain()
    Console(file=sheet, width=80).print(renderable(whole, mistakes=3))
    assert "████" not in sheet.getvalue()
    assert "####" in sheet.getvalue()
    assert "The 3 most confident" in sheet.getvalue()
