"""What vouches for what: sheets with few signs, of which some are surely digits."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.scenes import score

from glassnet.pictures import Reader, judge, read
from glassnet.pictures.light import Light
from glassnet.pictures.segments import Segment
from scenery import scene, without_digits


def sign(*, confidence: float = 0.99, steady: float = 0.99, label: int = 3, cut: bool = False) -> Segment:
    """Return a sign of 60 × 80 pixels, written with a dark pen of 8 pixels."""
    outputs = np.full(10, 0.01, np.float32)
    outputs[label] = 0.9
    (answer,) = Reader.load("reader").read(np.zeros((1, 784), np.uint8))
    answer = replace(answer, outputs=outputs, confidences=np.where(outputs > 0.5, confidence, 0.01))
    image = np.zeros(784, np.uint8)
    return Segment(10, 90, 10, 70, image, answer, steady, 900, cut, 0, 0.5, 2.2, 0.1)


def test_only_what_is_sure_and_steady_and_answered_vouches() -> None:
    sure, unsure, unsteady = sign(), sign(confidence=0.9), sign(steady=0.9)
    assert judge.vouching([sure, unsure, unsteady], [None] * 3) == [sure]
    assert judge.vouching([sure], ["it lies along the picture's edge"]) == []


def test_strokes_cut_from_a_letter_do_not_vouch() -> None:
    assert judge.vouching([sign(label=1, cut=True), sign(label=7, cut=True)], [None] * 2) == []
    assert len(judge.vouching([sign(label=1), sign(label=8, cut=True)], [None] * 2)) == 2


def test_many_signs_speak_for_themselves() -> None:
    assert judge.vouching([sign()] * (judge.FEW + 1), [None] * (judge.FEW + 1)) == []


def test_one_pen_is_about_as_thick_dark_and_large() -> None:
    one = sign()
    assert judge.same_pen(one, replace(one, right=90, contrast=0.45))
    assert not judge.same_pen(one, replace(one, thickness=0.2))
    assert not judge.same_pen(one, replace(one, contrast=0.3))
    assert not judge.same_pen(one, replace(one, bottom=140, thickness=0.06))
    assert not judge.same_pen(one, replace(one, thickness=0.0))


def test_letters_of_one_pen_are_not_vouched_for() -> None:
    reader = Reader.load("reader")
    assert judge.vouched(sign(confidence=0.7), [sign()], reader)
    assert not judge.vouched(sign(confidence=0.55), [sign()], reader)
    assert not judge.vouched(sign(confidence=0.7), [], reader)


@pytest.mark.parametrize(
    ("seed", "why"),
    [
        (27000, "a 7 that is not sure beside a 0 of the same pen"),
        (27020, "two digits of a broad dark pen"),
        (28034, "a lone 7 that is thick here and thin there, but dark and surely a 7"),
    ],
)
def test_a_sure_digit_is_not_refused_and_vouches(seed: int, why: str) -> None:
    made = scene(seed)
    result = score(made, seed, read(made.content), 0)
    assert (result.found, result.right, result.false) == (result.written, result.written, 0), why


@pytest.mark.parametrize("mirrored", [False, True])
def test_an_edge_is_no_stroke_whichever_way_it_runs_but_ink_on_it_is(mirrored: bool) -> None:
    rows, columns = np.mgrid[:100, :100]
    paper = np.where(columns > rows, 200, 130).astype(np.float32)
    image = np.zeros((28, 28), np.uint8)
    image[np.arange(4, 24), np.arange(4, 24)] = 255
    if mirrored:
        paper, image = paper[:, ::-1], image[:, ::-1]
    stroke = replace(sign(label=1), left=10, right=90, image=image.reshape(784), thickness=0.05)
    light = Light(np.zeros((100, 100), np.float32), paper, True, False, np.zeros((1, 1), np.float32))
    even = replace(light, paper=np.full_like(paper, 200))

    def why(contrast: float, surroundings: Light) -> str | None:
        reader = Reader.load("reader")
        return judge.reason(
            replace(stroke, contrast=contrast), surroundings, 80, reader, alone=False, steady=1
        )

    assert why(0.35, light) is not None  # the darker side itself has 0.35
    assert why(0.7, light) is None
    assert why(0.35, even) is None


@pytest.mark.parametrize(
    ("seed", "why"),
    [
        (60036, "chalk on a black sheet in uneven light"),
        (60028, "a 1 beside the edge of a shadow"),
        (60228, "chalk that is far brighter than the light on the board"),
        (60214, "a printed line that ends with its sheet"),
    ],
)
def test_two_digits_in_uneven_light_are_read(seed: int, why: str) -> None:
    made = scene(seed, count=2)
    result = score(made, seed, read(made.content), 0)
    assert (result.found, result.right, result.false) == (2, 2, 0), why


@pytest.mark.parametrize(
    ("seed", "why"),
    [
        (32038, "a shadow's edge from corner to corner of the sheet"),
        (32057, "a speck of the table at the picture's edge"),
        (45020, "a margin's line that ends with the sheet"),
    ],
)
def test_edges_and_lines_are_not_answered(seed: int, why: str) -> None:
    assert read(without_digits(seed).content).text == "", why
